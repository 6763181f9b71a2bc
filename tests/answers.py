"""Plausible wrong answers to every autograded task, and what they should earn.

Each is (what is wrong, the answer, points of the task's checks in order, a
piece of what the first failing check says). The last ones use ready-made
pooling: right numbers, and no points.
"""

AVERAGE = """
def average_pool(x):
    c = x.shape[1]
    {}
"""
CONV = "F.conv2d(x, {ones}, stride=(2, 1), padding=(1, 1), groups=c)"
ONES = "torch.ones(c, 1, 3, 2, dtype=x.dtype)"

average = [
    (
        "sums",
        AVERAGE.format("return " + CONV.format(ones=ONES)),
        (0, 0, 0),
        "These are sums",
    ),
    (
        "mixed channels",
        AVERAGE.format(
            "return F.conv2d(x, torch.ones(c, c, 3, 2, dtype=x.dtype) / 6, "
            "stride=(2, 1), padding=(1, 1))"
        ),
        (0, 0, 0),
        "The channels are mixed",
    ),
    (
        "no padding",
        AVERAGE.format(f"return F.conv2d(x, {ONES}, stride=(2, 1), groups=c) / 6"),
        (0, 0, 0),
        "The padding is ignored",
    ),
    (
        "no stride",
        AVERAGE.format(f"return F.conv2d(x, {ONES}, padding=(1, 1), groups=c) / 6"),
        (0, 0, 0),
        "The stride is ignored",
    ),
    (
        "padding does not count",
        AVERAGE.format(
            f"count = {CONV.format(ones=ONES).replace('(x,', '(torch.ones_like(x),')}\n"
            f"    return {CONV.format(ones=ONES)} / count"
        ),
        (0, 0, 0),
        "The padding's zeros have to count",
    ),
    (
        "width first",
        AVERAGE.format(
            "return F.conv2d(x, torch.ones(c, 1, 2, 3, dtype=x.dtype), stride=(1, 2), "
            "padding=(1, 1), groups=c) / 6"
        ),
        (0, 0, 0),
        "Height and width are in the wrong order",
    ),
    (
        "divided first",
        AVERAGE.format("return " + CONV.format(ones=f"{ONES} / 6")),
        (5, 0, 3),
        "averages are off in the last bits",
    ),
    (
        "three channels only",
        AVERAGE.format("c = 3\n    return " + CONV.format(ones=ONES) + " / 6"),
        (5, 2, 0),
        "",
    ),
    (
        "float32 only",
        AVERAGE.format("return " + CONV.format(ones="torch.ones(c, 1, 3, 2)") + " / 6"),
        (5, 2, 0),
        "",
    ),
    ("no return", AVERAGE.format(CONV.format(ones=ONES) + " / 6"), (0, 0, 0), "returns nothing"),
    (
        "torch's own",
        AVERAGE.format("return F.avg_pool2d(x, (3, 2), (2, 1), (1, 1))"),
        (0, 0, 0),
        "Your answer calls avg_pool2d",
    ),
    (
        "the book's own",
        "from pooling import avg_pool2d\n"
        + AVERAGE.format("return avg_pool2d(x, (3, 2), (2, 1), (1, 1))"),
        (0, 0, 0),
        "Your answer calls pooling",
    ),
]

WITNESS = """
def witness(w, b):
    {}
"""

witness = [
    (
        "always the same window",
        WITNESS.format("return torch.tensor([3.0, -3, -3, -3], dtype=w.dtype)"),
        (0, 0),
        "misses the maximum by 0 only",
    ),
    (
        "out of range",
        WITNESS.format("x = torch.full_like(w, 300.0)\n    x[0] = -300\n    return x"),
        (0, 0),
        "A cell is out of range",
    ),
    (
        "only zero",
        WITNESS.format("return torch.zeros_like(w)"),
        (0, 0),
        "misses the maximum by 0 only",
    ),
    (
        "zero forgotten",
        WITNESS.format(
            "x = torch.full_like(w, 3.0)\n    x[0] = -3\n"
            "    return max((x, -x), key=lambda x: abs(w @ x + b - x.max()))"
        ),
        (3, 0),
        "",
    ),
    (
        "four cells only",
        WITNESS.format(
            "x = torch.tensor([-3.0, 3, 3, 3], dtype=w.dtype)\n"
            "    return max((x, -x, 0 * x), key=lambda x: abs(w @ x + b - x.max()))"
        ),
        (3, 0),
        "",
    ),
]

