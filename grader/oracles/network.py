"""The network of exercises 3 to 5, as every oracle runs it.

Formulas in NumPy style over any numbers: floats, Tracked, mpmath or sympy ones. A layer is a
pair (W, b), W (n, l) and b (l,); its preactivation is X @ W + b; hidden layers use the named
activation, the last layer is linear. Gradients by the chain rule as in Goodfellow, Bengio,
Courville, Deep Learning (2016), algorithms 6.3 and 6.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from grader.model import Array, Tree, Witness
from grader.oracles import symbolic
from grader.trees import map_leaves

if TYPE_CHECKING:
    import torch

Layers = Sequence[tuple[Any, Any]]
Form = tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]
"""An activation as somebody may write it: the function of z, and its slope from z and a."""


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def sigmoid_by_tanh(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * z))


_relu = np.frompyfunc(lambda t: t.relu() if hasattr(t, "relu") else max(t, 0.0), 1, 1)
_is_positive = np.frompyfunc(lambda t: 1.0 if t > 0 else 0.0, 1, 1)


def relu(z: Any) -> Any:
    return _relu(z)


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": relu}


def activation_derivative(name: str, z: Any) -> Any:
    """The derivative of the named activation at the preactivation z."""
    if name == "sigmoid":
        s = sigmoid(z)
        return s * (1 - s)
    if name == "tanh":
        t = np.tanh(z)
        return 1 - t * t
    return _is_positive(z)


def trace(X: Any, layers: Layers, activation: str = "sigmoid") -> list[tuple[Any, Any]]:
    """(preactivation, activation) of every layer, each (m, l); equal for the last."""
    pairs = []
    h = X
    for index, (W, b) in enumerate(layers):
        z = h @ W + b
        h = z if index == len(layers) - 1 else ACTIVATIONS[activation](z)
        pairs.append((z, h))
    return pairs


def forward(X: Any, layers: Layers, activation: str = "sigmoid") -> Any:
    """The prediction, (m, outputs)."""
    return trace(X, layers, activation)[-1][1]


def loss(X: Any, Y: Any, layers: Layers, activation: str = "sigmoid") -> Any:
    """J = 1/(2m) sum of (prediction - Y)^2 over samples and outputs."""
    error = forward(X, layers, activation) - Y
    return (error * error).sum() / (2 * len(X))


def backward(
    X: Any, Y: Any, layers: Layers, activation: str = "sigmoid"
) -> list[tuple[Array, Array]]:
    """The gradient of `loss`: one (dW, db) for every layer."""
    pairs = trace(X, layers, activation)
    delta = (pairs[-1][1] - Y) / len(X)
    gradients = []
    for index in reversed(range(len(layers))):
        below = X if index == 0 else pairs[index - 1][1]
        gradients.append((below.T @ delta, delta.sum(axis=0)))
        if index:
            W = layers[index][0]
            delta = (delta @ W.T) * activation_derivative(activation, pairs[index - 1][0])
    return gradients[::-1]


# --- other right ways to the same gradient ------------------------------------------------------


def _tanh_by_exponentials(z: Any) -> Any:
    up, down = np.exp(z), np.exp(-z)
    return (up - down) / (up + down)


# What one form loses near 0 or far out, another does not; together they are the envelope.
OTHER_FORMS: tuple[dict[str, Form], ...] = (
    {
        "sigmoid": (sigmoid_by_tanh, lambda z, a: a * (1 - a)),
        "tanh": (_tanh_by_exponentials, lambda z, a: 1 - a * a),
        "relu": (relu, lambda z, a: _is_positive(a)),
    },
    {
        "sigmoid": (
            lambda z: np.exp(z) / (1 + np.exp(z)),
            lambda z, a: np.exp(-z) / ((1 + np.exp(-z)) * (1 + np.exp(-z))),
        ),
        "tanh": (
            lambda z: 2 * sigmoid(2 * z) - 1,
            lambda z, a: 4 / ((np.exp(z) + np.exp(-z)) * (np.exp(z) + np.exp(-z))),
        ),
        "relu": (relu, lambda z, a: _is_positive(z)),
    },
)


def backward_divided_last(
    X: Any,
    Y: Any,
    layers: Layers,
    activation: str = "sigmoid",
    *,
    forms: dict[str, Form] = OTHER_FORMS[0],
) -> list[tuple[Array, Array]]:
    """`backward` as it comes out sample by sample: undivided errors are passed back, and only
    the finished sums are divided by the number of samples."""
    function, slope = forms[activation]
    h, below, preactivations = X, [], []
    for index, (W, b) in enumerate(layers):
        z = h @ W + b
        below.append(h)
        preactivations.append(z)
        h = z if index == len(layers) - 1 else function(z)
    delta, gradients = h - Y, []
    for index in reversed(range(len(layers))):
        gradients.append((below[index].T @ delta / len(X), delta.sum(axis=0) / len(X)))
        if index:
            delta = (delta @ layers[index][0].T) * slope(preactivations[index - 1], below[index])
    return gradients[::-1]


# --- by sympy, from the loss alone --------------------------------------------------------------


def parameters(X: Any, Y: Any, layers: Layers, activation: str = "sigmoid") -> Layers:
    """Out of the arguments of `loss`, what `backward` differentiates by."""
    return layers


_sample_gradient = symbolic.gradient(loss, parameters)


def sample_gradients(X: Any, Y: Any, layers: Layers, activation: str = "sigmoid") -> list[Tree]:
    """sympy's gradient of `loss` for each sample by itself, in trees of mpmath numbers.

    One sample's expression is small, and differentiating it once serves batches of every size.
    """
    pairs = [(W, b) for W, b in layers]  # the same structure always: it is compiled once
    return [_sample_gradient(X[i : i + 1], Y[i : i + 1], pairs, activation) for i in range(len(X))]


def _mean_of_samples(
    X: Any, Y: Any, layers: Layers, activation: str = "sigmoid"
) -> tuple[Tree, Tree]:
    each = sample_gradients(X, Y, layers, activation)
    mean = map_leaves(lambda *rows: sum(rows) / len(rows), *each)
    # sympy's digits agree to 1e-32 of every sample's share, however much of it cancels.
    bound = map_leaves(
        lambda *rows: sum(map(abs, rows)) * (mpmath.mpf(10) ** -28 / len(rows)), *each
    )
    return mean, bound


symbolic_gradient = Witness("sympy", _mean_of_samples)
"""What sympy says `backward` should be: J is a mean over samples, so its gradient is the mean
of the gradients of one sample's loss."""


