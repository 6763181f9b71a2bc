"""Random windows with some ReLUs taken out, and a ReLU that lets everything through."""


def random_state(rng) -> dict:
    return {
        "cells": [rng.randint(-9, 9) for _ in range(4)],
        "off": rng.sample("pqrstuxyz", rng.choice([0, 0, 1, 1, 2, 5, 9])),
        "nonnegative": rng.random() < 0.4,
    }


ILLEGAL = {"off": ["p", "w"]}
WRONG = "Math.max(0, sum)", "sum"
