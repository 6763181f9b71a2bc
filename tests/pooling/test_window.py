"""What torch refuses is refused, by an error that names the way out."""

import math
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import pooling

X = torch.zeros(1, 2, 5, 5)
BAD = [
    # kernel_size, the other arguments, the error, words of its message
    (2, {"padding": 2}, ValueError, r"padding \(2, 2\) per side is over half of \(2, 2\); "
     r"use at most \(1, 1\)"),
    ((2, 3), {"padding": (1, 2)}, ValueError, r"padding \(1, 2\) .* use at most \(1, 1\)"),
    ((3, 2), {"padding": (2, 0)}, ValueError, r"padding \(2, 0\) .* use at most \(1, 1\)"),
    (2, {"padding": -1}, ValueError, "padding is -1; use 0 or more"),
    (2, {"stride": 0}, ValueError, "stride is 0; use 1 or more"),
    (2, {"stride": (1, -1)}, ValueError, r"stride is \(1, -1\); use 1 or more"),
    (0, {}, ValueError, "kernel_size is 0; use 1 or more"),
    (6, {}, ValueError, r"kernel_size \(6, 6\) .* reaches 1 cells beyond the input \(5, 5\)"),
    ((2, 2, 2), {}, TypeError, r"kernel_size is \(2, 2, 2\); use an int or a tuple of two ints"),
    (2.0, {}, TypeError, "kernel_size is 2.0; use an int"),
    (True, {}, TypeError, "kernel_size is True; use an int"),
]  # fmt: skip
POOLINGS = [
    (pooling.avg_pool2d, F.avg_pool2d),
    (pooling.max_pool2d, F.max_pool2d),
    (pooling.min_pool2d, F.max_pool2d),
    (pooling.softmax_pool2d, F.avg_pool2d),
    (pooling.logsumexp_pool2d, F.avg_pool2d),
]


@pytest.mark.parametrize(("ours", "torchs"), POOLINGS)
@pytest.mark.parametrize(("size", "arguments", "error", "words"), BAD)
def test_bad_arguments_are_refused_as_by_torch(ours, torchs, size, arguments, error, words):
    with pytest.raises((RuntimeError, TypeError)):
        torchs(X, size, **arguments)
    with pytest.raises(error, match=words):
        ours(X, size, **arguments)


@pytest.mark.parametrize("dilation", [0, -1])
def test_dilation_below_one_is_refused_as_by_torch(dilation):
    with pytest.raises(RuntimeError):
        F.max_pool2d(X, 2, dilation=dilation)
    with pytest.raises(ValueError, match=f"dilation is {dilation}; use 1 or more"):
        pooling.max_pool2d(X, 2, dilation=dilation)


def test_dilation_does_not_allow_more_padding_as_in_torch():
    with pytest.raises(RuntimeError):
        F.max_pool2d(X, 2, padding=2, dilation=3)
    with pytest.raises(ValueError, match="over half of"):
        pooling.max_pool2d(X, 2, padding=2, dilation=3)


@pytest.mark.parametrize(("ours", "torchs"), POOLINGS)
@pytest.mark.parametrize("shape", [(5, 5), (1, 1, 2, 5, 5), (1, 0, 5, 5), (1, 2, 0, 5)])
def test_what_is_no_batch_of_images_is_refused_as_by_torch(ours, torchs, shape):
    with pytest.raises((RuntimeError, IndexError)):
        torchs(torch.zeros(shape), 2)
    with pytest.raises(ValueError, match=r"shape is .*; use \(n, c, h, w\) or \(c, h, w\)"):
        ours(torch.zeros(shape), 2)


@pytest.mark.parametrize("dtype", [torch.int8, torch.uint8, torch.int64, torch.bool])
@pytest.mark.parametrize(("ours", "_"), POOLINGS)
def test_integers_are_refused_with_the_way_out(ours, _, dtype):
    with pytest.raises(TypeError, match=rf"input has {dtype}; use input.double\(\)"):
        ours(X.to(dtype), 2)
    assert ours(X.to(dtype).double(), 2).shape == (1, 2, 2, 2)


@pytest.mark.parametrize("divisor", [0, 2.5, True, [2.0, 4.0]])
def test_a_divisor_is_an_integer_other_than_zero_as_in_torch(divisor):
    with pytest.raises((RuntimeError, TypeError)):
        F.avg_pool2d(X, 2, divisor_override=divisor)
    with pytest.raises(ValueError, match=f"divisor_override is {re.escape(repr(divisor))}; use"):
        pooling.avg_pool2d(X, 2, divisor_override=divisor)


@pytest.mark.parametrize(
    ("shape", "size"), [((2, 9, 7), (1, 4)), ((16, 28, 5), 3), ((16, 28, 3), 2)]
)
@pytest.mark.parametrize(("ours", "_"), POOLINGS)
def test_one_channel_stored_last_is_read_where_it_lies(ours, _, shape, size):
    # torch's own convolution returns memory that nothing was written to for such strides
    flat = torch.arange(math.prod(shape)).float() % 101
    gray = flat.reshape(*shape, 1).permute(0, 3, 1, 2)
    assert torch.equal(ours(gray, size), ours(flat.reshape(shape).unsqueeze(1), size))


@pytest.mark.parametrize(("ours", "torchs"), POOLINGS[:2])
def test_no_convolution_of_another_library_rounds(ours, torchs):
    x = torch.randint(-999, 999, (16, 1, 20, 20), generator=torch.Generator().manual_seed(0))
    with torch.backends.mkldnn.flags(enabled=False):  # then torch may use NNPACK
        assert torch.equal(ours(x.float(), 3, 1), torchs(x.float(), 3, 1))


