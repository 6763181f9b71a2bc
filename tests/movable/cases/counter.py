"""Random layers, with padding on each side or in total, and a wrong formula."""


def random_state(rng) -> dict:
    def pair(low, high):
        return [rng.randint(low, high), rng.randint(low, high)]

    return {
        "image": pair(1, 8),
        "kernel": pair(1, 5),
        "stride": pair(1, 5),
        "padding": pair(0, rng.choice([1, 4])),
        "per_side": rng.random() < 0.5,
        "ceil_mode": rng.random() < 0.5,
        "channels": rng.randint(1, 9),
    }


ILLEGAL = {"kernel": [3, 3], "padding": [3, 3], "per_side": True}
WRONG = "Math.max(0, real - 1)", "real"
