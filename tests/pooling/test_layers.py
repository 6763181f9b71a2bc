"""The modules: one line of a model swapped, and nothing else changes."""

import pickle

import pytest
import torch
from torch import nn

import pooling

X = torch.randint(-9, 9, (2, 3, 9, 9), generator=torch.Generator().manual_seed(0)).float()


@pytest.mark.parametrize(
    ("ours", "torchs"),
    [
        (pooling.MaxPool2d(2), nn.MaxPool2d(2)),
        (pooling.MaxPool2d(3, 2, 1, 2), nn.MaxPool2d(3, 2, 1, 2)),
        (pooling.MaxPool2d(2, ceil_mode=True), nn.MaxPool2d(2, ceil_mode=True)),
        (pooling.MaxPool2d(2, exact=False), nn.MaxPool2d(2)),
        (pooling.AvgPool2d(3, 2, 1, True, False), nn.AvgPool2d(3, 2, 1, True, False)),
        (pooling.AvgPool2d(2, divisor_override=3), nn.AvgPool2d(2, divisor_override=3)),
    ],
)
def test_modules_take_torch_arguments_and_give_torch_results(ours, torchs):
    assert torch.equal(ours(X), torchs(X))


def test_minimum_and_softmax_modules_call_their_functions():
    assert torch.equal(pooling.MinPool2d(3, 2, 1)(X), pooling.min_pool2d(X, 3, 2, 1))
    softmax = pooling.softmax_pool2d(X, 3, 2, 1, beta=5.0)
    assert torch.equal(pooling.SoftmaxPool2d(3, 2, 1, beta=5.0)(X), softmax)


def test_repr_shows_the_arguments():
    assert repr(pooling.SoftmaxPool2d(2, beta=3.0)) == (
        "SoftmaxPool2d(kernel_size=2, stride=None, padding=0, beta=3.0)"
    )


def test_a_subclass_keeps_its_function():
    class Mine(pooling.MaxPool2d):
        pass

    assert torch.equal(Mine(2)(X), nn.MaxPool2d(2)(X))


def test_unsupported_arguments_are_refused_when_the_module_is_made():
    with pytest.raises(TypeError, match="return_indices"):
        pooling.MaxPool2d(2, return_indices=True)
    with pytest.raises(TypeError, match="kernel_size"):
        pooling.AvgPool2d()


def test_a_model_with_the_modules_is_pickled_and_trained_like_another():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), pooling.MaxPool2d(2), nn.Flatten(), nn.LazyLinear(2))
    reference = nn.Sequential(model[0], nn.MaxPool2d(2), *model[2:])
    again = pickle.loads(pickle.dumps(model))
    expected = reference(X)
    assert torch.equal(model(X), expected)
    assert again(X).shape == expected.shape
    assert list(model.state_dict()) == list(reference.state_dict())
