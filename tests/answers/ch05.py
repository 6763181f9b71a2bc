"""The errors of the maximum and of the average under salt and pepper."""

import math

import torch

from answers import Task, ready_made, right, wrong


def salt(p):
    return 10.0 * math.sqrt(1 - (1 - p) ** 4)


def deviation(p):
    return math.sqrt(p * (1 - p) / 4)


def mean(p):
    return 10.0 * math.sqrt(p * (1 - p) / 4 + p**2)


class Predict(Task):
    cell, function = "predict", "predict"

    @wrong("Is this the mean square, without its root?", 0, 0)
    def no_root(p):
        return 100.0 * (1 - (1 - p) ** 4), 100.0 * p**4, mean(p) ** 2

    @wrong("Only the variance is divided", 0, 0)
    def mean_square_divided(p):
        return salt(p), 10.0 * p**2, 10.0 * math.sqrt(p) / 2

    @wrong("Is this the mean error, not the root", 0, 0)
    def means(p):
        return 10.0 * (1 - (1 - p) ** 4), 10.0 * p**4, 10.0 * p

    @wrong("The maximum has other errors under pepper than under salt", 0, 0)
    def one_cell_is_enough(p):
        return salt(p), salt(p), mean(p)

    @wrong("The order is salt, pepper, average", 0, 0)
    def exchanged(p):
        return 10.0 * p**2, salt(p), mean(p)

    @wrong("Is the mean of the output left out?", 0, 0)
    def no_mean(p):
        return salt(p), 10.0 * p**2, 10.0 * math.sqrt(p * (1 - p) / 4)

    @wrong("Error of the maximum under salt, p = 0.4: your answer is", 0, 0)
    def numbers_for_one_p(p):
        return salt(0.05), 0.025, mean(0.05)

    @wrong("Is this the error of a single cell?", 0, 0)
    def one_cell(p):
        return salt(p), 10.0 * p**2, 10.0 * math.sqrt(p)

    @wrong("No output is larger than one hit", 0, 0)
    def hits_counted_twice(p):
        return 10.0 * math.sqrt(4 * p), 10.0 * p**2, mean(p)

    @wrong("An error is not negative", 0, 0)
    def negative(p):
        return salt(p), -10.0 * p**2, mean(p)

    @wrong("Every hit is of size 10.0", 0, 0)
    def without_10(p):
        return salt(p), p**2, mean(p)

    @wrong("Return three numbers", 0, 0)
    def two_numbers(p):
        return salt(p), 10.0 * p**2

    @wrong("'simulated' is not defined", 0, 0)
    def the_checks_variable(p):
        return simulated  # noqa: F821

    @wrong("", 4, 0)
    def a_simulation(p):
        import random

        draw = random.Random(1)
        hits = [sum(draw.random() < p for _ in range(4)) for _ in range(100_000)]
        squares = [h > 0 for h in hits], [h == 4 for h in hits], [h * h / 16 for h in hits]
        return [10.0 * math.sqrt(sum(s) / len(s)) for s in squares]

    @wrong("", 4, 0)
    def by_logarithms(p):
        return 10.0 * math.sqrt(-math.expm1(4 * math.log1p(-p))), 10.0 * p**2, mean(p)

    @ready_made("Your answer calls")
    def torchs_own(p):
        hits = 10.0 * (torch.rand(1000, 4) < p)
        return hits.amax(1).std(), hits.amin(1).std(), hits.mean(1).std()

    @wrong("Error of the maximum under salt", 0, 0)
    def equal_to_all(p):
        class Equal(float):
            def __eq__(self, other):
                return True

            __sub__ = __rsub__ = __abs__ = lambda self, *other: Equal(0)
            __hash__ = float.__hash__

        return Equal(1.0), Equal(2.0), Equal(3.0)

    @ready_made("Your answer calls")
    def torchs_own_later(p):
        hits = torch.cartesian_prod(*[torch.tensor([0.0, 1.0]).double()] * 4)
        chance = (p**hits * (1 - p) ** (1 - hits)).prod(1)
        for outputs in hits.amax(1), hits.amin(1), hits.mean(1):
            yield 10.0 * math.sqrt((chance * outputs**2).sum())

    @right
    def by_numpy(p):
        import numpy as np

        mean = p * (1 - p) / 4 + p * p
        return [10 * np.sqrt(1 - (1 - p) ** 4), 10 * p * p, 10 * np.sqrt(mean)]

    @right
    def an_array(p):
        import numpy as np

        return np.sqrt([100 * (1 - (1 - p) ** 4), 100 * p**4, 25 * p * (1 - p) + 100 * p * p])

    @right
    def by_powers(p):
        k = 4
        return (
            10 * (1 - (1 - p) ** k) ** 0.5,
            10 * p ** (k / 2),
            (10**2 * (p - p**2) / k + (10 * p) ** 2) ** (1 / 2),
        )

    @right
    def by_binomials(p):
        chance = [math.comb(4, j) * p**j * (1 - p) ** (4 - j) for j in range(5)]
        errors = []
        for output in (lambda j: j > 0, lambda j: j == 4, lambda j: j / 4):
            errors.append(math.sqrt(sum(c * (10 * output(j)) ** 2 for j, c in enumerate(chance))))
        return errors

    @right
    def by_all_patterns(p):
        import itertools

        salt = pepper = average = 0.0
        for hits in itertools.product([0, 1], repeat=4):
            chance = math.prod(p if hit else 1 - p for hit in hits)
            salt += chance * max(10 * hit for hit in hits) ** 2
            pepper += chance * max(-10 * hit for hit in hits) ** 2
            average += chance * (10 * sum(hits) / 4) ** 2
        return math.sqrt(salt), math.sqrt(pepper), math.sqrt(average)

    @right
    def with_expm1(p):
        some = -math.expm1(4 * math.log1p(-p)) if p < 1 else 1.0
        return 10 * math.sqrt(some), 10 * math.pow(p, 2), 10 * math.hypot(p, deviation(p))

    @right
    def by_complements(p):
        q = 1 - p
        nobody = q * q * q * q
        return [10 * math.sqrt(1 - nobody), 10 * p * p, 10 * math.sqrt((p * q + 4 * p * p) / 4)]

    @right
    def an_array_of_matrices(p):
        import numpy as np

        hits = np.array(np.meshgrid(*[[0.0, 1.0]] * 4)).reshape(4, -1)
        chance = np.where(hits == 1, p, 1 - p).prod(axis=0)
        outputs = 10 * np.stack([hits.max(0), (-hits).max(0), hits.mean(0)])
        return np.sqrt(outputs**2 @ chance)

    @right
    def in_single_precision(p):
        import numpy as np

        return tuple(np.float32(error) for error in (salt(p), 10 * p * p, mean(p)))

    @right
    def by_fractions(p):
        from fractions import Fraction

        p = Fraction(p)
        squares = 1 - (1 - p) ** 4, p**4, p * (1 - p) / 4 + p * p
        return [math.sqrt(100 * square) for square in squares]

    @right
    def by_decimals(p):
        from decimal import Decimal

        p = Decimal(p)
        return [10 * square.sqrt() for square in (1 - (1 - p) ** 4, p**4, p * (1 - p) / 4 + p * p)]

    @right
    def one_after_the_other(p):
        for square in 1 - (1 - p) ** 4, p**4, (p + 3 * p * p) / 4:
            yield math.sqrt(100 * square)

    @right
    def by_statistics(p):
        import itertools
        import statistics

        patterns = list(itertools.product((0, 10.0), repeat=4))
        chances = [math.prod(p if cell else 1 - p for cell in pattern) for pattern in patterns]
        pools = {"salt": max, "pepper": min, "average": statistics.mean}
        for name, pool in pools.items():
            squares = [pool(pattern) ** 2 for pattern in patterns]
            pools[name] = math.sqrt(statistics.fmean(squares, chances))
        return pools.values()

    names_of_everyday = right(
        """
        from collections import namedtuple
        from math import sqrt
        import numpy as np

        Errors = namedtuple("Errors", ["salt", "pepper", "average"])
        size, windows, names, draws, hits, outputs, cells = 10.0, 5, 4, 3, 2, 1, 0
        signal = noise = events = modules = 1.0

        def exact(chance):
            return size * sqrt(signal * chance)

        def simulated(p, k):
            return p * (1 - p) / k + p**2

        def predict(p: float) -> Errors:
            '''The three errors.'''
            return Errors(exact(1 - (1 - p) ** 4), exact(p**4), exact(simulated(p, k=4)))

        print(np.round(predict(0.05), 3))
        """
    )

    a_class = right(
        """
        import statistics
        from d2l import torch as d2l

        class Window:
            def __init__(self, cells, hit=10.0):
                self.cells, self.hit = cells, hit

            def any(self, p): return 1 - (1 - p) ** self.cells
            def all(self, p): return p ** self.cells
            def square(self, p): return p ** 2 + p * (1 - p) / self.cells
            def __call__(self, p):
                return tuple(self.hit * f(p) ** 0.5 for f in (self.any, self.all, self.square))

        predict = Window(2 * 2)
        """
    )
