"""Draw the picture of the landing page: one image, pooled in four ways.

`make cover` writes it to src/book/static/cover.svg, and with the book's title
above it to card.png, which a link to the book shows elsewhere.

Its numbers come out of `pooling`. A grey square on a page of either colour shows
a value: 0 is the ring of the cell alone, 1 is a full square.
"""

from pathlib import Path

import torch
from tools.pdf import chromium

import pooling
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
    parts = [grid(image, "one image", 0, 24, FRAME, "#707b8a")]
    side = (FRAME - GAP - 20) / 2
    for i, (name, pool) in enumerate(POOLS.items()):
        x = FRAME + 40 + (side + GAP + 4) * (i % 2)
        y = 24 + (side + GAP + 20) * (i // 2)
        parts.append(grid(pool(image[None, None], 2)[0, 0], name, x, y, side, COLORS[name]))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 504 266" role="img" '
        'aria-labelledby="t">\n<title id="t">One image, pooled in four ways</title>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def grid(values: torch.Tensor, name: str, x: float, y: float, side: float, color: str) -> str:
    """Squares on a pale ground, under their name."""
    cell = side / len(values)
    shapes = [f'<rect x="{x:g}" y="{y:g}" width="{side:g}" height="{side:g}" opacity=".1"/>']
    for i, j in values.nonzero().tolist():
        shapes.append(
            f'<rect x="{x + j * cell + 0.5:.2f}" y="{y + i * cell + 0.5:.2f}" '
            f'width="{cell - 1:.2f}" height="{cell - 1:.2f}" opacity="{values[i, j]:.2f}"/>'
        )
    style = 'font-family="system-ui, sans-serif" font-size="15" fill="#707b8a"'
    label = f'<text x="{x:g}" y="{y - 10:g}" {style}>{name}</text>'
    return "\n".join([f'<g fill="{color}">', *shapes, f"</g>\n{label}"])


def main() -> None:
    static = Path(__file__).parents[1] / "src" / "book" / "static"
    (static / "cover.svg").write_text(cover(), "utf8")
    card = Path(__file__).with_name("card.html").read_text("utf8").replace("{cover}", cover())
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(card)
        page.screenshot(path=static / "card.png")


if __name__ == "__main__":
    main()
