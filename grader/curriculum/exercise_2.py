"""The chain rule: on a product, on one neuron, through two layers of numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier
from grader.oracles import finite_difference, symbolic, torch_reference
from grader.oracles.network import decimals, sigmoid, sigmoid_by_tanh
from grader.oracles.tracked import Tracked

# --- f = (x + y)·z: what is right -------------------------------------------------------------


def product(x: Any, y: Any, z: Any) -> Any:
    return (x + y) * z


def product_wrt(x: Any, y: Any, z: Any) -> Any:
    return x, y, z


def product_gradients(x: Any, y: Any, z: Any) -> Any:
    return z, z, x + y


def product_backwards(x: Any, y: Any, z: Any) -> Any:
    """Every link of the chain written out, down to the factors of 1."""
    dq = z * 1
    return dq * 1, dq * 1, (x + y) * 1


# --- f = σ(w0·x0 + w1·x1 + w2): what is right -------------------------------------------------


def preactivation(w: Any, x: Any) -> Any:
    return w[0] * x[0] + w[1] * x[1] + w[2]


def neuron(w: Any, x: Any) -> Any:
    return sigmoid(preactivation(w, x))


def neuron_in_torch(w: Any, x: Any) -> Any:
    import torch

    return torch.sigmoid(torch.dot(w[:2], x) + w[2])


def neuron_wrt(w: Any, x: Any) -> Any:
    return w, x


Slope = Callable[[Any, Any], Any]
"""σ′ where the preactivation is a and the output s, or what is mistaken for it."""


def slope(a: Any, s: Any) -> Any:
    """Its cancellation at large a is more than the other forms of σ′ lose."""
    return s * (1 - s)


def slope_expanded(a: Any, s: Any) -> Any:
    return s - s * s


def slope_by_tanh(a: Any, s: Any) -> Any:
    t = np.tanh(0.5 * a)
    return 0.25 * (1 - t * t)


def slope_by_exp(a: Any, s: Any) -> Any:
    """−1/r² · e^(−a) · (−1) with r = 1 + e^(−a), as the lecture takes the neuron apart."""
    r = 1 + np.exp(-a)
    return np.exp(-a) / (r * r)


FORMS = (
    (slope, sigmoid_by_tanh),
    (slope_expanded, sigmoid),
    (slope_expanded, sigmoid_by_tanh),
    (slope_by_tanh, sigmoid),
    (slope_by_exp, sigmoid),
)
"""Ways to write σ′ and σ; 1 + tanh cancels where a is negative, 1 − s where it is positive."""


def vector(*entries: Any) -> Array:
    return np.array(entries, dtype=object)


def neuron_gradients(
    slope: Slope, sigmoid: Callable[[Any], Any] = sigmoid
) -> Callable[[Any, Any], Any]:
    def gradients(w: Any, x: Any) -> Any:
        a = preactivation(w, x)
        d = slope(a, sigmoid(a))
        return vector(d * x[0], d * x[1], d), vector(d * w[0], d * w[1])

    return gradients


# --- loss = w3·σ(w2·σ(w1·x + b1) + b2) + b3 − y: what is right --------------------------------

Params = dict[str, Any]


def chain(x: Any, y: Any, params: Params) -> Any:
    h1 = sigmoid(params["w1"] * x + params["b1"])
    h2 = sigmoid(params["w2"] * h1 + params["b2"])
    return params["w3"] * h2 + params["b3"] - y


def chain_in_torch(x: Any, y: Any, params: Params) -> Any:
    import torch

    h1 = torch.sigmoid(torch.addcmul(params["b1"], params["w1"], x))
    h2 = torch.sigmoid(torch.addcmul(params["b2"], params["w2"], h1))
    return torch.addcmul(params["b3"], params["w3"], h2) - y


def chain_wrt(x: Any, y: Any, params: Params) -> Any:
    return params


@dataclass(frozen=True, slots=True)
class Pass:
    """What a forward pass leaves behind: preactivations z, activations h, slopes d."""

    x: Any
    z1: Any
    h1: Any
    d1: Any
    z2: Any
    h2: Any
    d2: Any
    w2: Any
    w3: Any
    error: Any


def number(x: Any) -> Any:
    """Out of its 0-d array, which numbers with an error bound do not look into."""
    return x.item() if isinstance(x, np.ndarray) else x


def run(
    x: Any, y: Any, params: Params, slope: Slope, sigmoid: Callable[[Any], Any] = sigmoid
) -> Pass:
    x, y, p = number(x), number(y), {k: number(v) for k, v in params.items()}
    z1 = p["w1"] * x + p["b1"]
    h1 = sigmoid(z1)
    z2 = p["w2"] * h1 + p["b2"]
    h2 = sigmoid(z2)
    error = p["w3"] * h2 + p["b3"] - y
    return Pass(x, z1, h1, slope(z1, h1), z2, h2, slope(z2, h2), p["w2"], p["w3"], error)


def partials(t: Pass) -> Params:
    """The six partial derivatives, from the loss back to w1."""
    at_z2 = t.w3 * t.d2
    at_z1 = at_z2 * t.w2 * t.d1
    return {
        "w1": at_z1 * t.x,
        "b1": at_z1,
        "w2": at_z2 * t.h1,
        "b2": at_z2,
        "w3": t.h2,
        "b3": 1,
    }


def chain_gradients(
    slope: Slope, sigmoid: Callable[[Any], Any] = sigmoid
) -> Callable[[Any, Any, Params], Params]:
    def gradients(x: Any, y: Any, params: Params) -> Params:
        return partials(run(x, y, params, slope, sigmoid))

    return gradients


def chain_from_the_loss(x: Any, y: Any, params: Params) -> Params:
    """Every product begins with ∂loss/∂loss, as a program that walks the graph has it. With
    that, even the 1 of b3 has been through a multiplication."""
    start = Tracked(1)
    right = partials(run(x, y, params, slope))
    return {name: start * value for name, value in right.items()}


# --- cases ------------------------------------------------------------------------------------

KEYS = ("w1", "b1", "w2", "b2", "w3", "b3")


def signed(rng: np.random.Generator, size: int) -> Array:
    """Numbers of two decimals, both signs, no two of one magnitude and none near 0 or 1:
    a factor of 1, or two equal ones, would hide that one is missing or taken for another."""
    magnitudes = rng.permutation([0.3, 0.5, 0.7, 1.3, 1.5, 1.7, 2.0, 2.3])[:size]
    jitter = rng.uniform(-0.08, 0.08, size)
    return decimals((magnitudes + jitter) * rng.choice([-1.0, 1.0], size), 2)


def product_values(rng: np.random.Generator) -> list[Case]:
    # Small and whole, with the signs of the lecture's example, to be checked in one's head.
    small = np.array([-rng.integers(2, 4), rng.integers(5, 8), -rng.integers(3, 6)])
    some = signed(rng, 3)
    # Large numbers, every sign and that of x + y turned round.
    draws = (small, some, decimals(-13 * some, 2))
    return [Case("product_gradients", tuple(float(v) for v in draw)) for draw in draws]


def neuron_arguments(rng: np.random.Generator, near: float) -> tuple[Array, Array]:
    """Weights and inputs whose preactivation is about `near`: at 0 the slope is a quarter
    whatever the mistake, far out it is nearly 0."""
    w, x = signed(rng, 3), signed(rng, 2)
    w[2] = decimals(near + rng.uniform(-0.4, 0.4) - w[0] * x[0] - w[1] * x[1], 2)
    return w, x


def neuron_values(rng: np.random.Generator) -> list[Case]:
    lecture = (np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0]))
    close = tuple(decimals(v + rng.uniform(-0.2, 0.2, v.shape), 1) for v in lecture)
    draws = [close, *(neuron_arguments(rng, near) for near in (-1.5, 2.5, -4.0, -11.0))]
    return [Case("neuron_gradients", arguments) for arguments in draws]


def chain_arguments(rng: np.random.Generator) -> tuple[float, float, dict[str, float]]:
    x, y, *params = (float(v) for v in signed(rng, 8))
    return x, y, dict(zip(KEYS, params, strict=True))


def chain_values(rng: np.random.Generator) -> list[Case]:
    far_x, far_y, far = chain_arguments(rng)
    # The inner sigmoid is far out, and what is left of its slope counts all the same.
    far["b1"] = float(decimals(-11 + rng.uniform(-0.4, 0.4) - far["w1"] * far_x, 2))
    draws = [*(chain_arguments(rng) for _ in range(4)), (far_x, far_y, far)]
    return [Case("chain_gradients", arguments) for arguments in draws]


def zero_d(params: Params) -> dict[str, Array]:
    return {name: np.array(value) for name, value in params.items()}


def whole(rng: np.random.Generator, size: int) -> list[int]:
    return [int(v) for v in rng.integers(1, 4, size) * rng.choice([-1, 1], size)]


def forms(rng: np.random.Generator) -> list[Case]:
    """Every kind of number and of small array that a NumPy user passes."""
    x, y, z = signed(rng, 3)
    w0, x0, w1, x1 = whole(rng, 4)
    w2 = int(rng.choice([-2, -1, 1, 2])) - w0 * x0 - w1 * x1
    w, v = neuron_arguments(rng, 1.5)
    apart, table = np.repeat(w, 2), np.column_stack([v, v[::-1]])
    at_x, at_y, params = chain_arguments(rng)
    integers = dict(zip(KEYS, whole(rng, 6), strict=True))
    integers["b2"] = -integers["w2"]  # the second sigmoid stays where it is not flat
    steep = decimals(signed(rng, 3) / 100, 4), decimals(100 * signed(rng, 2), 0)
    steep[0][2] = decimals(rng.uniform(-0.9, 0.9) - steep[0][:2] @ steep[1], 3)
    far_x, far_y, far = chain_arguments(rng)
    return [
        Case("product_gradients", tuple(whole(rng, 3)), id="product of integers"),
        Case("product_gradients", (x, y, z), id="product of NumPy numbers"),
        Case("product_gradients", (np.array(x), np.array(y), np.array(z)), id="product of 0-d"),
        Case("product_gradients", (x, y, 0.0), id="z is 0"),
        Case("neuron_gradients", (np.array([w0, w1, w2]), np.array([x0, x1])), id="integers"),
        Case("neuron_gradients", (w * [1, 0, 1], v * [0, 1]), id="zeros"),
        Case("neuron_gradients", steep, id="large inputs"),
        Case("neuron_gradients", (apart[::2], table[:, 0]), id="every other entry"),
        Case("neuron_gradients", (w[::-1].copy()[::-1], v[::-1].copy()[::-1]), id="backwards"),
        Case("chain_gradients", (2, -3, integers), id="chain of integers"),
        Case("chain_gradients", (1, 2, params), id="integer x and y"),
        Case(
            "chain_gradients",
            (np.float64(at_x), np.float64(at_y), {k: np.float64(p) for k, p in params.items()}),
            id="chain of NumPy numbers",
        ),
        Case(
            "chain_gradients",
            (np.array(at_x), np.array(at_y), zero_d(params)),
            id="chain of 0-d arrays",
        ),
        Case("chain_gradients", (0.0, at_y, {**params, "w2": 0.0}), id="zeros in a chain"),
        Case(
            "chain_gradients",
            (far_x, far_y, {**far, "w3": 100 * far["w3"]}),
            id="large derivatives",
        ),
        Case(
            "chain_gradients",
            (at_x, at_y, {k: params[k] for k in ("b3", "w3", "b1", "w2", "w1", "b2")}),
            id="keys in another order",
        ),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    """Numbers cannot be changed, but their 0-d arrays can. Some calls share all arguments but
    one with another: what is kept of that one is not the answer."""
    x, y, z, other = (float(v) for v in signed(rng, 4))
    (w, v), (u, t) = neuron_arguments(rng, 1.5), neuron_arguments(rng, -1.5)
    at_x, at_y, params = chain_arguments(rng)
    _, _, others = chain_arguments(rng)
    return [
        Case("product_gradients", (x, y, z)),
        Case("product_gradients", (x, y, other)),
        Case("product_gradients", (np.array(x), np.array(y), np.array(z))),
        Case("neuron_gradients", (w, v)),
        Case("neuron_gradients", (w, t)),
        Case("neuron_gradients", (u, v)),
        Case("chain_gradients", (at_x, at_y, params)),
        Case("chain_gradients", (at_x, at_y, others)),
        Case("chain_gradients", (np.array(at_x), np.array(at_y), zero_d(params))),
    ]


# --- what is misunderstood: the product -------------------------------------------------------

PRODUCT_MISCONCEPTIONS = (
    Misconception(
        "product-upstream-missing",
        "∂q/∂x = 1 is only the first link: it says how q = x + y moves with x. How does f move "
        "with q?",
        lambda x, y, z: (1, 1, x + y),
    ),
    Misconception(
        "product-of-three",
        "This is the gradient of x·y·z. Inside the parentheses stands a sum.",
        lambda x, y, z: (y * z, x * z, x * y),
    ),
    Misconception(
        "product-parentheses-lost",
        "This is the gradient of x + y·z: without its parentheses, f is another function.",
        lambda x, y, z: (1, z, y),
    ),
    Misconception(
        "product-factors-swapped",
        "Of a product of two factors, the derivative by one of them is the other. Which factor "
        "is left when you differentiate by z?",
        lambda x, y, z: (x + y, x + y, z),
    ),
    Misconception(
        "product-order",
        "The three numbers are right and their order is not: df_dx comes first, then df_dy, "
        "then df_dz.",
        lambda x, y, z: (x + y, z, z),
    ),
    Misconception(
        "product-contributions",
        "A derivative says how fast f changes, so the variable itself is no longer multiplied "
        "in. You have slope times value.",
        lambda x, y, z: (x * z, y * z, (x + y) * z),
    ),
    Misconception(
        "product-z-slope-one",
        "df_dz is not 1: z is multiplied by something. The slope along z is what it is "
        "multiplied by.",
        lambda x, y, z: (z, z, 1),
    ),
    Misconception(
        "product-z-everywhere",
        "df_dx and df_dy are right. For z, hold x and y still and ask what f does when z grows "
        "by 1.",
        lambda x, y, z: (z, z, z),
    ),
    Misconception(
        "product-q-multiplied",
        "df_dx and df_dy are right. In df_dz, look again at how x and y are put together in f.",
        lambda x, y, z: (z, z, x * y),
    ),
    Misconception(
        "product-links-added",
        "The links of a chain are multiplied, not added: a slope of 1 followed by a slope of z "
        "is not 1 + z.",
        lambda x, y, z: (1 + z, 1 + z, x + y),
    ),
    Misconception(
        "product-difference",
        "This is the gradient of (x − y)·z. Check the sign between x and y.",
        lambda x, y, z: (z, -z, x - y),
    ),
    Misconception(
        "product-y-forgotten",
        "df_dy is not 0: y stands in the sum beside x and moves f just as x does.",
        lambda x, y, z: (z, 0, x + y),
    ),
    Misconception(
        "product-negated",
        "Every number has the right size and the wrong sign. Nothing in this f turns a sign round.",
        lambda x, y, z: (-z, -z, -(x + y)),
    ),
)

# --- what is misunderstood: the neuron --------------------------------------------------------


def _neuron_at(changed: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Right, but for the preactivation at which the slope is taken."""

    def gradients(w: Any, x: Any) -> Any:
        s = sigmoid(changed(w, x))
        d = s * (1 - s)
        return vector(d * x[0], d * x[1], d), vector(d * w[0], d * w[1])

    return gradients


