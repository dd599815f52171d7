"""Why deep networks stop learning: gradients that vanish, activations that saturate, dead units.

Three measurements of the network of exercise 3. Nothing is trained and there is no loss: what
is differentiated is the sum of all outputs, over samples and outputs alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import finite_difference, network, symbolic, torch_reference
from grader.oracles.network import Form, Layers, away_from_zero, decimals, draw_layers
from grader.oracles.numbers import high
from grader.oracles.tracked import NearKinkError, Tracked, values
from grader.trees import map_leaves

# --- what is right ----------------------------------------------------------------------------


def _form(name: str) -> Form:
    return network.ACTIVATIONS[name], lambda z, a: network.activation_derivative(name, z)


FORMS: dict[str, Form] = {name: _form(name) for name in network.ACTIVATIONS}


def ones(z: Any) -> Any:
    """The gradient of the sum of all entries."""
    return np.ones(np.shape(z), dtype=object)


def gradients(
    X: Any,
    layers: Layers,
    activation: str,
    *,
    forms: dict[str, Form] = FORMS,
    at_output: Callable[[Any], Any] = ones,
) -> list[tuple[Any, Any, Any]]:
    """(∂S/∂W, ∂S/∂b, ∂S/∂z) of every layer, where S has the gradient `at_output(prediction)`."""
    function, slope = forms[activation]
    below, preactivations, h = [], [], X
    for W, b in layers:
        z = h @ W + b
        below.append(h)
        preactivations.append(z)
        h = function(z)
    delta, found = at_output(preactivations[-1]), []
    for index in reversed(range(len(layers))):
        found.append((below[index].T @ delta, delta.sum(axis=0), delta))
        if index:
            delta = (delta @ layers[index][0].T) * slope(preactivations[index - 1], below[index])
    return found[::-1]


def frobenius(G: Any) -> Any:
    total = Tracked.of((G * G).sum())
    if total.value == 0 and total.error == 0:
        return total  # no rounding about it: a layer that is dead altogether
    if total.value == 0:
        raise NearKinkError("a gradient of 0, where the root has no slope")
    return total.sqrt()


def norms(norm: Callable[[Any], Any] = frobenius, **how: Any) -> Callable[..., list[Any]]:
    """`gradient_norms` with this norm, and with what else is said of the gradients."""
    return lambda X, layers, activation: [
        norm(G) for G, _, _ in gradients(X, layers, activation, **how)
    ]


gradient_norms = norms()


def hidden(X: Any, layers: Layers, activation: str) -> list[tuple[Any, Any]]:
    """(preactivation, activation) of every hidden layer."""
    return network.trace(X, layers, activation)[:-1]


def mean(x: Any) -> Any:
    return x.sum() / x.size


def activation_means(X: Any, layers: Layers, activation: str) -> list[Any]:
    return [mean(h) for _, h in hidden(X, layers, activation)]


def activation_means_in(forms: dict[str, Form]) -> Callable[..., list[Any]]:
    def means(X: Any, layers: Layers, activation: str) -> list[Any]:
        found, h = [], X
        for W, b in layers[:-1]:
            h = forms[activation][0](h @ W + b)
            found.append(mean(h))
        return found

    return means


def share(flags: Any) -> Any:
    """The share of the flags that are set."""
    return Tracked(int(np.sum(flags))) / int(np.size(flags))


def positive(z: Any) -> Array:
    """Where z is positive; near 0, where rounding alone could decide, there is no telling."""
    return np.array([bool(x > 0) for x in z.ravel()]).reshape(z.shape)


def dead_fraction(X: Any, layers: Layers) -> Array:
    """As an array: of a list, every entry would have to differ from 0."""
    return _array(share(~positive(z).any(axis=0)) for z, _ in hidden(X, layers, "relu"))


def _array(entries: Any) -> Array:
    return np.array(list(entries), dtype=object)


# --- who else says so -------------------------------------------------------------------------


def _sum_of_outputs(X: Any, layers: Layers, activation: str) -> Any:
    return network.forward(X, layers, activation).sum()


def _weights(X: Any, layers: Layers, activation: str) -> list[Any]:
    return [W for W, _ in layers]


_in_sympy = symbolic.gradient(_sum_of_outputs, _weights)
_by_differences = finite_difference.gradient(_sum_of_outputs, _weights)


def _norms_in_sympy(X: Array, layers: Layers, activation: str) -> tuple[Tree, Tree]:
    """sympy differentiates the outputs of one sample; over samples they are summed."""
    pairs = [(W, b) for W, b in layers]
    each = [_in_sympy(X[i : i + 1], pairs, activation) for i in range(len(X))]
    totals = map_leaves(lambda *rows: sum(rows), *each)
    # Digits agree to 1e-32 of every sample's share, however much of it cancels.
    bounds = map_leaves(lambda *rows: sum(map(abs, rows)) * mpmath.mpf(10) ** -28, *each)
    return _norms_within(totals, bounds)


def _norms_by_differences(X: Array, layers: Layers, activation: str) -> tuple[Tree, Tree]:
    return _norms_within(*_by_differences(X, list(layers), activation))


def _norms_within(matrices: Tree, bounds: Tree) -> tuple[list[Any], list[Any]]:
    """Frobenius norms; an error in the matrix changes its norm by no more than its own norm,
    and that is no more than the sum of its entries."""
    values = [mpmath.sqrt(sum(g**2 for g in G.ravel())) for G in matrices]
    return values, [sum(E.ravel()) for E in bounds]


def _norms_in_torch(X: Any, layers: Layers, activation: str) -> list[Any]:
    import torch

    weights = [W.requires_grad_() for W, _ in layers]
    total = network.torch_trace(X, layers, activation)[-1][1].sum()
    return [torch.linalg.matrix_norm(G) for G in torch.autograd.grad(total, weights)]


def _means_in_torch(X: Any, layers: Layers, activation: str) -> list[Any]:
    return [h.mean() for _, h in network.torch_trace(X, layers, activation)[:-1]]


_IN_60_DIGITS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: (1 + mpmath.tanh(z / 2)) / 2,
    "tanh": lambda z: 1 - 2 / (mpmath.exp(2 * z) + 1),
    "relu": lambda z: max(z, mpmath.mpf(0)),
}


def _means_by_hand(X: Array, layers: Layers, activation: str) -> tuple[Tree, Tree]:
    """Neuron by neuron in 60 digits, with the activations in other forms."""
    f = _IN_60_DIGITS[activation]
    rows = [[x.value for x in row] for row in high(X)]
    means = []
    for W, b in layers[:-1]:
        units = [
            ([w.value for w in high(column)], high(b)[j].value) for j, column in enumerate(W.T)
        ]
        rows = [[f(mpmath.fdot(row, w) + c) for w, c in units] for row in rows]
        means.append(sum(map(sum, rows)) / (len(rows) * len(units)))
    return means, [mpmath.mpf(10) ** -50 for _ in means]


def _dead_in_fractions(X: Array, layers: Layers) -> tuple[Tree, Tree]:
    """Floats are fractions, and so is everything that comes of them here."""
    exact = np.frompyfunc(lambda x: Fraction(x.item() if isinstance(x, np.generic) else x), 1, 1)
    above = np.frompyfunc(lambda z: max(z, Fraction(0)), 1, 1)
    rows, shares = exact(np.asarray(X)), []
    for W, b in layers[:-1]:
        rows = above(rows @ exact(W) + exact(b))
        totals = rows.sum(axis=0)  # of what is never negative: 0 only where all of it is
        shares.append(mpmath.mpf(sum(total == 0 for total in totals)) / len(totals))
    return _array(shares), _array(mpmath.mpf(10) ** -50 for _ in shares)


def _dead_in_torch(X: Any, layers: Layers) -> Any:
    import torch

    pairs = network.torch_trace(X, layers, "relu")[:-1]
    shares = [(h.amax(dim=0) <= 0).double().mean() for _, h in pairs]
    return torch.stack(shares) if shares else torch.zeros(0)


def _dead_by_largest(X: Array, layers: Layers) -> tuple[Tree, Tree]:
    """By the largest preactivation of each unit, in 60 digits."""
    lifted, pairs = high([X, list(layers)])
    shares = []
    for z, _ in network.trace(lifted, pairs, "relu")[:-1]:
        largest = [max(x.value for x in column) for column in z.T]
        shares.append(mpmath.mpf(sum(top <= 0 for top in largest)) / len(largest))
    return _array(shares), _array(mpmath.mpf(10) ** -50 for _ in shares)


# --- cases ------------------------------------------------------------------------------------


def _data(rng: np.random.Generator, m: int, features: int) -> Array:
    return away_from_zero(rng, (m, features))


def _network_case(
    rng: np.random.Generator,
    function: str,
    sizes: Sequence[int],
    m: int,
    activation: str,
    id_: str,
) -> Case:
    layers = draw_layers(rng, sizes)
    return Case(function, (_data(rng, m, sizes[0]), layers, activation), id=id_)


def _alive(rng: np.random.Generator, sizes: Sequence[int], m: int, id_: str) -> Case:
    """A relu network in which every layer has a gradient."""
    while True:
        case = _network_case(rng, "gradient_norms", sizes, m, "relu", id_)
        if all(norm.value for norm in gradient_norms(*case.args)):
            return case


def _far_out(rng: np.random.Generator, function: str, activation: str) -> Case:
    """A network one of whose samples is far out on both sides, where an activation that is cut
    off is another one, while the other sample is near."""
    while True:
        X, layers = _data(rng, 2, 2), draw_layers(rng, (2, 3, 1))
        (W, b), (V, c) = layers
        X[0] = decimals(X[0] * rng.uniform(25, 29) / np.max(X[0] @ W), 2)
        z = X @ W + b
        h = {"sigmoid": 1 / (1 + np.exp(-z)), "tanh": np.tanh(z), "relu": np.maximum(z, 0)}
        outputs = h[activation] @ V + c
        within = max(np.abs(z).max(), np.abs(outputs).max()) < 29.5
        # The unit that is far above is near for the other sample, and both count in the output.
        top, bottom = int(np.argmax(z[0])), int(np.argmin(z[0]))
        out = z[0, top] > 24 and z[0, bottom] < -20 and abs(z[1, top]) < 2
        if within and out and min(abs(V[[top, bottom], 0])) > 0.3:
            id_ = f"{activation}, one sample far out"
            return Case(function, (X, [(W, b), (V, c)], activation), id=id_)


def _steep(rng: np.random.Generator, activation: str) -> Case:
    """Gradients that explode: more than 100 comes back to each hidden unit that is alive, and the
    first norm is above 50 000, while samples that hardly differ to the units keep every
    preactivation small. A cap on the one or on the other shows."""
    X = np.abs(_data(rng, 2, 2)) * 1e3
    W, b = decimals(away_from_zero(rng, (2, 3)) * 1e-7, 10), away_from_zero(rng, (3,))
    alive = int(rng.integers(3))
    b[alive] = abs(b[alive])
    V = decimals(rng.uniform(700, 1500, (3, 1)) * rng.choice([-1.0, 1.0], (3, 1)), 1)
    # The outputs are about 15: positive for sure, where somebody takes relu of them.
    c = decimals(15 - (hidden(X, [(W, b), (V, b)], activation)[0][1] @ V).mean(axis=0), 1)
    id_ = f"{activation}, gradients that explode"
    return Case("gradient_norms", (X, [(W, b), (V, c)], activation), id=id_)


def _faint(rng: np.random.Generator, function: str) -> Case:
    """Activations, slopes behind them and gradients so small that whoever takes them for 0, or
    keeps them away from 0, is seen to."""
    X = _data(rng, 3, 2)
    (W, b), (V, c) = _relu_layers(rng, X, [(_ALWAYS, _ONCE, _OFTEN)], 1)
    layers = [(W, b * 1e-20), (V * 1e-10, c)]
    return Case(function, (X * 1e-20, layers, "relu"), id="next to 0 and not dead")


def shallow(rng: np.random.Generator) -> list[Case]:
    return [
        _network_case(rng, "gradient_norms", (2, 1), 2, "tanh", "one layer"),
        _network_case(rng, "gradient_norms", (2, 3, 1), 2, "sigmoid", "sigmoid"),
        _network_case(rng, "gradient_norms", (2, 3, 2), 4, "tanh", "tanh, two outputs"),
        _alive(rng, (3, 4, 2, 2), 3, "relu, three layers"),
        *(_far_out(rng, "gradient_norms", name) for name in ("sigmoid", "tanh", "relu")),
    ]


def _saturating(rng: np.random.Generator, sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """Weights so large that most units are far out on the flat parts of the curve."""
    return [(away_from_zero(rng, W.shape) * 2, b * 2) for W, b in draw_layers(rng, sizes)]


def deep(rng: np.random.Generator) -> list[Case]:
    """Networks whose first layer has a far smaller gradient than the last, and some in which it
    is far larger: it is to be seen."""

    def case(sizes: Sequence[int], activation: str) -> Case:
        layers = _saturating(rng, sizes)
        X = _data(rng, 2, sizes[0])
        first, *_, last = (norm.value for norm in gradient_norms(X, layers, activation))
        if 20 * first > last:
            return case(sizes, activation)
        return Case(
            "gradient_norms", (X, layers, activation), id=f"{activation}, {len(layers)} layers"
        )

    return [
        case((2, 2, 2, 1, 2), "sigmoid"),
        case((2, 2, 1, 2, 1, 2), "tanh"),
        *(_steep(rng, name) for name in ("sigmoid", "tanh", "relu")),
        _faint(rng, "gradient_norms"),
    ]


def means(rng: np.random.Generator) -> list[Case]:
    return [
        _network_case(rng, "activation_means", (1, 2, 1), 2, "sigmoid", "sigmoid"),
        _network_case(rng, "activation_means", (2, 3, 4, 1), 2, "tanh", "tanh, three layers"),
        _network_case(rng, "activation_means", (3, 4, 3, 2), 5, "relu", "relu, three layers"),
        *(_far_out(rng, "activation_means", name) for name in ("sigmoid", "tanh", "relu")),
        # On one side only: cut off on both, the one can make up for the other in the mean.
        Case("activation_means", (*_active(rng), "sigmoid"), id="sigmoid, far above"),
    ]


_DEAD, _ONCE, _OFTEN, _ALWAYS = "dead", "once", "often", "always"


def _relu_layers(
    rng: np.random.Generator, X: Array, units: Sequence[Sequence[str]], outputs: int
) -> list[tuple[Array, Array]]:
    """Layers whose units are 0 as often as is asked for, by their biases."""
    layers, h = [], X
    for kinds in units:
        W = away_from_zero(rng, (h.shape[1], len(kinds)))
        b = np.empty(len(kinds))
        for unit, kind in enumerate(rng.permutation(np.array(kinds))):
            z = np.sort(h @ W[:, unit])[::-1]
            last = {_DEAD: 0, _ONCE: 1, _OFTEN: len(z) - 1, _ALWAYS: len(z)}[str(kind)]
            # Halfway between the last sample that is to be positive and the next.
            edges = [z[0] + 0.6, *z, z[-1] - 0.6]
            b[unit] = decimals(-(edges[last] + edges[last + 1]) / 2, 2)
        layers.append((W, b))
        h = np.maximum(h @ W + b, 0)
    return [*layers, *draw_layers(rng, (h.shape[1], outputs))]


def dead(rng: np.random.Generator) -> list[Case]:
    """Shares of a few units are the same by chance now and then: drawn until no two wrong
    answers are."""

    def case(m: int, features: int, units: Sequence[Sequence[str]], id_: str) -> Case:
        X = _data(rng, m, features)
        return Case("dead_fraction", (X, _relu_layers(rng, X, units, 2)), id=id_)

    formulas = [dead_fraction, *(m.formula for m in DEAD_MISCONCEPTIONS)]
    while True:
        cases = [
            case(2, 1, [(_DEAD, _ONCE, _ALWAYS)], "one hidden layer"),
            case(4, 2, [(_DEAD, _DEAD, _ONCE, _OFTEN, _ALWAYS)], "some, often and always"),
            case(
                3,
                2,
                [(_DEAD, _ONCE, _OFTEN, _ALWAYS), (_DEAD, _DEAD, _DEAD, _ONCE, _ALWAYS)],
                "two hidden layers",
            ),
        ]
        answers = {
            str([np.vectorize(float)(values(f(*case.args))).tolist() for case in cases])
            for f in formulas
        }
        if len(answers) == len(formulas):
            return cases


def _whole(rng: np.random.Generator) -> tuple[Array, list[tuple[Array, Array]]]:
    """Samples and a network of integers. No unit is exactly 0 for a sample."""
    while True:
        X = rng.choice([-2, -1, 1, 2, 3], (3, 2))
        layers = [
            (rng.choice([-2, -1, 1, 2], (2, 3)), np.array([1, -1, 2])),
            (rng.choice([-1, 1, 2], (3, 1)), np.array([1])),
        ]
        z = X @ layers[0][0] + layers[0][1]
        if X.min() < 0 and z.all() and (z > 0).any():
            return X, layers


def _active(rng: np.random.Generator) -> tuple[Array, list[tuple[Array, Array]]]:
    """A unit that gives more than 25 for every sample, from inputs on both sides of 0."""
    X, w = np.abs(_data(rng, 2, 2)) * [1, -1], np.array([1.0, -1.0])
    X = decimals(rng.uniform(26, 28, (2, 1)) * X / (X @ w)[:, None], 2)
    b, V = decimals(rng.uniform(-0.5, 0.5, 1), 2), decimals(rng.uniform(0.3, 0.9, (1, 1)), 2)
    return X, [(w[:, None], b), (V, -b)]


def _thinned(rng: np.random.Generator, X: Array) -> list[tuple[Array, Array]]:
    """Six hidden layers, in all of which but the first one unit of two is dead. No unit is next
    to 0, or beyond 30, for a sample."""
    while True:
        layers = _relu_layers(rng, X, [(_ALWAYS,), *[(_DEAD, _OFTEN)] * 5], 1)
        h, sizes = X, []
        for W, b in layers[:-1]:
            sizes.append(np.abs(h @ W + b))
            h = np.maximum(h @ W + b, 0)
        if min(map(np.min, sizes)) > 1e-4 and max(map(np.max, sizes)) < 10:
            return layers


def forms(rng: np.random.Generator) -> list[Case]:
    wide = _data(rng, 6, 4)
    integers, whole = _whole(rng)
    turned = [(W.T.copy().T, b[::-1]) for W, b in draw_layers(rng, (4, 3, 2))]
    one = draw_layers(rng, (4, 3))
    X = _data(rng, 3, 2)
    all_dead = _relu_layers(rng, X, [(_DEAD, _DEAD), (_DEAD, _ALWAYS, _ALWAYS)], 1)
    lively = _relu_layers(rng, X, [(_ALWAYS, _ONCE, _OFTEN), (_DEAD, _ALWAYS)], 1)
    (W, b), output = _relu_layers(rng, X, [(_ALWAYS, _ONCE, _OFTEN)], 1)
    faint = [(W * 1e-30, b * 1e-30), output]
    long = draw_layers(rng, (2, 1, 2, 1, 2, 1))
    many, longer = _data(rng, 9, 2), draw_layers(rng, (2, 1, 1, 1, 1, 1, 1, 1))
    thinned = _thinned(rng, many)
    return [
        Case(
            "activation_means", (wide, one, "tanh"), id="means of a network without hidden layers"
        ),
        Case("dead_fraction", (wide, one), id="dead units of a network without hidden layers"),
        Case("gradient_norms", (integers, whole, "sigmoid"), id="norms, integers"),
        Case("activation_means", (integers, whole, "tanh"), id="means, integers"),
        Case("gradient_norms", (wide[::-2], turned, "tanh"), id="norms, every other row"),
        Case(
            "activation_means", (np.asfortranarray(wide), turned, "sigmoid"), id="means, by columns"
        ),
        Case("gradient_norms", (_data(rng, 1, 4), turned, "sigmoid"), id="norms of one sample"),
        Case("activation_means", (_data(rng, 1, 2), long, "sigmoid"), id="means, five layers"),
        Case("gradient_norms", (many, longer, "tanh"), id="norms, many samples and layers"),
        Case("activation_means", (many, longer, "tanh"), id="means, many samples and layers"),
        Case("activation_means", (*_active(rng), "relu"), id="means, relu, large"),
        Case("dead_fraction", (many, thinned), id="dead units, many samples and layers"),
        Case("dead_fraction", (X, all_dead), id="a layer that is dead altogether"),
        Case("dead_fraction", (X, lively), id="a layer without a dead unit"),
        Case("dead_fraction", (X[:1], lively), id="dead units, one sample"),
        Case("dead_fraction", (X, faint), id="units that are next to 0 and not dead"),
        _faint(rng, "activation_means"),
        Case("gradient_norms", (wide, one, "relu"), id="norms of one layer, relu"),
        Case("gradient_norms", (X, all_dead, "relu"), id="norms, a layer that is dead altogether"),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    X = _data(rng, 3, 2)
    signed = np.abs(_data(rng, 2, 2)) * [[-1, 1], [1, -1]]  # relu, by mistake of X, shows
    integers, whole = _whole(rng)
    return [
        _network_case(rng, "gradient_norms", (2, 3, 1), 2, "sigmoid", ""),
        _network_case(rng, "activation_means", (2, 3, 1), 2, "tanh", ""),
        Case("dead_fraction", (X, _relu_layers(rng, X, [(_DEAD, _ONCE, _ALWAYS)], 1))),
        *(
            Case(name, (signed, draw_layers(rng, sizes), "relu"))
            for name in ("gradient_norms", "activation_means")
            for sizes in ((2, 3, 2, 1), (2, 3))
        ),
        Case("dead_fraction", (X, draw_layers(rng, (2, 3)))),
        _network_case(rng, "gradient_norms", (2, 3, 1), 2, "tanh", ""),
        _network_case(rng, "activation_means", (2, 3, 1), 2, "sigmoid", ""),
        *(Case(name, (integers, whole, "relu")) for name in ("gradient_norms", "activation_means")),
        Case("dead_fraction", (integers, whole)),
    ]


# --- what is misunderstood --------------------------------------------------------------------


def _linear_forms(slope: bool) -> dict[str, Form]:
    """The activations without their slopes, or not there at all."""
    identity: Form = (lambda z: z, lambda z, a: ones(z))
    if not slope:
        return {name: (FORMS[name][0], lambda z, a: ones(z)) for name in FORMS}
    return dict.fromkeys(FORMS, identity)


_SLOPES_AT_OUTPUT: dict[str, Form] = {
    "sigmoid": (FORMS["sigmoid"][0], lambda z, a: network.activation_derivative("sigmoid", a)),
    "tanh": (FORMS["tanh"][0], lambda z, a: network.activation_derivative("tanh", a)),
    "relu": FORMS["relu"],
}
_VALUES_FOR_SLOPES: dict[str, Form] = {
    name: (function, lambda z, a: a) for name, (function, _) in FORMS.items()
}
_SIGMOID_RULE: dict[str, Form] = {
    name: (function, lambda z, a: a * (1 - a)) for name, (function, _) in FORMS.items()
}


def _without_biases(formula: Callable[..., Any]) -> Callable[..., Any]:
    return lambda X, layers, *rest: formula(X, [(W, b * 0) for W, b in layers], *rest)


def largest_entry(G: Any) -> Any:
    # By value: entries of the same value are near no kink here.
    return max(abs(G).ravel(), key=lambda g: Tracked.of(g).value)


def with_biases(X: Any, layers: Layers, activation: str) -> list[Any]:
    return [
        np.sqrt((dW * dW).sum() + (db * db).sum()) for dW, db, _ in gradients(X, layers, activation)
    ]


def activated_output(X: Any, layers: Layers, activation: str) -> list[Any]:
    slope = FORMS[activation][1]
    function = FORMS[activation][0]
    return norms(at_output=lambda z: slope(z, function(z)))(X, layers, activation)


def largest_singular_value(X: Any, layers: Layers, activation: str) -> list[Any]:
    return [np.linalg.norm(G.astype(np.float64), 2) for G, _, _ in gradients(X, layers, activation)]


def _by_sample(join: Callable[[Any], Any]) -> Callable[..., list[Any]]:
    """The norms of every sample's own gradients, put together afterwards."""

    def formula(X: Any, layers: Layers, activation: str) -> list[Any]:
        each = [gradient_norms(X[i : i + 1], layers, activation) for i in range(len(X))]
        return [join(_array(layer)) for layer in zip(*each, strict=True)]

    return formula


