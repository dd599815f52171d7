"""The training loop: one step of gradient descent, batches, epochs, and a network that learns.

`train` is given its loss, so it is judged with made-up ones whose minimum no network has:
nothing of exercise 4 is needed or given away. What it returns pins the whole trajectory: the
loss of every iteration depends on the rows of its batch, on how X and Y are paired and on the
parameters at that moment. One of the losses records its calls, so that every update is held
against the reference step. A loop may call the loss as often as it likes (to print it, say), so
an iteration is the call whose loss the learner noted, not the call with that number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import finite_difference, network, symbolic
from grader.oracles.network import Layers, away_from_zero, decimals, draw_layers
from grader.oracles.numbers import high, plain
from grader.trees import leaves, map_leaves

Batches = Sequence[tuple[Any, Any]]
Loss = Callable[[Any, Any, Layers], tuple[Any, Layers]]
"""`loss_and_gradients`: (X_batch, Y_batch, layers) in, (loss, gradients) out."""
Loop = Callable[..., tuple[Layers, Any]]
"""A `train`: (X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size)."""


# --- the losses that `train` is given ----------------------------------------------------------


def train_on_made_up_loss(train, X, Y, layers, loss_name, **settings):  # type: ignore[no-untyped-def]  # sent as source: no name of this module means anything there
    """Calls `train` with one of four losses.

    flat_loss   the loss tells the batch, the gradient is 0: shows which rows come when
    level_loss  the loss tells the batch, the gradient is bowl_loss's: shows the updates
    bowl_loss   1/2 sum of a (parameter - target)^2 + 1/2 (weighted sum of parameters - p)^2,
                with targets that follow from the batch: shows everything at once. The second
                term ties the layers together, as a network does.
    recorded_loss  bowl_loss, which records the layers it is called with. Gives, instead of what
                `train` returns, the layers of every iteration and those at the end.
    """
    import numpy as np

    calls = []

    def loss_and_gradients(X_batch, Y_batch, layers):  # type: ignore[no-untyped-def]
        x, y = np.asarray(X_batch), np.asarray(Y_batch)
        for name, rows, whole in (("X_batch", x, X), ("Y_batch", y, Y)):
            if rows.ndim != 2 or rows.shape[1] != whole.shape[1]:
                raise ValueError(
                    f"{name} has shape {rows.shape}; a batch is rows of {name[0]}, "
                    f"(samples, {whole.shape[1]}), also when it is a single sample"
                )
        if len(x) != len(y) or len(x) == 0:
            raise ValueError(f"a batch of {len(x)} rows of X and {len(y)} rows of Y")
        p = x @ np.arange(1, x.shape[1] + 1)
        q = y @ np.arange(1, y.shape[1] + 1)
        mean_p, mean_pq = p.sum() / len(x), (p * q).sum() / len(x)

        arrays = [np.asarray(array) for layer in layers for array in layer]
        theta = np.concatenate([array.ravel() for array in arrays])
        k = np.arange(len(theta))
        if loss_name == "flat_loss":
            gradient = np.zeros(len(theta))
        else:
            # Multiples of 1/8, so that these numbers are what they seem.
            a, w = 0.5 + 0.25 * (k % 3), 0.5 * (3 * k % 4) - 0.75
            target = (0.25 * (2 * k % 5) - 0.5) * mean_p + (0.125 * (3 * k % 7) - 0.25) * mean_pq
            gap, pull = theta - target, (w * theta).sum() - mean_p
            gradient = a * gap + w * pull
        if loss_name in ("bowl_loss", "recorded_loss"):
            loss = (0.5 * a * gap * gap).sum() + 0.5 * pull * pull
        else:
            loss = mean_p + 2 * mean_pq

        gradients, at = [], 0
        for array in arrays:
            gradients.append(gradient[at : at + array.size].reshape(array.shape).copy())
            at += array.size
        if loss_name == "recorded_loss":
            calls.append((loss, [(np.array(W), np.array(b)) for W, b in layers]))
        return loss, list(zip(gradients[::2], gradients[1::2], strict=True))

    result = train(X, Y, layers, loss_and_gradients, **settings)
    if loss_name != "recorded_loss":
        return result
    if not calls:
        raise ValueError("`train` never called its loss")
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise ValueError("`train` gives two things: (layers, losses)")
    # The nearest, not the same: a loss may come back in another precision. (`value`: the
    # reference's numbers carry their rounding errors.)
    losses = np.array([float(getattr(loss, "value", loss)) for loss, _ in calls])
    noted = [float(getattr(loss, "value", loss)) for loss in np.ravel(result[1])]
    path = [calls[np.abs(losses - loss).argmin()][1] for loss in noted]
    return [*path, result[0]]


_with_made_up_loss: Callable[..., Any] = train_on_made_up_loss


class LossName(str):
    """The name of a made-up loss; in a call that is shown, it stands where the loss does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


FLAT, LEVEL, BOWL = LossName("flat_loss"), LossName("level_loss"), LossName("bowl_loss")
RECORDED = LossName("recorded_loss")


# --- what is right ----------------------------------------------------------------------------


def sgd_step(layers: Layers, gradients: Layers, learning_rate: Any) -> Layers:
    return [
        (W - dW * learning_rate, b - db * learning_rate)
        for (W, b), (dW, db) in zip(layers, gradients, strict=True)
    ]


def in_order(X: Any, Y: Any, batch_size: int | None) -> Batches:
    size = batch_size or len(X)
    return [(X[i : i + size], Y[i : i + size]) for i in range(0, len(X), size)]


