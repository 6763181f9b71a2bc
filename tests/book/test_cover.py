"""The landing page's picture shows what `pooling` computes, and so does the card."""

from PIL import Image

from book.cover import cover, mark
from conftest import ROOT

STATIC = ROOT / "src/book/static"


def test_the_picture_on_the_landing_page_is_up_to_date():
    assert (STATIC / "cover.svg").read_text("utf8") == cover(), "run `make cover`"


def test_the_card_is_up_to_date():
    with Image.open(STATIC / "card.png") as card:
        assert card.size == (1200, 630)
        assert card.text.get("mark") == mark(), "run `make cover`"
