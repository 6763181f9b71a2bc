"""Random settings of the duel, and a wrong formula."""


def random_state(rng) -> dict:
    weights = [rng.randint(-20, 20) / 20 for _ in range(4)]
    return {"weights": weights, "bias": rng.uniform(-3, 3)}


ILLEGAL = {"weights": [1, 2, 3]}
WRONG = "weights[i] * sign * cell", "weights[i] * cell"
