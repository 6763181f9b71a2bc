"""max_pool_network: its widths, and floats; that it is the maximum is proved in test_proofs.py."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import pooling

WIDTHS = [
    # window, layers, nonnegative, hidden widths per channel
    (1, None, False, []),
    (2, None, False, [6, 3]),
    (2, None, True, [4, 2]),
    ((1, 3), None, False, [4, 3]),
    (3, None, False, [13, 7, 4, 3]),
    (3, None, True, [9, 5, 3, 2]),
    (3, 3, False, [13, 10, 7]),
    (3, 3, True, [9, 9, 6]),
    ((1, 5), None, False, [7, 4, 3]),
    ((1, 5), 2, False, [10, 7]),
    ((1, 5), 2, True, [9, 6]),
    ((2, 5), 3, False, [15, 10, 7]),
    (4, None, False, [24, 12, 6, 3]),
    ((3, 6), 4, False, [27, 13, 10, 7]),
]


def integers(shape, nonnegative: bool, seed: int = 0, top: int = 2**16) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    low = 0 if nonnegative else -top
    return torch.randint(low, top + 1, shape, generator=generator).float()


@pytest.mark.parametrize(("size", "layers", "nonnegative", "widths"), WIDTHS)
def test_network_has_the_stated_widths_and_equals_max_pooling(size, layers, nonnegative, widths):
    for channels, stride in ((1, None), (3, 1), (3, 2), (2, (3, 2))):
        network = pooling.max_pool_network(
            size, channels, stride, layers=layers, nonnegative=nonnegative
        )
        hidden = [part.out_channels for part in network[::2]][:-1]
        assert hidden == [channels * width for width in widths]
        assert [part.in_channels for part in network[::2]] == [channels, *hidden]
        x = integers((2, channels, 13, 14), nonnegative)
        assert torch.equal(network(x), F.max_pool2d(x, size, stride))


@pytest.mark.parametrize("layers", [3, 4])
def test_network_equals_max_pooling_on_a_million_integer_windows(layers):
    network = pooling.max_pool_network(3, layers=layers)
    with torch.no_grad():
        for top, seed in ((2, 0), (2**16, 1)):  # many ties, then few
            x = integers((8, 1, 750, 750), False, seed, top)
            assert torch.equal(network(x), F.max_pool2d(x, 3))


def test_network_is_convolutions_and_relus_alone():
    for layers in (3, None):
        network = pooling.max_pool_network(3, 2, layers=layers)
        kinds = [nn.Conv2d, nn.ReLU] * len(network)
        assert [type(part) for part in network] == kinds[: len(network)]
        assert all(part.bias is None and part.groups == 2 for part in network[::2])
        assert all(part.kernel_size == (1, 1) for part in network[2::2])


def test_weights_are_integers_but_for_the_halves_of_the_three_layer_network():
    def weights(layers):
        parts = pooling.max_pool_network(3, layers=layers)[::2]
        return {w for part in parts for w in part.weight.flatten().tolist()}

    assert weights(None) == {-1, 0, 1}
    assert weights(3) == {-1, -0.5, 0, 0.5, 1}


@pytest.mark.parametrize(("size", "layers", "nonnegative", "widths"), WIDTHS)
def test_no_sum_leaves_the_exact_halves_of_float32_at_the_stated_limit(
    size, layers, nonnegative, widths
):
    network = pooling.max_pool_network(size, layers=layers, nonnegative=nonnegative)
    corners = integers((1, 1, 100, 100), nonnegative, top=1) * 2**16
    values = F.unfold(corners, network[0].kernel_size)[0]
    for part in network[::2]:
        weight = part.weight.detach().flatten(1)
        assert (weight.abs() @ values.abs()).max() <= 2**23  # whatever the order of the sum
        values = (weight @ values).relu()


def test_nonnegative_network_fails_on_negative_input():
    x = -torch.ones(1, 1, 2, 2)
    assert pooling.max_pool_network(2, nonnegative=True)(x).item() != -1


@pytest.mark.parametrize(
    ("size", "layers", "words"),
    [
        (3, 1, r"layers is 1 for 9 cells; one cannot make the maximum of three.*use 3 or 4"),
        (2, 1, r"one cannot make the maximum of three.*use 2, or None"),
        (3, 2, r"layers is 2 for 9 cells; no such network is built here; use 3 or 4, or None"),
        (2, 0, "use 2, or None"),
        (2, 7, "use 2, or None"),
        (4, 3, "use 4, or None"),
    ],
)
def test_impossible_or_unknown_depths_are_refused_with_the_reason(size, layers, words):
    with pytest.raises(ValueError, match=words):
        pooling.max_pool_network(size, layers=layers)


def test_bad_sizes_are_refused():
    with pytest.raises(ValueError, match="kernel_size is 0"):
        pooling.max_pool_network(0)
    with pytest.raises(ValueError, match="stride is 0"):
        pooling.max_pool_network(2, stride=0)
    with pytest.raises(ValueError, match="channels is 0"):
        pooling.max_pool_network(2, channels=0)
    with pytest.raises(TypeError, match=r"channels is \(2, 3\); use an int"):
        pooling.max_pool_network(2, channels=(2, 3))


def test_training_a_model_leaves_the_network_as_it_is():
    network = pooling.max_pool_network(2, channels=3)
    x = torch.ones(1, 3, 4, 4, requires_grad=True)
    network(x).sum().backward()
    assert x.grad.any() and not any(weight.requires_grad for weight in network.parameters())


def test_no_setting_of_the_user_reaches_the_network():
    expected = pooling.max_pool_network(3, layers=3)
    state, default = torch.random.get_rng_state(), torch.get_default_dtype()
    try:
        torch.set_default_dtype(torch.bfloat16)
        with torch.device("meta"):
            network = pooling.max_pool_network(3, layers=3)
    finally:
        torch.set_default_dtype(default)
    assert torch.equal(torch.random.get_rng_state(), state)  # no random weights are drawn
    for got, wanted in zip(network[::2], expected[::2], strict=True):
        assert got.weight.dtype == torch.float32 and torch.equal(got.weight, wanted.weight)
