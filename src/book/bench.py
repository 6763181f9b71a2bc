"""Time pooling on this machine: `make bench`.

Prints a table and writes src/lesson/timings.json, which the chapters render
through `lesson.timings()`. The record is a dict:

    machine   processor (its name), system (kernel and architecture)
    versions  python, torch
    settings  shape and dtype of the input, large_shape of the one large image,
              threads, rounds, large_rounds (of the large image), seed
    results   a list of dicts, one a measurement:
        name       "copy", "torch max", "torch average", "avg_pool2d",
                   "max_pool2d textbook", "max_pool2d exact", "loop",
                   "softmax_pool2d"; on the large image "average direct" and
                   "average by sums"
        window     its side in cells; the stride is the same, on the large image 1
        layout     "contiguous" or "channels-last"
        direction  "forward" or "forward+backward"
        median_ms, min_ms, max_ms   over the rounds, in milliseconds
        ratio_to_torch              median of the ratios within each round, to torch's
                                    kernel of the same kind on the same tensor: "torch
                                    average" for an average, else "torch max"; on the
                                    large image to "average direct"
        ratio_low, ratio_high       the quartiles of these ratios
        ratio_to_loop, ratio_to_textbook   likewise, or null where nothing is compared

Within a window, layout and direction every round calls each function once, in
an order drawn anew, so that a busy moment of the machine spoils no one function.
Compare by the ratios; the milliseconds belong to this machine alone.

>>> median_ratio([2.0, 3.0, 9.0], [1.0, 1.0, 3.0])
3.0
"""

import argparse
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
ROUNDS, SEED = 21, 0
LAYOUTS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}
Functions = dict[str, Callable[[Tensor], Tensor]]


def loop_max_pool2d(x: Tensor, k: int) -> Tensor:
    """Fold the cells of each window one after the other: the obvious loop."""
    channels, best = x.shape[1], None
    for cell in torch.eye(k * k):
        kernel = cell.reshape(1, 1, k, k).repeat(channels, 1, 1, 1)
        tap = F.conv2d(x, kernel, stride=k, groups=channels)
        best = tap if best is None else torch.relu(best - tap) + tap
    return best


def average_by_sums(x: Tensor, k: int) -> Tensor:
    """Average every k x k window from a summed-area table, whatever k is."""
    # float64, because far from the corner the sums outgrow float32's digits.
    table = F.pad(x.double().cumsum(-1).cumsum(-2), (1, 0, 1, 0))
    strips = table[..., k:, :] - table[..., :-k, :]
    return ((strips[..., k:] - strips[..., :-k]) / k**2).to(x.dtype)


def functions(k: int) -> Functions:
    """Name what is timed with a window of k by k, stride k."""
    return {
        "copy": lambda x: x.clone(),
        "torch max": lambda x: F.max_pool2d(x, k),
        "torch average": lambda x: F.avg_pool2d(x, k),
        "avg_pool2d": lambda x: pooling.avg_pool2d(x, k),
        "max_pool2d textbook": lambda x: pooling.max_pool2d(x, k, exact=False),
        "max_pool2d exact": lambda x: pooling.max_pool2d(x, k),
        "loop": lambda x: loop_max_pool2d(x, k),
        "softmax_pool2d": lambda x: pooling.softmax_pool2d(x, k),
    }


def large_functions() -> Functions:
    """Name what is timed with a large window on one large image, stride 1."""
    return {
        "average direct": lambda x: F.avg_pool2d(x, LARGE_WINDOW, stride=1),
        "average by sums": lambda x: average_by_sums(x, LARGE_WINDOW),
    }


def forward(function, x: Tensor) -> None:
    with torch.no_grad():
        function(x)


def forward_backward(function, x: Tensor) -> None:
    x = x.detach().requires_grad_()
    function(x).sum().backward()


DIRECTIONS = {"forward": forward, "forward+backward": forward_backward}


def time_rounds(call, functions: Functions, x: Tensor, rounds: int) -> dict[str, list[float]]:
    """Call each function once a round; return the milliseconds of each call."""
    times = {name: [] for name in functions}
    draw = random.Random(SEED)
    for count in range(-2, rounds):  # two rounds to warm up
        for name in draw.sample(list(functions), len(functions)):
            start = time.perf_counter()
            call(functions[name], x)
            elapsed = time.perf_counter() - start
            if count >= 0:
                times[name].append(1000 * elapsed)
    return times