def loop(
    batches: Callable[[Any, Any, int | None], Batches] = in_order,
    step: Callable[[Layers, Layers, Any], Layers] = sgd_step,
) -> Loop:
    """The training loop; with other batches or another step, one that is wrong there."""

    def train(
        X: Any,
        Y: Any,
        layers: Layers,
        loss_and_gradients: Loss,
        *,
        learning_rate: Any,
        epochs: int,
        batch_size: int | None = None,
    ) -> tuple[Layers, Any]:
        losses = []
        for _ in range(epochs):
            for X_batch, Y_batch in batches(X, Y, batch_size):
                loss, gradients = loss_and_gradients(X_batch, Y_batch, layers)
                losses.append(loss)
                layers = step(layers, gradients, learning_rate)
        return layers, as_array(losses)

    return train


train: Loop = loop()


def as_array(losses: Sequence[Any]) -> Array:
    return np.array(losses, dtype=object)


def network_loss(activation: str) -> Loss:
    return lambda X, Y, layers: (
        network.loss(X, Y, layers, activation),
        network.backward(X, Y, layers, activation),
    )


def network_loss_in(forms: dict[str, network.Form]) -> Callable[[str], Loss]:
    """The same with activations in other forms, and the errors divided last."""

    def with_activation(activation: str) -> Loss:
        def loss_and_gradients(X: Any, Y: Any, layers: Layers) -> tuple[Any, Layers]:
            h = X
            for index, (W, b) in enumerate(layers):
                h = h @ W + b
                if index < len(layers) - 1:
                    h = forms[activation][0](h)
            error = h - Y
            loss = (error * error).sum() / len(X) * 0.5
            return loss, network.backward_divided_last(X, Y, layers, activation, forms=forms)

        return loss_and_gradients

    return with_activation


def on_made_up_loss(train: Loop) -> Callable[..., Any]:
    """What the driver gives for this loop."""
    return lambda *args, **settings: _with_made_up_loss(train, *args, **settings)


def on_network(train: Loop, loss: Callable[[str], Loss] = network_loss) -> Callable[..., Any]:
    """`fit` made of this loop and this loss."""
    return lambda X, Y, layers, *, activation="sigmoid", **settings: train(
        X, Y, layers, loss(activation), **settings
    )


# --- who else says so -------------------------------------------------------------------------

_GROWTH = 30
"""No step of these cases makes an error in the parameters so many times larger: it multiplies
it by I − ηH, with η below 1 and a Hessian H of a few parameters and inputs below 1.5."""


