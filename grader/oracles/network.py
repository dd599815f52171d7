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

import numpy as np

from grader.model import Array

if TYPE_CHECKING:
    import torch

Layers = Sequence[tuple[Any, Any]]


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
