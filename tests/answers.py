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
        "mixed channels, divided by all cells",
        AVERAGE.format(
            "return F.conv2d(x, torch.ones(c, c, 3, 2, dtype=x.dtype), "
            "stride=(2, 1), padding=(1, 1)) / 6 / c"
        ),
        (0, 0, 0),
        "The channels are mixed",
    ),
    (
        "one channel",
        AVERAGE.format(
            "return F.conv2d(x, x.new_ones(1, c, 3, 2), stride=(2, 1), padding=(1, 1)) / 6"
        ),
        (0, 0, 0),
        "One channel comes out",
    ),
    (
        "the check's variable",
        AVERAGE.format("F.conv2d(x[:, :1], x.new_ones(1, 1, 1, 1))\n    return expected"),
        (0, 0, 0),
        "'expected' is not defined",
    ),
    (
        "the check's input",
        AVERAGE.format("x.zero_()\n    return " + CONV.format(ones=ONES)),
        (0, 0, 0),
        "Tensor-likes are not close",
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
BEST = "return max({}, key=lambda x: abs(w @ x + b - x.max()))"

witness = [
    (
        "always the same window",
        WITNESS.format("return torch.tensor([3.0, -3, -3, -3], dtype=w.dtype)"),
        (0, 0),
        "misses the maximum by 0 only",
    ),
    (
        "another window for all maps",
        WITNESS.format("return torch.tensor([0, 3, -3, -3]).to(w)"),
        (0, 0),
        "Which of your windows is meant for this map?",
    ),
    (
        "the smallest weight",
        WITNESS.format("x = torch.full_like(w, -3.0)\n    x[w.argmin()] = 3\n    return x"),
        (0, 0),
        "Which of your windows is meant for this map?",
    ),
    (
        "a cell and its negative",
        WITNESS.format("e = 3 * torch.eye(len(w)).to(w)[0]\n    " + BEST.format("(0 * e, e, -e)")),
        (0, 0),
        "by 0.75 only",
    ),
    (
        "two cells and their sum",
        WITNESS.format(
            "e, f = 3 * torch.eye(len(w)).to(w)[:2]\n    " + BEST.format("(0 * e, e, f, e + f)")
        ),
        (0, 0),
        "by 0.75 only",
    ),
    (
        "another type",
        WITNESS.format("return torch.tensor([3.0, -3, -3, -3])"),
        (0, 0),
        "has type torch.float32, not torch.float64",
    ),
    ("a list", WITNESS.format("return [3.0, -3, -3, -3]"), (0, 0), "this is of type list"),
    (
        "another shape",
        WITNESS.format("return 0 * w[None]"),
        (0, 0),
        "Your window has shape (1, 4), not (4,)",
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
        WITNESS.format("x = torch.full_like(w, 3.0)\n    x[0] = -3\n    " + BEST.format("(x, -x)")),
        (0, 0),
        "For w = [0.0, 0.0, 0.0, 0.0] and b = 3.0 the map misses",
    ),
    (
        "four cells only",
        WITNESS.format(
            "x = torch.tensor([-3.0, 3, 3, 3], dtype=w.dtype)\n    " + BEST.format("(x, -x, 0 * x)")
        ),
        (3, 0),
        "",
    ),
]

LARGER = "def larger(a, b):\n    return {}\n"

larger = [
    (
        "nothing added",
        LARGER.format("torch.relu(a - b)"),
        (0, 0),
        "For a = 3 and b = 5 you return 0. That is neither",
    ),
    ("nothing added, mirrored", LARGER.format("torch.relu(b - a)"), (0, 0), "That is neither"),
    (
        "the wrong one added",
        LARGER.format("torch.relu(a - b) + a"),
        (0, 0),
        "For a = 2 and b = 1 you return 3. That is neither",
    ),
    (
        "the wrong one added, mirrored",
        LARGER.format("torch.relu(b - a) + b"),
        (0, 0),
        "That is neither",
    ),
    (
        "the smaller one",
        LARGER.format("b - torch.relu(b - a)"),
        (0, 0),
        "This is always the smaller one",
    ),
    ("no maximum", LARGER.format("a + 0 * torch.relu(b)"), (0, 0), "always the same one"),
    (
        "the check's inputs",
        LARGER.format("torch.relu(a.zero_() + b.zero_())"),
        (0, 0),
        "Your answer calls zero_",
    ),
    (
        "a root",
        LARGER.format("(a + b + ((a - b) ** 2).sqrt()) / 2 + 0 * torch.relu(a)"),
        (0, 0),
        "Your answer calls pow",
    ),
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
        "Your answer compares tensors (gt, that is `>`)",
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
        (0, 0),
        "The inputs of the ReLUs have 10 channels in all",
    ),
    (
        "random weights",
        "def make_network():\n    return nn.Sequential(nn.Conv2d(1, 6, 2, 2), nn.ReLU(), "
        "nn.Conv2d(6, 3, 1), nn.ReLU(), nn.Conv2d(3, 1, 1))\n",
        (0, 0),
        "Are the biases set?",
    ),
    (
        "a list",
        stack().replace("nn.Sequential(", "list((").replace("convs[2])", "convs[2]))"),
        (0, 0),
        "Return an nn.Sequential: this is of type list",
    ),
    (
        "nested",
        stack().replace("nn.Sequential(", "nn.Sequential(nn.Sequential(") + ")",
        (0, 0),
        "Put all layers into one nn.Sequential",
    ),
    (
        "the last layer missing",
        stack().replace(", convs[2])", ")"),
        (0, 0),
        "3 channels come out, not 1",
    ),
    (
        "a third ReLU",
        stack().replace("convs[2])", "convs[2], nn.ReLU())"),
        (0, 0),
        "the number of ReLUs is 3",
    ),
    (
        "torch's own",
        "def make_network():\n    return nn.Sequential(nn.MaxPool2d(2))\n",
        (0, 0),
        "There is a part MaxPool2d",
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
        "no stride",
        COST.format(size="h + 2 - 3 + 1, w + 2 - 2 + 1", comparisons="0"),
        (0, 0, 0),
        "The stride is ignored",
    ),
    (
        "rounded up",
        COST.format(size="-(-(h + 2 - 3) // 2) + 1, w + 1", comparisons="0"),
        (0, 0, 0),
        "Round down",
    ),
    (
        "the stride's order",
        COST.format(size="h + 2 - 3 + 1, (w + 2 - 2) // 2 + 1", comparisons="0"),
        (0, 0, 0),
        "The stride is (height, width)",
    ),
    (
        "the window's order",
        COST.format(size="(h + 2 - 2) // 2 + 1, w + 2 - 3 + 1", comparisons="0"),
        (0, 0, 0),
        "The window is (height, width)",
    ),
    (
        "true division",
        COST.format(size="(h + 2 - 3) / 2 + 1, w + 1", comparisons="0"),
        (0, 0, 0),
        "Return whole numbers: //",
    ),
    ("one number", "def cost(c, h, w):\n    return c * h * w\n", (0, 0, 0), "Return three numbers"),
    (
        "comparisons first",
        f"def cost(c, h, w):\n    return 0, {SIZE}\n",
        (0, 0, 0),
        "The order is rows, columns, comparisons",
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
SALT = "10.0 * math.sqrt(1 - (1 - p) ** 4)"
MEAN = "10.0 * math.sqrt(p * (1 - p) / 4 + p**2)"

predict = [
    (
        "no root",
        PREDICT.format(
            "100.0 * (1 - (1 - p) ** 4), 100.0 * p**4, 100.0 * (p * (1 - p) / 4 + p**2)"
        ),
        (0, 0),
        "Is this the mean square, without its root?",
    ),
    (
        "means",
        PREDICT.format("10.0 * (1 - (1 - p) ** 4), 10.0 * p**4, 10.0 * p"),
        (0, 0),
        "Is this the mean error, not the root",
    ),
    (
        "one cell is enough",
        PREDICT.format(
            "*[10.0 * math.sqrt(1 - (1 - p) ** 4)] * 2, 10.0 * math.sqrt(p * (1 - p) / 4 + p**2)"
        ),
        (0, 0),
        "The maximum has other errors under pepper than under salt",
    ),
    (
        "exchanged",
        PREDICT.format(
            "10.0 * p**2, 10.0 * math.sqrt(1 - (1 - p) ** 4), "
            "10.0 * math.sqrt(p * (1 - p) / 4 + p**2)"
        ),
        (0, 0),
        "The order is salt, pepper, average",
    ),
    (
        "no mean",
        PREDICT.format(
            "10.0 * math.sqrt(1 - (1 - p) ** 4), 10.0 * p**2, 10.0 * math.sqrt(p * (1 - p) / 4)"
        ),
        (0, 0),
        "Is the mean of the output left out?",
    ),
    (
        "numbers for one p",
        PREDICT.format(
            "10.0 * math.sqrt(1 - 0.95**4), 0.025, 10.0 * math.sqrt(0.05 * 0.95 / 4 + 0.05**2)"
        ),
        (0, 0),
        "Error of the maximum under salt, p = 0.4: your answer is",
    ),
    (
        "one cell",
        PREDICT.format(f"{SALT}, 10.0 * p**2, 10.0 * math.sqrt(p)"),
        (0, 0),
        "Is this the error of a single cell?",
    ),
    (
        "hits counted twice",
        PREDICT.format(f"10.0 * math.sqrt(4 * p), 10.0 * p**2, {MEAN}"),
        (0, 0),
        "No output is larger than one hit",
    ),
    (
        "negative",
        PREDICT.format(f"{SALT}, -10.0 * p**2, {MEAN}"),
        (0, 0),
        "An error is not negative",
    ),
    ("without 10", PREDICT.format(f"{SALT}, p**2, {MEAN}"), (0, 0), "Every hit is of size 10.0"),
    ("two numbers", PREDICT.format(f"{SALT}, 10.0 * p**2"), (0, 0), "Return three numbers"),
    ("the check's variable", PREDICT.format("simulated"), (0, 0), "'simulated' is not defined"),
    (
        "a simulation",
        "import random\n\n\ndef predict(p):\n    draw = random.Random(1)\n"
        "    hits = [sum(draw.random() < p for _ in range(4)) for _ in range(100_000)]\n"
        "    squares = [h > 0 for h in hits], [h == 4 for h in hits], [h * h / 16 for h in hits]\n"
        "    return [10.0 * math.sqrt(sum(s) / len(s)) for s in squares]\n",
        (4, 0),
        "",
    ),
    (
        "by logarithms",
        PREDICT.format(f"10.0 * math.sqrt(-math.expm1(4 * math.log1p(-p))), 10.0 * p**2, {MEAN}"),
        (4, 0),
        "",
    ),
    (
        "torch's own",
        "def predict(p):\n    hits = 10.0 * (torch.rand(1000, 4) < p)\n"
        "    return hits.amax(1).std(), hits.amin(1).std(), hits.mean(1).std()\n",
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
        "the check's input",
        MINIMUM.format("x.zero_()\n    return " + POOL.format("x")),
        (0, 0, 0),
        "Tensor-likes are not close",
    ),
    (
        "another type",
        MINIMUM.format("return -" + POOL.format("-x.double()")),
        (4, 0, 0),
        "The type is off: keep that of the input",
    ),
    (
        "infinite padding",
        MINIMUM.format(
            "x = F.pad(-x, (1, 1, 1, 1), value=-torch.inf)\n"
            "    return -F.max_pool2d(x, (3, 2), (2, 1))"
        ),
        (4, 0, 0),
        "Bytes are 0 to 255, not infinite",
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
        (0, 0, 0),
        "Is the sharpness left out of the weights?",
    ),
    (
        "divided by the sharpness",
        SOFTMAX.format("return ((cells / 0.5).softmax(-1) * cells).sum(-1)"),
        (0, 0, 0),
        "Is the cell divided by the sharpness?",
    ),
    (
        "sharpness twice",
        SOFTMAX.format("cells = 0.5 * cells\n    return (cells.softmax(-1) * cells).sum(-1)"),
        (0, 0, 0),
        "The sharpness belongs into the weights only",
    ),
    (
        "log-sum-exp",
        SOFTMAX.format("return (0.5 * cells).logsumexp(-1) / 0.5"),
        (0, 0, 0),
        "Is this the log-sum-exp?",
    ),
    (
        "log-sum-exp, not divided",
        SOFTMAX.format("return (0.5 * cells).logsumexp(-1)"),
        (0, 0, 0),
        "Is this the log-sum-exp?",
    ),
    (
        "weights that do not add up to 1",
        SOFTMAX.format("return ((0.5 * cells).exp() * cells).sum(-1)"),
        (0, 0, 0),
        "Do the weights of a whole window add up to 1?",
    ),
    (
        "rows only",
        SOFTMAX.format(
            "cells = cells.unflatten(-1, (2, 3))\n"
            "    return ((0.5 * cells).softmax(-1) * cells).sum((-2, -1))"
        ),
        (0, 0, 0),
        "Do the weights of a whole window add up to 1?",
    ),
    (
        "weights",
        SOFTMAX.format("return (0.5 * cells).softmax(-1)"),
        (0, 0, 0),
        "Is the product summed",
    ),
    (
        "softmax over the image",
        "def softmax_pool(x):\n    w = (0.5 * x).flatten(2).softmax(-1).reshape(x.shape) * x\n"
        "    return w.unfold(2, 2, 2).unfold(3, 3, 1).sum((4, 5))\n",
        (3, 0, 0),
        "A window gives something else",
    ),
    (
        "weights of all channels",
        "def softmax_pool(x):\n    n, c, h, w = x.shape\n"
        "    cells = F.unfold(x, (2, 3), stride=(2, 1))\n"
        "    cells = ((0.5 * cells).softmax(1) * cells).view(n, c, 6, -1).sum(2)\n"
        "    return cells.view(n, c, (h - 2) // 2 + 1, w - 2)\n",
        (3, 0, 0),
        "depend on other windows, channels or images",
    ),
    (
        "weights of the channels' mean",
        SOFTMAX.format(
            "w = (0.5 * cells.mean(1, keepdim=True)).softmax(-1)\n    return (w * cells).sum(-1)"
        ),
        (3, 0, 0),
        "depend on other windows, channels or images",
    ),
    (
        "weights of all images",
        SOFTMAX.format("w = (0.5 * cells).exp()\n    return (w * cells).sum(-1) / w.sum((0, -1))"),
        (3, 0, 0),
        "depend on other windows, channels or images",
    ),
    (
        "images exchanged",
        SOFTMAX.format("return ((0.5 * cells).softmax(-1) * cells).sum(-1).flip(0)"),
        (3, 0, 0),
        "its cells are the wrong ones",
    ),
    (
        "channels summed",
        SOFTMAX.format("return ((0.5 * cells).softmax(-1) * cells).sum((1, -1))[:, None]"),
        (3, 0, 0),
        "The shape is (2, 1, 4, 6), not (2, 3, 4, 6): images and channels stay",
    ),
    ("the maximum", SOFTMAX.format("return cells.amax(-1)"), (0, 0, 0), "This is the maximum"),
    ("the average", SOFTMAX.format("return cells.mean(-1)"), (0, 0, 0), "This is the average"),
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

# Right answers as others would write them, by the same names.
RIGHT = {
    "average": [
        AVERAGE.format(
            "x = x.mul_(1)  # in place\n"
            "    conv = torch.nn.Conv2d(c, c, (3, 2), (2, 1), (1, 1), groups=c, bias=False)\n"
            "    torch.nn.init.ones_(conv.weight)\n"
            "    return conv.to(x.dtype)(x).div_(6)"
        ),
        AVERAGE.format(
            "ones = torch.eye(c, dtype=x.dtype)[..., None, None].expand(c, c, 3, 2)\n"
            "    return F.conv2d(x, ones, stride=(2, 1), padding=(1, 1)) / 6"
        ),
    ],
    "witness": [
        WITNESS.format(
            "x = torch.full_like(w, -3.0)\n    x[0] = 3\n    y = torch.full_like(w, 3.0)\n    "
            + BEST.format("(x, -x, y, -y)")
        ),
    ],
    "larger": [
        LARGER.format("(a - b).relu_() + b"),
        LARGER.format("(a.sub_(b)).relu().add_(b)"),
        LARGER.format("F.relu(torch.subtract(a, b), inplace=True) + b"),
        LARGER.format("nn.ReLU()(b.double() - a.double()) + a"),
        LARGER.format("0.5 * (a + b + torch.relu(a - b) + torch.relu(b - a))"),
        LARGER.format("torch.stack([x + torch.relu(y - x) for x, y in zip(a, b)])"),
        "def larger(a, b):\n    a -= b\n    return torch.relu(a) + b\n",
        "def larger(a, b):\n    repr((a, a.shape))\n    return torch.relu(a - b) + b\n",
    ],
    "network": [
        stack().replace("nn.ReLU()", "nn.ReLU(inplace=True)"),
        stack().replace("convs[2])", "convs[2]).double()"),
    ],
    "cost": [
        """
import numpy as np


def cost(c, h, w):
    rows, columns, comparisons = (h - 1) // 2 + 1, w + 1, 0
    for i in range(rows):
        for j in range(columns):
            real = [0 <= 2 * i + u - 1 < h and 0 <= j + v - 1 < w
                    for u in range(3) for v in range(2)]
            comparisons += sum(real) - 1
    return [np.int64(rows), columns, c * comparisons]
""",
    ],
    "predict": [
        "import numpy as np\n\n\ndef predict(p):\n"
        "    salt = 1 - (1 - p) ** 4\n    mean = p * (1 - p) / 4 + p * p\n"
        "    return [10 * np.sqrt(salt), 10 * p * p, 10 * np.sqrt(mean)]\n",
    ],
    "minimum": [
        MINIMUM.format(
            "if x.is_floating_point():\n        x.neg_()\n        return "
            + POOL.format("x")
            + ".neg_()\n    pool = torch.nn.MaxPool2d((3, 2), (2, 1), (1, 1))\n"
            "    return ~pool(x.bitwise_not_())"
        ),
    ],
    "softmax": [
        SOFTMAX.format("return torch.mul(F.softmax(cells * 0.5, dim=-1), cells).sum(4)"),
        """
def softmax_pool(x):
    n, c, h, w = x.shape
    cells = F.unfold(x, (2, 3), stride=(2, 1)).view(n, c, 6, -1)
    weights = torch.exp(0.5 * (cells - cells.amax(2, keepdim=True)))
    pooled = (weights * cells).sum(2) / weights.sum(2)
    return pooled.view(n, c, (h - 2) // 2 + 1, w - 2)
""",
    ],
}
