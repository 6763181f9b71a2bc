"""Time pooling on this machine: `make bench`.

Writes src/lesson/timings.json, which chapters render through `lesson.timings()`:

    machine   processor (its name), system (kernel and architecture)
    versions  python, torch
    settings  shape and dtype of the input, large_shape of the one large image,
              threads, rounds, large_rounds (of the large image), seed
    results   a list of dicts, one a measurement:
        name       "copy", "torch max", "torch average", "max_pool2d textbook",
                   "max_pool2d exact", "softmax_pool2d"; on the large image
                   "average direct" and "average by sums"
        window     its side in cells; the stride is the same, on the large image 1
        layout     "contiguous" or "channels-last"
        direction  "forward" or "forward+backward"
        median_ms                 over the rounds, in milliseconds
        ratio_to_torch            median of the ratios within each round, to "torch max"
                                  on the same tensor, on the large image "average direct";
                                  1 for "torch average", which is another reference
        ratio_low, ratio_high     the quartiles of these ratios

Within a window, layout and direction every round calls each function once, in
an order drawn anew, so that a busy moment of the machine spoils no one function.
Compare by the ratios; the milliseconds belong to this machine alone.
"""

import json
import platform
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

import lesson
import pooling

RECORD = Path(lesson.__file__).with_name("timings.json")
SHAPE = (8, 64, 112, 112)
LARGE_SHAPE, LARGE_WINDOW = (1, 1, 1024, 1024), 65
ROUNDS, LARGE_ROUNDS, SEED = 21, 3, 0
LAYOUTS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}
Functions = dict[str, Callable[[Tensor], Tensor]]


def average_by_sums(x: Tensor, k: int) -> Tensor:
    """Average every k x k window from a summed-area table, whatever k is."""
    # float64, because far from the corner the sums outgrow float32's digits.
    table = F.pad(x.double().cumsum(-1).cumsum(-2), (1, 0, 1, 0))
    strips = table[..., k:, :] - table[..., :-k, :]
    return ((strips[..., k:] - strips[..., :-k]) / k**2).to(x.dtype)


def functions(k: int) -> Functions:
    """Name what is timed with a window of k by k, stride k; "torch max" is the reference."""
    return {
        "copy": lambda x: x.clone(),
        "torch max": lambda x: F.max_pool2d(x, k),
        "torch average": lambda x: F.avg_pool2d(x, k),
        "max_pool2d textbook": lambda x: pooling.max_pool2d(x, k, exact=False),
        "max_pool2d exact": lambda x: pooling.max_pool2d(x, k),
        "softmax_pool2d": lambda x: pooling.softmax_pool2d(x, k),
    }


def large_functions() -> Functions:
    """Name what is timed with a large window, stride 1; "average direct" is the reference."""
    return {
        "average direct": lambda x: F.avg_pool2d(x, LARGE_WINDOW, stride=1),
        "average by sums": lambda x: average_by_sums(x, LARGE_WINDOW),
    }


def forward(function, x: Tensor) -> None:
    with torch.no_grad():
        function(x)


def forward_backward(function, x: Tensor) -> None:
    x = x.detach().requires_grad_()
    y = function(x)
    y.backward(torch.ones_like(y))  # in y's own layout, as the layer behind hands it back


def time_rounds(call, functions: Functions, x: Tensor, rounds: int) -> dict[str, list[float]]:
    """Call each function once a round; return the milliseconds of each call."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    draw = random.Random(SEED)
    for count in range(-2, rounds):  # two rounds to warm up
        for name in draw.sample(list(functions), len(functions)):
            start = time.perf_counter()
            call(functions[name], x)
            elapsed = time.perf_counter() - start
            if count >= 0:
                times[name].append(1000 * elapsed)
    return times


def summarize(times: dict[str, list[float]], reference: str, **where) -> list[dict]:
    """Turn the times of one group into entries of the record."""
    results = []
    for name, ms in times.items():
        against = ms if name == "torch average" else times[reference]
        ratios = [a / b for a, b in zip(ms, against, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        entry = {"median_ms": statistics.median(ms), "ratio_to_torch": middle}
        entry |= {"ratio_low": low, "ratio_high": high}
        results.append({"name": name, **where} | {k: round(v, 4) for k, v in entry.items()})
    return results


def measure(
    rounds: int = ROUNDS, large_rounds: int = LARGE_ROUNDS, shape=SHAPE, large_shape=LARGE_SHAPE
) -> list[dict]:
    """Time everything; return the entries of the record."""
    random_normal = torch.Generator().manual_seed(SEED)
    image, large = (torch.randn(s, generator=random_normal) for s in (shape, large_shape))
    results = []
    for k in (2, 3):
        for layout, memory_format in LAYOUTS.items():
            x = image.contiguous(memory_format=memory_format)
            for direction, call in ("forward", forward), ("forward+backward", forward_backward):
                times = time_rounds(call, functions(k), x, rounds)
                where = {"window": k, "layout": layout, "direction": direction}
                results += summarize(times, "torch max", **where)
    times = time_rounds(forward, large_functions(), large, large_rounds)
    where = {"window": LARGE_WINDOW, "layout": "contiguous", "direction": "forward"}
    return results + summarize(times, "average direct", **where)


def processor() -> str:
    """Name the processor, which Python tells on some systems only."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def record(results: list[dict]) -> dict:
    """Add to the results what is needed to read them."""
    system = f"{platform.system()} {platform.machine()}"
    settings = {"shape": list(SHAPE), "large_shape": list(LARGE_SHAPE), "dtype": "float32"}
    settings |= {"threads": torch.get_num_threads(), "rounds": ROUNDS}
    return {
        "machine": {"processor": processor(), "system": system},
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "settings": settings | {"large_rounds": LARGE_ROUNDS, "seed": SEED},
        "results": results,
    }


if __name__ == "__main__":
    text = json.dumps(record(measure()), indent=1)
    RECORD.write_text(text + "\n", encoding="utf-8")
    print(
        f"{text}\nwrote {RECORD.name}; compare by the ratios, on a machine that does nothing else"
    )