def ratios(times: list[float], reference: list[float]) -> list[float]:
    return [a / b for a, b in zip(times, reference, strict=True)]


def median_ratio(times: list[float], reference: list[float]) -> float:
    return statistics.median(ratios(times, reference))


def summarize(times: dict[str, list[float]], **where) -> list[dict]:
    """Turn the times of one group into entries of the record."""
    results = []
    for name, ms in times.items():
        kind = "torch average" if name in ("torch average", "avg_pool2d") else "torch max"
        kind = "average direct" if "average direct" in times else kind
        low, middle, high = statistics.quantiles(ratios(ms, times[kind]), n=4)
        entry = {"name": name, **where, "median_ms": statistics.median(ms)}
        entry |= {"min_ms": min(ms), "max_ms": max(ms)}
        entry |= {"ratio_to_torch": middle, "ratio_low": low, "ratio_high": high}
        ours = name.startswith("max_pool2d")
        for other, key in (("loop", "loop"), ("max_pool2d textbook", "textbook")):
            ratio = median_ratio(ms, times[other]) if ours else None
            entry[f"ratio_to_{key}"] = ratio
        results.append({k: round(v, 4) if type(v) is float else v for k, v in entry.items()})
    return results


def large_rounds(rounds: int) -> int:
    """Fewer rounds for the large image, where one call takes a second or two."""
    return max(3, rounds // 6)


def measure(rounds: int = ROUNDS, shape=SHAPE, large_shape=LARGE_SHAPE) -> list[dict]:
    """Time everything; return the entries of the record."""
    random_normal = torch.Generator().manual_seed(SEED)
    image = torch.randn(shape, generator=random_normal)
    large = torch.randn(large_shape, generator=random_normal)
    results = []
    for k in (2, 3):
        for layout, memory_format in LAYOUTS.items():
            x = image.contiguous(memory_format=memory_format)
            for direction, call in DIRECTIONS.items():
                times = time_rounds(call, functions(k), x, rounds)
                results += summarize(times, window=k, layout=layout, direction=direction)
    times = time_rounds(forward, large_functions(), large, large_rounds(rounds))
    where = {"window": LARGE_WINDOW, "layout": "contiguous", "direction": "forward"}
    return results + summarize(times, **where)


def processor() -> str:
    """Name the processor, which Python tells on some systems only."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def record(results: list[dict], rounds: int) -> dict:
    """Add to the results what is needed to read them."""
    return {
        "machine": {
            "processor": processor(),
            "system": f"{platform.system()} {platform.machine()}",
        },
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "settings": {
            "shape": list(SHAPE),
            "large_shape": list(LARGE_SHAPE),
            "dtype": "float32",
            "threads": torch.get_num_threads(),
            "rounds": rounds,
            "large_rounds": large_rounds(rounds),
            "seed": SEED,
        },
        "results": results,
    }


def table(results: list[dict]) -> str:
    """Lay the results out for reading."""
    lines = [f"{'':24}{'median ms':>10}{'min':>9}{'max':>9}{'to torch':>10}{'quartiles':>15}"]
    group = None
    for r in results:
        if group != (group := (r["window"], r["layout"], r["direction"])):
            lines.append(f"\n{r['window']} x {r['window']}, {r['layout']}, {r['direction']}")
        lines.append(
            f"  {r['name']:22}{r['median_ms']:10.2f}{r['min_ms']:9.2f}{r['max_ms']:9.2f}"
            f"{r['ratio_to_torch']:10.2f}{r['ratio_low']:8.2f}-{r['ratio_high']:.2f}"
        )
        for other in ("loop", "textbook"):
            if (ratio := r[f"ratio_to_{other}"]) not in (None, 1.0):
                lines.append(f"{'':24}{ratio:10.2f} x the time of the {other}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time pooling, record it for the chapters.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    result = record(measure(rounds), rounds)
    print(table(result["results"]))
    RECORD.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\nwrote {RECORD.name}; compare by the ratios, on a machine that does nothing else")


if __name__ == "__main__":
    main()
