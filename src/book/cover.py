"""Draw the picture of the landing page: one image, pooled in four ways.

`make cover` writes it to src/book/static/cover.svg, and with the book's title
above it to card.png, which a link to the book shows elsewhere.

Its numbers come out of `pooling`. A grey square on a page of either colour shows
a value: 0 is the ring of the cell alone, 1 is a full square.
"""

import io
from hashlib import sha256
from pathlib import Path

import torch
from PIL import Image, PngImagePlugin

import pooling
from book.pdf import chromium
from lesson.plots import COLORS

# A seven, a fleck outside it and a hole in it.
IMAGE = """
................
..............#.
..###########...
..###########...
..........##....
.........###....
.........##.....
........###.....
........#.......
.......##.#.....
......####......
......###.......
.....###........
.....##.........
....###.........
................
"""
POOLS = {
    "average": pooling.avg_pool2d,
    "max": pooling.max_pool2d,
    "min": pooling.min_pool2d,
    "softmax": lambda image, size: pooling.softmax_pool2d(image, size, beta=3.0),
}
FRAME = 240  # the image and the block of four are as high as this
GAP = 16


def picture() -> torch.Tensor:
    return torch.tensor([[float(cell == "#") for cell in row] for row in IMAGE.split()])


def cover() -> str:
    image = picture()
    parts = [_grid(image, 0, 24, FRAME, "#707b8a"), _label("one image", 0, 14)]
    side = (FRAME - GAP - 20) / 2
    for i, (name, pool) in enumerate(POOLS.items()):
        pooled = pool(image[None, None], 2)[0, 0]
        x = FRAME + 40 + (side + GAP + 4) * (i % 2)
        y = 24 + (side + GAP + 20) * (i // 2)
        parts += [_grid(pooled, x, y, side, COLORS[name]), _label(name, x, y - 10)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 504 266" role="img" '
        'aria-labelledby="t">\n<title id="t">One image, pooled in four ways</title>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _grid(values: torch.Tensor, x: float, y: float, side: float, color: str) -> str:
    cell = side / len(values)
    squares = [f'<rect x="{x:g}" y="{y:g}" width="{side:g}" height="{side:g}" opacity=".1"/>']
    for i, row in enumerate(values.tolist()):
        for j, value in enumerate(row):
            if value > 0:
                squares.append(
                    f'<rect x="{x + j * cell + 0.5:.2f}" y="{y + i * cell + 0.5:.2f}" '
                    f'width="{cell - 1:.2f}" height="{cell - 1:.2f}" opacity="{value:.2f}"/>'
                )
    return f'<g fill="{color}">\n' + "\n".join(squares) + "\n</g>"


def _label(text: str, x: float, y: float) -> str:
    style = 'font-family="system-ui, sans-serif" font-size="15" fill="#707b8a"'
    return f'<text x="{x:g}" y="{y:g}" {style}>{text}</text>'


def card() -> str:
    """The page that card.png is a picture of."""
    return f"""<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: 1200px; height: 630px; display: flex; flex-direction: column;
  align-items: center; justify-content: center; font-family: sans-serif; color: #222; }}
h1 {{ font-size: 64px; font-weight: normal; margin: 0; }}
p {{ font-size: 27px; margin: 8px 0 36px; color: #555; }}
svg {{ width: 720px; }}
</style><h1>Pooling, executed</h1><p>Seven answers, each proved, run or cited</p>{cover()}"""


def mark() -> str:
    """What card.png carries with it, to tell what it was drawn from."""
    return sha256(card().encode()).hexdigest()


def main() -> None:
    static = Path(__file__).with_name("static")
    (static / "cover.svg").write_text(cover(), "utf8")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(card())
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    text = PngImagePlugin.PngInfo()
    text.add_text("mark", mark())
    shot.save(static / "card.png", pnginfo=text, optimize=True)


if __name__ == "__main__":
    main()
