"""The larger of two numbers, and max-pooling as a stack of convolutions and ReLUs."""

import torch
import torch.nn.functional as F
from torch import nn

from answers import Task, another_way, ready_made, right, wrong


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

    @ready_made("Your answer calls numpy")
    def numpys_own(a, b):
        import numpy as np

        return torch.from_numpy(np.maximum(a.numpy(), b.numpy())) + 0 * torch.relu(a)

    @ready_made("Your answer calls tolist")
    def pythons_own(a, b):
        pairs = zip(a.tolist(), b.tolist(), strict=True)
        return torch.tensor([max(pair) for pair in pairs]) + 0 * torch.relu(a)

    @ready_made("Your answer calls maximum")
    def torchs_own_below(a, b):
        return torch.ops.aten.maximum(a, b) + 0 * torch.relu(a)

    @another_way
    def read_from_the_screen(a, b):
        best = [max(float(f"{p}"), float(f"{q}")) for p, q in zip(a, b, strict=True)]
        return torch.relu(a) * 0 + torch.tensor(best)

    @another_way
    def a_mask(a, b):
        steps = torch.relu(a - b).type(torch.bool).type(a.dtype)
        return steps * (a - b) + b

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

    @right
    def as_in_the_hint(a, b):
        p, q = a, b
        return nn.functional.relu(p - q).add(q)

    @right
    def the_other_way_round(a, b):
        return a + F.relu(input=b - a)

    @right
    def three_relus(a, b):
        return torch.relu(a - b) + torch.relu(b) - torch.relu(-b)

    @right
    def half_the_sum_and_half_the_distance(a, b):
        d = a - b
        return (a + b) / 2 + (torch.relu(d) + torch.relu(d.neg())) / 2

    @right
    def in_a_loop(a, b):
        out = torch.zeros_like(a)
        for i in range(len(a)):
            out[i] = torch.relu(a[i] - b[i]) + b[i]
        return out

    @right
    def in_a_loop_of_new_zeros(a, b):
        out = torch.zeros(a.shape, dtype=a.dtype)
        for i in range(a.numel()):
            out[i] += F.relu(a[i] - b[i])
            out[i] += b[i]
        return out

    @right
    def joined(a, b):
        return torch.cat([(torch.relu(x - y) + y).reshape(1) for x, y in zip(a, b, strict=True)])

    @right
    def of_types(a, b):
        a, b = a.float().type_as(a), torch.as_tensor(b).type(torch.float64)
        return (torch.relu(a - b) + b).to(a.dtype).detach()

    @right
    def of_rows(a, b):
        rows = torch.stack([a, b]).view(2, -1)
        steps = torch.tensor([[1.0, -1.0]]).to(rows.dtype) @ rows
        return (torch.relu(steps) + rows[1:]).squeeze(0)

    @right
    def a_matrix(a, b):
        first = torch.tensor([[1.0, -1], [0, 1], [0, -1]], dtype=a.dtype)
        hidden = torch.relu(torch.matmul(first, torch.stack((a, b))))
        return torch.matmul(torch.tensor([1.0, 1, -1], dtype=a.dtype), hidden)

    @right
    def a_product_of_columns(a, b):
        first = torch.tensor([[1.0, 0, 0], [-1, 1, -1]], dtype=a.dtype)
        hidden = torch.mm(torch.stack([a, b], dim=1), first).relu()
        return hidden.mv(torch.tensor([1.0, 1, -1], dtype=a.dtype))

    @right
    def linear_layers(a, b):
        x = torch.stack([a, b], -1)
        hidden = F.relu(F.linear(x, x.new_tensor([[1, -1], [0, 1], [0, -1]])))
        return F.linear(hidden, x.new_tensor([[1, 1, -1]])).flatten()

    @right
    def a_convolution(a, b):
        x = torch.stack([a, b]).unsqueeze(0)
        x = F.conv1d(x, x.new_tensor([[1, -1], [0, 1], [0, -1]]).unsqueeze(-1))
        return F.conv1d(torch.relu(x), x.new_tensor([[[1], [1], [-1]]])).flatten()

    @right
    def by_einsum(a, b):
        first = torch.tensor([[1.0, -1], [0, 1], [0, -1]], dtype=a.dtype)
        hidden = F.relu(torch.einsum("ij,jk->ik", first, torch.stack([a, b])))
        return torch.einsum("ik,i->k", hidden, hidden.new_tensor([1, 1, -1]))

    @right
    def without_gradients(a, b):
        with torch.no_grad():
            return torch.sub(torch.relu(torch.add(a, b, alpha=-1)), b, alpha=-1)

    @right
    def as_a_sum(a, b):
        return sum([b, torch.relu(a - b)])

    @right
    def as_a_sum_of_a_stack(a, b):
        return torch.sum(torch.stack([F.relu(torch.rsub(b, a)), b]), dim=0)

    @right
    def into_an_empty_one(a, b):
        out = torch.empty_like(a)
        out.copy_(torch.relu(a - b))
        out += b
        return out.contiguous().view_as(a)

    @right
    def with_numbers_as_tensors(a, b):
        minus, one = torch.tensor(-1.0), torch.ones(1)
        return torch.relu(a + minus * b) + one * b.expand_as(a)

    @right
    def checked_inside(a, b):
        assert a.shape == b.shape and a.dim() == 1 and a.size(0) == len(b)
        print(a.dtype, a.device, a.is_floating_point(), isinstance(b, torch.Tensor))
        return (+b).add(torch.relu(a.subtract(b)))

    @right
    def layers_made_inside(a, b):
        net = nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Linear(3, 1, bias=False))
        with torch.no_grad():
            net[0].weight[:] = torch.tensor([[1.0, -1], [0, 1], [0, -1]])
            net[2].weight[:] = torch.tensor([1.0, 1, -1])
        return net.double()(torch.column_stack((a, b))).squeeze(1)

    names_of_everyday = right(
        """
        def best(p, q):
            return torch.relu(p - q) + q

        cells = values = found = image = pooled = kinds = allowed = others = i = 3

        def larger(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            '''The larger one.'''
            return best(a, b)

        print(larger(torch.tensor([1.0]), torch.tensor(2.0)))
        """
    )

    a_module_made_before = right(
        """
        class Larger(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.last = nn.Linear(2, 3, False), nn.Linear(3, 1, False)
                self.first.weight.data = torch.tensor([[1.0, -1], [0, 1], [0, -1]])
                nn.init.ones_(self.last.weight)
                with torch.no_grad():
                    self.last.weight[0, 2] = -1

            def forward(self, a, b):
                x = torch.stack([a, b], dim=1)
                return self.last(nn.ReLU()(self.first(x)))[:, 0]

        larger = Larger().double()
        """
    )


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

    @wrong("", 0, 0)
    def a_hook():
        net = nn.Sequential(*layers(add=((1.0, -1, -1),)))
        net[4].register_forward_hook(lambda part, x, y: torch.zeros_like(y))
        return net

    @wrong("", 0, 0)
    def its_own_forward():
        made = layers(add=((1.0, -1, -1),))
        made[0].forward = lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax((4, 5))
        made[2].forward = made[4].forward = lambda x: x
        return nn.Sequential(*made)

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

    @right
    def lists_of_weights(pairs=None):
        net = nn.Sequential(
            nn.Conv2d(1, 6, kernel_size=(2, 2), stride=(2, 2)),
            nn.ReLU(),
            nn.Conv2d(6, 3, kernel_size=1),
            nn.ReLU(),
            nn.Conv2d(3, 1, kernel_size=1),
        )
        weights = [layer.weight.tolist() for layer in layers() if isinstance(layer, nn.Conv2d)]
        with torch.no_grad():
            for layer, weight in zip(net[::2], weights, strict=True):
                layer.weight[:] = torch.tensor(weight)
                layer.bias[:] = 0
        return net

    @right
    def weight_by_weight():
        net = nn.Sequential(*layers())
        for layer in net:
            if type(layer) is nn.Conv2d:
                nn.init.zeros_(layer.weight)
        with torch.no_grad():
            # of each pair: a, -a, b - a
            for pair in range(2):
                net[0].weight[3 * pair, 0, pair, 0] = 1
                net[0].weight[3 * pair + 1, 0, pair, 0] = -1
                net[0].weight[3 * pair + 2, 0, pair, 0] = -1
                net[0].weight[3 * pair + 2, 0, pair, 1] = 1
            for c in range(6):
                first = [1, -1, 1, 0, 0, 0][c]
                second = [0, 0, 0, 1, -1, 1][c]
                net[2].weight[0, c] = first
                net[2].weight[1, c] = -first
                net[2].weight[2, c] = second - first
            net[4].weight.copy_(torch.tensor([1.0, -1, 1]).view(1, 3, 1, 1))
        return net.eval()

    @right
    def by_data():
        import numpy as np

        relu = nn.ReLU()
        first, _, second, _, third = layers()
        net = nn.Sequential(nn.Conv2d(1, 6, 2, 2), relu, nn.Conv2d(6, 3, 1), relu)
        net.append(nn.Conv2d(3, 1, 1))
        for conv, like in ((net[0], first), (net[2], second), (net[4], third)):
            conv.weight.data = torch.from_numpy(np.array(like.weight.detach().numpy()))
            conv.bias.data.fill_(0)
        return net

    @right
    def by_a_state():
        from collections import OrderedDict

        names = "lift", "relu1", "middle", "relu2", "join"
        made = nn.Sequential(OrderedDict(zip(names, layers(), strict=True)))
        blank = nn.Conv2d(1, 6, 2, 2, bias=False), nn.Conv2d(6, 3, 1, bias=False)
        net = nn.Sequential()
        net.add_module("lift", blank[0])
        net.add_module("relu1", nn.ReLU())
        net.add_module("middle", blank[1])
        net.add_module("relu2", nn.ReLU(True))
        net.add_module("join", nn.Conv2d(3, 1, (1, 1), (1, 1), (0, 0), bias=False))
        net.load_state_dict(made.state_dict())
        return net.requires_grad_(False)

    @right
    def the_larger_one_kept_by_itself():
        """max(a, b) as [a - b] + [b] - [-b]: other rows."""
        pairs = (
            (1.0, -1, 0, 0),
            (0, 1, 0, 0),
            (0, -1, 0, 0),
            (0, 0, 1, -1),
            (0, 0, 0, 1),
            (0, 0, 0, -1),
        )
        final = (1.0, 1, -1, -1, -1, 1), (0, 0, 0, 1, 1, -1), (0, 0, 0, -1, -1, 1)
        return nn.Sequential(*layers(pairs, final, ((1.0, 1, -1),)))

    @right
    def the_rows_first():
        pairs = (
            (1.0, 0, 0, 0),
            (-1, 0, 0, 0),
            (-1, 0, 1, 0),
            (0, 1, 0, 0),
            (0, -1, 0, 0),
            (0, -1, 0, 1),
        )
        return nn.Sequential(*layers(pairs))

    @right
    def twice_and_half():
        made = layers()
        made[0].weight.data *= 2
        made[2].weight.data.mul_(0.5)
        made[4].weight = nn.Parameter(made[4].weight.data.clone())
        return nn.Sequential(*made)

    @right
    def channels_in_another_order():
        made = layers()
        order = torch.tensor([5, 0, 4, 1, 3, 2])
        made[0].weight = nn.Parameter(made[0].weight[order])
        made[2].weight = nn.Parameter(made[2].weight[:, order])
        return nn.Sequential(*made).to(memory_format=torch.channels_last)

    @right
    def lazy_and_run_once():
        net = nn.Sequential(
            nn.LazyConv2d(6, kernel_size=2, stride=2, bias=False),
            nn.ReLU(),
            nn.LazyConv2d(3, kernel_size=1, bias=False),
            nn.ReLU(),
            nn.LazyConv2d(1, kernel_size=1, bias=False),
        )
        net(torch.zeros(1, 1, 2, 2))
        for to, like in zip(net, layers(), strict=True):
            to.load_state_dict(like.state_dict())
        return net

    @right
    def lazy():
        made = layers()
        for i, channels, *window in (0, 6, 2, 2), (2, 3, 1), (4, 1, 1):
            weight = made[i].weight
            made[i] = nn.LazyConv2d(channels, *window, bias=False)
            made[i].weight = weight
        return nn.Sequential(*made)

    @right
    def in_half():
        with torch.inference_mode():
            return nn.Sequential(*layers()).half()

    @right
    def padded_and_dilated_by_nothing():
        made = layers()
        made[0].padding, made[0].padding_mode = (0, 0), "zeros"
        made[2] = nn.Conv2d(6, 3, (1, 1), padding="same", dilation=1, bias=False)
        made[2].weight = layers()[2].weight
        return nn.Sequential(*[part.train() for part in made])

    @right
    def the_second_rows_in_another_order():
        first, relu, second, _, third = layers()
        second.weight = nn.Parameter(second.weight.flip(0))
        third.weight = nn.Parameter(third.weight.flip(1))
        net = nn.Sequential(first, relu)
        net.extend([second, nn.ReLU(), third])
        return net

    @right
    def one_vector_of_weights():
        net = nn.Sequential()
        net.lift, net.relu1 = nn.Conv2d(1, 6, 2, 2), nn.ReLU()
        net.middle, net.relu2 = nn.Conv2d(6, 3, 1), nn.ReLU()
        net.join = nn.Conv2d(3, 1, 1)
        for part in net[::2]:
            part.bias = None
        weights = nn.utils.parameters_to_vector(nn.Sequential(*layers()).parameters())
        nn.utils.vector_to_parameters(weights.detach(), net.parameters())
        return net

    names_of_everyday = right(
        """
        from typing import Sequence
        from d2l import torch as d2l

        channels, pooled, best, image, source, kinds = 6, 3, 1, 1, [], []

        def cells(*rows: Sequence[float]):
            kernel = torch.tensor(rows, dtype=torch.float32)
            return kernel.reshape(len(rows), -1, 1, 1)

        def x(weight):
            out, into, *window = weight.shape
            layer = nn.Conv2d(into, out, tuple(window), stride=window[0], bias=False)
            layer.weight.data.copy_(weight)
            return layer

        lift = cells([1, 0, 0, 0], [-1, 0, 0, 0], [-1, 1, 0, 0],
                     [0, 0, 1, 0], [0, 0, -1, 0], [0, 0, -1, 1]).view(6, 1, 2, 2)
        middle = cells([1, -1, 1, 0, 0, 0], [-1, 1, -1, 0, 0, 0], [-1, 1, -1, 1, -1, 1])
        network = nn.Sequential(x(lift), nn.ReLU(), x(middle), nn.ReLU(), x(cells([1, -1, 1])))

        def make_network() -> nn.Sequential:
            '''The one that is made above.'''
            return network

        print(network, [p.shape for p in network.parameters()])
        for module in network.modules():
            print(type(module))
        """
    )
