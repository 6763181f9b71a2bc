"""Random damage to random digits, and a wrong formula."""


def random_state(rng) -> dict:
    image = [[rng.randint(0, 16) for _ in range(8)] for _ in range(8)]
    cells = [(rng.randrange(8), rng.randrange(8)) for _ in range(rng.choice([0, 1, 6, 64]))]
    hits = [[*cell, rng.choice([0, 16, rng.randint(-20, 30)])] for cell in cells]
    return {"image": image, "hits": hits, "kernel": rng.choice([2, 4])}


ILLEGAL = {"kernel": 3}
WRONG = "(v - before[i][j]) ** 2", "Math.abs(v - before[i][j])"
