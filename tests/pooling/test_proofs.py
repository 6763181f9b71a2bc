"""Proofs by machine, of the code itself: it runs on stand-ins that build a solver's terms.

A solver looks for a counterexample to a claim; where there is none, the claim is
proved. Beside each proof stands a claim that is a little too strong, and refuted.
"""

from fractions import Fraction

import pytest
import torch

import pooling
from pooling.maximum import _ExactMax

z3 = pytest.importorskip("z3")
bitwuzla = pytest.importorskip("bitwuzla")

FORMATS = {  # bits of the exponent, significant bits
    torch.float16: (5, 11),
    torch.bfloat16: (8, 8),
    torch.float32: (8, 24),
    torch.float64: (11, 53),
}


class Z3:
    """IEEE 754 arithmetic, rounding to nearest, in z3."""

    def __init__(self, dtype: torch.dtype):
        self.sort, self.solver = z3.FPSort(*FORMATS[dtype]), z3.Solver()
        self.add, self.sub, self.mul = (
            lambda x, y, f=f: f(z3.RNE(), x, y) for f in (z3.fpAdd, z3.fpSub, z3.fpMul)
        )
        self.greater, self.equal, self.both, self.choose = z3.fpGT, z3.fpEQ, z3.And, z3.If

    def constant(self, value: float):
        return z3.FPVal(value, self.sort)

    def finite(self, name: str):
        x = z3.FP(name, self.sort)
        self.solver.add(z3.Not(z3.Or(z3.fpIsInf(x), z3.fpIsNaN(x))))
        return x

    def counterexample(self, claim, assuming=()):
        self.solver.add(*assuming, z3.Not(claim))
        answer = self.solver.check()
        assert answer != z3.unknown
        return self.solver.model() if answer == z3.sat else None


class Bitwuzla:
    """The same in another solver."""

    def __init__(self, dtype: torch.dtype):
        options = bitwuzla.Options()
        options.set(bitwuzla.Option.PRODUCE_MODELS, True)
        self.terms, self.inputs = bitwuzla.TermManager(), []
        self.solver = bitwuzla.Bitwuzla(self.terms, options)
        self.sort = self.terms.mk_fp_sort(*FORMATS[dtype])
        self.nearest = self.terms.mk_rm_value(bitwuzla.RoundingMode.RNE)
        kind = bitwuzla.Kind
        self.add, self.sub, self.mul = (
            lambda x, y, k=k: self.terms.mk_term(k, [self.nearest, x, y])
            for k in (kind.FP_ADD, kind.FP_SUB, kind.FP_MUL)
        )
        self.greater, self.equal, self.both, self.choose = (
            lambda *x, k=k: self.terms.mk_term(k, list(x))
            for k in (kind.FP_GT, kind.FP_EQUAL, kind.AND, kind.ITE)
        )

    def constant(self, value: float):
        return self.terms.mk_fp_value(self.sort, self.nearest, str(Fraction(value)))

    def refuse(self, term):
        self.solver.assert_formula(self.terms.mk_term(bitwuzla.Kind.NOT, [term]))

    def finite(self, name: str):
        x = self.terms.mk_const(self.sort, name)
        self.inputs.append(x)
        for kind in (bitwuzla.Kind.FP_IS_INF, bitwuzla.Kind.FP_IS_NAN):
            self.refuse(self.terms.mk_term(kind, [x]))
        return x

    def counterexample(self, claim, assuming=()):
        for term in assuming:
            self.solver.assert_formula(term)
        self.refuse(claim)
        answer = self.solver.check_sat()
        assert answer != bitwuzla.Result.UNKNOWN
        return [*map(self.solver.get_value, self.inputs)] if answer == bitwuzla.Result.SAT else None


class StandIn:
    """What a tensor can do, as far as the two maxima ask; K is multiplied by `scale`."""

    def __init__(self, term, logic, dtype: torch.dtype, scale: float = 1.0):
        self.term, self.logic, self.dtype, self.scale = term, logic, dtype, scale

    def new(self, term):
        return StandIn(term, self.logic, self.dtype, self.scale)

    def is_floating_point(self):
        return True

    def is_complex(self):
        return False

    def __add__(self, other):
        return self.new(self.logic.add(self.term, other.term))

    def __sub__(self, other):
        return self.new(self.logic.sub(self.term, other.term))

    def __mul__(self, number: float):
        constant = self.logic.constant(number * self.scale)
        return self.new(self.logic.mul(self.term, constant))

    add_, sub_ = __add__, __sub__

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        assert function in (torch.relu, torch.relu_) and not kwargs
        (x,), zero = args, args[0].logic.constant(0.0)
        return x.new(x.logic.choose(x.logic.greater(x.term, zero), x.term, zero))


