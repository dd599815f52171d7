"""The forward pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import cuda, symbolic, torch_reference
from grader.oracles.network import (
    ACTIVATIONS,
    OTHER_FORMS,
    Form,
    away_from_zero,
    decimals,
    draw_layers,
    forward,
    relu,
    sigmoid,
    torch_trace,
    trace,
)
from grader.trees import map_leaves

Pairs: TypeAlias = list[tuple[Any, Any]]
Hidden: TypeAlias = Callable[[Any], Any]
Affine: TypeAlias = Callable[[Any, Any, Any], Any]
Rule: TypeAlias = Callable[[Any, Any, str], Pairs]
"""A network as somebody may write it: X, layers and the name of the activation in."""

# --- what is right ----------------------------------------------------------------------------


def linear(X: Any, W: Any, b: Any) -> Any:
    return X @ W + b


def propagate(
    X: Any,
    layers: Any,
    hidden: Hidden,
    *,
    affine: Affine = linear,
    output: Hidden = lambda z: z,
) -> Pairs:
    """`network.trace` with its parts exchangeable."""
    pairs = []
    h = X
    for index, (W, b) in enumerate(layers):
        z = affine(h, W, b)
        h = (output if index == len(layers) - 1 else hidden)(z)
        pairs.append((z, h))
    return pairs


def _forward_of(rule: Rule) -> Callable[..., Tree]:
    """`rule` as somebody's `forward`: the last activation is the prediction."""
    return lambda X, layers, activation="sigmoid": rule(X, layers, activation)[-1][1]


def _trace_of(rule: Rule) -> Callable[..., Tree]:
    return lambda X, layers, activation="sigmoid": rule(X, layers, activation)


def _with_forms(forms: dict[str, Form]) -> Rule:
    """The network with its activations written in another right way."""
    return lambda X, layers, name: propagate(X, layers, forms[name][0])


# --- witnesses --------------------------------------------------------------------------------


def _sympy_trace(X: Any, layers: Any, activation: str = "sigmoid") -> Tree:
    """One sample at a time: expressions stay small, and all batches share them."""
    network = [(W, b) for W, b in layers]
    samples = [_sympy_sample(X[i : i + 1], network, activation) for i in range(len(X))]
    return map_leaves(lambda *rows: np.concatenate(rows), *samples)


_sympy_sample = symbolic.values_of(trace)
_sympy_linear = symbolic.values_of(linear)

_EXACT: dict[str, Hidden] = {
    "sigmoid": lambda z: (1 + mpmath.tanh(z / 2)) / 2,
    "tanh": lambda z: mpmath.expm1(2 * z) / (mpmath.expm1(2 * z) + 2),
    "relu": lambda z: (z + abs(z)) / 2,
}


def _neuron_by_neuron(X: Any, layers: Any, activation: str = "sigmoid") -> Pairs:
    """With mpmath and loops alone, other formulas for the activations included."""
    with mpmath.workdps(60):
        h = [[mpmath.mpf(float(x)) for x in row] for row in X]
        pairs = []
        for index, (W, b) in enumerate(layers):
            weights = [[mpmath.mpf(float(w)) for w in column] for column in np.transpose(W)]
            z = [
                [
                    mpmath.fdot(zip(row, column, strict=True)) + float(bias)
                    for column, bias in zip(weights, b, strict=True)
                ]
                for row in h
            ]
            if index < len(layers) - 1:
                h = [[_EXACT[activation](v) for v in row] for row in z]
            else:
                h = z
            pairs.append((np.array(z, dtype=object), np.array(h, dtype=object)))
        return pairs


# 60 digits, and preactivations below 30: far fewer than 20 of them are lost on the way.
_LOOP_BOUND = mpmath.mpf(10) ** -40


