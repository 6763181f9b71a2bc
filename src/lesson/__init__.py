"""What the chapters use beside `pooling`: figures, timings, the exercises' checks."""

import json
from pathlib import Path


def timings() -> dict:
    """Return what `make bench` recorded; `tools/bench.py` describes the form.

    >>> sorted(timings())
    ['machine', 'results', 'settings', 'versions']
    """
    return json.loads(Path(__file__).with_name("timings.json").read_text(encoding="utf-8"))
