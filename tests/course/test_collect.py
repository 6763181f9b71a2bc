"""Archives as each LMS makes them, sorted as a person would."""

import io
import zipfile
from datetime import datetime

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course import collect

LOCKED = {"locked": True}
STEMS = "01-average", "04-cost", "05-max-versus-average"


def notebook(stem, answer="pass", **metadata):
    cells = [
        new_code_cell(
            "def run(): ...", metadata={"nbgrader": LOCKED | {"grade_id": f"{stem}-tools"}}
        ),
        new_code_cell(answer, metadata={"nbgrader": {"grade_id": stem}} | metadata),
    ]
    return nbformat.writes(new_notebook(cells=cells))


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    for stem in STEMS:
        (folder / f"{stem}.ipynb").write_text(notebook(stem), "utf8")
    return collect.released(folder)


def ran_by(who):
    return {"executionInfo": {"user": {"displayName": who}}}


def zipped(files: dict, day=1) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number, (name, content) in enumerate(files.items()):
            entry = zipfile.ZipInfo(name, (2026, 9, day, 10, 0, 2 * number))
            archive.writestr(entry, content)
    return data.getvalue()


def sort(known, files: dict):
    """(student, notebook) of all that was found, the problems, and the newest of each."""
    archive = read(known, zipped(files))
    newest = {(w.student, w.notebook): w for w in sorted(archive.work, key=lambda w: w.age)}
    return newest, archive.problems


def read(known, data: bytes):
    files = collect.files_of("all.zip", lambda: data, datetime(2026, 9, 1))
    return collect.Archive(list(files), known)


