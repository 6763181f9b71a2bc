"""What the exercises' checks notice, and what they say."""

import contextlib
import math
import re
import sys
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import pooling
from lesson.check import compare, run

x = torch.arange(16.0).reshape(1, 1, 4, 4)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda x: F.avg_pool2d(x, 2), "avg_pool2d"),
        (lambda x: torch.nn.MaxPool2d(2)(x), "max_pool2d"),
        (lambda x: torch.ops.aten.avg_pool2d(x, [2, 2]), "avg_pool2d"),
        (lambda x: torch._C._nn.avg_pool2d(x, [2, 2]), "avg_pool2d"),
        (lambda x: F.adaptive_avg_pool2d(x, 2), "adaptive_avg_pool2d"),
        (lambda x: F.lp_pool2d(x, 1, 2), "lp_pool2d"),
    ],
)
def test_ready_made_pooling_of_torch_is_noticed_by_whatever_route(answer, name):
    with pytest.raises(AssertionError, match=f"Your answer calls {name}"):
        run(answer, x)


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: pooling.avg_pool2d(x, 2),
        lambda x: pooling.AvgPool2d(2)(x),
        lambda x: pooling.max_pool_network(2)(x),
        lambda x: pooling.pool_cost(x.shape, 2),
    ],
)
def test_the_books_own_pooling_is_noticed_even_if_nothing_is_refused(answer):
    with pytest.raises(AssertionError, match="Your answer calls pooling"):
        run(answer, x, refuses=None)


def test_an_honest_answer_passes_and_its_result_comes_back():
    def answer(x):
        return F.conv2d(x, torch.ones(1, 1, 2, 2), stride=2) / 4

    assert torch.equal(run(answer, x, needs="conv2d"), F.avg_pool2d(x, 2))


def test_an_answer_without_the_function_it_needs_is_told_so():
    with pytest.raises(AssertionError, match="does not call conv2d"):
        run(lambda x: x + 1, x, needs="conv2d")


def test_an_answer_that_returns_nothing_is_told_so():
    with pytest.raises(AssertionError, match="returns nothing"):
        run(lambda x: None, x)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda x: x * (x > 1), "gt, that is `>`"),
        (lambda x: max(x[0, 0, 0, 0], x[0, 0, 0, 1]), "gt, that is `>`"),
        (lambda x: min(x[0, 0, 0, 0], x[0, 0, 0, 1]), "lt, that is `<`"),
        (lambda x: (x == 1) + x, "__eq__, that is `==`"),
    ],
)
def test_a_comparison_is_named_by_its_sign(answer, name):
    with pytest.raises(AssertionError, match=f"Your answer compares tensors .{re.escape(name)}"):
        run(answer, x, refuses="^[gl]t$|eq")


@pytest.mark.parametrize("look", [lambda x: x.shape, repr, len, lambda x: f"{x.sum():.2f}"])
def test_to_look_at_a_tensor_is_not_to_compute(look):
    assert run(lambda x: look(x) and 3, x, refuses="^(?!sum)") == 3


def test_a_function_that_is_needed_may_be_called_in_place():
    assert run(lambda x: (x - 3).relu_(), x, needs="relu").min() == 0
    image = x.reshape(1, 1, 1, -1).float()
    answer = lambda x: F.max_pool2d(x, 1, return_indices=True)[0]  # noqa: E731
    assert torch.equal(run(answer, image, needs="max_pool2d", refuses=None), image)
    with pytest.raises(AssertionError, match="does not call relu"):
        run(lambda x: F.relu6(x), x, needs="relu")


def test_what_an_answer_does_to_its_inputs_changes_nothing_for_the_check():
    before = x.clone()
    assert torch.equal(run(lambda x: x.neg_(), x), -before)
    assert run(lambda x, y: x.zero_() + y, x, 2).sum() == 2 * x.numel()
    assert torch.equal(x, before)