def _witnesses(pick: Callable[[Tree], Tree]) -> tuple[Witness, ...]:
    """Three witnesses of what `pick` takes out of a trace."""
    torch_values = torch_reference.values_of(torch_trace).values

    def in_sympy(X: Any, layers: Any, activation: str = "sigmoid") -> Tree:
        return pick(_sympy_trace(X, layers, activation))

    def in_torch(X: Any, layers: Any, activation: str = "sigmoid") -> tuple[Tree, None]:
        # By position: torch_reference makes tensors of positional arguments only.
        return pick(torch_values(X, layers, activation)[0]), None

    def by_loops(X: Any, layers: Any, activation: str = "sigmoid") -> tuple[Tree, Tree]:
        answer = pick(_neuron_by_neuron(X, layers, activation))
        return answer, map_leaves(lambda _: _LOOP_BOUND, answer)

    def on_gpu(gpu: Any) -> Callable[..., Tree | None]:
        def values(X: Any, layers: Any, activation: str = "sigmoid") -> Tree | None:
            return pick(gpu.trace(X, layers)) if activation == "sigmoid" else None

        return values

    return (
        symbolic.witness(in_sympy),
        *cuda.and_on_device(Witness("torch", in_torch)),
        Witness("mpmath, neuron by neuron", by_loops),
        cuda.kernels(on_gpu),
    )


def _torch_linear(X: Any, W: Any, b: Any) -> Any:
    import torch

    return torch.nn.functional.linear(X, W.T, b)


# --- cases ------------------------------------------------------------------------------------

_LARGEST = 28.0
"""Nothing beyond ±30 is promised to a learner as a preactivation."""


def _samples(rng: np.random.Generator, m: int, n: int) -> Array:
    return decimals(rng.normal(size=(m, n)) * 1.5, 2)


def _network(
    rng: np.random.Generator, m: int, sizes: Sequence[int], activation: str = "sigmoid"
) -> tuple[Array, Pairs]:
    """A batch and layers in which no layer is all dead or all alive as relu units, so that
    relu is neither 0 nor the identity there."""
    while True:
        X, layers = _samples(rng, m, sizes[0]), draw_layers(rng, sizes)
        preactivations = [z for z, _ in propagate(X, layers, _FLOAT[activation])]
        within = all(np.abs(z).max() <= _LARGEST for z in preactivations)
        mixed = all(z.min() < 0 < z.max() for z in preactivations[:-1])
        if within and (mixed or activation != "relu"):
            return X, layers


_FLOAT: dict[str, Hidden] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
}


def linear_values(rng: np.random.Generator) -> list[Case]:
    """Square matrices let transposed ones pass as the right shape; the others do not."""

    def case(m: int, n: int, outputs: int, what: str) -> Case:
        W = decimals(rng.normal(size=(n, outputs)))
        return Case("linear", (_samples(rng, m, n), W, away_from_zero(rng, (outputs,))), id=what)

    return [
        case(2, 3, 2, "two samples, three features"),
        case(5, 3, 4, "all dimensions different"),
        case(3, 3, 3, "square matrices"),
        case(40, 2, 1, "40 samples, one output"),
        case(3, 17, 2, "17 features"),
    ]


def _saturated(rng: np.random.Generator) -> tuple[Array, Pairs]:
    """Preactivations from −25 to 25, where a sigmoid is as good as 0 or 1, and some in between;
    as relu units they make outputs of that size."""
    x = decimals(rng.uniform(2, 3), 2)
    X = np.array([[x], [-x], [0.1 * x], [-0.25 * x]])
    first = decimals(np.array([[24, -17]]) / x, 2)
    last = decimals(rng.uniform(0.8, 1.1, (2, 1)) * rng.choice([-1.0, 1.0], (2, 1)))
    return X, [(first, away_from_zero(rng, (2,)) / 2), (last, away_from_zero(rng, (1,)))]


def sigmoid_values(name: str) -> Any:
    """The default activation, from one layer to five."""

    def cases(rng: np.random.Generator) -> list[Case]:
        arguments = {
            "one layer": _network(rng, 3, (2, 1)),
            "two layers": _network(rng, 3, (2, 4, 1)),
            "all dimensions different": _network(rng, 4, (3, 5, 2)),
            # All of one size: transposed or reused weights have the right shape here only.
            "square layers": _network(rng, 3, (3, 3, 3)),
            "three layers": _network(rng, 2, (3, 4, 3, 1)),
            "preactivations up to 25": _saturated(rng),
            "five layers": _network(rng, 2, (1, 3, 2, 2, 3, 1)),
        }
        return [Case(name, call, id=what) for what, call in arguments.items()]

    return cases


