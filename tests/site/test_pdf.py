"""The book as one PDF, printed from the built site."""

import io

import pytest
from pypdf import PdfReader

from tools import pdf


@pytest.fixture(scope="module")
def printed(site, book, browser) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.print_pages(book, site, browser)))


def test_every_page_is_in_it_and_the_contents_say_where(printed, book):
    texts = [pdf.words(page) for page in printed.pages]
    contents = texts[0] + texts[1]
    start = 0
    titles = ["".join(title.split()) for title in book.pages.values() if title]
    assert len(titles) >= 7
    for title in titles:
        start = next(i for i, t in enumerate(texts) if i > start and t.startswith(title))
        assert f"{title}{start + 1}" in contents, title


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
