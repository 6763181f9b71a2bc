"""Pooling out of convolutions and ReLUs, interchangeable with torch's own."""
# ruff: noqa: F401

import json
from pathlib import Path

from .average import avg_pool2d
from .cost import PoolCost, padding_per_side, pool_cost
from .layers import AvgPool2d, MaxPool2d, MinPool2d, SoftmaxPool2d
from .maximum import exact_relu_max, max_pool2d, min_pool2d, relu_max
from .network import max_pool_network
from .soft import logsumexp_pool2d, softmax_pool2d


def timings() -> dict:
    """Return what `make bench` recorded; `book.bench` describes the form.

    >>> sorted(timings())
    ['machine', 'results', 'settings', 'versions']
    """
    return json.loads(Path(__file__).with_name("timings.json").read_text(encoding="utf-8"))