_OTHER_ACTIVATIONS = (
    ("tanh", 3, (2, 4, 1)),
    ("relu", 3, (2, 4, 1)),
    ("tanh", 2, (1, 3, 2, 4)),
    ("relu", 3, (2, 3, 4, 1)),
)


def activation_values(name: str, networks: Sequence[tuple[str, int, tuple[int, ...]]]) -> Any:
    """The other two activations, named by keyword; networks as (activation, m, sizes)."""

    def cases(rng: np.random.Generator) -> list[Case]:
        return [
            Case(
                name,
                _network(rng, m, sizes, activation),
                {"activation": activation},
                id=f"{activation}, {len(sizes) - 1} layers",
            )
            for activation, m, sizes in networks
        ] + [
            Case(
                name,
                _saturated(rng),
                {"activation": activation},
                id=f"{activation}, preactivations up to 25",
            )
            for activation in ("tanh", "relu")
        ]

    return cases


def linear_forms(rng: np.random.Generator) -> list[Case]:
    X, W, b = _samples(rng, 4, 6), decimals(rng.normal(size=(3, 2))), away_from_zero(rng, (2,))
    whole = rng.integers(-4, 5, (4, 3))
    one = (_samples(rng, 1, 1), decimals(rng.normal(size=(1, 1))), away_from_zero(rng, (1,)))
    arguments = {
        "a batch of one": (X[:1, :3].copy(), W, b),
        "one feature, one output": one,
        "as many samples as outputs": (X[:2, 3:].copy(), W, b),
        "integer samples": (whole, W, b),
        "integers throughout": (whole, rng.integers(-3, 4, (3, 2)), np.array([2, -1])),
        "integer weights and biases": (X[:, :3], rng.integers(-3, 4, (3, 2)), np.array([1, -2])),
        "every other column": (X[:, ::2], W, b),
        "rows and weights from the last": (X[::-1, :3], W[::-1], b[::-1]),
        "a transposed batch": (_samples(rng, 3, 4).T, np.asfortranarray(W), b),
    }
    return [Case("linear", call, id=f"linear, {what}") for what, call in arguments.items()]


def network_forms(rng: np.random.Generator) -> list[Case]:
    X, layers = _network(rng, 4, (3, 2, 2))
    wide = _samples(rng, 4, 6)
    (W1, b1), (W2, b2) = layers
    lively, relu_layers = _network(rng, 4, (3, 2, 2), "relu")
    whole = [
        (rng.choice([-2, -1, 1, 2], (3, 2)), np.array([1, -2])),
        (rng.choice([-3, -2, 2, 3], (2, 2)), np.array([-1, 2])),
    ]
    square, [twice] = _network(rng, 3, (2, 2))
    arguments: dict[str, tuple[tuple[Any, ...], dict[str, str]]] = {
        "a batch of one": ((X[:1].copy(), layers), {}),
        "one layer of one neuron": (_network(rng, 2, (1, 1)), {"activation": "relu"}),
        "40 samples": (_network(rng, 40, (1, 1)), {}),
        "one sample, one output": (_network(rng, 1, (1, 1)), {}),
        "as many samples as outputs": ((X[:2].copy(), layers), {"activation": "tanh"}),
        "integer samples": ((rng.integers(-3, 4, (3, 3)), layers), {}),
        "every other column": ((wide[:, ::2], layers), {}),
        "weights in other layouts": (
            (X[::-1], [(np.asfortranarray(W1), b1[::-1]), (W2.T, b2)]),
            {"activation": "tanh"},
        ),
        "integer weights": (
            (X, [(rng.integers(-2, 3, (3, 2)), np.array([1, -2])), (W2, b2)]),
            {},
        ),
        "integers throughout": ((rng.choice([-3, -1, 1, 2], (3, 3)), whole), {}),
        "two equal layers": ((square, [twice, twice]), {}),
        "the sigmoid by name": ((X, layers), {"activation": "sigmoid"}),
        "the activation by position": ((lively, relu_layers, "relu"), {}),
    }
    return [
        Case(name, args, kwargs, id=f"{name}, {what}")
        for name in ("forward", "forward_trace")
        for what, (args, kwargs) in arguments.items()
    ]


