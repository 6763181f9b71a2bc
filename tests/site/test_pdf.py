"""The book as one PDF, printed from the built site."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from tools import pdf


@pytest.fixture(scope="module")
def printed(site, book, browser) -> PdfReader:
    """The one that lies beside the pages it was printed from; else it is printed."""
    made = site / book.pdf
    newest = max((site / f"{name}.html").stat().st_mtime for name in book.pages)
    if made.exists() and made.stat().st_mtime >= newest:
        return PdfReader(made)
    return PdfReader(io.BytesIO(pdf.print_pages(book, site, browser)))


def test_every_page_is_in_it_and_the_contents_say_where(printed, book):
    contents = pdf.words(printed.pages[0]) + pdf.words(printed.pages[1])
    starts = []
    for name, title in book.pages.items():
        place = printed.named_destinations[f"/{Path(name).name}"]
        starts.append(printed.get_destination_page_number(place))
        if title:
            opening = "".join(title.split())
            assert pdf.words(printed.pages[starts[-1]]).startswith(opening)
            assert f"{opening}{starts[-1] + 1}" in contents, title
    assert starts == sorted(set(starts)) and starts[0] == 0
    assert len([title for title in book.pages.values() if title]) >= 7


def test_links_between_pages_lead_to_places_in_it(printed):
    places = printed.named_destinations
    inner, outer = set(), set()
    for page in printed.pages:
        for link in page.get("/Annots", ()):
            link = link.get_object()
            action = link.get("/A", {})
            (inner if "/Dest" in link else outer).add(str(link.get("/Dest", action.get("/URI"))))
    assert inner and {place.lstrip("/") for place in inner} <= {p.lstrip("/") for p in places}
    assert all(link.startswith(("https://", "http://")) for link in outer), outer


def test_formulas_are_in_fonts_of_their_own(printed):
    objects = map(printed.get_object, range(1, printed.trailer["/Size"]))
    fonts = {str(o["/FontName"]) for o in objects if isinstance(o, dict) and "/FontName" in o}
    for name in ("MathJax_Main-Regular", "MathJax_Math-Italic"):
        assert any(font.endswith(name) for font in fonts), fonts
    assert not any("Serif" in font or "Times" in font for font in fonts), fonts
