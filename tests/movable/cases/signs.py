"""Random images, poolings and steps, and a sign that is forgotten."""


def random_state(rng) -> dict:
    return {
        "image": [[rng.randint(0, 255) for _ in range(16)] for _ in range(16)],
        "pool": rng.choice(["max", "average", "min", "negmaxneg", "negmaxneg"]),
        "relu": rng.random() < 0.5,
        "step": rng.randint(0, 2),
    }


ILLEGAL = None
WRONG = "weights.V * sign(outer)", "weights.V"