def again(rng: np.random.Generator) -> list[Case]:
    X, layers = _network(rng, 3, (2, 3, 2))
    one, single = _network(rng, 3, (2, 2))
    lively, relu_layers = _network(rng, 3, (2, 3, 2), "relu")
    return [
        Case("linear", (X, *layers[0])),
        *(
            Case(name, call)
            for name in ("forward", "forward_trace")
            for call in (
                (X, layers),
                (X, layers, "tanh"),
                (one, single),
                (lively, relu_layers, "relu"),
            )
        ),
    ]


# --- what is misunderstood --------------------------------------------------------------------


def _bias_per_sample(X: Any, W: Any, b: Any) -> Any:
    """Only where there are as many samples as outputs: a column of biases and a loop over
    the rows give the same there, and break down at different shapes elsewhere."""
    if len(X) != len(b):
        raise ValueError("no bias for some sample, or no sample for some bias")
    return X @ W + b[:, None]


LINEAR_MISCONCEPTIONS = (
    Misconception(
        "linear-bias-forgotten",
        "The weighted sums are right, but b has no part in them. What should come out where "
        "every entry of X is 0?",
        lambda X, W, b: X @ W,
    ),
    Misconception(
        "linear-bias-per-sample",
        "Here each sample (row) has a bias of its own. A bias belongs to an output: compare the "
        "length of b with the number of columns of the result. (The lecture draws b as a column "
        "of length m; its length is l.)",
        _bias_per_sample,
    ),
    Misconception(
        "linear-bias-subtracted",
        "The bias is subtracted here, as a threshold would be. The exercise's b is a term like "
        "the others.",
        lambda X, W, b: X @ W - b,
    ),
    Misconception(
        "linear-bias-per-feature",
        "The bias enters once for every feature. It belongs to the finished sum: look at what "
        "stands inside your innermost loop.",
        lambda X, W, b: X @ W + X.shape[1] * b,
    ),
    Misconception(
        "linear-bias-on-weights",
        "The bias was added to the weights before they met X. Which of the two operations has "
        "to come first?",
        lambda X, W, b: X @ (W + b),
    ),
    Misconception(
        "linear-bias-before-weights",
        "The bias was added to the samples before the weights came in. Which of the two "
        "operations has to come first?",
        lambda X, W, b: (X + b) @ W,
    ),
    Misconception(
        "linear-bias-one-for-all",
        "Every output got the same bias, the first. b has one entry for each of them.",
        lambda X, W, b: X @ W + b[0],
    ),
    Misconception(
        "linear-weights-transposed",
        "W is turned around; only where it is square does that even run. Which index of W counts "
        "the features, the first or the second?",
        lambda X, W, b: X @ W.T + b,
    ),
    Misconception(
        "linear-factors-swapped",
        "The factors stand the other way round: with W first, its rows meet the columns of X. "
        "It is a row of X, one sample, that should meet a column of W.",
        lambda X, W, b: W @ X + b,
    ),
    Misconception(
        "linear-result-transposed",
        "The numbers are right, but samples run across the columns. The rows of X are samples, "
        "and so should the rows of the result be.",
        lambda X, W, b: (X @ W + b).T,
    ),
    Misconception(
        "linear-elementwise",
        "`*` multiplies entry by entry. A matrix product adds up a whole row against a whole "
        "column.",
        lambda X, W, b: X * W + b,
    ),
    Misconception(
        "linear-activated",
        "This went through a sigmoid already. `linear` is the part of a layer before its "
        "activation.",
        lambda X, W, b: sigmoid(X @ W + b),
    ),
)

# Mistakes that show in forward and forward_trace alike.


def _output_activated(X: Any, layers: Any, name: str) -> Pairs:
    return propagate(X, layers, ACTIVATIONS[name], output=ACTIVATIONS[name])


def _no_activation(X: Any, layers: Any, name: str) -> Pairs:
    return propagate(X, layers, lambda z: z)


def _with(affine: Affine) -> Rule:
    return lambda X, layers, name: propagate(X, layers, ACTIVATIONS[name], affine=affine)


def _activation_before_bias(X: Any, layers: Any, name: str) -> Pairs:
    pairs = []
    h = X
    for index, (W, b) in enumerate(layers):
        last = index == len(layers) - 1
        z = h @ W + b if last else h @ W
        h = z if last else ACTIVATIONS[name](z) + b
        pairs.append((z, h))
    return pairs


