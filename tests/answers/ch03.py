"""The larger of two numbers, and max-pooling as a stack of convolutions and ReLUs."""

import torch
import torch.nn.functional as F
from torch import nn

from answers import Task, ready_made, right, wrong


class Larger(Task):
    cell, function = "larger", "larger"

    @wrong("For a = 3 and b = 5 you return 0. That is neither", 0, 0)
    def nothing_added(a, b):
        return torch.relu(a - b)

    @wrong("That is neither", 0, 0)
    def nothing_added_mirrored(a, b):
        return torch.relu(b - a)

    @wrong("For a = 2 and b = 1 you return 3. That is neither", 0, 0)
    def the_wrong_one_added(a, b):
        return torch.relu(a - b) + a

    @wrong("That is neither", 0, 0)
    def the_wrong_one_added_mirrored(a, b):
        return torch.relu(b - a) + b

    @wrong("This is always the smaller one", 0, 0)
    def the_smaller_one(a, b):
        return b - torch.relu(b - a)

    @wrong("always the same one", 0, 0)
    def no_maximum(a, b):
        return a + 0 * torch.relu(b)

    @wrong("Your answer calls zero_", 0, 0)
    def the_checks_inputs(a, b):
        return torch.relu(a.zero_() + b.zero_())

    @wrong("Your answer calls pow", 0, 0)
    def a_root(a, b):
        return (a + b + ((a - b) ** 2).sqrt()) / 2 + 0 * torch.relu(a)

    @wrong("", 2, 0)
    def nonnegative_only(a, b):
        return torch.relu(a - b) + torch.relu(b)

    @ready_made("Your answer calls maximum")
    def torchs_own(a, b):
        return torch.maximum(a, b)

    @ready_made("Your answer compares tensors (gt, that is `>`)")
    def a_comparison(a, b):
        return torch.where(a > b, a, b)

    @ready_made("Your answer calls pooling")
    def the_books_own(a, b):
        import pooling

        return pooling.relu_max(a, b)

    @right
    def in_place(a, b):
        return (a - b).relu_() + b

    @right
    def on_the_checks_inputs(a, b):
        return (a.sub_(b)).relu().add_(b)

    @right
    def by_names(a, b):
        return F.relu(torch.subtract(a, b), inplace=True) + b

    @right
    def by_a_module(a, b):
        return nn.ReLU()(b.double() - a.double()) + a

    @right
    def symmetric(a, b):
        return 0.5 * (a + b + torch.relu(a - b) + torch.relu(b - a))

    @right
    def pair_by_pair(a, b):
        return torch.stack([x + torch.relu(y - x) for x, y in zip(a, b, strict=True)])

    @right
    def augmented(a, b):
        a -= b
        return torch.relu(a) + b

    @right
    def looked_at(a, b):
        repr((a, a.shape))
        return torch.relu(a - b) + b


def layers(
    pairs=(
        (1.0, 0, 0, 0),
        (-1, 0, 0, 0),
        (-1, 1, 0, 0),
        (0, 0, 1, 0),
        (0, 0, -1, 0),
        (0, 0, -1, 1),
    ),
    final=((1.0, -1, 1, 0, 0, 0), (-1, 1, -1, 0, 0, 0), (-1, 1, -1, 1, -1, 1)),
    add=((1.0, -1, 1),),
    stride=2,
):
    wide, narrow, last = map(torch.tensor, (pairs, final, add))
    convs = [
        nn.Conv2d(1, len(wide), 2, stride, bias=False),
        nn.Conv2d(len(wide), len(narrow), 1, bias=False),
        nn.Conv2d(len(narrow), 1, 1, bias=False),
    ]
    for conv, weight in zip(convs, (wide, narrow, last), strict=True):
        conv.weight = nn.Parameter(weight.reshape(conv.weight.shape))
    return [convs[0], nn.ReLU(), convs[1], nn.ReLU(), convs[2]]


class Network(Task):
    cell, function = "network", "make_network"

    @wrong("", 3, 0)
    def nonnegative_only():
        pairs = (1.0, 0, 0, 0), (-1, 1, 0, 0), (0, 0, 1, 0), (0, 0, -1, 1)
        return nn.Sequential(*layers(pairs, ((1.0, 1, 0, 0), (-1, -1, 1, 1)), ((1.0, 1),)))

    @wrong("The shape is off", 0, 0)
    def no_stride():
        return nn.Sequential(*layers(stride=1))

    @wrong("", 3, 0)
    def a_sign():
        return nn.Sequential(*layers(add=((1.0, 1, 1),)))

    @wrong("", 0, 0)
    def another_sign():
        return nn.Sequential(*layers(add=((1.0, -1, -1),)))

    @wrong("The inputs of the ReLUs have 10 channels in all", 0, 0)
    def more_channels_than_needed():
        wide, relu, narrow, *rest = layers()
        wide.weight = nn.Parameter(F.pad(wide.weight, (0, 0, 0, 0, 0, 0, 0, 1)))
        narrow.weight = nn.Parameter(F.pad(narrow.weight, (0, 0, 0, 0, 0, 1)))
        return nn.Sequential(wide, relu, narrow, *rest)

    @wrong("Are the biases set?", 0, 0)
    def random_weights():
        torch.manual_seed(0)  # only so that the check always says the same
        convs = nn.Conv2d(1, 6, 2, 2), nn.Conv2d(6, 3, 1), nn.Conv2d(3, 1, 1)
        return nn.Sequential(convs[0], nn.ReLU(), convs[1], nn.ReLU(), convs[2])

    @wrong("Return an nn.Sequential: this is of type list", 0, 0)
    def a_list():
        return layers()

    @wrong("Put all layers into one nn.Sequential", 0, 0)
    def nested():
        return nn.Sequential(nn.Sequential(*layers()))

    @wrong("3 channels come out, not 1", 0, 0)
    def the_last_layer_missing():
        return nn.Sequential(*layers()[:-1])

    @wrong("the number of ReLUs is 3", 0, 0)
    def a_third_relu():
        return nn.Sequential(*layers(), nn.ReLU())

    @ready_made("There is a part MaxPool2d")
    def torchs_own():
        return nn.Sequential(nn.MaxPool2d(2))

    @ready_made("Your answer calls pooling")
    def the_books_own():
        import pooling

        return pooling.max_pool_network(2)

    @right
    def in_place():
        made = layers()
        made[1] = made[3] = nn.ReLU(inplace=True)
        return nn.Sequential(*made)

    @right
    def in_double():
        return nn.Sequential(*layers()).double()