def test_numbers_may_come_in_an_array():
    found = run(lambda: np.array([1, 2, 3]))
    assert found == [1, 2, 3] and type(found[0]) is int
    assert run(lambda: np.float64(2.5)) == 2.5


def test_the_gradient_of_an_answer_reaches_the_checks_input():
    leaf = x.clone().requires_grad_()
    run(lambda x: x.mul_(3), leaf).sum().backward()
    assert torch.equal(leaf.grad, torch.full_like(x, 3))


def test_a_warning_of_an_answer_is_not_printed():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(lambda x: warnings.warn("beware", stacklevel=1) or x, x)
    assert caught == []


def test_after_an_answer_that_raised_nothing_is_watched_any_more():
    with pytest.raises(ZeroDivisionError):
        run(lambda x: 1 / 0, x)
    assert torch.equal(run(lambda x: x, x), x)
    pooling.avg_pool2d(x, 2)  # not an answer
    assert torch.equal(run(lambda x: x, x), x)


def test_a_known_mistake_is_named_before_the_difference():
    with pytest.raises(AssertionError, match=r"^Divide\.\n\nTensor-likes are not close!"):
        compare(4 * x, x, {"Add.": x + 1, "Divide.": 4 * x, "Divide too.": 4 * x})


def test_a_wrong_shape_is_named_if_no_mistake_is():
    with pytest.raises(AssertionError, match="The shape is off"):
        compare(x[..., 1:], x, {"Add.": x + 1})


def test_a_wrong_type_is_named_if_the_numbers_are_right():
    with pytest.raises(AssertionError, match="The type is off: keep that of the input"):
        compare(x.double(), x, {"Add.": x + 1})


@pytest.mark.parametrize("result", [3.0, [1, 2], None, (x,)])
def test_a_result_that_is_no_tensor_is_told_so(result):
    kind = type(result).__name__
    with pytest.raises(AssertionError, match=f"Return a tensor: this is of type {kind}"):
        compare(result, x, {"Add.": x})


def test_a_mistake_may_have_several_results():
    for wrong in x + 1, x + 2:
        with pytest.raises(AssertionError, match=r"^Add nothing\."):
            compare(wrong, x, {"No.": [], "Add nothing.": [x + 1, x + 2]})


def test_what_is_said_otherwise_is_said_only_then():
    with pytest.raises(AssertionError, match=r"^See above\."):
        compare(x + 3, x, {"Add.": x + 1}, otherwise="See above.")
    with pytest.raises(AssertionError, match=r"^Add\.\n\nTensor"):
        compare(x + 1, x, {"Add.": x + 1}, otherwise="See above.")


@pytest.mark.parametrize("mistakes", [None, {"Half.": 123.0}])
def test_a_number_that_is_expected_is_not_told(mistakes):
    with pytest.raises(AssertionError) as failed:
        compare(123.0, 246.0, mistakes, where="At p = 1:")
    hint = "Half.\n\n" if mistakes else ""
    assert str(failed.value) == f"{hint}At p = 1: your answer is 123.0."


def test_a_tolerance_is_a_proportion_also_of_small_numbers():
    compare(1.009e-9, 1e-9, rtol=0.01)
    compare(x * 1.009, x, rtol=0.01)
    for wrong, right in ((1.02e-9, 1e-9), (0.0, 1e-9), (x * 1.02, x), (math.nan, 1.0)):
        with pytest.raises(AssertionError):
            compare(wrong, right, rtol=0.01)


def test_equal_numbers_pass():
    compare((1, 2), (1, 2), {"No.": (2, 1)})
    compare([1, 2], (1, 2))
    compare(x, x.clone())


@pytest.mark.parametrize("answer", [lambda x: x, lambda x: 1 / 0])
def test_after_an_answer_python_calls_no_profiler_of_ours(answer):
    before = sys.getprofile()
    with contextlib.suppress(ZeroDivisionError):
        run(answer, x)
    assert sys.getprofile() is before
