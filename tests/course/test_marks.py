"""The files that LMSs export, filled in."""

import csv

import pytest

from course import CourseError, marks


def mark(points):
    return {"sum": points, marks.ODD: ""}


def fill(tmp_path, text, students, name="week1"):
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8-sig")
    header, rows, owners = marks.fill(path, name, {s: mark(p) for s, p in students.items()})
    path = marks.write_rows(tmp_path / "out.csv", header, rows)
    with path.open(newline="", encoding="utf8") as file:
        written = list(csv.reader(file))
    column = written[0].index(marks.column_of(header, name))
    strangers = set(students) - set(owners)
    return [row[column] for row in written[1:]], strangers, written


def test_moodles_worksheet_is_filled_by_its_participants_numbers(tmp_path):
    text = (
        "Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (grade)\n"
        "Participant 124,Wei Zhang,a@x,,10.00,-\nParticipant 123,Wei Zhang,b@x,,10.00,-\n"
        'Participant 9,"O\'Brien, Pat",c@x,,10.00,-\n'
    )
    found, strangers, _ = fill(tmp_path, text, {"Wei Zhang_123": 3.5, "Wei Zhang_124": 7.0})
    assert (found, strangers) == (["7.0", "3.5", ""], set())


def test_moodles_anonymous_worksheet_has_no_names(tmp_path):
    text = "Identifier,Status,Grade\nParticipant 5,Submitted,\n"
    assert fill(tmp_path, text, {"Participant_5": 1.0})[0] == ["1.0"]


def test_canvas_gradebook_is_filled_by_its_ids_in_the_assignments_column(tmp_path):
    text = (
        "Student,ID,SIS Login ID,Section,week1 (4711),Other (12)\n"
        "    Points Possible,,,,20,10\n"
        '"Lovelace, Ada",12345,alove,S1,,3\n"Bob, Bob",22,bob,S1,,4\n'
    )
    found, strangers, rows = fill(tmp_path, text, {"lovelaceada_12345": 20.0, "x_99": 1.0})
    assert found == ["20", "20.0", ""] and strangers == {"x_99"}
    assert [row[-1] for row in rows[2:]] == ["3", "4"]


def test_brightspace_keeps_its_last_column_and_gets_one_for_a_new_assignment(tmp_path):
    text = (
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
        "#77,#pat,O'Brien,Pat,pat@x,#\n#78,#ada,Lovelace,Ada,ada@x,#\n"
    )
    found, _, rows = fill(tmp_path, text, {"Pat O'Brien_999": 5.0, "ada": 6.0})
    assert found == ["5.0", "6.0"]
    assert rows[0][-2:] == ["week1", "End-of-Line Indicator"] and rows[1][-1] == "#"


@pytest.mark.parametrize("student", ["ada@x.edu", "alove", "Ada Lovelace_7", "Lovelace, Ada"])
def test_a_plain_roster_knows_a_student_by_login_mail_or_name(tmp_path, student):
    text = "Name,Login,E-mail\nBob,bob,bob@x.edu\nAda Lovelace,alove,ada@x.edu\n"
    assert fill(tmp_path, text, {student: 2.0})[0] == ["", "2.0"]


def test_a_row_that_can_be_two_people_is_an_error(tmp_path):
    text = "Name\nWei Zhang\n"
    with pytest.raises(CourseError, match="can be any of"):
        fill(tmp_path, text, {"Wei Zhang_1": 1.0, "Wei Zhang_2": 2.0})


def test_the_absent_one_of_two_with_one_name_gets_no_marks(tmp_path):
    text = "Identifier;Full name;Grade\nParticipant 1;Wei Zhang;\nParticipant 2;Wei Zhang;\n"
    assert fill(tmp_path, text, {"Wei Zhang_2": 5.0})[0] == ["", "5.0"]
    with pytest.raises(CourseError, match="can be any of"):
        fill(tmp_path, "Name\nWei Zhang\nZhang Wei\n", {"Wei Zhang_1": 1.0})


def test_the_column_of_another_assignment_is_left_alone(tmp_path):
    text = "Student,ID,Week 10 (9),Week 1 (8)\nAda,7,,\n"
    _, _, rows = fill(tmp_path, text, {"ada_7": 1.0}, "week-1")
    assert rows[1] == ["Ada", "7", "", "1.0"]


def test_accents_apostrophes_and_hyphens_do_not_part_a_name(tmp_path):
    text = "Last Name,First Name\nD'Arcy-O'Brien,Zoë\n"
    assert fill(tmp_path, text, {"Zoe D\u2019Arcy O\u2019Brien_9": 1.0})[0] == ["1.0"]


def test_what_is_written_is_quoted_as_csv_asks(tmp_path):
    path = marks.write_rows(tmp_path / "a" / "x.csv", ["O'Brien, Pat", 'say "x"'], [])
    with path.open(newline="", encoding="utf8") as file:
        assert list(csv.reader(file)) == [["O'Brien, Pat", 'say "x"']]
