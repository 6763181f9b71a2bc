"""max_pool_network: exact on integers, by sampling, and by a certificate that is a proof."""

from fractions import Fraction
from itertools import combinations, product

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import pooling
from pooling.network import max_of_five

WIDTHS = [
    # window, layers, nonnegative, hidden widths per channel
    (2, None, False, [6, 3]),
    (2, None, True, [4, 2]),
    (3, None, False, [14, 8, 5, 3]),
    (3, None, True, [9, 5, 3, 2]),
    (3, 3, False, [14, 10, 9]),
    (3, 3, True, [9, 9, 8]),
    ((1, 5), 2, False, [10, 9]),
    ((2, 5), 3, False, [15, 10, 9]),
    (4, None, False, [24, 12, 6, 3]),
    ((3, 6), 4, False, [27, 14, 10, 9]),
    (1, None, False, []),
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


# The certificate. Both max and the network are positively homogeneous and linear
# between their kinks. The kinks lie on hyperplanes through the origin. On each
# cell between these, a cone, both are linear, and rays span it: agreement on the
# rays, computed in integers, is agreement everywhere.


def rank(rows: list[list[int]]) -> int:
    rows, done = [[Fraction(v) for v in row] for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for i in range(done + 1, len(rows)):
            factor = rows[i][column] / rows[done][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[done], strict=True)]
        done += 1
    return done


def cross(three: tuple) -> tuple[int, ...]:
    """Solve three homogeneous equations in four unknowns, by Cramer's rule."""

    def determinant(m):
        (a, b, c), (d, e, f), (g, h, i) = m
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)

    minors = [[[*row[:j], *row[j + 1 :]] for row in three] for j in range(4)]
    return tuple((-1) ** j * determinant(minor) for j, minor in enumerate(minors))


def gadget(x: list) -> tuple:
    """Run the five-input gadget's own matrices on (a, b, c, d, 0), in exact arithmetic."""
    values = [*x, 0]
    for hidden, read in max_of_five(nonnegative=True):
        for matrix, relu in ((hidden, True), (read, False)):
            rows = [[Fraction(w) for w in row] for row in matrix.tolist()]
            values = [sum(w * v for w, v in zip(row, values, strict=True)) for row in rows]
            values = [max(v, 0) for v in values] if relu else values
    return tuple(values)


def kinks() -> list[list[int]]:
    """Hyperplanes in (a, b, c, d) on which a unit of the gadget or the maximum can kink."""
    unit = [[int(i == j) for j in range(4)] for i in range(4)]
    differences = [[p - q for p, q in zip(*pair, strict=True)] for pair in combinations(unit, 2)]
    planes = unit + differences
    # A second-layer unit is linear wherever the first layer's signs are settled;
    # collect its linear pieces from all settings of the first layer's ReLUs.
    (first, _), (second, _) = max_of_five(nonnegative=True)
    first, second = first[:-1, :4].int().tolist(), second[:-1, :-1].int().tolist()
    for signs in product((0, 1), repeat=4):
        for above, beyond in product((0, 1), repeat=2):  # of b - a and d - c
            a, b, c, d = signs
            on = {0: a, 1: 1 - a, 2: above, 3: c, 4: 1 - c, 5: beyond, 6: b, 7: d}
            for row in second:
                active = [w * on[i] for i, w in enumerate(row)]
                planes.append(
                    [sum(w * f[j] for w, f in zip(active, first, strict=True)) for j in range(4)]
                )
    canonical = set()
    for plane in planes:
        lead = next((v for v in plane if v), 0)
        if lead:
            canonical.add(tuple(v if lead > 0 else -v for v in plane))
    return [list(plane) for plane in sorted(canonical)]


def rays(planes: list[list[int]]) -> set[tuple[int, ...]]:
    """Directions in which three of the planes, in general position, meet."""
    found = set()
    for three in combinations(planes, 3):
        x = cross(three)
        if any(x):
            divisor = max(abs(v) for v in x)
            found.add(tuple(Fraction(v, divisor) for v in x))
            found.add(tuple(Fraction(-v, divisor) for v in x))
    return found


def test_five_input_gadget_equals_the_maximum_on_every_ray_which_proves_it_everywhere():
    planes = kinks()
    assert rank(planes) == 4  # so that the cells are pointed cones, spanned by their rays
    spans = rays(planes)
    assert len(planes) == 22 and len(spans) == 252
    for ray in spans:
        assert gadget(list(ray)) == (max(0, *ray),)


def test_five_input_gadget_equals_the_maximum_on_all_small_integers():
    for x in product(range(-2, 3), repeat=4):
        assert gadget(list(x)) == (max(0, *x),)


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


def test_training_a_model_leaves_the_network_as_it_is():
    network = pooling.max_pool_network(2, channels=3)
    x = torch.ones(1, 3, 4, 4, requires_grad=True)
    network(x).sum().backward()
    assert x.grad.any() and not any(weight.requires_grad for weight in network.parameters())
