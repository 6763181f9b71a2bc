"""The benchmark: what it times is right, and its record has the form it describes."""

import getpass
import json
import socket

import pytest
import torch
import torch.nn.functional as F

from lesson import timings
from tools import bench

X = torch.randn(2, 3, 12, 12, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def small():
    """A record made in a moment."""
    return bench.record(bench.measure(3, 3, shape=(1, 4, 12, 12), large_shape=(1, 1, 80, 80)))


@pytest.mark.parametrize("k", [2, 3])
def test_what_is_compared_computes_the_same(k):
    timed = bench.functions(k)
    assert torch.equal(timed["copy"](X), X)
    assert torch.equal(timed["max_pool2d exact"](X), timed["torch max"](X))
    torch.testing.assert_close(timed["max_pool2d textbook"](X), timed["torch max"](X))


def test_averaging_by_sums_equals_averaging_directly():
    x = torch.randn(1, 1, 90, 100, generator=torch.Generator().manual_seed(0))
    # float32 sums of 4225 terms keep about six digits
    torch.testing.assert_close(
        bench.average_by_sums(x, 65), F.avg_pool2d(x, 65, 1), rtol=1e-4, atol=1e-6
    )


def test_record_holds_each_measurement_once(small):
    keys = [(r["name"], r["window"], r["layout"], r["direction"]) for r in small["results"]]
    assert len(keys) == len(set(keys)) == 2 * 2 * 2 * len(bench.functions(2)) + 2


def test_committed_record_has_the_form_of_a_new_one(small):
    committed = timings()
    assert committed.keys() == small.keys()
    for part in ("machine", "versions", "settings"):
        assert committed[part].keys() == small[part].keys()
    for old, new in zip(committed["results"], small["results"], strict=True):
        where = ("name", "window", "layout", "direction")
        assert old.keys() == new.keys() and [old[k] for k in where] == [new[k] for k in where]
        assert old["median_ms"] > 0
        assert old["ratio_low"] <= old["ratio_to_torch"] <= old["ratio_high"]


def test_docstring_names_every_field_and_measurement(small):
    for result in small["results"]:
        assert all(key in bench.__doc__ for key in result)
        assert f'"{result["name"]}"' in bench.__doc__


def test_record_tells_how_often_each_image_was_timed(monkeypatch):
    asked = []

    def time_rounds(call, functions, x, rounds):
        asked.append(rounds)
        return {name: [1.0] * rounds for name in functions}

    monkeypatch.setattr(bench, "time_rounds", time_rounds)
    results = bench.measure(shape=(1, 1, 3, 3), large_shape=(1, 1, 65, 65))
    settings = bench.record(results)["settings"]
    assert asked == 8 * [settings["rounds"]] + [settings["large_rounds"]]


def test_times_are_in_milliseconds_and_warm(monkeypatch):
    clock = iter(range(1000))  # a second passes between two looks at it
    monkeypatch.setattr(bench.time, "perf_counter", lambda: next(clock))
    called = []
    times = bench.time_rounds(
        lambda function, x: called.append(function), {"a": "a", "b": "b"}, X, 3
    )
    assert times == {"a": [1000.0] * 3, "b": [1000.0] * 3}
    assert len(called) == 2 * (3 + 2)


def test_record_names_no_host_and_no_user(small):
    text = json.dumps(small) + json.dumps(timings())
    for private in (socket.gethostname(), getpass.getuser()):
        assert f'"{private}"' not in text


def test_a_ratio_above_one_means_slower_than_the_reference():
    times = {"torch max": [1.0, 1.0, 3.0], "slow": [2.0, 3.0, 9.0]}
    torch_max, slow = bench.summarize(times, "torch max", window=2)
    assert torch_max["ratio_to_torch"] == 1 and slow["ratio_to_torch"] == 3
    assert slow["median_ms"] == 3 and slow["window"] == 2
    assert slow["ratio_low"] == 2 and slow["ratio_high"] == 3


def test_torch_is_its_own_reference(small):
    for result in small["results"]:
        if result["name"] in ("torch max", "torch average", "average direct"):
            assert result["ratio_to_torch"] == 1