def _descent(
    slope: Callable[..., tuple[Any, Layers, Any]],
) -> Callable[..., tuple[Tree, Tree]]:
    """Gradient descent in raised precision by the iteration's number.

    `slope(X, Y, layers, **kwargs)` gives (loss, gradients, the error it admits of each).
    """

    def values(
        X: Array,
        Y: Array,
        layers: Layers,
        *loss_name: str,
        learning_rate: float,
        epochs: int,
        batch_size: int | None = None,
        **kwargs: str,
    ) -> tuple[Tree, Tree]:
        m = len(X)
        size = min(batch_size or m, m)
        per_epoch = -(-m // size)
        rate = mpmath.mpf(learning_rate)
        X, Y, theta = map_leaves(plain, high([X, Y, list(layers)]))
        losses, bounds, slack = [], [], mpmath.mpf(0)
        path, slacks = [theta], [mpmath.mpf(0)]
        for iteration in range(epochs * per_epoch):
            start = iteration % per_epoch * size
            rows = slice(start, min(start + size, m))
            loss, gradients, error = slope(X[rows], Y[rows], theta, *loss_name, **kwargs)
            steepness = sum(abs(g) for leaf in leaves(gradients) for g in leaf.ravel())
            losses.append(loss)
            bounds.append(error + 2 * slack * (1 + steepness))
            theta = map_leaves(lambda t, g: t - rate * g, theta, gradients)
            slack = _GROWTH * slack + rate * error
            path.append(theta)
            slacks.append(slack)

        def within(slack: Any) -> Tree:
            return map_leaves(lambda _: slack, theta)

        if RECORDED in loss_name:
            return path, [within(slack) for slack in slacks]
        return (theta, as_array(losses)), (within(slack), as_array(bounds))

    return values


def batch_code(X: Any, Y: Any) -> tuple[Any, Any]:
    """Two means over the rows of a batch, of p and of pq, by hand."""
    p = [sum((j + 1) * x for j, x in enumerate(row)) for row in X]
    q = [sum((j + 1) * y for j, y in enumerate(row)) for row in Y]
    return sum(p) / len(p), sum(a * b for a, b in zip(p, q, strict=True)) / len(p)


def level(X: Any, Y: Any) -> Any:
    """The value of flat_loss and of level_loss."""
    p, pq = batch_code(X, Y)
    return p + 2 * pq


def bowl(X: Any, Y: Any, layers: Layers) -> Any:
    """bowl_loss written parameter by parameter; its gradient is left to the oracles."""
    p, pq = batch_code(X, Y)
    squares, total = 0, -p
    for k, theta in enumerate(t for W, b in layers for t in [*W.ravel(), *b]):
        gap = theta - ((2 * k % 5 - 2) / 4 * p + (3 * k % 7 - 2) / 8 * pq)
        squares += (2 + k % 3) / 8 * gap**2
        total += (2 * (3 * k % 4) - 3) / 4 * theta
    return squares + 0.5 * total**2


def _made_up(gradient: Callable[..., tuple[Layers, Any]]) -> Callable[..., Any]:
    """Loss and gradients of a made-up loss, with what `gradient` says of the bowl."""

    def slope(X: Array, Y: Array, layers: Layers, loss_name: str) -> tuple[Any, Layers, Any]:
        if loss_name == FLAT:
            return level(X, Y), map_leaves(lambda t: 0 * t, layers), mpmath.mpf(0)
        gradients, error = gradient(X, Y, layers)
        return (level(X, Y) if loss_name == LEVEL else bowl(X, Y, layers)), gradients, error

    return slope


_bowl_in_sympy = symbolic.gradient(bowl, network.parameters)
_bowl_by_differences = finite_difference.gradient(bowl, network.parameters)
_loss_in_sympy = symbolic.values_of(network.loss)
_slope_by_differences = finite_difference.gradient(network.loss, network.parameters)


def _admitted(gradients: Layers) -> Any:
    """sympy's digits agree to 1e-32 of each value."""
    return max(abs(g) for leaf in leaves(gradients) for g in leaf.ravel()) * mpmath.mpf(10) ** -28


def _bowl_slope_in_sympy(X: Array, Y: Array, layers: Layers) -> tuple[Layers, Any]:
    gradients: Layers = _bowl_in_sympy(X, Y, layers)
    return gradients, _admitted(gradients)


def _bowl_slope_by_differences(X: Array, Y: Array, layers: Layers) -> tuple[Layers, Any]:
    gradients, bounds = _bowl_by_differences(X, Y, layers)
    return gradients, max(b for leaf in leaves(bounds) for b in leaf.ravel())


def _network_in_sympy(
    X: Array, Y: Array, layers: Layers, activation: str = "sigmoid"
) -> tuple[Any, Layers, Any]:
    each = network.sample_gradients(X, Y, layers, activation)
    gradients = map_leaves(lambda *rows: sum(rows) / len(X), *each)
    samples = [(X[i : i + 1], Y[i : i + 1], layers) for i in range(len(X))]
    loss = sum(_loss_in_sympy(*sample, activation).item() for sample in samples) / len(X)
    return loss, gradients, max(map(_admitted, each))


def _network_by_differences(
    X: Array, Y: Array, layers: Layers, activation: str = "sigmoid"
) -> tuple[Any, Layers, Any]:
    gradients, bounds = _slope_by_differences(X, Y, layers, activation=activation)
    inputs, targets, parameters = high([X, Y, layers])
    loss = network.loss(inputs, targets, parameters, activation).value
    return loss, gradients, max(b for leaf in leaves(bounds) for b in leaf.ravel())


def _in_torch(loss: Callable[..., tuple[Any, Any]]) -> Callable[..., tuple[Tree, None]]:
    """torch's own optimiser and autograd on `loss(X, Y, layers, ...)`, which gives what is
    noted and what is minimised."""

    def values(
        X: Array,
        Y: Array,
        layers: Layers,
        *loss_name: str,
        learning_rate: float,
        epochs: int,
        batch_size: int | None = None,
        **kwargs: str,
    ) -> tuple[Tree, None]:
        import torch

        samples, targets = (torch.tensor(np.array(x, dtype=np.float64)) for x in (X, Y))
        theta = map_leaves(
            lambda t: torch.tensor(np.array(t, dtype=np.float64), requires_grad=True), list(layers)
        )
        optimizer = torch.optim.SGD(list(leaves(theta)), lr=learning_rate)

        def theta_now() -> Tree:
            return map_leaves(lambda t: t.detach().numpy().copy(), theta)

        size = batch_size or len(X)
        losses, path = [], [theta_now()]
        for _ in range(epochs):
            batches = torch.split(samples, size), torch.split(targets, size)
            for X_batch, Y_batch in zip(*batches, strict=True):
                noted, minimised = loss(X_batch, Y_batch, theta, *loss_name, **kwargs)
                optimizer.zero_grad()
                minimised.backward()
                optimizer.step()
                losses.append(noted.item())
                path.append(theta_now())
        if RECORDED in loss_name:
            return path, None
        return (path[-1], np.array(losses)), None

    return values


def _made_up_in_torch(X: Any, Y: Any, layers: Layers, loss_name: str) -> tuple[Any, Any]:
    import torch

    def ramp(n: int) -> Any:
        return torch.arange(1, n + 1, dtype=torch.float64)

    p, q = torch.mv(X, ramp(X.shape[1])), torch.mv(Y, ramp(Y.shape[1]))
    code = torch.stack([p, p * q]).mean(dim=1)
    theta = torch.nn.utils.parameters_to_vector(leaves(layers))
    told = torch.dot(code, torch.tensor([1, 2], dtype=torch.float64))
    if loss_name == FLAT:
        return told, 0 * theta.sum()
    k = torch.arange(len(theta))
    shares = torch.stack([(2 * k % 5 - 2) / 4, (3 * k % 7 - 2) / 8], dim=1)
    target = shares.double() @ code
    a, w = ((2 + k % 3) / 4).double(), ((2 * (3 * k % 4) - 3) / 4).double()
    value = 0.5 * torch.sum(a * (theta - target) ** 2) + 0.5 * (torch.dot(w, theta) - p.mean()) ** 2
    return (told if loss_name == LEVEL else value), value


def _network_in_torch(
    X: Any, Y: Any, layers: Layers, activation: str = "sigmoid"
) -> tuple[Any, Any]:
    value = network.torch_loss(X, Y, layers, activation)
    return value, value


def _step_in_torch(layers: Layers, gradients: Layers, learning_rate: float) -> tuple[Tree, None]:
    import torch

    def tensor(x: Any) -> Any:
        return torch.tensor(np.array(x, dtype=np.float64), requires_grad=True)

    theta = map_leaves(tensor, list(layers))
    for parameter, gradient in zip(leaves(theta), leaves(gradients), strict=True):
        parameter.grad = tensor(gradient).detach()
    torch.optim.SGD(list(leaves(theta)), lr=learning_rate).step()
    return map_leaves(lambda t: t.detach().numpy(), theta), None


def _step_in_fractions(layers: Layers, gradients: Layers, learning_rate: float) -> tuple[Tree, Any]:
    """Floats are fractions, so the step is exact."""
    rate = Fraction(learning_rate)

    def leaf(t: Array, g: Array) -> Array:
        out = np.empty(t.shape, dtype=object)
        for index in np.ndindex(t.shape):
            exact = Fraction(t[index].item()) - rate * Fraction(g[index].item())
            out[index] = mpmath.mpf(exact.numerator) / exact.denominator
        return out

    result = map_leaves(leaf, list(layers), list(gradients))
    return result, map_leaves(lambda v: abs(v) * mpmath.mpf(10) ** -50, result)


# --- cases ------------------------------------------------------------------------------------


def _data(rng: np.random.Generator, m: int, inputs: int, outputs: int) -> tuple[Array, Array]:
    """Samples that differ enough for every batch to have a loss of its own."""
    return away_from_zero(rng, (m, inputs)), decimals(rng.normal(size=(m, outputs)) * 1.2, 2)


def _rate(rng: np.random.Generator) -> float:
    """Large enough for every mistake to show after a few steps, small enough to converge."""
    return float(decimals(rng.uniform(0.31, 0.41), 2))


def steps(rng: np.random.Generator) -> list[Case]:
    def case(sizes: Sequence[int], learning_rate: float, id_: str, scale: int = 1) -> Case:
        layers = draw_layers(rng, sizes)
        gradients = [
            (scale * away_from_zero(rng, W.shape), scale * away_from_zero(rng, b.shape))
            for W, b in layers
        ]
        return Case("sgd_step", (layers, gradients, learning_rate), id=id_)

    return [
        case((2, 1), 0.1, "one layer"),
        case((2, 3, 1), _rate(rng), "two layers"),
        case((1, 2, 3, 2), float(decimals(rng.uniform(1.3, 2.2), 2)), "a learning rate above 1"),
        # Steeper than anybody clips gradients at.
        case((2, 2), 0.01, "a steep slope", scale=1024),
    ]


def _training(
    rng: np.random.Generator,
    loss: LossName,
    sizes: Sequence[int],
    m: int,
    epochs: int,
    id_: str,
    **batch_size: int | None,
) -> Case:
    X, Y = _data(rng, m, sizes[0], sizes[-1])
    settings = {"learning_rate": _rate(rng), "epochs": epochs, **batch_size}
    return Case("train", (X, Y, draw_layers(rng, sizes), loss), settings, id=id_)


def which_rows(rng: np.random.Generator) -> list[Case]:
    X, Y = _data(rng, 3, 1, 1)
    X[1] = 0.0
    settings = {"learning_rate": _rate(rng), "epochs": 12, "batch_size": 1}
    layers = draw_layers(rng, (1, 1))
    return [
        _training(rng, FLAT, (1, 1), 3, 2, "3 samples, batches of 2", batch_size=2),
        _training(rng, FLAT, (2, 1), 7, 2, "7 samples, batches of 3", batch_size=3),
        # Neither a loss of 0 nor one that stays as it was is a reason to stop.
        Case("train", (X, Y, layers, FLAT), settings, id="12 epochs, a loss of 0 on the way"),
    ]


def whole_set(rng: np.random.Generator) -> list[Case]:
    return [
        _training(rng, LEVEL, (1, 1), 2, 1, "one update"),
        _training(rng, LEVEL, (1, 1, 1), 2, 3, "three updates, two layers"),
    ]


def everything(rng: np.random.Generator) -> list[Case]:
    return [
        _training(rng, BOWL, (1, 1), 3, 1, "one epoch of two batches", batch_size=2),
        _training(rng, RECORDED, (1, 1), 3, 2, "the layers of four iterations", batch_size=2),
        _training(rng, BOWL, (2, 1, 1), 5, 2, "batches of 2, 2 and 1", batch_size=2),
        _training(rng, BOWL, (1, 1, 2), 4, 2, "batches of 3 and 1", batch_size=3),
        _training(rng, RECORDED, (2, 1, 1), 5, 2, "the layers of six iterations", batch_size=2),
    ]


def batch_sizes(rng: np.random.Generator) -> list[Case]:
    return [
        _training(rng, BOWL, (2, 1), 4, 2, "no batch size given"),
        _training(rng, BOWL, (2, 1), 4, 2, "batch_size=None", batch_size=None),
        _training(rng, BOWL, (2, 1), 3, 2, "as large as the set", batch_size=3),
        _training(rng, BOWL, (2, 1), 3, 2, "larger than the set", batch_size=10),
        _training(rng, BOWL, (2, 1), 4, 1, "one sample at a time", batch_size=1),
        _training(rng, BOWL, (1, 2), 5, 1, "one sample left over", batch_size=4),
        # More than any usual batch size has: None is no number in disguise.
        _training(rng, BOWL, (1, 1), 70, 2, "70 samples, no batch size given"),
    ]


def _tame_layers(rng: np.random.Generator, sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """No weight so large that units saturate or steps overshoot, none so small that a layer
    hardly feels the next."""

    def drawn(*shape: int) -> Array:
        return decimals(rng.uniform(0.4, 1.1, shape) * rng.choice([-1.0, 1.0], shape))

    return [(drawn(n, m), drawn(m)) for n, m in pairwise(sizes)]


def _fitting(
    rng: np.random.Generator,
    sizes: Sequence[int],
    m: int,
    epochs: int,
    id_: str,
    learning_rate: float,
    **settings: Any,
) -> Case:
    X, Y = _data(rng, m, sizes[0], sizes[-1])
    settings = {**settings, "learning_rate": learning_rate, "epochs": epochs}
    return Case("fit", (X, Y, _tame_layers(rng, sizes)), settings, id=id_)


def networks(rng: np.random.Generator) -> list[Case]:
    def rate(at_least: float) -> float:
        return float(decimals(rng.uniform(at_least, at_least + 0.15), 2))

    tanh = {"activation": "tanh", "batch_size": 2}
    return [
        _fitting(rng, (1, 1), 2, 1, "one layer, one update", rate(0.3)),
        # The slope of a sigmoid is small: so that the first layer moves, larger steps.
        _fitting(rng, (1, 1, 2), 4, 2, "sigmoid, batches of 3 and 1", rate(0.7), batch_size=3),
        _fitting(rng, (2, 2, 1), 3, 2, "tanh, batches of 2 and 1", rate(0.3), **tanh),
        _fitting(rng, (1, 2, 1), 3, 2, "relu, the whole set", rate(0.4), activation="relu"),
        _fitting(rng, (1, 1, 2, 1, 2), 3, 1, "tanh, four layers", rate(0.7), activation="tanh"),
    ]


def forms(rng: np.random.Generator) -> list[Case]:
    """Depths, integers, and arrays that are views of others."""
    layers = draw_layers(rng, (1, 2, 1, 2))
    whole = [(np.array([[3, -2]]), np.array([1, 4])), (np.array([[2], [-5]]), np.array([-3]))]
    slopes = [(np.array([[1, -4]]), np.array([2, 3])), (np.array([[-1], [2]]), np.array([5]))]
    turned = [(W.T.copy().T, b[::-1]) for W, b in draw_layers(rng, (2, 3))]
    X, Y = _data(rng, 6, 4, 2)
    many, targets = _data(rng, 40, 1, 1)
    wide, tall = np.asfortranarray(X), away_from_zero(rng, (2, 3))
    integers = rng.choice([-3, -2, -1, 1, 2, 3], (3, 1)), rng.choice([-4, -2, 1, 3], (3, 2))
    rate = _rate(rng)
    twice = {"learning_rate": rate, "epochs": 2}
    return [
        Case("sgd_step", (whole, slopes, 0.25), id="sgd_step of integers"),
        Case(
            "sgd_step",
            (turned, [(tall, np.array([0.5, -1.25, 0.75]))], 1),
            id="sgd_step of arrays in other orders, learning rate 1",
        ),
        Case(
            "train",
            (X[:, ::3], Y[::-1], draw_layers(rng, (2, 1, 2)), BOWL),
            {**twice, "batch_size": 4},
            id="train on every third column, targets from the last",
        ),
        Case(
            "train",
            (*integers, draw_layers(rng, (1, 2)), BOWL),
            {**twice, "batch_size": 2},
            id="train on integers",
        ),
        Case(
            "fit",
            (*integers, layers),
            {**twice, "batch_size": 2},
            id="fit of three layers to integers",
        ),
        Case(
            "fit",
            (many, 64 + targets, draw_layers(rng, (1, 1))),
            {"learning_rate": rate, "epochs": 2},
            id="fit to 40 samples at once, far away",
        ),
        Case(
            "fit",
            (wide[::-2, 1:3], Y[::2, :1], draw_layers(rng, (2, 1))),
            {"learning_rate": rate, "epochs": 1, "batch_size": 7, "activation": "tanh"},
            id="fit of one layer to rows from the last",
        ),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    X, Y = _data(rng, 3, 2, 1)
    whole = {"learning_rate": _rate(rng), "epochs": 2}
    settings = {**whole, "batch_size": 2}
    gradients = [(away_from_zero(rng, (2, 1)), away_from_zero(rng, (1,)))]
    return [
        Case("sgd_step", (draw_layers(rng, (2, 1)), gradients, 0.3)),
        Case("train", (X, Y, draw_layers(rng, (2, 1)), BOWL), settings),
        Case("train", (X, Y, draw_layers(rng, (2, 1)), BOWL), whole),
        Case("fit", (X, Y, draw_layers(rng, (2, 1, 1))), settings),
        Case("fit", (X, Y, draw_layers(rng, (2, 1, 1))), whole),
    ]


# --- what is misunderstood --------------------------------------------------------------------


def _each(change: Callable[[Any, Any, Any], Any]) -> Callable[[Layers, Layers, Any], Layers]:
    """A step that does the same to weights and biases."""
    return lambda layers, gradients, rate: [
        (change(W, dW, rate), change(b, db, rate))
        for (W, b), (dW, db) in zip(layers, gradients, strict=True)
    ]


def _scaled(gradients: Layers, factor: Any) -> Layers:
    return [(dW * factor, db * factor) for dW, db in gradients]


def _sum(a: Layers, b: Layers) -> Layers:
    return [(U + W, u + w) for (U, u), (W, w) in zip(a, b, strict=True)]


ascent = _each(lambda t, g, rate: t + g * rate)
rate_ignored = _each(lambda t, g, rate: t - g)


def biases_forgotten(layers: Layers, gradients: Layers, rate: Any) -> Layers:
    return [(W - dW * rate, b) for (W, b), (dW, _) in zip(layers, gradients, strict=True)]


def from_the_last(X: Any, Y: Any, size: int | None) -> Batches:
    return in_order(X, Y, size)[::-1]


def always_the_first(X: Any, Y: Any, size: int | None) -> Batches:
    batches = in_order(X, Y, size)
    return [batches[0]] * len(batches)


def always_the_set(X: Any, Y: Any, size: int | None) -> Batches:
    return [(X, Y)] * len(in_order(X, Y, size))


def without_remainder(X: Any, Y: Any, size: int | None) -> Batches:
    return [batch for batch in in_order(X, Y, size) if len(batch[0]) == (size or len(X))]


def targets_from_the_top(X: Any, Y: Any, size: int | None) -> Batches:
    return [(rows, Y[: len(rows)]) for rows, _ in in_order(X, Y, size)]


def batch_size_as_number(X: Any, Y: Any, size: int | None) -> Batches:
    """batch_size taken for how many batches there are."""
    return in_order(X, Y, None if size is None else -(-len(X) // size))


def sliding(X: Any, Y: Any, size: int | None) -> Batches:
    """The window moves on by one row instead of by a batch."""
    if size is None or size >= len(X):
        return in_order(X, Y, size)
    return [(X[i : i + size], Y[i : i + size]) for i in range(len(X))]


def _wrong_loop(run: Callable[..., tuple[Layers, list[Any]]]) -> Loop:
    """A `train` from `run(batches, layers, loss_and_gradients, learning_rate, epochs)`."""

    def train(
        X: Any,
        Y: Any,
        layers: Layers,
        loss_and_gradients: Loss,
        *,
        learning_rate: Any,
        epochs: int,
        batch_size: int | None = None,
    ) -> tuple[Layers, Any]:
        batches = in_order(X, Y, batch_size)
        layers, losses = run(batches, layers, loss_and_gradients, learning_rate, epochs)
        return layers, as_array(losses)

    return train


def _walk(batches: Batches, epochs: int) -> Iterator[tuple[Any, Any]]:
    for _ in range(epochs):
        yield from batches


def loss_after_update(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses = []
    for batch in _walk(batches, epochs):
        layers = sgd_step(layers, f(*batch, layers)[1], rate)
        losses.append(f(*batch, layers)[0])
    return layers, losses


def loss_of_last_batch(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses = []
    for _ in range(epochs):
        for batch in batches:
            loss, gradients = f(*batch, layers)
            layers = sgd_step(layers, gradients, rate)
        losses.append(loss)
    return layers, losses


def loss_averaged(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses = []
    for _ in range(epochs):
        total = 0
        for batch in batches:
            loss, gradients = f(*batch, layers)
            layers = sgd_step(layers, gradients, rate)
            total = loss + total
        losses.append(total / len(batches))
    return layers, losses


def gradients_accumulate(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses, total = [], None
    for batch in _walk(batches, epochs):
        loss, gradients = f(*batch, layers)
        total = gradients if total is None else _sum(total, gradients)
        layers = sgd_step(layers, total, rate)
        losses.append(loss)
    return layers, losses


def momentum(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses, velocity = [], None
    for batch in _walk(batches, epochs):
        loss, gradients = f(*batch, layers)
        velocity = gradients if velocity is None else _sum(_scaled(velocity, 0.9), gradients)
        layers = sgd_step(layers, velocity, rate)
        losses.append(loss)
    return layers, losses


def restart_every_epoch(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses, first = [], layers
    for _ in range(epochs):
        layers = first
        for batch in batches:
            loss, gradients = f(*batch, layers)
            layers = sgd_step(layers, gradients, rate)
            losses.append(loss)
    return layers, losses


def restart_every_iteration(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses, first = [], layers
    for batch in _walk(batches, epochs):
        loss, gradients = f(*batch, first)
        layers = sgd_step(first, gradients, rate)
        losses.append(loss)
    return layers, losses


def update_thrown_away(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    return layers, [f(*batch, layers)[0] for batch in _walk(batches, epochs)]


def one_update_an_epoch(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses = []
    for _ in range(epochs):
        total = None
        for batch in batches:
            loss, gradients = f(*batch, layers)
            total = gradients if total is None else _sum(total, gradients)
            losses.append(loss)
        assert total is not None
        layers = sgd_step(layers, total, rate)
    return layers, losses


def last_update_of_an_epoch(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    """The update stands one level of indentation too far out."""
    losses = []
    for _ in range(epochs):
        for batch in batches:
            loss, gradients = f(*batch, layers)
            losses.append(loss)
        layers = sgd_step(layers, gradients, rate)
    return layers, losses


def epochs_as_iterations(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses = []
    for i in range(epochs):
        loss, gradients = f(*batches[i % len(batches)], layers)
        layers = sgd_step(layers, gradients, rate)
        losses.append(loss)
    return layers, losses


def loops_inside_out(
    batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
) -> tuple[Layers, list[Any]]:
    losses = []
    for batch in batches:
        for _ in range(epochs):
            loss, gradients = f(*batch, layers)
            layers = sgd_step(layers, gradients, rate)
            losses.append(loss)
    return layers, losses


def _layer_by_layer(order: Callable[[int], Sequence[int]]) -> Loop:
    """Each layer is updated before the gradient of the next is computed."""

    def run(
        batches: Batches, layers: Layers, f: Loss, rate: Any, epochs: int
    ) -> tuple[Layers, list[Any]]:
        losses, now = [], list(layers)
        for batch in _walk(batches, epochs):
            for turn, index in enumerate(order(len(now))):
                loss, gradients = f(*batch, now)
                if turn == 0:
                    losses.append(loss)
                [now[index]] = sgd_step([now[index]], [gradients[index]], rate)
        return now, losses

    return _wrong_loop(run)


def _other_epochs(change: int) -> Loop:
    return lambda *args, epochs, **settings: train(*args, epochs=epochs + change, **settings)


def divided_by_batch(*args: Any, **settings: Any) -> tuple[Layers, Any]:
    """The gradient, already of a mean, is divided by the number of samples once more."""
    X, Y, layers, f = args

    def loss_and_gradients(X: Any, Y: Any, layers: Layers) -> tuple[Any, Layers]:
        loss, gradients = f(X, Y, layers)
        return loss, [(dW / len(X), db / len(X)) for dW, db in gradients]

    return train(X, Y, layers, loss_and_gradients, **settings)


# id, what to tell the learner, and the loop that does it; for `train` and for `fit`.
LOOPS: tuple[tuple[str, str, Loop], ...] = (
    (
        "ascent",
        "Each step goes uphill. The gradient points to where the loss grows; which way is down?",
        loop(step=ascent),
    ),
    (
        "rate-ignored",
        "The step has the full length of the gradient. What is the learning rate for?",
        loop(step=rate_ignored),
    ),
    (
        "rate-over-batch",
        "Your steps are too short by a factor of the number of samples in the batch. Look where "
        "the mean over the batch has been taken already.",
        divided_by_batch,
    ),
    (
        "biases-forgotten",
        "The weights learn and the biases stay where they were. A layer is a pair.",
        loop(step=biases_forgotten),
    ),
    (
        "update-thrown-away",
        "The parameters never change. `sgd_step` gives back new layers: where do yours go?",
        _wrong_loop(update_thrown_away),
    ),
    (
        "starts-over-every-iteration",
        "Every iteration starts from the first layers again. From where should the second go on?",
        _wrong_loop(restart_every_iteration),
    ),
    (
        "starts-over-every-epoch",
        "Every epoch starts from the first layers again, and what was learned is lost. Which "
        "steps of the procedure are repeated, and which are done only once, before the loop?",
        _wrong_loop(restart_every_epoch),
    ),
    (
        "layer-by-layer-from-the-end",
        "The last layer is updated before the gradients of the others are computed. All of them "
        "belong to the same point: the parameters before the update.",
        _layer_by_layer(lambda n: range(n)[::-1]),
    ),
    (
        "layer-by-layer",
        "The first layer is updated before the gradients of the others are computed. All of them "
        "belong to the same point: the parameters before the update.",
        _layer_by_layer(range),
    ),
    (
        "gradients-accumulate",
        "From the second iteration on, the gradients of earlier ones are still in the sum. Each "
        "update uses the gradient of its own batch alone.",
        _wrong_loop(gradients_accumulate),
    ),
    (
        "momentum",
        "Part of the previous step is carried into the next: that is momentum, a method of its "
        "own. Here a step follows from the present gradient alone.",
        _wrong_loop(momentum),
    ),
    (
        "update-once-an-epoch",
        "The gradients of all batches are added up and applied at the end of the epoch. How often "
        "are the parameters to change in one epoch?",
        _wrong_loop(one_update_an_epoch),
    ),
    (
        "only-last-batch-updates",
        "Only the last batch of each epoch changes the parameters. Look at the indentation of the "
        "line that updates.",
        _wrong_loop(last_update_of_an_epoch),
    ),
    (
        "loss-after-update",
        "These are the losses after each update. The loss that belongs to an iteration is the one "
        "its gradient was computed with.",
        _wrong_loop(loss_after_update),
    ),
    (
        "last-loss-of-epoch",
        "There is one loss for each epoch: that of its last batch. One is asked for in every "
        "iteration.",
        _wrong_loop(loss_of_last_batch),
    ),
    (
        "mean-loss-of-epoch",
        "There is one loss for each epoch: the mean over its batches. One is asked for in every "
        "iteration.",
        _wrong_loop(loss_averaged),
    ),
    (
        "remainder-dropped",
        "The rows left over at the end of an epoch are never used. The last batch may be smaller "
        "than the others.",
        loop(without_remainder),
    ),
    (
        "batches-reversed",
        "The batches come in reverse. The first rows of X belong to the first batch.",
        loop(from_the_last),
    ),
    (
        "always-first-batch",
        "Every iteration uses the first rows. What must change in the slice from one batch to the "
        "next?",
        loop(always_the_first),
    ),
    (
        "whole-set-every-iteration",
        "The number of iterations is right, but each of them uses all samples. What does "
        "`loss_and_gradients` receive in your loop?",
        loop(always_the_set),
    ),
    (
        "targets-not-sliced-alike",
        "X moves on from batch to batch and Y does not: the samples meet the targets of others.",
        loop(targets_from_the_top),
    ),
    (
        "batch-size-as-number-of-batches",
        "batch_size is how many samples a batch has, not how many batches there are.",
        loop(batch_size_as_number),
    ),
    (
        "batches-overlap",
        "Consecutive batches share rows: the window moves on by one sample. By how many should it?",
        loop(sliding),
    ),
    (
        "epochs-as-iterations",
        "`epochs` counts passes over all samples, not updates: 100 samples in batches of 50 make "
        "two iterations an epoch.",
        _wrong_loop(epochs_as_iterations),
    ),
    (
        "loops-inside-out",
        "Each batch is repeated for all epochs before the next has its turn. Which loop is the "
        "outer one?",
        _wrong_loop(loops_inside_out),
    ),
    ("one-epoch-short", "One epoch is missing. Where does your range start?", _other_epochs(-1)),
    ("one-epoch-more", "There is one epoch too many. Where does your range end?", _other_epochs(1)),
)

STEP_MISCONCEPTIONS = (
    Misconception("ascent", LOOPS[0][1], ascent),
    Misconception("rate-ignored", LOOPS[1][1], rate_ignored),
    Misconception("biases-forgotten", LOOPS[3][1], biases_forgotten),
    Misconception(
        "rate-squared",
        "The learning rate is applied twice. It belongs in one place.",
        _each(lambda t, g, rate: t - g * rate * rate),
    ),
    Misconception(
        "rate-divides",
        "A smaller learning rate should make smaller steps; here it makes larger ones.",
        _each(lambda t, g, rate: t - g / rate),
    ),
    Misconception(
        "rate-on-everything",
        "The learning rate shrinks the parameter as well as its gradient. Look at the parentheses.",
        _each(lambda t, g, rate: (t - g) * rate),
    ),
    Misconception(
        "only-the-change",
        "This is the change alone. What is asked for is the parameter after it.",
        _each(lambda t, g, rate: -g * rate),
    ),
    Misconception(
        "gradient-returned",
        "This is the gradient times the learning rate. What becomes of the parameter that it "
        "belongs to?",
        _each(lambda t, g, rate: g * rate),
    ),
    Misconception(
        "step-times-parameter",
        "The change is proportional to the parameter itself, so one that is 0 could never learn.",
        _each(lambda t, g, rate: t * (1 - g * rate)),
    ),
)


def _network_with(
    change_loss: Callable[[Any, Any, Any], Any] = lambda loss, X, Y: loss,
    change_gradient: Callable[[Any, Any, Any], Any] = lambda g, X, Y: g,
) -> Callable[..., Any]:
    def with_activation(activation: str) -> Loss:
        def loss_and_gradients(X: Any, Y: Any, layers: Layers) -> tuple[Any, Layers]:
            loss, gradients = network_loss(activation)(X, Y, layers)
            changed = [
                (change_gradient(dW, X, Y), change_gradient(db, X, Y)) for dW, db in gradients
            ]
            return change_loss(loss, X, Y), changed

        return loss_and_gradients

    return on_network(train, with_activation)


def hidden_activation_on_output(activation: str) -> Loss:
    def loss_and_gradients(X: Any, Y: Any, layers: Layers) -> tuple[Any, Layers]:
        pairs = network.trace(X, layers, activation)
        z = pairs[-1][0]
        error = network.ACTIVATIONS[activation](z) - Y
        delta = error * network.activation_derivative(activation, z) / len(X)
        gradients = []
        for index in reversed(range(len(layers))):
            below = pairs[index - 1][1] if index else X
            gradients.append((below.T @ delta, delta.sum(axis=0)))
            if index:
                slope = network.activation_derivative(activation, pairs[index - 1][0])
                delta = (delta @ layers[index][0].T) * slope
        return (error * error).sum() / (2 * len(X)), gradients[::-1]

    return loss_and_gradients


FIT_MISCONCEPTIONS = (
    *(Misconception(id_, help_, on_network(wrong)) for id_, help_, wrong in LOOPS),
    Misconception(
        "activation-ignored",
        "Your network uses the sigmoid whatever `activation` says. Is it passed on to every "
        "function that needs it?",
        on_network(train, lambda activation: network_loss("sigmoid")),
    ),
    Misconception(
        "activation-on-output",
        "The last layer has an activation here. It should be linear.",
        on_network(train, hidden_activation_on_output),
    ),
    Misconception(
        "loss-without-half",
        "Your losses are twice as large. J has a factor in front of the sum that the mean of "
        "squares has not.",
        _network_with(lambda loss, X, Y: 2 * loss),
    ),
    Misconception(
        "mean-of-squares",
        "Losses and gradients are twice as large: they are those of the mean of squares, and J is "
        "half of it.",
        _network_with(lambda loss, X, Y: 2 * loss, lambda g, X, Y: 2 * g),
    ),
    Misconception(
        "gradient-of-sum",
        "The losses are means over the batch, but the gradients are sums: they belong to "
        "different functions.",
        _network_with(change_gradient=lambda g, X, Y: g * len(X)),
    ),
    Misconception(
        "loss-summed",
        "Loss and gradients grow with the number of samples. J is a mean over the batch.",
        _network_with(lambda loss, X, Y: loss * len(X), lambda g, X, Y: g * len(X)),
    ),
    Misconception(
        "mean-over-outputs",
        "The loss is divided by the number of outputs, too. J sums over outputs and takes the mean "
        "over samples only.",
        _network_with(lambda loss, X, Y: loss / Y.shape[1], lambda g, X, Y: g / Y.shape[1]),
    ),
)


EXERCISE = Exercise(
    id="exercise-5",
    title="The training loop",
    topic="Training",
    builds_on=("exercise-4",),
    functions=(
        Function(
            "sgd_step",
            "sgd_step(layers, gradients, learning_rate)",
            reference=sgd_step,
            witnesses=(
                symbolic.witness(symbolic.values_of(sgd_step)),
                Witness("torch", _step_in_torch),
                Witness("fractions", _step_in_fractions),
            ),
            misconceptions=STEP_MISCONCEPTIONS,
        ),
        Function(
            "train",
            "train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None)",
            reference=on_made_up_loss(train),
            witnesses=(
                Witness("sympy", _descent(_made_up(_bowl_slope_in_sympy))),
                Witness("finite differences", _descent(_made_up(_bowl_slope_by_differences))),
                Witness("torch", _in_torch(_made_up_in_torch)),
            ),
            misconceptions=tuple(
                Misconception(id_, help_, on_made_up_loss(wrong)) for id_, help_, wrong in LOOPS
            ),
            driver=train_on_made_up_loss,
        ),
        Function(
            "fit",
            'fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None)',
            reference=on_network(train),
            also_right=tuple(
                on_network(train, network_loss_in(forms)) for forms in network.OTHER_FORMS
            ),
            witnesses=(
                Witness("sympy", _descent(_network_in_sympy)),
                Witness("finite differences", _descent(_network_by_differences)),
                Witness("torch", _in_torch(_network_in_torch)),
            ),
            misconceptions=FIT_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("step-values", "one step: the formula", 1.0, Tier.VALUE, steps),
        Check("step-precision", "one step: all digits", 0.5, Tier.PRECISION, of="step-values"),
        Check("batches", "train: which rows in which iteration", 1.0, Tier.VALUE, which_rows),
        Check("updates", "train: every update, on the whole set", 1.0, Tier.VALUE, whole_set),
        Check("trajectory", "train: losses and layers, with batches", 1.5, Tier.VALUE, everything),
        Check("trajectory-precision", "train: all digits", 0.5, Tier.PRECISION, of="trajectory"),
        Check("batch-sizes", "train: any batch size", 0.5, Tier.INTERFACE, batch_sizes),
        Check("fit-values", "fit: losses and layers", 2.0, Tier.VALUE, networks),
        Check("fit-precision", "fit: all digits", 0.5, Tier.PRECISION, of="fit-values"),
        Check("forms", "any depth, integers, arrays of any layout", 1.0, Tier.INTERFACE, forms),
        Check("purity", "layers unchanged, same answer again", 0.5, Tier.PURITY, again),
    ),
    hints=(
        "A step goes against the gradient: build a new list with one new pair for every layer. "
        "`W - ...` makes a new array, `W -= ...` changes the caller's.",
        "Two loops, one inside the other: epochs outside, batches inside. `range(0, m, size)` "
        "gives the row where each batch starts; a slice that runs past the end is only shorter.",
        "One iteration in this order: loss and gradients of this batch at the present layers; "
        "note the loss; then the step. Keep what the step gives back for the next iteration.",
        "`batch_size=None` means as many rows as X has. Settle that once, before the loops.",
        "`fit` is `train` with a loss of your own: a small function inside `fit` that gives "
        "(J, gradients) for a batch and knows the activation from around it.",
    ),
)