def _input_activated(X: Any, layers: Any, name: str) -> Pairs:
    return propagate(ACTIVATIONS[name](X), layers, ACTIVATIONS[name])


def _input_reused(X: Any, layers: Any, name: str) -> Pairs:
    return propagate(X, layers, ACTIVATIONS[name], affine=lambda _, W, b: linear(X, W, b))


def _first_layer_reused(X: Any, layers: Any, name: str) -> Pairs:
    return propagate(X, [layers[0]] * len(layers), ACTIVATIONS[name])


def _hidden(other: Callable[[str, Any], Any]) -> Rule:
    """With `other(name, z)` as the activation of the hidden layers."""
    return lambda X, layers, name: propagate(X, layers, lambda z: other(name, z))


_SHARED: tuple[tuple[str, str, Rule], ...] = (
    (
        "output-activated",
        "The last layer went through the activation too. Here the output layer is linear, so "
        "that a prediction can be any number.",
        _output_activated,
    ),
    (
        "no-activation",
        "No activation is applied between the layers. Without one, all the layers together are "
        "no more than a single linear one.",
        _no_activation,
    ),
    (
        "bias-forgotten",
        "The biases have no part in your result. Every layer is a pair: what does your loop do "
        "with its second half?",
        _with(lambda h, W, b: h @ W),
    ),
    (
        "bias-per-sample",
        "The bias runs down the batch, one entry for each sample. It belongs to the neurons of "
        "the layer: one entry for each column.",
        _with(_bias_per_sample),
    ),
    (
        "activation-before-bias",
        "The bias was added after the activation. It is part of the preactivation, which is "
        "what the activation receives.",
        _activation_before_bias,
    ),
    (
        "weights-transposed",
        "The weight matrices are turned around; only where they are square does that even run. "
        "Which index of W counts what comes in?",
        _with(lambda h, W, b: h @ W.T + b),
    ),
    (
        "input-reused",
        "Every layer was fed with X. Only the first receives the samples: what does the second "
        "one receive?",
        _input_reused,
    ),
    (
        "first-layer-reused",
        "The first layer's weights were used again and again. On the lecture's slide all of them "
        "are called w, but each layer has its own.",
        _first_layer_reused,
    ),
    (
        "input-activated",
        "The activation was applied to the samples themselves. X goes into the first layer as "
        "it is; what comes out of that layer is activated.",
        _input_activated,
    ),
    (
        "activation-twice",
        "The hidden layers were activated twice. Does more than one of your functions apply the "
        "activation?",
        _hidden(lambda name, z: ACTIVATIONS[name](ACTIVATIONS[name](z))),
    ),
    (
        "always-sigmoid",
        "The hidden layers are sigmoid ones whatever is asked for. Where does your code look at "
        "`activation`?",
        _hidden(lambda name, z: sigmoid(z)),
    ),
    (
        "always-relu",
        "The hidden layers are ReLU ones whatever is asked for. Where does your code look at "
        "`activation`, and what is used when nobody names one?",
        _hidden(lambda name, z: relu(z)),
    ),
    (
        "sigmoid-on-top",
        "A sigmoid follows the activation that was asked for. One layer has one activation: "
        "can your code run into two branches?",
        _hidden(lambda name, z: sigmoid(z if name == "sigmoid" else ACTIVATIONS[name](z))),
    ),
    (
        "sigmoid-underneath",
        "A sigmoid comes before the activation that was asked for. One layer has one "
        "activation: can your code run into two branches?",
        _hidden(lambda name, z: sigmoid(z) if name == "sigmoid" else ACTIVATIONS[name](sigmoid(z))),
    ),
    (
        "sigmoid-sign",
        "The sigmoid of the hidden layers falls where it should rise. `grade exercise-1` checks "
        "it alone.",
        _hidden(lambda name, z: ACTIVATIONS[name](-z if name == "sigmoid" else z)),
    ),
)


def _stops_early(X: Any, layers: Any, activation: str = "sigmoid") -> Any:
    """The activation of the last hidden layer."""
    h = X
    for W, b in layers[:-1]:
        h = ACTIVATIONS[activation](h @ W + b)
    return h


