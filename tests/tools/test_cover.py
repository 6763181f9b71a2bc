"""The landing page's picture shows what `pooling` computes."""

import struct

from tools.cover import cover

from conftest import ROOT

STATIC = ROOT / "src/book/static"


def test_the_picture_on_the_landing_page_is_up_to_date():
    assert (STATIC / "cover.svg").read_text("utf8") == cover(), "run `make cover`"


def test_the_card_has_the_size_that_previews_ask_for():
    head = (STATIC / "card.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:]) == (1200, 630)
