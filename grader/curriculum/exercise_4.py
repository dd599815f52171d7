"""Backpropagation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath
import numpy as np

from grader.model import (
    Array,
    Case,
    Check,
    Exercise,
    Function,
    GraderError,
    Misconception,
    Tier,
    Witness,
)
from grader.oracles import cuda, finite_difference, network, symbolic, torch_reference
from grader.oracles.network import Layers, away_from_zero, decimals, draw_layers
from grader.oracles.tracked import Tracked

Gradients = list[tuple[Any, Any]]
Pairs = list[tuple[Any, Any]]

# --- what is right ----------------------------------------------------------------------------


def mse_loss(prediction: Any, target: Any) -> Any:
    error = prediction - target
    return (error * error).sum() / (2 * len(prediction))


def mse_loss_by_mean(prediction: Any, target: Any) -> Any:
    """Powers, and a mean over all entries put right afterwards."""
    return ((prediction - target) ** 2).mean() * prediction.shape[1] / 2


def mse_loss_by_norm(prediction: Any, target: Any) -> Any:
    error = prediction - target
    length = np.sqrt((error * error).sum())
    return length**2 / len(prediction) / 2


def mse_loss_expanded(prediction: Any, target: Any) -> Any:
    """The square multiplied out: its terms are larger than their sum."""
    terms = prediction * prediction - 2 * prediction * target + target * target
    return terms.sum() / (2 * len(prediction))


def mse_loss_in_torch(prediction: Any, target: Any) -> Any:
    import torch

    summed = torch.nn.functional.mse_loss(prediction, target, reduction="sum")
    return summed / (2 * len(prediction))


def mse_loss_in_fractions(prediction: Array, target: Array) -> tuple[Any, Any]:
    """Without any rounding, entry by entry."""
    total = sum(
        (Fraction(p) - Fraction(y)) ** 2
        for p, y in zip(prediction.ravel().tolist(), target.ravel().tolist(), strict=True)
    )
    exact = Fraction(total) / (2 * len(prediction))
    value = mpmath.mpf(exact.numerator) / exact.denominator
    return np.asarray(value, dtype=object), np.asarray(0, dtype=object)


# --- cases ------------------------------------------------------------------------------------


def data(rng: np.random.Generator, *shape: int) -> Array:
    return decimals(rng.uniform(0.2, 2.0, shape) * rng.choice([-1.0, 1.0], shape), 2)


def losses(rng: np.random.Generator) -> list[Case]:
    def case(m: int, outputs: int, id_: str, size: float = 1) -> Case:
        prediction = data(rng, m, outputs)
        # Differences of both signs, none of them small.
        target = decimals(prediction - size * away_from_zero(rng, (m, outputs)))
        return Case("mse_loss", (prediction, target), id=id_)

    return [
        case(3, 1, "3 samples, one output"),
        case(2, 3, "2 samples, 3 outputs"),
        case(5, 4, "5 samples, 4 outputs"),
        case(2, 2, "far off", size=100),
    ]


def example(
    rng: np.random.Generator, m: int, sizes: Sequence[int], activation: str = "sigmoid"
) -> tuple[Array, Array, Layers]:
    """X, Y and layers that tell: no unit is asleep, none the same for every sample."""
    for _ in range(2000):
        X, layers = data(rng, m, sizes[0]), draw_layers(rng, sizes)
        pairs = network.trace(X, layers, activation)
        Y = decimals(pairs[-1][0] - away_from_zero(rng, pairs[-1][0].shape))
        if activation == "relu":
            # Every unit is on for some samples and off for others: where it is always off
            # mistakes cannot be told apart, and where it is always on its slope is not seen.
            # The outputs have both signs, too, for those who activate them.
            fine = all(
                np.all((z > 0).any(axis=0) & (z < 0).any(axis=0)) and np.all(np.abs(z) > 0.02)
                for z, _ in pairs
            )
        else:
            # Where a unit is saturated for all samples, its slope is as good as 0.
            fine = all(np.all(np.abs(z).min(axis=0) < 1.5) for z, _ in pairs[:-1])
        # Square weights that are nearly symmetric do not tell whether they were transposed.
        fine = fine and all(
            n != m or n == 1 or np.max(np.abs(W - W.T)) > 0.3
            for W, _ in layers
            for n, m in [W.shape]
        )
        if fine and all(
            np.all(np.abs(leaf) > 1e-4)
            for pair in network.backward(X, Y, layers, activation)
            for leaf in pair
        ):
            return X, Y, layers
    raise GraderError(f"no telling network of sizes {sizes} in 2000 draws")


def _backward(
    rng: np.random.Generator, m: int, sizes: Sequence[int], activation: str | None, id_: str
) -> Case:
    """`activation=None`: not passed, so that the default counts."""
    arguments = example(rng, m, sizes, activation or "sigmoid")
    named = {"activation": activation} if activation else {}
    return Case("backward", arguments, named, id=id_)


def saturated(rng: np.random.Generator, activation: str) -> Case:
    """Preactivations up to 25: beyond where many cut an activation off. In between there are
    some where every unit has a slope."""
    x = decimals(rng.uniform(2, 3), 2)
    X = np.array([[x], [-x], [0.1 * x], [-0.25 * x]])
    first = decimals(np.array([[24, -17]]) / x, 2), away_from_zero(rng, (2,)) / 2
    last = away_from_zero(rng, (2, 1)), away_from_zero(rng, (1,))
    Y = decimals(network.forward(X, [first, last], activation) - away_from_zero(rng, (4, 1)))
    named = {"activation": activation}
    id_ = f"{activation}, preactivations up to 25"
    return Case("backward", (X, Y.astype(float), [first, last]), named, id=id_)


def cut_off(rng: np.random.Generator) -> Case:
    """Preactivations of tanh a little beyond 5, 7, 10 and 12, where it is cut off by some. Only
    the last digits show that, so this belongs to a check that one of precision follows: beside
    the first sample, the one with a slope, the errors of the others are small."""
    z = np.array([[0.8], [5.6], [-7.5], [10.5], [-13.0]])

    def one(low: float, top: float) -> Array:
        return decimals(rng.uniform(low, top, 1) * rng.choice([-1.0, 1.0]), 2)

    w, b = decimals(rng.uniform(1, 2, (1, 1)), 1), one(0.1, 0.2)
    X = decimals((z - b) / w, 2)
    layers = [(w, b), (one(0.6, 1)[:, None], one(0.1, 0.3)), (one(0.6, 1)[:, None], one(0.1, 0.3))]
    error = np.sign(z) * np.vstack([[[1.5]], rng.uniform(0.2, 0.35, (4, 1))])
    Y = decimals(network.forward(X, layers, "tanh") - error)
    return Case("backward", (X, Y, layers), {"activation": "tanh"}, id="tanh, cut off nowhere")


def one_layer(rng: np.random.Generator) -> list[Case]:
    return [
        _backward(rng, 3, (2, 1), None, "one layer, one output"),
        _backward(rng, 4, (2, 3), None, "one layer, 3 outputs"),
    ]


def hidden_layer(rng: np.random.Generator) -> list[Case]:
    return [
        _backward(rng, 4, (2, 3, 1), "sigmoid", "one hidden layer"),
        # Square weights: what else only shows in a shape shows in the numbers here.
        _backward(rng, 3, (2, 2, 2), "sigmoid", "2 inputs, 2 hidden units, 2 outputs"),
        saturated(rng, "sigmoid"),
    ]


def inner_relu(rng: np.random.Generator) -> tuple[Array, Array, Layers]:
    """Where the one unit of the first layer is off, something of the second is on: that it was
    off has to be known on the way back."""
    while True:
        X, Y, layers = example(rng, 6, (2, 1, 2, 1), "relu")
        W, b = layers[1]
        if np.any((b > 0) & (np.abs(W[0]) > 0.2)) and np.abs(layers[2][0]).min() > 0.2:
            return X, Y, layers


def other_activations(rng: np.random.Generator) -> list[Case]:
    return [
        _backward(rng, 4, (1, 2, 3), "tanh", "tanh"),
        _backward(rng, 4, (3, 2, 1), "relu", "relu"),
        Case("backward", inner_relu(rng), {"activation": "relu"}, id="relu, three layers"),
        saturated(rng, "tanh"),
        saturated(rng, "relu"),
    ]


def deep(rng: np.random.Generator) -> list[Case]:
    return [
        _backward(rng, 4, (1, 2, 3, 1), "sigmoid", "three layers"),
        _backward(rng, 2, (1, 3, 2, 1, 2), "tanh", "four layers"),
        cut_off(rng),
    ]


def loss_forms(rng: np.random.Generator) -> list[Case]:
    numbers = rng.choice([-3, -2, -1, 1, 2], (2, 3)), rng.choice([-5, -4, 3, 4], (2, 3))
    wide, tall = data(rng, 6, 4), data(rng, 4, 6)
    return [
        Case("mse_loss", numbers, id="integers"),
        Case("mse_loss", (wide[:2, ::3], tall.T[::-1][:2, 1:3]), id="views"),
        Case("mse_loss", (data(rng, 1, 3), data(rng, 1, 3)), id="one sample"),
        Case("mse_loss", (data(rng, 1, 1), data(rng, 1, 1)), id="one number"),
        Case("mse_loss", (data(rng, 33, 1), data(rng, 33, 1)), id="33 samples"),
    ]


def integers(rng: np.random.Generator) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """A layer and samples in whole numbers, whose gradients are none: arrays made like the
    integer weights would cut them off."""
    while True:
        W, b = rng.choice([-3, -2, -1, 1, 2, 3], (2, 2)), rng.choice([-2, -1, 1, 2], 2)
        X, Y = rng.choice([-3, -2, -1, 1, 2], (3, 2)), rng.choice([-4, -3, 3, 4], (3, 2))
        error = X @ W + b - Y
        if np.any(X.T @ error % len(X)) and np.any(error.sum(axis=0) % len(X)):
            return (W, b), (X, Y)


def forms(rng: np.random.Generator) -> list[Case]:
    """Integers, views of other arrays, single samples."""
    wide, tall = data(rng, 6, 4), data(rng, 4, 6)
    W, b = draw_layers(rng, (2, 3))[0]
    V, c = draw_layers(rng, (3, 2))[0]
    one = example(rng, 1, (2, 3, 1), "tanh")
    two = draw_layers(rng, (1, 2, 1))
    three = draw_layers(rng, (2, 1))
    whole, numbers = integers(rng)
    X, Y, layers = example(rng, 3, (2, 3, 1))
    near = network.forward(X, layers).astype(float) - 1e-4 * away_from_zero(rng, Y.shape)
    return [
        Case("backward", (*numbers, [whole]), id="integers everywhere"),
        Case("backward", (*numbers, [whole, whole]), id="integers, two layers"),
        Case("backward", (X, decimals(Y - 100, 3), layers), id="far from the target"),
        Case("backward", (X, decimals(near, 8), layers), id="close to the target"),
        Case("backward", (data(rng, 33, 2), data(rng, 33, 1), three), id="33 samples"),
        Case(
            "backward",
            (numbers[0], numbers[1][:, :1], draw_layers(rng, (2, 1, 1)), "tanh"),
            id="activation by position",
        ),
        Case("backward", one, {"activation": "tanh"}, id="one sample"),
        Case(
            "backward",
            (wide[::2, ::2], tall.T[1::2, ::-2], [(W[:, ::-1], b[::-1]), (V.T.copy().T, c)]),
            id="views",
        ),
        Case("backward", (wide[::-2, :1], np.asfortranarray(wide)[:3, 3:], two), id="one feature"),
        Case("backward", (wide[:1, :2], tall[:1, :1], three), id="one sample, one layer"),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    """Some calls share all arguments but one with another: what is kept of that one is not the
    answer."""
    prediction, column = data(rng, 2, 3), data(rng, 3, 1)
    (X, Y, layers), (X2, Y2, layers2) = (example(rng, 3, (2, 3, 1)) for _ in range(2))
    return [
        Case("mse_loss", (prediction, data(rng, 2, 3))),
        Case("mse_loss", (prediction, data(rng, 2, 3))),
        Case("mse_loss", (column, data(rng, 3, 1))),
        Case("backward", (X, Y, layers)),
        Case("backward", (X2, Y, layers)),
        Case("backward", (X, Y2, layers)),
        Case("backward", (X, Y, layers2)),
        Case("backward", (X, Y, layers), {"activation": "tanh"}),
        _backward(rng, 3, (2, 1), None, ""),
        _backward(rng, 3, (1, 2, 1), "relu", ""),
    ]


# --- what is misunderstood: the loss ------------------------------------------------------------


def _sum_of_squares(prediction: Any, target: Any) -> Any:
    return ((prediction - target) ** 2).sum()


LOSS_MISCONCEPTIONS = (
    Misconception(
        "loss-without-half",
        "This is twice J. Look for the factor in front of the sum that has nothing to do with the "
        "number of samples.",
        lambda p, y: _sum_of_squares(p, y) / len(p),
    ),
    Misconception(
        "loss-not-averaged",
        "Your loss grows with the number of samples. Give every sample twice: J should stay as "
        "it is.",
        lambda p, y: _sum_of_squares(p, y) / 2,
    ),
    Misconception(
        "loss-sum-of-squares",
        "The squares are added up, and that is where it stops. What is J divided by?",
        _sum_of_squares,
    ),
    Misconception(
        "loss-mean-over-entries",
        "The division is by the number of entries. m counts the samples only; the outputs of a "
        "sample are summed.",
        lambda p, y: _sum_of_squares(p, y) / (2 * p.size),
    ),
    Misconception(
        "loss-mean-of-squares",
        "This is the mean of all squares. J has another factor in front, and it divides by the "
        "number of samples, not of entries.",
        lambda p, y: _sum_of_squares(p, y) / p.size,
    ),
    Misconception(
        "loss-divided-by-outputs",
        "You divide by the number of columns. Which axis of the prediction are the samples?",
        lambda p, y: _sum_of_squares(p, y) / (2 * p.shape[1]),
    ),
    Misconception(
        "loss-precedence",
        "Python reads `1 / 2 * m` from the left: half, and then times m. What should stand under "
        "the fraction bar?",
        lambda p, y: _sum_of_squares(p, y) * len(p) / 2,
    ),
    Misconception(
        "loss-not-squared",
        "The differences are added up without being squared, so that an error above and one below "
        "cancel.",
        lambda p, y: (p - y).sum() / (2 * len(p)),
    ),
    Misconception(
        "loss-bare-difference",
        "y − ŷ can fall for ever: the further above the target, the better. A loss needs a "
        "smallest value where both agree, and it is one number.",
        lambda p, y: y - p,
    ),
    Misconception(
        "loss-absolute",
        "These are absolute differences. The error is squared in J, which makes large ones count "
        "more.",
        lambda p, y: np.abs(p - y).sum() / (2 * len(p)),
    ),
    Misconception(
        "loss-square-of-sum",
        "The errors are added first and squared afterwards, so that they can cancel. In which "
        "order does the formula do it?",
        lambda p, y: (p - y).sum() ** 2 / (2 * len(p)),
    ),
    Misconception(
        "loss-root",
        "You take a square root at the end; J is the sum of squares before any root.",
        lambda p, y: np.sqrt(_sum_of_squares(p, y) / (2 * len(p))),
    ),
    Misconception(
        "loss-root-of-mean",
        "This is the root of the mean square. J takes no root, and its factor is another one.",
        lambda p, y: np.sqrt(_sum_of_squares(p, y) / p.size),
    ),
    Misconception(
        "loss-negated",
        "A sum of squares cannot be negative. Where does the minus come from?",
        lambda p, y: -mse_loss(p, y),
    ),
    Misconception(
        "loss-added",
        "Prediction and target are added. The error is how far they are apart.",
        lambda p, y: mse_loss(p, -y),
    ),
    Misconception(
        "loss-per-entry",
        "This is still a whole array. J is one number: what sign in the formula is missing?",
        lambda p, y: (p - y) ** 2 / (2 * len(p)),
    ),
    Misconception(
        "loss-per-sample",
        "Every sample has a loss of its own here. J takes all of them together.",
        lambda p, y: ((p - y) ** 2).sum(axis=1) / 2,
    ),
    Misconception(
        "loss-per-output",
        "Every output has a loss of its own here. J sums over the outputs, too.",
        lambda p, y: ((p - y) ** 2).sum(axis=0) / (2 * len(p)),
    ),
    Misconception(
        "loss-broadcast",
        "Every prediction is compared with every target: an array (m,) minus an array (m, 1) is "
        "(m, m). Print the shape of the difference.",
        lambda p, y: ((p.ravel() - y) ** 2).sum() / (2 * len(p)),
    ),
)


# --- what is misunderstood: the gradient --------------------------------------------------------


def right_error(prediction: Any, Y: Any) -> Any:
    return (prediction - Y) / len(Y)


def right_pass(delta: Any, layers: Layers, index: int) -> Any:
    return delta @ layers[index][0].T


def right_slope(activation: str, pairs: Pairs, index: int) -> Any:
    return network.activation_derivative(activation, pairs[index - 1][0])


def right_input(X: Any, pairs: Pairs, index: int) -> Any:
    return pairs[index - 1][1] if index else X


def backpropagate(
    X: Any,
    Y: Any,
    layers: Layers,
    activation: str = "sigmoid",
    *,
    trace: Callable[..., Pairs] = network.trace,
    error: Callable[[Any, Any], Any] = right_error,
    output_slope: Callable[[str, Any], Any] | None = None,
    passed: Callable[[Any, Layers, int], Any] = right_pass,
    slope: Callable[[str, Pairs, int], Any] = right_slope,
    below: Callable[[Any, Pairs, int], Any] = right_input,
    weights: Callable[[Any, Any], Any] = lambda below, delta: below.T @ delta,
    biases: Callable[[Any], Any] = lambda delta: delta.sum(axis=0),
) -> Gradients:
    """`network.backward` with its parts exchangeable: with another part, it is wrong there."""
    pairs = trace(X, layers, activation)
    delta = error(pairs[-1][1], Y)
    if output_slope:
        delta = delta * output_slope(activation, pairs[-1][0])
    gradients = []
    for index in reversed(range(len(layers))):
        gradients.append((weights(below(X, pairs, index), delta), biases(delta)))
        if index:
            delta = passed(delta, layers, index) * slope(activation, pairs, index)
    return gradients[::-1]


def _scaled(factor: Callable[[int, int], Any]) -> Callable[..., Gradients]:
    """The gradient times `factor(samples, outputs)`; Tracked, because a quotient of plain
    numbers would be rounded before it is used."""

    def gradient(X: Any, Y: Any, layers: Layers, activation: str = "sigmoid") -> Gradients:
        by = factor(len(X), Y.shape[1])
        return [(dW * by, db * by) for dW, db in network.backward(X, Y, layers, activation)]

    return gradient


def _slope_of(rule: Callable[[str, Any, Any], Any]) -> Callable[..., Gradients]:
    """Backpropagation with `rule(activation, z, a)` for the slope of a hidden unit."""
    return partial(backpropagate, slope=lambda name, pairs, index: rule(name, *pairs[index - 1]))


def _instead(**by_name: Callable[[Any, Any], Any]) -> Callable[..., Gradients]:
    """Another slope, from z and a, for the activations that are named."""

    def rule(name: str, z: Any, a: Any) -> Any:
        return by_name[name](z, a) if name in by_name else network.activation_derivative(name, z)

    return _slope_of(rule)


def activated_everywhere(X: Any, layers: Layers, activation: str) -> Pairs:
    pairs = network.trace(X, layers, activation)
    return [*pairs[:-1], (pairs[-1][0], network.ACTIVATIONS[activation](pairs[-1][0]))]


def never_activated(X: Any, layers: Layers, activation: str) -> Pairs:
    pairs: Pairs = []
    for W, b in layers:
        z = (pairs[-1][1] if pairs else X) @ W + b
        pairs.append((z, z))
    return pairs


def without_biases(X: Any, layers: Layers, activation: str) -> Pairs:
    return network.trace(X, [(W, 0 * b) for W, b in layers], activation)


def raw_error_passed_back(X: Any, Y: Any, layers: Layers, activation: str = "sigmoid") -> Gradients:
    """Two things with one name: what goes down has not met the slopes on its way."""
    pairs = network.trace(X, layers, activation)
    error = delta = right_error(pairs[-1][1], Y)
    gradients = []
    for index in reversed(range(len(layers))):
        gradients.append((right_input(X, pairs, index).T @ delta, delta.sum(axis=0)))
        if index:
            error = right_pass(error, layers, index)
            delta = error * right_slope(activation, pairs, index)
    return gradients[::-1]


def _after(change: Callable[[Gradients], Any]) -> Callable[..., Any]:
    """The right gradients, handed back in a wrong way."""
    return lambda *args, **kwargs: change(network.backward(*args, **kwargs))


BACKWARD_MISCONCEPTIONS = (
    # The error at the output, and the factor in front.
    Misconception(
        "gradient-sign",
        "Every entry has the right size and the wrong sign. Differentiate (ŷ − y)² by ŷ: which of "
        "the two comes with the minus?",
        _scaled(lambda m, k: -1),
    ),
    Misconception(
        "gradient-not-averaged",
        "Your gradient grows with the number of samples; J is a mean over them.",
        _scaled(lambda m, k: m),
    ),
    Misconception(
        "gradient-averaged-twice",
        "The gradient is divided by the number of samples twice. Follow m from the error at the "
        "output to the sums over the batch: where does it belong?",
        _scaled(lambda m, k: 1 / Tracked(m)),
    ),
    Misconception(
        "gradient-mean-over-entries",
        "This is divided by the number of outputs, too. m in J counts the samples only.",
        _scaled(lambda m, k: 1 / Tracked(k)),
    ),
    Misconception(
        "gradient-without-half",
        "This is twice the gradient of J: the ½ in front of the sum is there to meet the 2 that a "
        "square leaves behind.",
        _scaled(lambda m, k: 2),
    ),
    Misconception(
        "gradient-half-left",
        "This is half of the gradient. What does a square leave behind when you differentiate it?",
        _scaled(lambda m, k: 0.5),
    ),
    Misconception(
        "gradient-of-mean-of-squares",
        "This is the gradient of the mean of all squares, as libraries define it. J has a factor "
        "of its own and divides by the number of samples only.",
        _scaled(lambda m, k: 2 / Tracked(k)),
    ),
    Misconception(
        "gradient-of-sum-of-squares",
        "This is the gradient of the plain sum of squares. What stands before the sum in J?",
        _scaled(lambda m, k: 2 * m),
    ),
    Misconception(
        "loss-not-differentiated",
        "The squared error itself is passed back. What goes backwards is the derivative of the "
        "loss by the prediction.",
        partial(backpropagate, error=lambda p, Y: (p - Y) ** 2 / (2 * len(Y))),
    ),
    Misconception(
        "slope-on-output",
        "The error at the output is multiplied by the slope of the activation. Which activation "
        "has the last layer?",
        partial(backpropagate, output_slope=network.activation_derivative),
    ),
    Misconception(
        "slope-of-prediction",
        "The error at the output is multiplied by a slope worked out from the prediction, as for a "
        "sigmoid at the end. The last layer is linear.",
        partial(backpropagate, error=lambda p, Y: right_error(p, Y) * p * (1 - p)),
    ),
    Misconception(
        "activation-on-output",
        "Your network activates its last layer, forwards and backwards. The last layer is linear.",
        partial(
            backpropagate,
            trace=activated_everywhere,
            output_slope=network.activation_derivative,
        ),
    ),
    Misconception(
        "activation-on-prediction",
        "The forward pass puts the prediction through the activation. The last layer is linear.",
        partial(backpropagate, trace=activated_everywhere),
    ),
    # The slope of the hidden units.
    Misconception(
        "slope-missing",
        "An error that goes back through a hidden layer meets its activation there. By what is it "
        "multiplied?",
        _slope_of(lambda name, z, a: 1),
    ),
    Misconception(
        "slope-at-activation",
        "The slope is taken at the output of the activation. It belongs to the point where the "
        "activation was applied.",
        _slope_of(lambda name, z, a: network.activation_derivative(name, a)),
    ),
    Misconception(
        "slope-rule-on-preactivation",
        "A rule such as a·(1 − a) is about the output of the activation. What do you put in for a?",
        _instead(sigmoid=lambda z, a: z * (1 - z), tanh=lambda z, a: 1 - z * z),
    ),
    Misconception(
        "slope-of-sigmoid",
        "The slope is that of the sigmoid whatever `activation` says.",
        _slope_of(lambda name, z, a: network.activation_derivative("sigmoid", z)),
    ),
    Misconception(
        "slope-rule-of-sigmoid",
        "a·(1 − a) gives the slope of the sigmoid. Your other activations use it as well; each has "
        "a rule of its own.",
        _slope_of(lambda name, z, a: a * (1 - a)),
    ),
    Misconception(
        "slope-of-tanh-without-square",
        "The slope of tanh is not quite what you have. Try it at a large z of either sign, where "
        "the curve is flat.",
        _instead(tanh=lambda z, a: 1 - a),
    ),
    Misconception(
        "slope-of-relu-is-relu",
        "For relu, its value stands where its slope should be. How steep is the line above 0?",
        _instead(relu=lambda z, a: a),
    ),
    Misconception(
        "slope-of-relu-ignored",
        "For relu, the error passes as if the slope were 1 everywhere. What happened to the units "
        "whose preactivation is below 0?",
        _instead(relu=lambda z, a: 1),
    ),
    Misconception(
        "slope-of-next-layer",
        "The slope is taken at the preactivation of the wrong layer. At which layer has the error "
        "arrived once it has gone through the weights?",
        partial(
            backpropagate,
            slope=lambda name, pairs, index: network.activation_derivative(name, pairs[index][0]),
        ),
    ),
    # The way back through the weights.
    Misconception(
        "raw-error-passed-on",
        "Within a layer you use the slope, but the error that goes on to the layer before is the "
        "one without it. The chain keeps every factor.",
        raw_error_passed_back,
    ),
    Misconception(
        "weights-not-transposed",
        "The error goes back through the weights as they stand. Forwards, rows are inputs; which "
        "way round are they on the way back?",
        partial(backpropagate, passed=lambda delta, layers, index: delta @ layers[index][0]),
    ),
    Misconception(
        "weights-of-wrong-layer",
        "The error goes back through the weights of the wrong layer. Between which two layers does "
        "each W stand?",
        partial(backpropagate, passed=lambda delta, layers, index: delta @ layers[index - 1][0].T),
    ),
    Misconception(
        "averaged-in-every-layer",
        "The error is divided by the number of samples again in every layer that it passes. Once "
        "is enough.",
        partial(
            backpropagate,
            passed=lambda delta, layers, index: right_pass(delta, layers, index) / len(delta),
        ),
    ),
    # From the error of a layer to dW and db.
    Misconception(
        "weight-gradient-transposed",
        "dW is turned over: rows are inputs and columns are outputs, as in W.",
        _after(lambda gradients: [(dW.T, db) for dW, db in gradients]),
    ),
    Misconception(
        "preactivation-as-input",
        "dW is made with the preactivations of the layer before. What did this layer receive in "
        "the forward pass?",
        partial(backpropagate, below=lambda X, pairs, index: pairs[index - 1][0] if index else X),
    ),
    Misconception(
        "output-as-input",
        "dW is made with what the layer gives. How much a weight counts depends on what it "
        "multiplies: what the layer receives.",
        partial(backpropagate, below=lambda X, pairs, index: pairs[index][1]),
    ),
    Misconception(
        "first-input-everywhere",
        "dW of every layer is made with X. Only the first layer receives X.",
        partial(backpropagate, below=lambda X, pairs, index: X),
    ),
    Misconception(
        "bias-averaged",
        "The weights' gradient is right, but db has a mean over the samples where the errors have "
        "been divided by m already.",
        partial(backpropagate, biases=lambda delta: delta.sum(axis=0) / len(delta)),
    ),
    Misconception(
        "bias-not-averaged",
        "dW is a mean over the samples, db only a sum. Both are derivatives of the same J.",
        partial(backpropagate, biases=lambda delta: delta.sum(axis=0) * len(delta)),
    ),
    Misconception(
        "bias-first-sample",
        "db has the first sample's error only. The same bias serves every sample: what is the "
        "derivative by something that is used several times?",
        partial(backpropagate, biases=lambda delta: delta[0]),
    ),
    Misconception(
        "bias-per-sample",
        "db has a row for every sample. There is one bias for each neuron, shared by the batch.",
        partial(backpropagate, biases=lambda delta: delta),
    ),
    Misconception(
        "bias-wrong-axis",
        "db is summed along the wrong axis: over the neurons of a layer, where the samples should "
        "be.",
        partial(backpropagate, biases=lambda delta: delta.sum(axis=1)),
    ),
    Misconception(
        "bias-as-one-number",
        "db is a single number. Every neuron has a bias of its own.",
        partial(backpropagate, biases=lambda delta: delta.sum()),
    ),
    # The forward pass inside, and what is handed back.
    Misconception(
        "activation-ignored",
        "Your network uses the sigmoid whatever `activation` says. Is it passed on to every "
        "function that needs it?",
        lambda X, Y, layers, activation="sigmoid": network.backward(X, Y, layers, "sigmoid"),
    ),
    Misconception(
        "hidden-layers-linear",
        "The forward pass inside has no activation. What does a hidden layer do after adding its "
        "bias?",
        partial(backpropagate, trace=never_activated),
    ),
    Misconception(
        "bias-left-out",
        "The forward pass inside leaves the biases out.",
        partial(backpropagate, trace=without_biases),
    ),
    Misconception(
        "gradients-from-the-last",
        "The list begins with the last layer. The gradients belong in the order of `layers`.",
        _after(lambda gradients: gradients[::-1]),
    ),
    Misconception(
        "pairs-swapped",
        "The two parts of a pair have changed places: a layer is (W, b), its gradient (dW, db).",
        _after(lambda gradients: [(db, dW) for dW, db in gradients]),
    ),
)


def _backward_on_gpu(gpu: Any) -> Callable[..., Any]:
    def values(X: Any, Y: Any, layers: Layers, activation: str = "sigmoid") -> Any:
        return gpu.backward(X, Y, layers) if activation == "sigmoid" else None

    return values


EXERCISE = Exercise(
    id="exercise-4",
    title="Backpropagation",
    topic="Backpropagation",
    builds_on=("exercise-2", "exercise-3"),
    functions=(
        Function(
            "mse_loss",
            "mse_loss(prediction, target)",
            reference=mse_loss,
            also_right=(mse_loss_by_mean, mse_loss_by_norm, mse_loss_expanded),
            witnesses=(
                symbolic.witness(symbolic.values_of(mse_loss)),
                *cuda.and_on_device(torch_reference.values_of(mse_loss_in_torch)),
                Witness("fractions", mse_loss_in_fractions),
            ),
            misconceptions=LOSS_MISCONCEPTIONS,
        ),
        Function(
            "backward",
            'backward(X, Y, layers, activation="sigmoid")',
            reference=network.backward,
            also_right=tuple(
                partial(network.backward_divided_last, forms=forms) for forms in network.OTHER_FORMS
            ),
            witnesses=(
                network.symbolic_gradient,
                finite_difference.gradient_witness(network.loss, network.parameters),
                *cuda.and_on_device(
                    torch_reference.gradient_witness(network.torch_loss, network.parameters)
                ),
                cuda.kernels(_backward_on_gpu),
            ),
            misconceptions=BACKWARD_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("loss-values", "J: the formula", 1.0, Tier.VALUE, losses),
        Check("loss-precision", "J: all digits", 0.5, Tier.PRECISION, of="loss-values"),
        Check("one-layer", "gradient of a single linear layer", 1.5, Tier.VALUE, one_layer),
        Check("hidden-layer", "through a hidden layer", 2.0, Tier.VALUE, hidden_layer),
        Check(
            "hidden-precision", "hidden layer: all digits", 0.5, Tier.PRECISION, of="hidden-layer"
        ),
        Check("activations", "tanh and relu", 1.5, Tier.VALUE, other_activations),
        Check("deep", "three and four layers", 1.0, Tier.VALUE, deep),
        Check("deep-precision", "deep networks: all digits", 0.5, Tier.PRECISION, of="deep"),
        Check("loss-forms", "J: integers, views, one sample", 0.25, Tier.INTERFACE, loss_forms),
        Check("forms", "gradient: integers, views, one sample", 0.75, Tier.INTERFACE, forms),
        Check("purity", "arguments unchanged, same answer again", 0.5, Tier.PURITY, again),
    ),
    hints=(
        "Forwards first, and keep every preactivation z and every activation: each is needed "
        "again on the way back. `forward_trace` of exercise 3 gives both.",
        "Start with one layer. Call δ the derivative of J by the preactivations, one row for each "
        "sample. At the linear output it is (ŷ − y)/m: the ½ is gone, and m is settled for good.",
        "A weight W[i, j] meets input i and δ of neuron j in every sample: multiply and add up "
        "over the samples. Written with matrices that is a product with the input transposed. A "
        "bias meets a 1 instead of an input.",
        "To reach the layer before: every neuron there feeds all neurons here, so its error is the "
        "sum of theirs, each times the weight between (δ times W transposed). Then multiply, entry "
        "by entry, by the slope of the activation at that layer's own z.",
        "Loop over the layers from the last to the first. In each: dW and db from δ and the "
        "layer's input; then, unless it is the first, the new δ. Put every pair at the front of "
        "the list, or turn the list over at the end. If shapes disagree, print them: δ has the "
        "shape of z.",
    ),
)