def _two_layers(X: Any, layers: Any, activation: str = "sigmoid") -> Any:
    return forward(X, [layers[0], layers[1]], activation)


FORWARD_MISCONCEPTIONS = (
    *(Misconception(f"forward-{id_}", help_, _forward_of(rule)) for id_, help_, rule in _SHARED),
    Misconception(
        "forward-last-layer-missing",
        "This is what the last hidden layer gives. One layer is still to come: how often does "
        "your loop run?",
        _stops_early,
    ),
    Misconception(
        "forward-depth-fixed",
        "Two layers are taken, however many there are. `layers` may hold one pair or five; "
        "a loop does not mind.",
        _two_layers,
    ),
)


_NAMED_BY_FORWARD = {"input-activated", "activation-twice", "sigmoid-on-top", "sigmoid-underneath"}
"""Mistakes in the activation that `forward` shows as well; there they get their name."""


def _rearranged(change: Callable[[Any, Pairs], Tree]) -> Callable[..., Tree]:
    """The right trace, with `change(X, pairs)` made to it."""
    return lambda X, layers, activation="sigmoid": change(X, trace(X, layers, activation))


def _without_bias(X: Any, layers: Any, activation: str = "sigmoid") -> Pairs:
    pairs = trace(X, layers, activation)
    return [(z - b, h) for (z, h), (_, b) in zip(pairs, layers, strict=True)]


# Deeper structures first: build_key compares a tree with those that come after it.
TRACE_MISCONCEPTIONS = (
    *(
        Misconception(f"trace-{id_}", help_, _trace_of(rule))
        for id_, help_, rule in _SHARED
        if id_ not in _NAMED_BY_FORWARD
    ),
    Misconception(
        "trace-swapped",
        "The two halves of every pair stand the other way round. The preactivation comes first, "
        "as it does in the computation.",
        _rearranged(lambda X, pairs: [(h, z) for z, h in pairs]),
    ),
    Misconception(
        "trace-activation-twice-stored",
        "Both halves of a pair are the activation. The preactivation is needed as well: keep "
        "it under a name (or in an array) of its own.",
        _rearranged(lambda X, pairs: [(h, h) for _, h in pairs]),
    ),
    Misconception(
        "trace-preactivation-twice-stored",
        "Both halves of a pair are the preactivation. The second should be what the layer "
        "passes on.",
        _rearranged(lambda X, pairs: [(z, z) for z, _ in pairs]),
    ),
    Misconception(
        "trace-preactivation-without-bias",
        "The first half of every pair lacks the bias. A preactivation is all that the "
        "activation receives.",
        _without_bias,
    ),
    Misconception(
        "trace-layer-inputs",
        "Your pairs hold what goes into a layer and what comes out. It is the number in "
        "between, before the activation, that belongs in the first place.",
        _rearranged(
            lambda X, pairs: list(
                zip([X, *(h for _, h in pairs[:-1])], [h for _, h in pairs], strict=True)
            )
        ),
    ),
    Misconception(
        "trace-input-pair",
        "There is a pair too many at the start: X is no layer. One pair for each layer is asked "
        "for.",
        _rearranged(lambda X, pairs: [(X, X), *pairs]),
    ),
    Misconception(
        "trace-last-layer-missing",
        "The last layer's pair is missing. The output layer has a preactivation as well, and "
        "its activation is equal to it.",
        _rearranged(lambda X, pairs: pairs[:-1]),
    ),
    Misconception(
        "trace-reversed",
        "The list runs from the last layer to the first. It is asked for in the order of `layers`.",
        _rearranged(lambda X, pairs: pairs[::-1]),
    ),
    Misconception(
        "trace-two-lists",
        "These are two lists, one of preactivations and one of activations. A list of pairs is "
        "asked for, one for each layer.",
        _rearranged(lambda X, pairs: ([z for z, _ in pairs], [h for _, h in pairs])),
    ),
    Misconception(
        "trace-input-first",
        "The list starts with X. It should hold the layers only, one pair for each.",
        _rearranged(lambda X, pairs: [X, *pairs]),
    ),
    Misconception(
        "trace-flat",
        "The arrays stand in one long row. Each layer's two belong together, as a pair.",
        _rearranged(lambda X, pairs: [a for pair in pairs for a in pair]),
    ),
    Misconception(
        "trace-activations-only",
        "The activations are right, but they are alone. Each layer's preactivation belongs "
        "beside it, first in a pair.",
        _rearranged(lambda X, pairs: [h for _, h in pairs]),
    ),
)

