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
        "SoftmaxPool2d(kernel_size=2, stride=2, padding=0, beta=3.0)"
    )


def test_a_subclass_keeps_its_function():
    class Mine(pooling.MaxPool2d):
        pass

    assert torch.equal(Mine(2)(X), nn.MaxPool2d(2)(X))


def test_unsupported_arguments_are_refused_when_the_module_is_made():
    with pytest.raises(ValueError, match="return_indices is True"):
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


def test_an_attribute_set_later_has_its_effect_as_in_torch():
    for ours, torchs in (
        (pooling.MaxPool2d(2), nn.MaxPool2d(2)),
        (pooling.AvgPool2d(2), nn.AvgPool2d(2)),
    ):
        for module in (ours, torchs):
            module.stride, module.ceil_mode = 3, True
            assert module.kernel_size == 2
        assert torch.equal(ours(X), torchs(X))


def test_a_parameter_as_beta_is_learned_moved_and_saved_with_the_module():
    layer = pooling.SoftmaxPool2d(2, beta=nn.Parameter(torch.tensor([0.5, 1.0, 2.0])))
    assert list(layer.state_dict()) == ["beta"] and layer.double().beta.dtype == torch.float64
    layer(X.double()).sum().backward()
    assert layer.beta.grad.shape == (3,) and layer.beta.grad.all()


MODULES = [pooling.MaxPool2d(3, 2, 1), pooling.AvgPool2d(2), pooling.SoftmaxPool2d(2)]


@pytest.mark.parametrize("module", [*MODULES, pooling.MinPool2d(2, exact=False)])
def test_modules_are_traced_and_exported_for_any_number_of_images(module):
    more = torch.cat([X, X + 1, -X])
    batch = {0: torch.export.Dim("batch", min=1, max=64)}
    exported = torch.export.export(module, (X,), dynamic_shapes=(batch,))
    traced = torch.jit.trace(module, X), torch.fx.symbolic_trace(module)
    for again in (exported.module(), *traced):
        torch.testing.assert_close(again(more), module(more))
    graphs = [part.graph for part in exported.graph_module.modules() if hasattr(part, "graph")]
    nodes = [node for graph in graphs for node in graph.nodes if "conv" in str(node.target)]
    assert {node.meta["val"].dtype for node in nodes} == {torch.float32}  # which runtimes have


@pytest.mark.parametrize("module", [*MODULES, pooling.SoftmaxPool2d(2, beta=torch.ones(3))])
def test_modules_are_compiled_for_any_number_of_images(module):
    compiled = torch.compile(module, fullgraph=True, dynamic=True, backend="aot_eager")
    for x in (X[:1], X, torch.cat([X, -X])):
        torch.testing.assert_close(compiled(x), module(x))