ONE, FOUR, FIVE = (f"{stem}.ipynb" for stem in STEMS)
A, D, E = map(notebook, STEMS)
LMS = {
    "Moodle, folders": (
        {
            f"Ada Lovelace_123_assignsubmission_file/{ONE}": A,
            f"Bob_9_assignsubmission_file_/{FOUR}": D,
        },
        {("Ada Lovelace_123", "01-average"), ("Bob_9", "04-cost")},
    ),
    "Moodle, flat": (
        {
            f"Ada Lovelace_123_assignsubmission_file_{ONE}": A,
            f"Zoë Ö_7_assignsubmission_file_{ONE}": A,
        },
        {("Ada Lovelace_123", "01-average"), ("Zoë Ö_7", "01-average")},
    ),
    "Moodle, anonymous": (
        {f"Participant_{n}_assignsubmission_file/{ONE}": A for n in (123, 124)},
        {("Participant_123", "01-average"), ("Participant_124", "01-average")},
    ),
    "Moodle, two of one name": (
        {f"Wei Zhang_{n}_assignsubmission_file/{ONE}": A for n in (123, 124)},
        {("Wei Zhang_123", "01-average"), ("Wei Zhang_124", "01-average")},
    ),
    "Moodle, a student's zip, with what a Mac adds": (
        {
            "Ada_1_assignsubmission_file/homework.zip": zipped(
                {f"hw/{ONE}": A, f"hw/.ipynb_checkpoints/{FOUR}": D, f"__MACOSX/._{ONE}": b"\0"}
            ),
            "Bob_2_assignsubmission_file/homework.zip": zipped({FOUR: D}),
        },
        {("Ada_1", "01-average"), ("Bob_2", "04-cost")},
    ),
    "Moodle, sub-folders": (
        {f"Ada_1_assignsubmission_file/my work/week 1/{ONE}": A},
        {("Ada_1", "01-average")},
    ),
    "Moodle, with online text": (
        {
            f"Ada_1_assignsubmission_file/{ONE}": A,
            "Ada_1_assignsubmission_onlinetext/onlinetext.html": "x",
        },
        {("Ada_1", "01-average")},
    ),
    "Canvas, flat": (
        {
            f"lovelaceada_12345_678901_{ONE}": A,
            f"bobbob_LATE_22_678902_{FOUR}": D,
            f"bobbob_22_678903_{ONE[:-6]}-1.ipynb": A,
            f"anon_x7Yk2_678904_{ONE}": A,
        },
        {
            ("lovelaceada_12345", "01-average"),
            ("bobbob_22", "04-cost"),
            ("bobbob_22", "01-average"),
            ("anon_x7Yk2", "01-average"),
        },
    ),
    "Canvas, students' zips": (
        {
            "lovelaceada_12345_678901_pooling.zip": zipped({ONE: A, FOUR: D}),
            "bobbob_LATE_22_678902_pooling.zip": zipped({f"pooling/{ONE}": A}),
        },
        {
            ("lovelaceada_12345", "01-average"),
            ("lovelaceada_12345", "04-cost"),
            ("bobbob_22", "01-average"),
        },
    ),
    "Blackboard": (
        {
            f"Pooling_alove_attempt_2026-09-15-22-22-22_{ONE}": A,
            "Pooling_alove_attempt_2026-09-15-22-22-22.txt": "Name: Ada",
            f"Home work 1_bb12_attempt_2026-09-14-01-02-03_{FOUR}": D,
        },
        {("alove", "01-average"), ("bb12", "04-cost")},
    ),
    "Brightspace": (
        {
            f"12345-678901 - Ada Lovelace - Sep 15, 2026 1022 PM/{ONE}": A,
            f"77-678902 - O'Brien, Pat - September 5, 2026 922 AM/{FOUR}": D,
            "index.html": "<html>",
        },
        {("Ada Lovelace_12345", "01-average"), ("O'Brien, Pat_77", "04-cost")},
    ),
    "Google Classroom, copies": (
        {f"Ada Lovelace - {ONE}": A, f"Bob - Copy of {FOUR}": D},
        {("Ada Lovelace", "01-average"), ("Bob", "04-cost")},
    ),
    "GitHub Classroom": (
        {
            f"pooling-submissions/pooling-ada/{ONE}": A,
            f"pooling-submissions/pooling-bob/notebooks/{FOUR}": D,
            "pooling-submissions/pooling-bob/README.md": "x",
            "pooling-submissions/pooling-bob/.git/config": "x",
        },
        {("pooling-ada", "01-average"), ("pooling-bob", "04-cost")},
    ),
    "Sakai": (
        {
            f"Pooling/Lovelace, Ada(alove)/Submission attachment(s)/{ONE}": A,
            "Pooling/Lovelace, Ada(alove)/timestamp.txt": "20260915101112000",
            "Pooling/Lovelace, Ada(alove)/comments.txt": "",
            "Pooling/Lovelace, Ada(alove)/Lovelace, Ada(alove)_submissionText.html": "",
            "Pooling/Bob, Bob(bob)/comments.txt": "",
            "Pooling/grades.csv": "x",
        },
        {("alove", "01-average")},
    ),
    "Gradescope": (
        {
            f"assignment_1_export/submission_100/{ONE}": A,
            f"assignment_1_export/submission_101/{FOUR}": D,
            "assignment_1_export/submission_metadata.yml": (
                "submission_100:\n  :submitters:\n  - :name: Ada\n    :email: ada@x.edu\n"
                "  :created_at: 2026-09-15 10:11:12.5 Z\n"
                "submission_101:\n  :submitters:\n  - :name: Bob\n    :email:\n    :sid: 'b2'\n"
                "  - :name: Cy\n    :email: cy@x.edu\n"
            ),
        },
        {("ada@x.edu", "01-average"), ("b2", "04-cost"), ("cy@x.edu", "04-cost")},
    ),
    "Gradescope, its list of names broken": (
        {f"x/submission_{n}/{ONE}": A for n in (1, 2)} | {"x/submission_metadata.yml": "a: [b"},
        {("submission_1", "01-average"), ("submission_2", "01-average")},
    ),
    "Google Classroom, one folder of copies and of what Colab's users uploaded": (
        {
            f"Week 1/Jürgen Müller - {ONE}": A,
            f"Week 1/{ONE}": notebook(STEMS[0], **ran_by("Ida")),
            f"Week 1/{STEMS[0]}(1).ipynb": notebook(STEMS[0], **ran_by("Tom Tom")),
        },
        {(who, "01-average") for who in ("Jürgen Müller", "Ida", "Tom Tom")},
    ),
    "names with accents, as a Mac writes them, and with an apostrophe": (
        {f"Zoe\N{COMBINING DIAERESIS}_1_assignsubmission_file/{ONE}": A, f"O\u2019Neill/{ONE}": A},
        {("Zoë_1", "01-average"), ("O\u2019Neill", "01-average")},
    ),
    "plain folders": (
        {f"ada/{ONE}": A, f"bob/deep/er/{FOUR}": D, f"cy/hw_1_2_{ONE}": A, f"di/Lab 1 - {ONE}": A},
        {("bob", "04-cost"), *((who, "01-average") for who in ("ada", "cy", "di"))},
    ),
    "a single student's folder": (
        {f"ada/{ONE}": A, f"ada/{FOUR}": D},
        {("ada", "01-average"), ("ada", "04-cost")},
    ),
}