def _first_output(z: Any) -> Any:
    delta = np.zeros(np.shape(z), dtype=object)
    delta[:, 0] = 1
    return delta


NORM_MISCONCEPTIONS = (
    Misconception(
        "sum-of-magnitudes",
        "This adds up the magnitudes of the entries. The Frobenius norm is the length of the "
        "matrix, if its entries stood in one long vector.",
        norms(lambda G: abs(G).sum()),
    ),
    Misconception(
        "square-root-missing",
        "These are the squares of the norms. What is still missing to make a length of them?",
        norms(lambda G: (G * G).sum()),
    ),
    Misconception(
        "root-of-mean",
        "The squares are averaged here. A length is the root of their sum, and grows with the "
        "number of entries.",
        norms(lambda G: np.sqrt((G * G).sum() / G.size)),
    ),
    Misconception(
        "mean-of-magnitudes",
        "This is the average magnitude of an entry. A norm is the length of them all together.",
        norms(lambda G: abs(G).sum() / G.size),
    ),
    Misconception(
        "largest-entry",
        "This is the largest magnitude among the entries. The Frobenius norm takes all of them in.",
        norms(largest_entry),
    ),
    Misconception(
        "sum-of-entries",
        "Entries of different signs cancel in this sum. A length has no signs left in it.",
        norms(lambda G: G.sum()),
    ),
    Misconception(
        "largest-singular-value",
        "This is the spectral norm, the largest singular value: `np.linalg.norm(G, 2)`. What does "
        "that function give when no order is named?",
        largest_singular_value,
        floating=True,  # no formula gives singular values of numbers that carry their error
    ),
    Misconception(
        "norm-of-each-column",
        "There is a norm for every neuron of the layer. One is asked for the whole matrix.",
        norms(lambda G: np.sqrt((G * G).sum(axis=0))),
    ),
    Misconception(
        "biases-included",
        "The gradient of b is in the norm as well. Only that of W is asked for.",
        with_biases,
    ),
    Misconception(
        "bias-gradients",
        "These are the norms of the gradients of b. Those of W are asked for.",
        lambda X, layers, activation: [
            frobenius(db) for _, db, _ in gradients(X, layers, activation)
        ],
    ),
    Misconception(
        "preactivation-gradients",
        "These are the norms of ∂/∂z, the error that is passed back. One step is left to ∂/∂W: "
        "what does W multiply?",
        lambda X, layers, activation: [
            frobenius(delta) for _, _, delta in gradients(X, layers, activation)
        ],
    ),
    Misconception(
        "weights-themselves",
        "These are the norms of the weights, not of the gradients by them.",
        lambda X, layers, activation: [frobenius(W) for W, _ in layers],
    ),
    Misconception(
        "mean-of-outputs",
        "All gradients are too small by the same factor, the number of outputs altogether: it is "
        "the sum of the outputs that is differentiated, not their mean.",
        norms(at_output=lambda z: ones(z) / z.size),
    ),
    Misconception(
        "mean-over-samples",
        "All gradients are too small by a factor of the number of samples. The outputs of all "
        "samples are summed; nothing is averaged.",
        norms(at_output=lambda z: ones(z) / len(z)),
    ),
    Misconception(
        "gradient-of-squares",
        "What starts the way back here is the prediction, as with a squared error. There is no "
        "loss in this exercise: what is the derivative of a sum by each of its terms?",
        norms(at_output=lambda z: z),
    ),
    Misconception(
        "first-output-only",
        "Only the first output of each sample is differentiated. Their sum is asked for.",
        norms(at_output=_first_output),
    ),
    Misconception(
        "norms-of-samples-summed",
        "There is a norm for every sample, and the norms are added. Add the gradients of the "
        "samples first: some of them cancel, and that belongs to the answer.",
        _by_sample(lambda x: x.sum()),
    ),
    Misconception(
        "norms-of-samples-averaged",
        "There is a norm for every sample, and the norms are averaged. Add the gradients of the "
        "samples first: some of them cancel, and that belongs to the answer.",
        _by_sample(mean),
    ),
    Misconception(
        "slope-missing",
        "On the way back nothing is multiplied by the slope of the activation. It is this factor "
        "that makes gradients vanish.",
        norms(forms=_linear_forms(slope=False)),
    ),
    Misconception(
        "slope-at-output",
        "The slope of the activation is taken at h. It belongs to the preactivation z; of h it "
        "can only be had by another formula.",
        norms(forms=_SLOPES_AT_OUTPUT),
    ),
    Misconception(
        "value-for-slope",
        "On the way back the activation itself stands where its slope belongs.",
        norms(forms=_VALUES_FOR_SLOPES),
    ),
    Misconception(
        "sigmoid-rule-for-all",
        "h·(1 − h) is the slope of the sigmoid. The other activations have slopes of their own.",
        norms(forms=_SIGMOID_RULE),
    ),
    Misconception(
        "output-activated",
        "The last layer has an activation here. It should be linear.",
        activated_output,
    ),
    Misconception(
        "always-sigmoid",
        "Your network uses the sigmoid whatever `activation` says.",
        lambda X, layers, activation: gradient_norms(X, layers, "sigmoid"),
    ),
    Misconception(
        "no-activation",
        "There is no activation between the layers: such a network is one linear layer.",
        norms(forms=_linear_forms(slope=True)),
    ),
    Misconception(
        "biases-forgotten",
        "The biases are not in the forward pass. They decide where on the curve a unit works.",
        _without_biases(gradient_norms),
    ),
    Misconception(
        "last-layer-first",
        "The norms are right and stand in reverse: the first belongs to the first layer.",
        lambda *args: gradient_norms(*args)[::-1],
    ),
)