def _neuron_with(
    change: Callable[[Any, Any, Any], Any],
) -> Callable[[Any, Any], Any]:
    """What `change` makes of the right slope, w and x."""

    def gradients(w: Any, x: Any) -> Any:
        a = preactivation(w, x)
        return change(slope(a, sigmoid(a)), w, x)

    return gradients


NEURON_MISCONCEPTIONS = (
    Misconception(
        "neuron-sign",
        "Right size, wrong sign. Two minus signs meet on the way back: one from 1/r, one from "
        "the exponent. You have only one of them.",
        neuron_gradients(lambda a, s: -slope(a, s)),
    ),
    Misconception(
        "neuron-sign-in-dw",
        "df_dx is right; df_dw has the right size and the wrong sign. Two minus signs meet on "
        "the way back, and for the weights you have only one of them.",
        _neuron_with(
            lambda d, w, x: (vector(-d * x[0], -d * x[1], -d), vector(d * w[0], d * w[1]))
        ),
    ),
    Misconception(
        "neuron-sign-in-dx",
        "df_dw is right; df_dx has the right size and the wrong sign. Two minus signs meet on "
        "the way back, and for the inputs you have only one of them.",
        _neuron_with(lambda d, w, x: (vector(d * x[0], d * x[1], d), vector(-d * w[0], -d * w[1]))),
    ),
    Misconception(
        "neuron-sign-of-bias",
        "Only the bias is off: right size, wrong sign. The minus in the exponent holds for w2 "
        "too, and like the others it meets the one of 1/r.",
        _neuron_with(lambda d, w, x: (vector(d * x[0], d * x[1], -d), vector(d * w[0], d * w[1]))),
    ),
    Misconception(
        "neuron-slope-missing",
        "This is the gradient of the weighted sum alone. The sum then goes through a sigmoid: "
        "one link of the chain is missing.",
        neuron_gradients(lambda a, s: 1),
    ),
    Misconception(
        "neuron-output-for-slope",
        "You multiply by the sigmoid's value. A link of the chain is a slope: σ′ belongs there.",
        neuron_gradients(lambda a, s: s),
    ),
    Misconception(
        "neuron-slope-at-output",
        "The sigmoid is applied once too often: its slope is wanted at the weighted sum, and "
        "you take it at the neuron's output.",
        neuron_gradients(lambda a, s: slope(s, sigmoid(s))),
    ),
    Misconception(
        "neuron-slope-of-preactivation",
        "y·(1 − y) gives the slope from the *output* y of the sigmoid. You put the weighted sum "
        "there.",
        neuron_gradients(lambda a, s: a * (1 - a)),
    ),
    Misconception(
        "neuron-slope-plus",
        "σ′ is never above ¼; yours is. Look at the sign between the two parts of σ·(1 … σ).",
        neuron_gradients(lambda a, s: s * (1 + s)),
    ),
    Misconception(
        "neuron-tanh-slope",
        "1 − y² is how the slope of tanh follows from its output. This neuron has a sigmoid.",
        neuron_gradients(lambda a, s: 1 - s * s),
    ),
    Misconception(
        "neuron-exponential-missing",
        "With r = 1 + e^α you have the slope of 1/r and the slope of α. Between them r itself "
        "moves with α: what is dr/dα?",
        neuron_gradients(lambda a, s: s * s),
    ),
    Misconception(
        "neuron-reciprocal-missing",
        "You differentiate the exponential and stop. It stands under a fraction bar, and 1/r "
        "has a slope as well.",
        neuron_gradients(lambda a, s: -np.exp(-a)),
    ),
    Misconception(
        "neuron-square-missing",
        "Differentiate 1/r = r⁻¹ once more: what happens to the power −1?",
        neuron_gradients(lambda a, s: 1 - s),
    ),
    Misconception(
        "neuron-output-for-r",
        "In −1/r², r is the denominator 1 + e^α; you put the neuron's output there, which is 1/r.",
        neuron_gradients(lambda a, s: np.exp(-a) / (s * s)),
    ),
    Misconception(
        "neuron-weights-and-inputs-swapped",
        "In w0·x0, the derivative by w0 is what w0 is multiplied by. You have it the other way "
        "round.",
        _neuron_with(lambda d, w, x: (vector(d * w[0], d * w[1], d), vector(d * x[0], d * x[1]))),
    ),
    Misconception(
        "neuron-order",
        "Both gradients are right and their order is not: df_dw comes first, then df_dx.",
        _neuron_with(lambda d, w, x: (vector(d * w[0], d * w[1]), vector(d * x[0], d * x[1], d))),
    ),
    Misconception(
        "neuron-bias-missing",
        "df_dw has one entry for every weight, and w has three: the last one is the bias, "
        "which has a derivative too.",
        _neuron_with(lambda d, w, x: (vector(d * x[0], d * x[1]), vector(d * w[0], d * w[1]))),
    ),
    Misconception(
        "neuron-bias-zero",
        "The bias w2 is not constant here: when it grows, the weighted sum grows with it. Its "
        "derivative is not 0.",
        _neuron_with(lambda d, w, x: (vector(d * x[0], d * x[1], 0), vector(d * w[0], d * w[1]))),
    ),
    Misconception(
        "neuron-bias-one",
        "The weighted sum has slope 1 along the bias, but f is the sigmoid of that sum: the "
        "chain goes on.",
        _neuron_with(lambda d, w, x: (vector(d * x[0], d * x[1], 1), vector(d * w[0], d * w[1]))),
    ),
    Misconception(
        "neuron-bias-times-itself",
        "w2 stands alone in the sum, multiplied by nothing. What is then its derivative there?",
        _neuron_with(
            lambda d, w, x: (vector(d * x[0], d * x[1], d * w[2]), vector(d * w[0], d * w[1]))
        ),
    ),
    Misconception(
        "neuron-bias-left-out",
        "Your slope belongs to w0·x0 + w1·x1. The sum that goes into the sigmoid has a third term.",
        _neuron_at(lambda w, x: w[0] * x[0] + w[1] * x[1]),
    ),
    Misconception(
        "neuron-minus-on-first-term",
        "The minus in the exponent stands before a parenthesis and holds for all three terms; "
        "yours reaches only the first.",
        _neuron_at(lambda w, x: w[0] * x[0] - w[1] * x[1] - w[2]),
    ),
)