LARGER = "def larger(a, b):\n    return {}\n"

larger = [
    ("nothing added", LARGER.format("torch.relu(a - b)"), (0, 0), "This is how much"),
    ("the wrong one added", LARGER.format("torch.relu(a - b) + a"), (0, 0), "To what is"),
    ("the smaller one", LARGER.format("b - torch.relu(b - a)"), (0, 0), "This is the smaller"),
    (
        "nonnegative only",
        LARGER.format("torch.relu(a - b) + torch.relu(b)"),
        (2, 0),
        "",
    ),
    (
        "torch's own",
        LARGER.format("torch.maximum(a, b)"),
        (0, 0),
        "Your answer calls maximum",
    ),
    (
        "a comparison",
        LARGER.format("torch.where(a > b, a, b)"),
        (0, 0),
        "Your answer calls",
    ),
    (
        "the book's own",
        "import pooling\n" + LARGER.format("pooling.relu_max(a, b)"),
        (0, 0),
        "Your answer calls pooling",
    ),
]

NETWORK = """
def make_network():
    layers = {}
    for layer, weight in layers:
        layer.weight = nn.Parameter(torch.tensor(weight).reshape(layer.weight.shape))
    convs = [layer for layer, _ in layers]
    return nn.Sequential(convs[0], nn.ReLU(), convs[1], nn.ReLU(), convs[2])
"""
PAIRS = "[[1.0,0,0,0],[-1,0,0,0],[-1,1,0,0],[0,0,1,0],[0,0,-1,0],[0,0,-1,1]]"
FINAL = "[[1.0,-1,1,0,0,0],[-1,1,-1,0,0,0],[-1,1,-1,1,-1,1]]"


def stack(step="stride=2", pairs=PAIRS, final=FINAL, add="[[1.0,-1,1]]"):
    widths = eval(pairs), eval(final)
    first, second = map(len, widths)
    return NETWORK.format(
        f"[(nn.Conv2d(1, {first}, 2, {step}, bias=False), {pairs}), "
        f"(nn.Conv2d({first}, {second}, 1, bias=False), {final}), "
        f"(nn.Conv2d({second}, 1, 1, bias=False), {add})]"
    )


network = [
    (
        "nonnegative only",
        stack(
            pairs="[[1.0,0,0,0],[-1,1,0,0],[0,0,1,0],[0,0,-1,1]]",
            final="[[1.0,1,0,0],[-1,-1,1,1]]",
            add="[[1.0,1]]",
        ),
        (3, 0),
        "",
    ),
    ("no stride", stack(step="stride=1"), (0, 0), "The shape is off"),
    ("a sign", stack(add="[[1.0,1,1]]"), (3, 0), ""),
    ("another sign", stack(add="[[1.0,-1,-1]]"), (0, 0), ""),
    (
        "more channels than needed",
        stack(
            pairs=PAIRS[:-1] + ",[0.0,0,0,0]]",
            final="[[1.0,-1,1,0,0,0,0],[-1,1,-1,0,0,0,0],[-1,1,-1,1,-1,1,0]]",
        ),
        (3, 0),
        "",
    ),
    (
        "random weights",
        "def make_network():\n    return nn.Sequential(nn.Conv2d(1, 6, 2, 2), nn.ReLU(), "
        "nn.Conv2d(6, 3, 1), nn.ReLU(), nn.Conv2d(3, 1, 1))\n",
        (0, 0),
        "",
    ),
    (
        "torch's own",
        "def make_network():\n    return nn.Sequential(nn.MaxPool2d(2))\n",
        (0, 0),
        "The parts are ['MaxPool2d']",
    ),
    (
        "the book's own",
        "import pooling\n\n\ndef make_network():\n    return pooling.max_pool_network(2)\n",
        (0, 0),
        "Your answer calls pooling",
    ),
]

COST = """
def cost(c, h, w):
    rows, columns = {size}
    return rows, columns, {comparisons}
"""
SIZE = "(h + 2 - 3) // 2 + 1, (w + 2 - 2) // 1 + 1"