@pytest.mark.parametrize("lms", list(LMS))
def test_an_archive_is_sorted_as_a_person_would(known, lms):
    files, expected = LMS[lms]
    newest, problems = sort(known, files)
    assert set(newest) == expected
    assert problems == []


@pytest.mark.parametrize(
    "name",
    [
        "01-average (1).ipynb",
        "01-average-Copy1.ipynb",
        "Copia de 01-average.ipynb",
        "Kopie von Kopie von 01-average.ipynb",
        "01-average.ipynb.txt",
        "01-average.ipynb.json",
        "01-AVERAGE.IPYNB",
        "01-average",
        "hw1_final.ipynb",
        "04-cost.ipynb",  # what is in it counts
        "作业.ipynb",
    ],
)
def test_a_notebook_is_known_by_its_cells_whatever_it_is_called(known, name):
    newest, problems = sort(known, {f"ada/{name}": A})
    assert (set(newest), problems) == ({("ada", "01-average")}, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_byte_order_mark_or_another_encoding_is_taken_off(known, encoding):
    ((_, found),) = sort(known, {f"ada/{ONE}": A.encode(encoding)})[0].items()
    assert nbformat.reads(found.text, 4) == nbformat.reads(A, 4)


def test_a_notebook_that_lost_its_metadata_is_known_by_its_functions(tmp_path):
    for stem, code in {"01-a": "def average_pool(x): ...", "04-b": "def cost(c): ..."}.items():
        (tmp_path / f"{stem}.ipynb").write_text(notebook(stem, code), "utf8")
    bare = new_notebook(
        cells=[new_code_cell("def run(): ..."), new_code_cell("def cost(c):\n    return 1")]
    )
    newest, _ = sort(collect.released(tmp_path), {"ada/mine.ipynb": nbformat.writes(bare)})
    assert set(newest) == {("ada", "04-b")}


OLD, NEW = notebook("01-average", "old"), notebook("01-average", "new")


@pytest.mark.parametrize(
    "files",
    [
        {f"ada/{ONE}": OLD, "ada/01-average (1).ipynb": NEW},
        {
            f"1-2 - Ada - Sep 15, 2026 1022 PM/{ONE}": NEW,
            f"1-1 - Ada - Sep 15, 2026 922 PM/{ONE}": OLD,
        },
        {
            f"P_ada_attempt_2026-09-15-22-22-22_{ONE}": NEW,
            f"P_ada_attempt_2026-09-14-22-22-22_{ONE}": OLD,
        },
        {
            f"1-2 - Ada - Sep 15, 2026 112 PM/{ONE}": NEW,
            f"1-1 - Ada - Sep 15, 2026 1130 AM/{ONE}": OLD,
        },
    ],
)
def test_of_several_the_newest_wins(known, files):
    ((_, found),) = sort(known, files)[0].items()
    assert "new" in found.text and "old" not in found.text


def test_of_copies_of_the_same_time_the_highest_number_wins(known):
    same = io.BytesIO()
    with zipfile.ZipFile(same, "w") as archive:
        for name, text in {"ada/x (1).ipynb": NEW, "ada/x.ipynb": OLD}.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), text)
    found = read(known, same.getvalue()).work
    assert "new" in max(found, key=lambda work: work.age).text