def exact_counterexample(logic, dtype: torch.dtype, scale: float = 1.0):
    """Look for finite a and b of which `exact_relu_max` is not the maximum."""
    a, b = logic.finite("a"), logic.finite("b")
    out = _ExactMax.forward(*(StandIn(x, logic, dtype, scale) for x in (a, b)))
    largest = logic.choose(logic.greater(a, b), a, b)
    return logic.counterexample(logic.equal(out.term, largest))


BOTH = pytest.mark.parametrize(
    ("solver", "dtype"),
    # z3 takes minutes for float64, bitwuzla knows bfloat16 only as an experiment
    [
        *((Z3, d) for d in FORMATS if d != torch.float64),
        *((Bitwuzla, d) for d in FORMATS if d != torch.bfloat16),
    ],
)


@BOTH
def test_exact_maximum_is_the_maximum_of_all_finite_floats(solver, dtype):
    assert exact_counterexample(solver(dtype), dtype) is None


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_half_of_k_would_do_and_a_quarter_would_not(dtype):
    assert exact_counterexample(Bitwuzla(dtype), dtype, scale=1 / 2) is None
    found = exact_counterexample(Bitwuzla(dtype), dtype, scale=1 / 4)
    assert found
    print(f"With K / 4 {dtype} fails for a, b =", *(x.str(16) for x in found))


@pytest.mark.parametrize(
    ("solver", "dtype"), [(Z3, torch.float16), (Bitwuzla, torch.float16), (Bitwuzla, torch.float32)]
)
@pytest.mark.parametrize(("times", "exact"), [(0, True), (2, True), (3, False)])
def test_textbook_maximum_is_exact_for_a_up_to_b_and_from_b_to_2b(solver, dtype, times, exact):
    logic = solver(dtype)
    a, b = logic.finite("a"), logic.finite("b")
    out = pooling.relu_max(*(StandIn(x, logic, dtype) for x in (a, b))).term
    if times == 0:
        upper = logic.choose(logic.greater(a, b), a, b)
        assert logic.counterexample(logic.equal(out, b), [logic.equal(upper, b)]) is None
    else:
        limit = logic.mul(logic.constant(times), b)
        outside = logic.choose(logic.greater(a, limit), a, limit)
        case = [logic.greater(b, logic.constant(0.0)), logic.greater(a, b)]
        case.append(logic.equal(outside, limit))
        assert (logic.counterexample(logic.equal(out, a), case) is None) == exact


def network_counterexample(weights: list, nonnegative: bool):
    """Look for real numbers of which the network with these weights is not the maximum."""
    cells = len(weights[0][0])
    inputs, solver = z3.Reals([f"x{i}" for i in range(cells)]), z3.Solver()
    values, units = list(inputs), 0
    for k, rows in enumerate(weights):
        values = [
            z3.Sum([z3.Q(*w.as_integer_ratio()) * x for w, x in zip(row, values, strict=True) if w])
            for row in rows
        ]
        if k == len(weights) - 1:
            break
        for i, value in enumerate(values):
            values[i], units = z3.Real(f"u{units}"), units + 1
            solver.add(values[i] == z3.If(value > 0, value, 0))
    largest = inputs[0]
    for x in inputs[1:]:
        largest = z3.If(x > largest, x, largest)
    solver.add(*[x >= 0 for x in inputs] if nonnegative else [])
    solver.add(values[0] != largest)
    answer = solver.check()
    assert answer != z3.unknown
    return solver.model() if answer == z3.sat else None


def weights(network) -> list:
    return [part.weight.flatten(1).tolist() for part in network[::2]]


NETWORKS = [
    (size, layers, nonnegative)
    for size, layers in [
        *(((high, wide), None) for high in (1, 2, 3) for wide in (1, 2, 3)),
        (3, 3),
        ((1, 5), 2),
        ((1, 5), 3),
        ((2, 5), 3),
        (4, None),
    ]
    for nonnegative in (False, True)
]


@pytest.mark.parametrize(("size", "layers", "nonnegative"), NETWORKS)
def test_network_is_the_maximum_of_all_real_numbers(size, layers, nonnegative):
    network = pooling.max_pool_network(size, layers=layers, nonnegative=nonnegative)
    assert network_counterexample(weights(network), nonnegative) is None


@pytest.mark.parametrize(("size", "layers", "nonnegative"), NETWORKS)
def test_network_with_one_weight_changed_is_refuted(size, layers, nonnegative):
    network = pooling.max_pool_network(size, layers=layers, nonnegative=nonnegative)
    last = network[-1].weight.view(-1)
    for at in range(len(last)):  # each unit is above 0 for some input, where it counts
        last[at] += 1
        assert network_counterexample(weights(network), nonnegative), at
        last[at] -= 1


def test_network_for_nonnegative_numbers_fails_on_others():
    network = pooling.max_pool_network(2, nonnegative=True)
    assert network_counterexample(weights(network), nonnegative=False)