def _means(of: Callable[[Any, Any], Any]) -> Callable[..., list[Any]]:
    """Something else than the mean, from the preactivation and activation of a hidden layer."""
    return lambda X, layers, activation: [of(z, h) for z, h in hidden(X, layers, activation)]


def means_of_slopes(X: Any, layers: Layers, activation: str) -> list[Any]:
    slope = FORMS[activation][1]
    return [mean(slope(z, h)) for z, h in hidden(X, layers, activation)]


MEAN_MISCONCEPTIONS = (
    Misconception(
        "means-output-included",
        "The output layer is in the list. Only hidden layers are asked for, and it is not one.",
        lambda X, layers, activation: [mean(h) for _, h in network.trace(X, layers, activation)],
    ),
    Misconception(
        "means-input-included",
        "The mean of X is in the list. The input is not a layer.",
        lambda X, layers, activation: [mean(X), *activation_means(X, layers, activation)],
    ),
    Misconception(
        "means-input-for-last",
        "Each mean is that of what goes into a layer. What comes out of it is asked for.",
        lambda X, layers, activation: [mean(X), *activation_means(X, layers, activation)][:-1],
    ),
    Misconception(
        "means-of-preactivations",
        "These are the means of z, before the activation. Those after it are asked for.",
        _means(lambda z, h: mean(z)),
    ),
    Misconception(
        "means-by-unit",
        "There is a mean for every unit. One is asked for the whole layer, over samples and units.",
        _means(lambda z, h: h.sum(axis=0) / len(h)),
    ),
    Misconception(
        "means-by-sample",
        "There is a mean for every sample. One is asked for the whole layer, over samples and "
        "units.",
        _means(lambda z, h: h.sum(axis=1) / h.shape[1]),
    ),
    Misconception(
        "means-not-divided",
        "These are sums. A mean is divided by the number of values in it.",
        _means(lambda z, h: h.sum()),
    ),
    Misconception(
        "means-over-samples-only",
        "Your sums are divided by the number of samples. How many activations does a layer have "
        "altogether?",
        _means(lambda z, h: h.sum() / len(h)),
    ),
    Misconception(
        "means-over-units-only",
        "Your sums are divided by the number of units. How many activations does a layer have "
        "altogether?",
        _means(lambda z, h: h.sum() / h.shape[1]),
    ),
    Misconception(
        "means-of-magnitudes",
        "Signs are lost before the mean is taken. Activations of different signs do cancel.",
        _means(lambda z, h: mean(abs(h))),
    ),
    Misconception(
        "means-of-slopes",
        "These are the mean slopes of the activations. The activations themselves are asked for.",
        means_of_slopes,
    ),
    Misconception(
        "means-of-first-sample",
        "Only the first sample is in the mean.",
        lambda X, layers, activation: activation_means(X[:1], layers, activation),
    ),
    Misconception(
        "means-all-in-one",
        "There is one number for the whole network. One is asked for each hidden layer.",
        lambda *args: mean(_array(activation_means(*args))),
    ),
    Misconception(
        "means-always-sigmoid",
        "Your network uses the sigmoid whatever `activation` says.",
        lambda X, layers, activation: activation_means(X, layers, "sigmoid"),
    ),
    Misconception(
        "means-preactivations-passed-on",
        "A layer receives the preactivations of the one before it. The activation is used for the "
        "mean only.",
        lambda X, layers, activation: [
            mean(FORMS[activation][0](z)) for z in _linear_trace(X, layers)[:-1]
        ],
    ),
    Misconception(
        "means-biases-forgotten",
        "The biases are not in the forward pass.",
        _without_biases(activation_means),
    ),
)