def test_a_colab_upload_is_known_by_who_ran_it(known):
    run = {"executionInfo": {"user": {"displayName": "Ada Lovelace", "userId": "0123"}}}
    newest, problems = sort(known, {ONE: notebook("01-average", **run), "01-average(1).ipynb": A})
    assert set(newest) == {("Ada Lovelace_0123", "01-average")}
    (problem,) = problems
    assert "01-average(1).ipynb: nothing says whose it is" in problem


BAD = {
    "broken": ({f"ada/{ONE}": A[:100]}, "cannot be read as a notebook"),
    "another's": ({"ada/x.ipynb": notebook("other")}, "no notebook of this assignment"),
    "a PDF alone": ({"ada/report.pdf": b"%PDF"}, "cannot be read as a notebook"),
    "a broken zip": ({"ada/x.zip": b"PK\3\4 no"}, "not a zip file"),
    "a list": ({"ada/x.ipynb": "[]"}, "cannot be read as a notebook"),
}


@pytest.mark.parametrize("case", list(BAD))
def test_a_bad_file_is_named_and_never_stops_the_class(known, case):
    files, says = BAD[case]
    newest, problems = sort(known, files | {f"bob/{FOUR}": D, "bob/picture.png": b"\x89PNG"})
    assert set(newest) == {("bob", "04-cost")}
    (problem,) = problems
    assert says in problem and problem.startswith("all.zip/")


@pytest.mark.parametrize("who", ["[a]*?", "a/../b", "..", ""])
def test_an_id_is_a_plain_folder_name(who):
    assert not set(collect.plain(who)) & set("[]*?/") and collect.plain(who).strip(".")


@pytest.mark.parametrize(
    ("path", "came"),
    [
        ("Ada_1_assignsubmission_file_/x.ipynb", "Ada_1_assignsubmission_file_/"),
        ("Ada_1_assignsubmission_file_x.ipynb", "Ada_1_assignsubmission_file_"),
        ("adal_12_678_x.ipynb", "adal_12_678_"),
        ("adal_LATE_12_678_x.zip/y.ipynb", "adal_LATE_12_678_"),
        ("anon_x7_678_x.ipynb", "anon_x7_678_"),
        ("ada/x.ipynb", ""),
    ],
)
def test_how_the_lms_called_it_is_kept_for_the_way_back(known, path, came):
    archive, _, inner = path.rpartition(".zip/")
    files = {f"{archive}.zip": zipped({inner: A})} if archive else {path: A}
    (work,) = read(known, zipped(files)).work
    assert work.came == came


def test_what_comes_later_but_is_older_is_not_taken_and_the_report_says_so(known, tmp_path):
    for number, (text, day) in enumerate([(OLD, 1), (NEW, 5), (OLD, 2)]):
        (tmp_path / f"{number}.zip").write_bytes(zipped({f"ada/{ONE}": text}, day))
        work, problems = collect.collected(tmp_path, known)
        said = collect.report(work, problems).split("\n")[2:]
        assert bool(said) == (number == 2)
    (line,) = said
    assert line == (
        "  ada, 01: that of 2026-09-02 10:00 is older "
        "than what is here (2026-09-05 10:00), not taken"
    )
    assert "new" in work[0].text


def test_the_newest_of_all_archives_counts_and_the_last_ones_problems(known, tmp_path):
    first = {f"ada/{ONE}": OLD, f"ada/{FOUR}": D, "eve/report.pdf": b"%PDF", f"bob/{FOUR}": D}
    (tmp_path / "1.zip").write_bytes(zipped(first))
    assert len(collect.collected(tmp_path, known)[1]) == 1
    second = {f"ada/{ONE}": NEW, f"eve/{FOUR}": D, f"bob/{FOUR}": D}
    (tmp_path / "2.zip").write_bytes(zipped(second, day=2))
    work, problems = collect.collected(tmp_path, known)
    found = {(each.student, each.notebook[:2]): each for each in work}
    assert set(found) == {("ada", "01"), ("ada", "04"), ("bob", "04"), ("eve", "04")}
    assert "new" in found["ada", "01"].text and problems == []
    assert found["bob", "04"].age[0].day == 1  # the same again is not later