cost = [
    (
        "padding once",
        COST.format(size="(h + 1 - 3) // 2 + 1, (w + 1 - 2) // 1 + 1", comparisons="0"),
        (0, 0, 0),
        "The padding is per side: it counts twice",
    ),
    (
        "no padding",
        COST.format(size="(h - 3) // 2 + 1, (w - 2) // 1 + 1", comparisons="0"),
        (0, 0, 0),
        "The padding is missing",
    ),
    (
        "columns first",
        COST.format(size="(w + 2 - 2) // 1 + 1, (h + 2 - 3) // 2 + 1", comparisons="0"),
        (0, 0, 0),
        "Rows come first",
    ),
    (
        "padding compared",
        COST.format(size=SIZE, comparisons="c * rows * columns * 5"),
        (3, 0, 0),
        "The padding is compared too",
    ),
    (
        "padding compared, one too many",
        COST.format(size=SIZE, comparisons="c * rows * columns * 6"),
        (3, 0, 0),
        "The padding is counted too",
    ),
    (
        "cells",
        COST.format(
            size=SIZE,
            comparisons="c * sum(min(i + 3, h) - max(i, 0) for i in range(-1, h - 1, 2))"
            " * sum(min(i + 2, w) - max(i, 0) for i in range(-1, w))",
        ),
        (3, 0, 0),
        "These are the cells",
    ),
    (
        "one channel",
        COST.format(
            size=SIZE,
            comparisons="sum(min(i + 3, h) - max(i, 0) for i in range(-1, h - 1, 2))"
            " * sum(min(i + 2, w) - max(i, 0) for i in range(-1, w)) - rows * columns",
        ),
        (3, 4, 0),
        "",
    ),
    (
        "torch's own",
        "def cost(c, h, w):\n"
        "    cells = F.avg_pool2d(torch.ones(c, h, w), (3, 2), (2, 1), (1, 1), "
        "divisor_override=1)\n"
        "    return *cells.shape[1:], int((cells - 1).sum())\n",
        (0, 0, 0),
        "Your answer calls avg_pool2d",
    ),
    (
        "the book's own",
        "import pooling\n\n\ndef cost(c, h, w):\n"
        "    made = pooling.pool_cost((c, h, w), (3, 2), (2, 1), (1, 1))\n"
        "    return *made.output[1:], made.comparisons\n",
        (0, 0, 0),
        "Your answer calls pooling",
    ),
]

PREDICT = "import math\n\n\ndef predict(p):\n    return {}\n"

predict = [
    (
        "no root",
        PREDICT.format(
            "100.0 * (1 - (1 - p) ** 4), 100.0 * p**4, 100.0 * (p * (1 - p) / 4 + p**2)"
        ),
        (0, 0),
        "These are mean squares",
    ),
    (
        "means",
        PREDICT.format("10.0 * (1 - (1 - p) ** 4), 10.0 * p**4, 10.0 * p"),
        (0, 0),
        "These are mean errors",
    ),
    (
        "one cell is enough",
        PREDICT.format(
            "*[10.0 * math.sqrt(1 - (1 - p) ** 4)] * 2, 10.0 * math.sqrt(p * (1 - p) / 4 + p**2)"
        ),
        (0, 0),
        "Under pepper one good cell is enough",
    ),
    (
        "exchanged",
        PREDICT.format(
            "10.0 * p**2, 10.0 * math.sqrt(1 - (1 - p) ** 4), "
            "10.0 * math.sqrt(p * (1 - p) / 4 + p**2)"
        ),
        (0, 0),
        "Salt and pepper are exchanged",
    ),
    (
        "no mean",
        PREDICT.format(
            "10.0 * math.sqrt(1 - (1 - p) ** 4), 10.0 * p**2, 10.0 * math.sqrt(p * (1 - p) / 4)"
        ),
        (0, 0),
        "The average has a mean too",
    ),
    (
        "numbers for one p",
        PREDICT.format(
            "10.0 * math.sqrt(1 - 0.95**4), 0.025, 10.0 * math.sqrt(0.05 * 0.95 / 4 + 0.05**2)"
        ),
        (4, 0),
        "",
    ),
    (
        "torch's own",
        "def predict(p):\n    return errors(p)\n",
        (0, 0),
        "Your answer calls",
    ),
]

MINIMUM = "def min_pool(x):\n    {}\n"
POOL = "F.max_pool2d({}, (3, 2), (2, 1), (1, 1))"