def _linear_trace(X: Any, layers: Layers) -> list[Any]:
    """The preactivations of a network without activations."""
    found, h = [], X
    for W, b in layers:
        h = h @ W + b
        found.append(h)
    return found


def _shares(of: Callable[[Array], Any]) -> Callable[..., Array]:
    """Something else from where a hidden layer is positive, (samples, units)."""
    return lambda X, layers: _array(of(positive(z)) for z, _ in hidden(X, layers, "relu"))


def _negative_on_average(X: Any, layers: Layers) -> Array:
    found = [z.sum(axis=0) for z, _ in hidden(X, layers, "relu")]
    return _array(share(~positive(total)) for total in found)


DEAD_MISCONCEPTIONS = (
    Misconception(
        "dead-for-some-sample",
        "A unit counts here as soon as it is 0 for one sample. That is what relu is for; a dead "
        "one is 0 for every sample.",
        _shares(lambda on: share(~on.all(axis=0))),
    ),
    Misconception(
        "dead-share-of-zeros",
        "This is the share of zeros among all activations. A dead unit is 0 for every sample, "
        "and it is units that are counted.",
        _shares(lambda on: share(~on)),
    ),
    Misconception(
        "dead-samples-counted",
        "This counts the samples for which the whole layer is 0. Which of the two axes belongs to "
        "the samples?",
        _shares(lambda on: share(~on.any(axis=1))),
    ),
    Misconception(
        "dead-zero-somewhere-in-sample",
        "This counts samples with a zero in them. Units are to be counted, and over all samples.",
        _shares(lambda on: share(~on.all(axis=1))),
    ),
    Misconception(
        "dead-counted",
        "These are numbers of units. The share of the layer's units is asked for.",
        _shares(lambda on: Tracked(int((~on.any(axis=0)).sum()))),
    ),
    Misconception(
        "dead-percent",
        "These are percentages. A share is between 0 and 1.",
        _shares(lambda on: share(~on.any(axis=0)) * 100),
    ),
    Misconception(
        "dead-alive",
        "This is the share of the living. The others are asked for.",
        _shares(lambda on: share(on.any(axis=0))),
    ),
    Misconception(
        "dead-never-zero",
        "This is the share of units that are positive for every sample: the opposite extreme.",
        _shares(lambda on: share(on.all(axis=0))),
    ),
    Misconception(
        "dead-over-samples",
        "The number of dead units is divided by the number of samples. The share of what is asked "
        "for?",
        _shares(lambda on: Tracked(int((~on.any(axis=0)).sum())) / len(on)),
    ),
    Misconception(
        "dead-first-sample",
        "Only the first sample decides here. Another one may wake the unit up.",
        _shares(lambda on: share(~on[0])),
    ),
    Misconception(
        "dead-on-average",
        "A preactivation that is negative on average is not yet negative for every sample.",
        _negative_on_average,
    ),
    Misconception(
        "dead-output-included",
        "The output layer is in the list. It has no relu, so none of its units can die.",
        lambda X, layers: _array(
            share(~positive(z).any(axis=0)) for z, _ in network.trace(X, layers, "relu")
        ),
    ),
    Misconception(
        "dead-all-in-one",
        "There is one number for the whole network. One is asked for each hidden layer.",
        lambda X, layers: mean(dead_fraction(X, layers)),
    ),
    Misconception(
        "dead-preactivations-passed-on",
        "The second layer receives the preactivations of the first. What does relu send on?",
        lambda X, layers: _array(
            share(~positive(z).any(axis=0)) for z in _linear_trace(X, layers)[:-1]
        ),
    ),
    Misconception(
        "dead-biases-forgotten",
        "The biases are not in the forward pass, and it is biases that kill units.",
        _without_biases(dead_fraction),
    ),
)


