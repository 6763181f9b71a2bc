"""What the exercises' checks notice, and what they say."""

import warnings

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


def test_a_warning_of_an_answer_is_not_printed():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(lambda x: warnings.warn("beware", stacklevel=1) or x, x)
    assert caught == []


def test_after_an_answer_that_raised_nothing_is_watched_any_more():
    with pytest.raises(ZeroDivisionError):
        run(lambda x: 1 / 0, x)
    assert run(lambda x: x, x) is x
    pooling.avg_pool2d(x, 2)  # not an answer
    assert run(lambda x: x, x) is x


def test_a_known_mistake_is_named_before_the_difference():
    with pytest.raises(AssertionError, match=r"^Divide\.\n\nTensor-likes are not close!"):
        compare(4 * x, x, {"Add.": x + 1, "Divide.": 4 * x, "Divide too.": 4 * x})


def test_a_wrong_shape_is_named_if_no_mistake_is():
    with pytest.raises(AssertionError, match="The shape is off"):
        compare(x[..., 1:], x, {"Add.": x + 1})


def test_a_result_that_is_no_tensor_is_an_error_and_not_a_pass():
    with pytest.raises((AssertionError, TypeError)):
        compare(3.0, x, {"Add.": x})


def test_equal_numbers_pass():
    compare((1, 2), (1, 2), {"No.": (2, 1)})
    compare(x, x.clone())