minimum = [
    ("the maximum", MINIMUM.format("return " + POOL.format("x")), (0, 0, 0), "This is the max"),
    (
        "one sign",
        MINIMUM.format("return " + POOL.format("-x")),
        (0, 0, 0),
        "The sign is wrong",
    ),
    (
        "zeros first",
        MINIMUM.format("return -F.max_pool2d(-F.pad(x, (1, 1, 1, 1)), (3, 2), (2, 1))"),
        (0, 0, 0),
        "The padding wins at the border",
    ),
    (
        "no padding",
        MINIMUM.format("return -F.max_pool2d(-x, (3, 2), (2, 1))"),
        (0, 0, 0),
        "The padding is ignored",
    ),
    (
        "a minus sign for integers",
        MINIMUM.format("return -" + POOL.format("-x")),
        (4, 0, 0),
        "Bytes have no negative numbers",
    ),
    (
        "through float64",
        MINIMUM.format("return (-" + POOL.format("-x.double()") + ").to(x.dtype)"),
        (4, 3, 0),
        "",
    ),
    (
        "one minus",
        MINIMUM.format(
            "if not x.is_floating_point():\n        return ~"
            + POOL.format("~x")
            + "\n    return 1 - "
            + POOL.format("1 - x")
        ),
        (4, 3, 0),
        "",
    ),
    (
        "torch's own",
        MINIMUM.format(
            "F.max_pool2d(x[:1, :1], 2)\n    return by_hand(x).to(x.dtype)  # calls amin"
        ),
        (0, 0, 0),
        "Your answer calls amin",
    ),
    (
        "the book's own",
        "import pooling\n\n\n"
        + MINIMUM.format("return pooling.min_pool2d(x, (3, 2), (2, 1), (1, 1))"),
        (0, 0, 0),
        "Your answer calls pooling",
    ),
]

SOFTMAX = """
def softmax_pool(x):
    cells = x.unfold(2, 2, 2).unfold(3, 3, 1).flatten(4)
    {}
"""

softmax = [
    (
        "as printed",
        SOFTMAX.format("w = (0.5 * cells).exp()\n    return (w * cells).sum(-1) / w.sum(-1)"),
        (3, 3, 0),
        "",
    ),
    (
        "the image's maximum",
        SOFTMAX.format(
            "w = (0.5 * (cells - x.max())).exp()\n    return (w * cells).sum(-1) / w.sum(-1)"
        ),
        (3, 3, 0),
        "",
    ),
    (
        "no sharpness",
        SOFTMAX.format("return (cells.softmax(-1) * cells).sum(-1)"),
        (0, 3, 4),
        "The sharpness is left out",
    ),
    (
        "sharpness twice",
        SOFTMAX.format("cells = 0.5 * cells\n    return (cells.softmax(-1) * cells).sum(-1)"),
        (0, 3, 0),
        "The sharpness belongs into the weights only",
    ),
    (
        "log-sum-exp",
        SOFTMAX.format("return (0.5 * cells).logsumexp(-1) / 0.5"),
        (0, 3, 0),
        "This is the log-sum-exp",
    ),
    (
        "weights that do not add up to 1",
        SOFTMAX.format("return ((0.5 * cells).exp() * cells).sum(-1)"),
        (0, 3, 0),
        "The weights do not add up to 1",
    ),
    (
        "softmax over the image",
        "def softmax_pool(x):\n    w = (0.5 * x).flatten(2).softmax(-1).reshape(x.shape) * x\n"
        "    return w.unfold(2, 2, 2).unfold(3, 3, 1).sum((4, 5))\n",
        (3, 0, 0),
        "A window gives something else",
    ),
    ("the average", SOFTMAX.format("return cells.mean(-1)"), (0, 3, 4), "This is the average"),
    (
        "the book's own",
        "import pooling\n\n\ndef softmax_pool(x):\n"
        "    return pooling.softmax_pool2d(x, (2, 3), (2, 1), beta=0.5)\n",
        (0, 0, 0),
        "Your answer calls pooling",
    ),
]

# By the grade_id of the answer's cell: its chapter, its checks, the wrong answers.
WRONG = {
    "average": ("01", ["average-values", "average-bits", "average-hidden"], average),
    "witness": ("02", ["witness-visible", "witness-hidden"], witness),
    "larger": ("03", ["larger-visible", "larger-hidden"], larger),
    "network": ("03", ["network-visible", "network-hidden"], network),
    "cost": ("04", ["cost-size", "cost-comparisons", "cost-hidden"], cost),
    "predict": ("05", ["predict-visible", "predict-hidden"], predict),
    "minimum": ("06", ["minimum-floats", "minimum-bytes", "minimum-hidden"], minimum),
    "softmax": ("07", ["softmax-window", "softmax-image", "softmax-hidden"], softmax),
}