EXERCISE = Exercise(
    id="exercise-13",
    title="Why deep networks stop learning",
    topic="Training",
    builds_on=("exercise-4", "exercise-6"),
    functions=(
        Function(
            "gradient_norms",
            "gradient_norms(X, layers, activation)",
            reference=gradient_norms,
            also_right=tuple(norms(forms=forms) for forms in network.OTHER_FORMS),
            witnesses=(
                Witness("sympy", _norms_in_sympy),
                Witness("finite differences", _norms_by_differences),
                torch_reference.values_of(_norms_in_torch),
            ),
            misconceptions=NORM_MISCONCEPTIONS,
        ),
        Function(
            "activation_means",
            "activation_means(X, layers, activation)",
            reference=activation_means,
            also_right=tuple(map(activation_means_in, network.OTHER_FORMS)),
            witnesses=(
                symbolic.witness(symbolic.values_of(activation_means)),
                torch_reference.values_of(_means_in_torch),
                Witness("neuron by neuron", _means_by_hand),
            ),
            misconceptions=MEAN_MISCONCEPTIONS,
        ),
        Function(
            "dead_fraction",
            "dead_fraction(X, layers)",
            reference=dead_fraction,
            witnesses=(
                Witness("fractions", _dead_in_fractions),
                torch_reference.values_of(_dead_in_torch),
                Witness("60 digits", _dead_by_largest),
            ),
            misconceptions=DEAD_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("norms-values", "gradient norms", 2.5, Tier.VALUE, shallow),
        Check("norms-deep", "gradient norms where they vanish or explode", 1.0, Tier.VALUE, deep),
        Check(
            "norms-precision", "gradient norms: all digits", 0.5, Tier.PRECISION, of="norms-values"
        ),
        Check("means-values", "mean activations", 2.0, Tier.VALUE, means),
        Check(
            "means-precision",
            "mean activations: all digits",
            0.5,
            Tier.PRECISION,
            of="means-values",
        ),
        Check("dead-values", "dead units", 2.0, Tier.VALUE, dead),
        Check("dead-precision", "dead units: all digits", 0.25, Tier.PRECISION, of="dead-values"),
        Check("forms", "any depth, integers, arrays of any layout", 0.75, Tier.INTERFACE, forms),
        Check("purity", "arguments unchanged, same answer again", 0.5, Tier.PURITY, again),
    ),
    hints=(
        "Your forward pass of exercise 3 has all that the last two functions need: "
        "`forward_trace(X, layers, activation)[:-1]` are the hidden layers. What is left is one "
        "line each.",
        "The way back is that of exercise 4 with another start. There, delta began as ∂J/∂ŷ; "
        "here S = Σŷ is differentiated, and every output has the same slope in it: 1.",
        "Frobenius: square every entry of ∂S/∂W, add them up, take the root.",
        "A unit is a column of h, a sample is a row. Dead is a column without a positive entry: "
        "`axis=0` asks down the columns.",
        "Then look at what you have built. Draw five layers of sigmoids with `rng.normal`, and "
        "divide the first norm by the last; at every layer the gradient has been multiplied by a "
        "slope of ¼ at most. Try larger weights (means near 0 or 1: saturated), tanh, relu, and "
        "relu with biases of −3.",
    ),
)
