"""The errors of the maximum and of the average under salt and pepper."""

import math

import torch

from answers import Task, ready_made, right, wrong


def salt(p):
    return 10.0 * math.sqrt(1 - (1 - p) ** 4)


def mean(p):
    return 10.0 * math.sqrt(p * (1 - p) / 4 + p**2)


class Predict(Task):
    cell, function = "predict", "predict"

    @wrong("Is this the mean square, without its root?", 0, 0)
    def no_root(p):
        return 100.0 * (1 - (1 - p) ** 4), 100.0 * p**4, mean(p) ** 2

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

    @right
    def by_numpy(p):
        import numpy as np

        mean = p * (1 - p) / 4 + p * p
        return [10 * np.sqrt(1 - (1 - p) ** 4), 10 * p * p, 10 * np.sqrt(mean)]

    @right
    def an_array(p):
        import numpy as np

        return np.sqrt([100 * (1 - (1 - p) ** 4), 100 * p**4, 25 * p * (1 - p) + 100 * p * p])
