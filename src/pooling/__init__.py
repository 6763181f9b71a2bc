"""Pooling out of convolutions and ReLUs, interchangeable with torch's own."""
# ruff: noqa: F401

from .average import avg_pool2d
from .cost import PoolCost, padding_per_side, pool_cost
from .layers import AvgPool2d, MaxPool2d, MinPool2d, SoftmaxPool2d
from .maximum import exact_relu_max, max_pool2d, min_pool2d, relu_max
from .network import max_pool_network
from .soft import logsumexp_pool2d, softmax_pool2d