EXERCISE = Exercise(
    id="exercise-3",
    title="The forward pass",
    topic="Neural networks",
    builds_on=("exercise-1",),
    functions=(
        Function(
            "linear",
            "linear(X, W, b)",
            reference=linear,
            witnesses=(
                symbolic.witness(_sympy_linear),
                *cuda.and_on_device(torch_reference.values_of(_torch_linear)),
                Witness(
                    "mpmath, neuron by neuron",
                    lambda X, W, b: (_neuron_by_neuron(X, [(W, b)])[0][0], _LOOP_BOUND),
                ),
                cuda.kernels(lambda gpu: gpu.linear),
            ),
            misconceptions=LINEAR_MISCONCEPTIONS,
        ),
        Function(
            "forward",
            'forward(X, layers, activation="sigmoid")',
            reference=forward,
            also_right=tuple(_forward_of(_with_forms(forms)) for forms in OTHER_FORMS),
            witnesses=_witnesses(lambda pairs: pairs[-1][1]),
            misconceptions=FORWARD_MISCONCEPTIONS,
        ),
        Function(
            "forward_trace",
            'forward_trace(X, layers, activation="sigmoid")',
            reference=trace,
            also_right=tuple(_trace_of(_with_forms(forms)) for forms in OTHER_FORMS),
            witnesses=_witnesses(lambda pairs: pairs),
            misconceptions=TRACE_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("linear-values", "linear: the formula", 1.5, Tier.VALUE, linear_values),
        Check("linear-precision", "linear: all digits", 0.5, Tier.PRECISION, of="linear-values"),
        Check(
            "forward-values", "forward: sigmoid layers", 1.5, Tier.VALUE, sigmoid_values("forward")
        ),
        Check(
            "forward-activations",
            "forward: tanh and ReLU layers",
            1.0,
            Tier.VALUE,
            activation_values("forward", _OTHER_ACTIVATIONS),
        ),
        Check("forward-precision", "forward: all digits", 0.5, Tier.PRECISION, of="forward-values"),
        Check(
            "activations-precision",
            "forward: tanh and ReLU, all digits",
            0.5,
            Tier.PRECISION,
            of="forward-activations",
        ),
        Check(
            "trace-values",
            "forward_trace: sigmoid layers",
            1.5,
            Tier.VALUE,
            sigmoid_values("forward_trace"),
        ),
        Check(
            "trace-activations",
            "forward_trace: tanh and ReLU layers",
            0.5,
            Tier.VALUE,
            activation_values("forward_trace", _OTHER_ACTIVATIONS),
        ),
        Check(
            "trace-precision", "forward_trace: all digits", 0.5, Tier.PRECISION, of="trace-values"
        ),
        Check(
            "linear-forms", "linear: integers, views, one sample", 0.5, Tier.INTERFACE, linear_forms
        ),
        Check(
            "network-forms",
            "networks: integers, views, one sample, activation by position",
            1.0,
            Tier.INTERFACE,
            network_forms,
        ),
        Check("purity", "arguments unchanged, same answer again", 0.5, Tier.PURITY, again),
    ),
    hints=(
        "Write the shapes down first. X is (m, n) and W is (n, l): in which order can they be "
        "multiplied so that m rows and l columns come out? NumPy writes that product `@`.",
        "NumPy adds a vector of length l to every row of an (m, l) matrix by itself; b needs no "
        "reshaping and no loop.",
        "A network is a loop over `layers` with one variable, say h, that starts as X. Each turn "
        "makes a preactivation z from h, and a new h from z.",
        'A dict from "sigmoid", "tanh" and "relu" to functions saves a chain of ifs. The '
        "last turn of the loop does not use it; `enumerate` tells you which turn is the last.",
        "Write forward_trace first: in every turn append (z, h) to a list, where for the last "
        "layer h is z itself. forward is then the second half of the last pair.",
    ),
)
