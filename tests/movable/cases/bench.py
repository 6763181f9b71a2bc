"""Random images, windows and paddings, legal and not, and a wrong formula."""


def random_state(rng) -> dict:
    return {
        "image": [[rng.randint(0, 9) for _ in range(6)] for _ in range(6)],
        "kernel": [rng.randint(1, 5), rng.randint(1, 5)],
        "stride": [rng.randint(1, 4), rng.randint(1, 4)],
        "padding": [rng.randint(0, 2), rng.randint(0, 2)],
        "count_include_pad": rng.random() < 0.5,
        "grouped": rng.random() < 0.5,
    }


ILLEGAL = {"kernel": [3, 3], "padding": [2, 0]}
WRONG = "counts ? area : c.length", "counts ? c.length : area"