# --- in torch, written with torch's own operations --------------------------------------------


def torch_trace(X: Any, layers: Layers, activation: str = "sigmoid") -> list[tuple[Any, Any]]:
    """`trace` on tensors."""
    import torch

    functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
    pairs = []
    h = X
    for index, (W, b) in enumerate(layers):
        z = torch.nn.functional.linear(h, W.T, b)
        h = z if index == len(layers) - 1 else functions[activation](z)
        pairs.append((z, h))
    return pairs


def torch_loss(X: Any, Y: Any, layers: Layers, activation: str = "sigmoid") -> torch.Tensor:
    """`loss` on tensors."""
    import torch

    prediction = torch_trace(X, layers, activation)[-1][1]
    return torch.nn.functional.mse_loss(prediction, Y, reduction="sum") / (2 * len(X))


# --- sizes and data for cases -----------------------------------------------------------------


def draw_layers(rng: np.random.Generator, sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """Layers of the given sizes (inputs, hidden ..., outputs), with weights a learner could
    type: three decimals, no two signs or magnitudes alike, no bias near 0."""
    return [
        (decimals(rng.normal(size=(n, m)) * 0.9), away_from_zero(rng, (m,)))
        for n, m in pairwise(sizes)
    ]


def decimals(x: Any, places: int = 3) -> Array:
    """Rounded to a few decimals, so that a shown call can be typed again exactly."""
    return np.round(np.asarray(x, dtype=np.float64), places)


def away_from_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Numbers of both signs with magnitudes between 0.25 and 1.5."""
    return decimals(rng.uniform(0.25, 1.5, shape) * rng.choice([-1.0, 1.0], shape))
