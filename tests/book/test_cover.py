"""The landing page's picture shows what `pooling` computes."""

from book.cover import cover
from conftest import ROOT


def test_the_picture_on_the_landing_page_is_up_to_date():
    committed = (ROOT / "src/book/static/cover.svg").read_text("utf8")
    assert committed == cover(), "run `PYTHONPATH=src python -m book.cover`"