# --- what is misunderstood: the chain ---------------------------------------------------------


def _except(**changed: Callable[[Pass], Any]) -> Callable[[Any, Any, Params], Params]:
    """Right, but for the partial derivatives that are named."""

    def gradients(x: Any, y: Any, params: Params) -> Params:
        t = run(x, y, params, slope)
        return {**partials(t), **{name: wrong(t) for name, wrong in changed.items()}}

    return gradients


def _scaled(factor: Callable[[Pass], Any]) -> Callable[[Any, Any, Params], Params]:
    """All six times the same."""

    def gradients(x: Any, y: Any, params: Params) -> Params:
        t = run(x, y, params, slope)
        return {name: factor(t) * value for name, value in partials(t).items()}

    return gradients


def _bias_in_product(x: Any, y: Any, p: Params) -> Params:
    """The gradient of w3·σ(w2·(σ(w1·x + b1) + b2)) + b3 − y, without a slip."""
    t = run(x, y, {**p, "b2": p["w2"] * p["b2"]}, slope)
    right = partials(t)
    return {**right, "w2": t.w3 * t.d2 * (t.h1 + p["b2"]), "b2": t.w3 * t.d2 * t.w2}


CHAIN_MISCONCEPTIONS = (
    Misconception(
        "chain-output-for-slope",
        "Where the chain passes through a sigmoid you multiply by its value. A link of the "
        "chain is a slope: σ′ belongs there.",
        chain_gradients(lambda z, h: h),
    ),
    Misconception(
        "chain-output-for-slope-in-w2",
        "Five are right. In ∂loss/∂w2 the outer sigmoid appears with its value where its slope "
        "belongs (some lecture notes print it so).",
        _except(w2=lambda t: t.w3 * t.h2 * t.h1),
    ),
    Misconception(
        "chain-slopes-missing",
        "No slope of a sigmoid is in your products. Every σ that lies between a parameter and "
        "the loss is a link of its chain.",
        chain_gradients(lambda z, h: 1),
    ),
    Misconception(
        "chain-outer-slope-missing",
        "The way back to w2, b2, w1 and b1 leads through the outer sigmoid first. Its slope is "
        "missing.",
        _except(
            w1=lambda t: t.w3 * t.w2 * t.d1 * t.x,
            b1=lambda t: t.w3 * t.w2 * t.d1,
            w2=lambda t: t.w3 * t.h1,
            b2=lambda t: t.w3,
        ),
    ),
    Misconception(
        "chain-inner-slope-missing",
        "The way back to w1 and b1 leads through two sigmoids; you have the slope of one.",
        _except(w1=lambda t: t.w3 * t.d2 * t.w2 * t.x, b1=lambda t: t.w3 * t.d2 * t.w2),
    ),
    Misconception(
        "chain-w3-missing",
        "The output of the outer sigmoid is multiplied by something before it becomes the loss. "
        "That factor is a link for w2, b2, w1 and b1.",
        _except(
            w1=lambda t: t.d2 * t.w2 * t.d1 * t.x,
            b1=lambda t: t.d2 * t.w2 * t.d1,
            w2=lambda t: t.d2 * t.h1,
            b2=lambda t: t.d2,
        ),
    ),
    Misconception(
        "chain-w2-missing",
        "From the outer sigmoid back to the inner one: by what is the inner one's output "
        "multiplied? That factor is missing in ∂w1 and ∂b1.",
        _except(w1=lambda t: t.w3 * t.d2 * t.d1 * t.x, b1=lambda t: t.w3 * t.d2 * t.d1),
    ),
    Misconception(
        "chain-layer-skipped",
        "For w1 and b1 you stop at the outer sigmoid. Two links lie between it and them: a "
        "weight and another slope.",
        _except(w1=lambda t: t.w3 * t.d2 * t.x, b1=lambda t: t.w3 * t.d2),
    ),
    Misconception(
        "chain-x-for-h1",
        "w2 is not multiplied by x. What comes out of the first sigmoid, and so into w2?",
        _except(w2=lambda t: t.w3 * t.d2 * t.x),
    ),
    Misconception(
        "chain-h1-for-x",
        "w1 stands before the first sigmoid. What is it multiplied by there?",
        _except(w1=lambda t: t.w3 * t.d2 * t.w2 * t.d1 * t.h1),
    ),
    Misconception(
        "chain-slope-of-other-layer",
        "Both of your slopes are taken at w1·x + b1. Each sigmoid has its slope at what goes "
        "into that sigmoid.",
        _except(
            w1=lambda t: t.w3 * t.d1 * t.w2 * t.d1 * t.x,
            b1=lambda t: t.w3 * t.d1 * t.w2 * t.d1,
            w2=lambda t: t.w3 * t.d1 * t.h1,
            b2=lambda t: t.w3 * t.d1,
        ),
    ),
    Misconception(
        "chain-slope-at-output",
        "The sigmoid is applied once too often: its slope is wanted at what goes in, and you "
        "take it at what comes out.",
        chain_gradients(lambda z, h: slope(h, sigmoid(h))),
    ),
    Misconception(
        "chain-slope-of-preactivation",
        "h·(1 − h) gives the slope from the *output* h of a sigmoid. You put there what goes in.",
        chain_gradients(lambda z, h: z * (1 - z)),
    ),
    Misconception(
        "chain-tanh-slope",
        "1 − h² is how the slope of tanh follows from its output. These are sigmoids.",
        chain_gradients(lambda z, h: 1 - h * h),
    ),
    Misconception(
        "chain-slope-sign",
        "∂w2 and ∂b2 have the wrong sign, ∂w1 and ∂b1 the right one: the slope of your sigmoid "
        "is negative, and twice negative hides it.",
        chain_gradients(lambda z, h: -slope(z, h)),
    ),
    Misconception(
        "chain-loss-sign",
        "Every number has the right size and the wrong sign: this loss is prediction minus y, "
        "not y minus prediction.",
        _scaled(lambda t: -1),
    ),
    Misconception(
        "chain-squared-loss",
        "These are the derivatives of (prediction − y)². The loss of this exercise is the bare "
        "difference.",
        _scaled(lambda t: 2 * t.error),
    ),
    Misconception(
        "chain-half-squared-loss",
        "You multiply everything by prediction − y, as for ½(prediction − y)². The loss of this "
        "exercise is the bare difference: what is its slope?",
        _scaled(lambda t: t.error),
    ),
    Misconception(
        "chain-bias-in-product",
        "These are the derivatives for w2·(h + b2). The bias is added after the weight has "
        "multiplied: w2·h + b2.",
        _bias_in_product,
    ),
    Misconception(
        "chain-b2-left-out",
        "Your outer sigmoid receives w2·h alone. A bias is added before the sigmoid, not after.",
        lambda x, y, p: partials(run(x, y, {**p, "b2": 0}, slope)),
    ),
    Misconception(
        "chain-b2-for-b1",
        "Your inner sigmoid receives the bias of the other layer. There are two of them inside: "
        "which belongs to w1?",
        lambda x, y, p: partials(run(x, y, {**p, "b1": p["b2"]}, slope)),
    ),
    Misconception(
        "chain-extra-w2",
        "w2 itself is a factor too many in ∂loss/∂w2: what is left of a product when you "
        "differentiate it by one of its factors?",
        _except(w2=lambda t: t.w3 * t.d2 * t.w2 * t.h1),
    ),
    Misconception(
        "chain-bias-like-weight",
        "Your biases have the derivatives of their weights. A weight is multiplied by an input; "
        "by what is a bias multiplied?",
        _except(
            b1=lambda t: t.w3 * t.d2 * t.w2 * t.d1 * t.x,
            b2=lambda t: t.w3 * t.d2 * t.h1,
            b3=lambda t: t.h2,
        ),
    ),
    Misconception(
        "chain-biases-one",
        "1 is right for b3, which is added last. b1 and b2 are added inside a sigmoid: the chain "
        "from there to the loss has more links.",
        _except(b1=lambda t: 1, b2=lambda t: 1),
    ),
    Misconception(
        "chain-b3-zero",
        "b3 is a parameter, not a constant: when it grows by 1, what does the loss do?",
        _except(b3=lambda t: 0),
    ),
    Misconception(
        "chain-w3-preactivation",
        "w3 multiplies what comes out of the outer sigmoid. ∂loss/∂w3 has what goes in.",
        _except(w3=lambda t: t.z2),
    ),
)