@pytest.mark.parametrize(("ours", "torchs"), POOLINGS[:2])
@pytest.mark.parametrize("shape", [(32, 1, 16, 16), (5, 1, 16, 1), (5, 1, 1, 16), (3, 8, 9, 16)])
def test_no_convolution_rounds_to_bfloat16_where_the_user_lets_it(ours, torchs, shape):
    setting = getattr(torch.backends.mkldnn, "conv", None)
    if setting is None:
        pytest.skip("torch before 2.9 has no such setting")
    x = torch.randint(-(2**15), 2**15, shape, generator=torch.Generator().manual_seed(0)).float()
    before, setting.fp32_precision = setting.fp32_precision, "bf16"
    try:
        for size in ((1, 3), (3, 1), (1, 1)) + (((2, 2),) if min(shape[-2:]) > 1 else ()):
            if size[0] <= shape[-2] and size[1] <= shape[-1]:
                assert torch.equal(ours(x, size, 1), torchs(x, size, 1))
    finally:
        setting.fp32_precision = before


def test_numpy_integers_are_taken_as_by_torch():
    x, two, one = torch.arange(50.0).reshape(1, 2, 5, 5), np.int64(2), np.int32(1)
    assert torch.equal(pooling.max_pool2d(x, two, one, one), F.max_pool2d(x, 2, 1, 1))
    assert torch.equal(pooling.avg_pool2d(x, (two, one), one), F.avg_pool2d(x, (2, 1), 1))
    assert torch.equal(
        pooling.avg_pool2d(x, 2, divisor_override=two), F.avg_pool2d(x, 2, divisor_override=2)
    )
    with pytest.raises(TypeError, match="stride is"):
        pooling.max_pool2d(x, 2, np.bool_(True))


@pytest.mark.parametrize(("ours", "_"), POOLINGS)
def test_a_default_device_changes_nothing(ours, _):
    x = torch.randn(1, 2, 6, 6, generator=torch.Generator().manual_seed(0))
    expected = ours(x, 3, 2, 1)
    with torch.device("meta"):
        assert torch.equal(ours(x, 3, 2, 1), expected)
        assert pooling.pool_cost((1, 4, 4), 3, 2, 1).comparisons == 21


@pytest.mark.parametrize(("ours", "_"), POOLINGS)
def test_complex_numbers_are_refused_with_the_way_out(ours, _):
    with pytest.raises(TypeError, match=r"input has torch.complex64; use input\.real"):
        ours(X.to(torch.complex64), 2)


@pytest.mark.parametrize(("ours", "_"), POOLINGS)
def test_shapes_can_be_had_without_data(ours, _):
    assert ours(X.to("meta"), 2).shape == (1, 2, 2, 2)


def test_pairs_may_be_lists_or_single_numbers_as_in_torch():
    x = torch.arange(50.0).reshape(1, 2, 5, 5)
    for size, stride in ((2, []), ((2,), [1]), ([2, 3], 1), ((3, 2), None)):
        for ours, torchs in POOLINGS[:2]:
            assert torch.equal(ours(x, size, stride), torchs(x, size, stride))


def test_output_too_small_is_refused_exactly_when_torch_refuses():
    refused = 0
    for height in range(1, 5):
        for size in range(1, 8):
            for padding in range(size // 2 + 1):
                for stride in (1, 2, 5):
                    for ceil_mode in (False, True):
                        arguments = (torch.zeros(1, height, 9), (size, 1), stride, (padding, 0))
                        try:
                            expected = F.max_pool2d(*arguments, ceil_mode=ceil_mode).shape
                        except RuntimeError:
                            refused += 1
                            with pytest.raises(ValueError, match="smaller window or pad"):
                                pooling.max_pool2d(*arguments, ceil_mode=ceil_mode)
                        else:
                            got = pooling.max_pool2d(*arguments, ceil_mode=ceil_mode)
                            assert got.shape == expected
    assert refused > 50


LAYOUTS = {
    "an image by pixels": torch.arange(192.0).reshape(8, 8, 3).permute(2, 0, 1),
    "one pixel": torch.arange(8.0).reshape(2, 4, 1, 1),
    "rows and columns exchanged": torch.arange(240.0).reshape(2, 5, 6, 4).permute(0, 3, 2, 1),
    "channels-last, every other row": torch.arange(960.0)
    .reshape(2, 12, 10, 4)[:, ::2]
    .permute(0, 3, 1, 2),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_outputs_lie_in_memory_as_torchs_do(name):
    x = LAYOUTS[name]
    for ours, torchs in (
        (pooling.max_pool2d, F.max_pool2d),
        (pooling.avg_pool2d, F.avg_pool2d),
    ):
        found, expected = ours(x, 2, 1, 1), torchs(x, 2, 1, 1)
        assert torch.equal(found, expected) and found.stride() == expected.stride()


def test_what_is_no_tensor_flag_or_int_is_refused_by_name():
    x = torch.ones(1, 4, 4)
    for function in pooling.avg_pool2d, pooling.max_pool2d, pooling.min_pool2d:
        with pytest.raises(TypeError, match="input is of type list; use a tensor"):
            function([[1.0]], 2)
        with pytest.raises(TypeError, match="ceil_mode is 'False'; use True or False"):
            function(x, 2, ceil_mode="False")
        with pytest.raises(TypeError, match="kernel_size is array"):
            function(x, np.array([2, 2]))
    with pytest.raises(TypeError, match="count_include_pad is 2; use True or False"):
        pooling.avg_pool2d(x, 2, count_include_pad=2)
    with pytest.raises(TypeError, match="a is of type float; use a tensor"):
        pooling.relu_max(1.0, x)
    with pytest.raises(TypeError, match="input is of type list"):
        pooling.softmax_pool2d([1.0], 2)
