"""Random windows, sharpnesses and scales, and a wrong formula."""


def random_state(rng) -> dict:
    cells = [rng.choice([rng.randint(0, 24) / 4, rng.uniform(-3, 6)]) for _ in range(4)]
    beta = rng.choice([0, rng.uniform(0, 8)])
    return {"cells": cells, "beta": beta, "scale": rng.uniform(0.1, 5)}


ILLEGAL = {"cells": [1, 2, 3]}
WRONG = "beta * (value - maximum)", "(value - maximum)"