EXERCISE = Exercise(
    id="exercise-2",
    title="The chain rule",
    topic="Backpropagation",
    builds_on=("exercise-1",),
    functions=(
        Function(
            "product_gradients",
            "product_gradients(x, y, z)",
            reference=product_gradients,
            also_right=(product_backwards,),
            witnesses=(
                symbolic.witness(symbolic.gradient(product, product_wrt)),
                finite_difference.gradient_witness(product, product_wrt),
                torch_reference.gradient_witness(product, product_wrt),
            ),
            misconceptions=PRODUCT_MISCONCEPTIONS,
        ),
        Function(
            "neuron_gradients",
            "neuron_gradients(w, x)",
            reference=neuron_gradients(slope),
            also_right=tuple(neuron_gradients(*form) for form in FORMS),
            witnesses=(
                symbolic.witness(symbolic.gradient(neuron, neuron_wrt)),
                finite_difference.gradient_witness(neuron, neuron_wrt),
                torch_reference.gradient_witness(neuron_in_torch, neuron_wrt),
            ),
            misconceptions=NEURON_MISCONCEPTIONS,
        ),
        Function(
            "chain_gradients",
            "chain_gradients(x, y, params)",
            reference=chain_gradients(slope),
            also_right=(chain_from_the_loss, *(chain_gradients(*form) for form in FORMS)),
            witnesses=(
                symbolic.witness(symbolic.gradient(chain, chain_wrt)),
                finite_difference.gradient_witness(chain, chain_wrt),
                torch_reference.gradient_witness(chain_in_torch, chain_wrt),
            ),
            misconceptions=CHAIN_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("product-values", "(x + y)·z: the three slopes", 1.5, Tier.VALUE, product_values),
        Check(
            "product-precision", "(x + y)·z: all digits", 0.5, Tier.PRECISION, of="product-values"
        ),
        Check("neuron-values", "one neuron: df/dw and df/dx", 2.0, Tier.VALUE, neuron_values),
        Check(
            "neuron-precision", "one neuron: all digits", 1.0, Tier.PRECISION, of="neuron-values"
        ),
        Check("chain-values", "two layers: all six parameters", 2.5, Tier.VALUE, chain_values),
        Check("chain-precision", "two layers: all digits", 1.0, Tier.PRECISION, of="chain-values"),
        Check("forms", "integers, 0-d arrays, slices, any key order", 1.0, Tier.INTERFACE, forms),
        Check("purity", "arguments unchanged, same answer again", 0.5, Tier.PURITY, again),
    ),
    hints=(
        "Name the steps in between. For (x + y)·z: q = x + y, then f = q·z. Each step has a "
        "slope that is easy; the chain rule multiplies them.",
        "Walk from the result back to the variable. In a product the slope along one factor is "
        "the other factor; in a sum every slope is 1.",
        "For the neuron, let a be the weighted sum. Every partial derivative is σ′(a) times the "
        "slope of a: by w0 that is x0, by x0 it is w0, by the bias w2 it is 1.",
        "For the two layers keep z1, h1 = σ(z1), z2, h2 = σ(z2) in variables. The slope of a "
        "sigmoid, from its output h, is h·(1 − h). y is a constant and falls away.",
        "At z2 the loss has the slope w3·σ′(z2): that is ∂loss/∂b2, and times h1 it is ∂loss/∂w2. "
        "Multiplied by w2·σ′(z1) it becomes the slope at z1: ∂loss/∂b1, and times x ∂loss/∂w1. "
        "∂loss/∂w3 is h2 and ∂loss/∂b3 is 1.",
    ),
)
