"""Activation functions, from the step to the ELU, and the slopes of four of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Witness
from grader.oracles import finite_difference, symbolic, torch_reference
from grader.oracles.network import decimals, sigmoid, sigmoid_by_tanh
from grader.oracles.numbers import Number, high, plain
from grader.oracles.tracked import Tracked

Cases = Callable[[np.random.Generator], list[Case]]

LEAK = 0.01
"""The default alpha of the leaky ReLU."""

# --- branches -----------------------------------------------------------------------------------


def exact(t: Any) -> Any:
    """The value behind a number of any kind.

    Every branch below is decided by an argument as it was sent. A float64 comparison decides it
    exactly, so the distance that `Tracked` keeps from a kink is not needed; and where single
    precision rounds an argument onto a corner, a continuous function changes by no more than its
    bound, while the cases of the others stand off by more than that.
    """
    return t.value if isinstance(t, Tracked | Number) else t


def side(z: Any, above: Callable[[Any], Any], otherwise: Callable[[Any], Any], at: Any = 0) -> Any:
    """`above(z)` where z > at, `otherwise(z)` elsewhere. Only what is chosen is evaluated."""
    return np.frompyfunc(lambda t: above(t) if exact(t) > at else otherwise(t), 1, 1)(z)


def level(z: Any, below: Any, centre: Any, above: Any, at: Any = 0) -> Any:
    """Three constants: left of `at`, there, and right of it."""
    return side(z, lambda t: above, lambda t: centre if exact(t) == at else below, at)


def clip(z: Any, low: float, high_: float) -> Any:
    return side(z, lambda t: high_, lambda t: side(t, lambda s: s, lambda s: low, low), high_)


def slope(z: Any, left: Callable[[Any], Any], right: Callable[[Any], Any], at_kink: Any) -> Any:
    """A derivative with a kink at 0, where it is `at_kink`."""
    return side(z, right, lambda t: at_kink if exact(t) == 0 else left(t))


# --- what is right ----------------------------------------------------------------------------


def unit_step(z: Any) -> Any:
    return level(z, 0, 0.5, 1)


def sign(z: Any) -> Any:
    return level(z, -1, 0, 1)


def piecewise_linear(z: Any) -> Any:
    return clip(z + 0.5, 0, 1)


def piecewise_linear_by_abs(z: Any) -> Any:
    """Its cancellation far out is the most an accepted formula loses."""
    return (abs(z + 0.5) - abs(z - 0.5) + 1) * 0.5


def tanh(z: Any) -> Any:
    return np.tanh(z)


def tanh_by_exponentials(z: Any) -> Any:
    up, down = np.exp(z), np.exp(-z)
    return (up - down) / (up + down)


def tanh_by_double(z: Any) -> Any:
    e = np.exp(2 * z)
    return (e - 1) / (e + 1)


def tanh_by_sigmoid(z: Any) -> Any:
    return 2 * sigmoid(2 * z) - 1


def tanh_derivative(z: Any) -> Any:
    e = np.exp(-2 * abs(z))
    return 4 * e / ((1 + e) * (1 + e))


def tanh_derivative_by_output(z: Any) -> Any:
    """1 − tanh²: its cancellation at large z is the most an accepted formula loses."""
    t = np.tanh(z)
    return 1 - t * t


def tanh_derivative_by_exponentials(z: Any) -> Any:
    t = tanh_by_exponentials(z)
    return 1 - t * t


def tanh_derivative_by_sigmoid(z: Any) -> Any:
    t = tanh_by_sigmoid(z)
    return 1 - t * t


def tanh_derivative_by_cosh(z: Any) -> Any:
    c = np.cosh(z)
    return 1 / (c * c)


def relu(z: Any) -> Any:
    return side(z, lambda t: t, lambda t: 0 * t)


def relu_derivative(z: Any) -> Any:
    return slope(z, lambda t: 0, lambda t: 1, Tracked.between(0, 1))


def leaky_relu(z: Any, alpha: Any = LEAK) -> Any:
    return side(z, lambda t: t, lambda t: alpha * t)


def leaky_relu_by_abs(z: Any, alpha: Any = LEAK) -> Any:
    """One multiple of z and one of |z|: half of each cancels on the left."""
    a = Tracked.of(alpha)  # the default too: 1 + a is to be exact, its rounding in the bound
    return z * (0.5 * (1 + a)) + abs(z) * (0.5 * (1 - a))


def leaky_relu_by_sum(z: Any, alpha: Any = LEAK) -> Any:
    a = Tracked.of(alpha)
    return z * a + relu(z) * (1 - a)


def up_to_one(alpha: Any) -> Tracked:
    """Any slope between alpha (at most 1) and 1: what is right at a kink.

    alpha itself is right there, so its rounding to single precision is allowed for.
    """
    a = mpmath.mpf(exact(alpha))
    middle = Tracked((1 + a) / 2, a)
    middle.slack = (1 - a) / 2
    return middle


def leaky_relu_derivative(z: Any, alpha: Any = LEAK) -> Any:
    # Times 1: whoever multiplies a mask by alpha may round it once.
    return slope(z, lambda t: alpha * Tracked(1), lambda t: 1, up_to_one(alpha))


def leaky_relu_derivative_by_sum(z: Any, alpha: Any = LEAK) -> Any:
    a = Tracked.of(alpha)
    mean, half = 0.5 * (1 + a), 0.5 * (1 - a)
    return slope(z, lambda t: mean - half, lambda t: mean + half, up_to_one(alpha))


def elu(z: Any, alpha: Any = 1.0) -> Any:
    return side(z, lambda t: t, lambda t: alpha * (np.exp(t) - 1))


def elu_by_difference(z: Any, alpha: Any = 1.0) -> Any:
    return side(z, lambda t: t, lambda t: alpha * np.exp(t) - alpha)


def elu_derivative(z: Any, alpha: Any = 1.0) -> Any:
    return slope(z, lambda t: alpha * np.exp(t), lambda t: 1, up_to_one(alpha))


def elu_derivative_by_output(z: Any, alpha: Any = 1.0) -> Any:
    """The function's own value + alpha: what it loses for small slopes is right to lose."""
    return slope(z, lambda t: alpha * (np.exp(t) - 1) + alpha, lambda t: 1, up_to_one(alpha))


def elu_derivative_by_sum(z: Any, alpha: Any = 1.0) -> Any:
    """alpha·exp(min(z, 0)), and on the right what is missing to 1."""
    a = Tracked.of(alpha)
    return slope(z, lambda t: a * np.exp(t), lambda t: a * np.exp(0 * t) + (1 - a), up_to_one(a))


# --- witnesses ----------------------------------------------------------------------------------

Smooth = Callable[[Any, Any], Any]


class Pieces:
    """A function as its definition states it: smooth pieces of (z, alpha) between break
    points, and the values at those."""

    def __init__(self, breaks: tuple[float, ...], at: tuple[float, ...], *smooth: Smooth) -> None:
        self.breaks = breaks
        self.at = at
        self.values = [symbolic.values_of(f) for f in smooth]
        self.slopes = [symbolic.gradient(f, lambda z, alpha: z) for f in smooth]

    def value(self, t: Any, alpha: Any) -> tuple[Any, Any]:
        if t in self.breaks:
            return mpmath.mpf(self.at[self.breaks.index(t)]), mpmath.mpf(0)
        return self._piece(self.values[sum(t > b for b in self.breaks)], t, alpha), mpmath.mpf(0)

    def derivative(self, t: Any, alpha: Any) -> tuple[Any, Any]:
        """The slope, or at a break point the middle of the two one-sided slopes."""
        index = sum(t > b for b in self.breaks)
        left = self._piece(self.slopes[index], t, alpha)
        if t not in self.breaks:
            return left, mpmath.mpf(0)
        right = self._piece(self.slopes[index + 1], t, alpha)
        return (left + right) / 2, abs(right - left) / 2

    @staticmethod
    def _piece(evaluate: Any, t: Any, alpha: Any) -> Any:
        return np.asarray(evaluate(t, alpha), dtype=object).item()


PIECES = {
    "unit_step": Pieces((0.0,), (0.5,), lambda z, a: 0 * z, lambda z, a: 0 * z + 1),
    "sign": Pieces((0.0,), (0.0,), lambda z, a: 0 * z - 1, lambda z, a: 0 * z + 1),
    "piecewise_linear": Pieces(
        (-0.5, 0.5), (0.0, 1.0), lambda z, a: 0 * z, lambda z, a: z + 0.5, lambda z, a: 0 * z + 1
    ),
    # Not sympy's tanh: the slope 1 − tanh(z)² takes 20 000 digits at z = 10 000.
    "tanh": Pieces((), (), lambda z, a: 1 - 2 / (1 + np.exp(2 * z))),
    "relu": Pieces((0.0,), (0.0,), lambda z, a: 0 * z, lambda z, a: z),
    "leaky_relu": Pieces((0.0,), (0.0,), lambda z, a: a * z, lambda z, a: z),
    "elu": Pieces((0.0,), (0.0,), lambda z, a: a * (np.exp(z) - 1), lambda z, a: z),
}


def by_sympy(name: str, *, derivative: bool = False) -> Witness:
    """The pieces of the named function, or sympy's derivatives of them, at every entry."""
    pieces = PIECES[name]
    one = pieces.derivative if derivative else pieces.value

    def values(z: Any, alpha: Any = LEAK if name == "leaky_relu" else 1.0) -> tuple[Any, Any]:
        points = np.asarray(plain(high(z)), dtype=object)
        value, bound = np.empty_like(points), np.empty_like(points)
        for index in np.ndindex(points.shape):
            value[index], half = one(points[index], alpha)
            bound[index] = half + abs(value[index]) * mpmath.mpf(10) ** -28
        return value, bound

    return Witness("sympy", values)


def by_differences(f: Callable[..., Any]) -> Witness:
    """Central differences of `f(z, *alpha)`. At a kink they give the middle of the slopes."""

    def values(z: Any, *positional: Any, **named: Any) -> Any:
        return finite_difference.elementwise(lambda t: f(t, *positional, **named)).values(z)

    return Witness("finite differences", values)


def by_torch(f: Callable[..., Any], name: str = "torch", *, derivative: bool = False) -> Witness:
    """`f(z, *alpha)` of a tensor and plain numbers, or autograd's derivative of it."""

    def values(z: Any, *positional: Any, **named: Any) -> Any:
        def of_z(t: Any) -> Any:
            return f(t, *positional, **named)

        return torch_reference.elementwise(of_z, derivative=derivative).values(z)

    return Witness(name, values)


def torch_step(z: Any) -> Any:
    import torch

    return torch.heaviside(z, torch.tensor(0.5, dtype=z.dtype))


def torch_step_by_comparison(z: Any) -> Any:
    return ((z > 0).double() + (z >= 0).double()) / 2


def torch_sign(z: Any) -> Any:
    import torch

    return torch.sign(z)


def torch_sign_by_comparison(z: Any) -> Any:
    return (z > 0).double() - (z < 0).double()


def torch_piecewise_linear(z: Any) -> Any:
    import torch

    return torch.clamp(z + 0.5, 0.0, 1.0)


def torch_piecewise_linear_by_hardtanh(z: Any) -> Any:
    import torch

    return torch.nn.functional.hardtanh(z, -0.5, 0.5) + 0.5


def torch_tanh(z: Any) -> Any:
    import torch

    return torch.tanh(z)


def torch_tanh_by_sigmoid(z: Any) -> Any:
    import torch

    return 2 * torch.sigmoid(2 * z) - 1


def torch_relu(z: Any) -> Any:
    import torch

    return torch.relu(z)


def torch_relu_by_abs(z: Any) -> Any:
    return (z + abs(z)) / 2


def torch_leaky_relu(z: Any, alpha: float = LEAK) -> Any:
    import torch

    return torch.nn.functional.leaky_relu(z, alpha)


def torch_leaky_relu_by_maximum(z: Any, alpha: float = LEAK) -> Any:
    import torch

    return torch.maximum(z, alpha * z)  # right for alpha up to 1, and the exercise has no more


def torch_elu(z: Any, alpha: float = 1.0) -> Any:
    import torch

    return torch.nn.functional.elu(z, alpha)


def torch_elu_by_expm1(z: Any, alpha: float = 1.0) -> Any:
    import torch

    return torch.clamp(z, min=0) + alpha * torch.expm1(torch.clamp(z, max=0))


# --- cases ------------------------------------------------------------------------------------

ALPHA = ("leaky_relu", "elu", "leaky_relu_derivative", "elu_derivative")
SLOPES = ("tanh_derivative", "relu_derivative", "leaky_relu_derivative", "elu_derivative")
ALL = ("unit_step", "sign", "piecewise_linear", "tanh", "relu", "leaky_relu", "elu", *SLOPES)


def signed(rng: np.random.Generator, shape: int | tuple[int, ...], low: float, top: float) -> Array:
    """Numbers of two decimals with magnitudes between low and top, half of them negative, the
    first one too: what is wrong on one side only shows in every array."""
    size = int(np.prod(shape))
    signs = np.concatenate([[-1.0, 1.0], rng.choice([-1.0, 1.0], max(size - 2, 0))])[:size]
    return decimals(rng.uniform(low, top, size) * signs, 2).reshape(shape)


def alpha_of(rng: np.random.Generator, low: float = 0.2, top: float = 0.45) -> float:
    return float(decimals(rng.uniform(low, top), 2))


# A value check shows what happens to arrays; bare numbers and other forms have a check of their
# own. So who writes `z[z < 0]` loses that one, and not the points for knowing the formula.


def step_values(name: str) -> Cases:
    def cases(rng: np.random.Generator) -> list[Case]:
        a, b = signed(rng, 2, 0.6, 2.5)
        return [
            Case(name, (np.array([a, 0.0, b]),), id="negative, zero, positive"),
            Case(name, (signed(rng, (2, 3), 0.05, 3),), id="a matrix"),
            Case(name, (np.array([-1e-3, -1e-30, 0.0, 1e-30, 1e-3, -0.5, 0.5]),), id="near 0"),
            Case(name, (np.array([1e4, -1e4, 750.0, -750.0, 31.5, -31.5]),), id="far out"),
        ]

    return cases


def ramp_values(rng: np.random.Generator) -> list[Case]:
    name = "piecewise_linear"
    few, matrix = signed(rng, 2, 0.1, 0.4), signed(rng, (2, 4), 0.05, 1.3)
    # At a corner, a ramp whose pieces do not meet is the one of them or the other.
    while (np.abs(matrix) == 0.5).any():
        matrix = signed(rng, (2, 4), 0.05, 1.3)
    return [
        Case(name, (few,), id="on the ramp"),
        Case(name, (matrix,), id="a matrix"),
        Case(name, (np.array([-1.25, -0.75, -0.45, -0.3, 0.0, 0.3, 0.45, 0.75, 1.25]),), id="all"),
        Case(name, (np.array([1e4, -1e4, 3.5, -3.5]),), id="far out"),
    ]


def tanh_values(name: str) -> Cases:
    def cases(rng: np.random.Generator) -> list[Case]:
        return [
            Case(name, (signed(rng, 2, 0.3, 1.2),), id="two numbers"),
            Case(name, (signed(rng, (2, 3), 0.2, 2.5),), id="a matrix"),
            Case(name, (np.array([0.0, 4.5, -4.5, 0.05, -0.05]),), id="0 and beyond"),
            Case(name, (signed(rng, 9, 0.2, 3),), id="nine numbers"),
        ]

    return cases


def relu_values(name: str) -> Cases:
    """Of the function or its derivative; for the latter without the corner itself."""

    def cases(rng: np.random.Generator) -> list[Case]:
        zero = [] if name in SLOPES else [0.0]
        return [
            Case(name, (signed(rng, 2, 0.6, 2.5),), id="two numbers"),
            Case(name, (signed(rng, (2, 3), 0.1, 3),), id="a matrix"),
            # A small slope on the left shows beside a small number, not beside a large one.
            Case(name, (np.array([*zero, -9.5, 0.25, -4.25]),), id="mostly negative"),
            Case(name, (np.array([1e4, -1e4, 750.0, -750.0]),), id="far out"),
        ]

    return cases


def alpha_values(name: str) -> Cases:
    def cases(rng: np.random.Generator) -> list[Case]:
        zero = [] if name in SLOPES else [0.0]
        far = 1e4 if name.startswith("leaky") else 9.0
        small = float(decimals(rng.uniform(0.002, 0.008)))  # below every default
        return [
            Case(name, (signed(rng, 2, 0.6, 2.5),), id="two numbers"),
            Case(name, (signed(rng, 3, 0.4, 2.5), alpha_of(rng)), id="with alpha"),
            Case(
                name,
                (signed(rng, (2, 3), 0.2, 3),),
                {"alpha": alpha_of(rng, 0.55, 0.85)},
                id="a matrix, with alpha by name",
            ),
            Case(name, (np.array([*zero, -9.5, 0.25, -4.25]),), id="mostly negative"),
            Case(name, (np.array([far, -far]),), {"alpha": small}, id="far out, a small alpha"),
        ]

    return cases


def with_alpha(rng: np.random.Generator, name: str) -> dict[str, float]:
    return {"alpha": alpha_of(rng)} if name in ALPHA else {}


def precise(rng: np.random.Generator) -> list[Case]:
    """One array for every function: where single precision or a difference quotient would show,
    and an end that is cut off or a piece near 0 that is made straight. Calls of its own, because
    one check is about all the functions."""
    others = np.array([-30.0, -16.0, -12.0, 12.0, 16.0, -4e-3, 4e-3, -1e-6, 1e-6])
    return [
        Case(name, (np.append(signed(rng, 6, 0.2, 2.5), others),), with_alpha(rng, name), id=name)
        for name in ALL
        if name not in ("unit_step", "sign", "relu_derivative")  # whole and half numbers
    ]


def large(*names: str) -> Cases:
    def cases(rng: np.random.Generator) -> list[Case]:
        x = float(decimals(rng.uniform(750, 900), 0))
        far = np.array([-1e4, -720.0, -89.0, -36.5, 36.5, 89.0, 720.0, 1e4])
        return [
            Case(name, (z,), with_alpha(rng, name), id=f"{name}, {what}")
            for what, z in (("both ways", np.array([-x, x])), ("far out", far))
            for name in names
        ]

    return cases


def corners(rng: np.random.Generator) -> list[Case]:
    beside = np.array([-1e-3, 1e-3, -1e-9, 1e-9])
    cases = [
        Case(name, (z,), with_alpha(rng, name), id=f"{name} {what}")
        for what, z in (("at 0", np.array([0.0, -0.5, 0.5])), ("beside 0", beside))
        for name in SLOPES[1:]
    ]
    # With alpha = 1 the ELU has no corner: from both sides its slope is 1.
    return [
        *cases,
        Case("elu_derivative", (np.array([0.0, -1.5, 1.5]),), id="elu without a corner"),
    ]


def forms(rng: np.random.Generator) -> list[Case]:
    """Everything elementwise that a NumPy user passes.

    Who writes a branch for bare numbers writes every piece again, and often with `math`, which
    raises an error where NumPy gives infinity: they are in every piece, at its ends and far out.
    """
    grid = signed(rng, (3, 4), 0.1, 3)
    small = signed(rng, (2, 3), 0.1, 1.5)
    arguments = {
        "a number": float(decimals(rng.uniform(0.1, 0.45), 2)),
        "a negative number": -float(decimals(rng.uniform(0.1, 0.45), 2)),
        "an integer": 3,
        "a 0-d array": np.array(-1.25),
        "integers": np.array([-3, -1, 1, 2]),
        "one number in a matrix": signed(rng, (1, 1), 0.1, 2),
        "four dimensions": signed(rng, (2, 1, 3, 1), 0.1, 2),
        "every other column": grid[:, ::2],
        "rows from the last": small[::-1],
        "a transposed matrix": small.T,
    }
    cases = [
        Case(name, (z,), with_alpha(rng, name), id=f"{name} of {what}")
        for name in ALL
        for what, z in arguments.items()
    ]
    # ½ at 0 is more than an array of integers can hold.
    cases += [Case(name, (np.array([-2, 0, 3]),), id=f"{name} of 0") for name in ALL[:3]]
    beside = float(decimals(rng.uniform(0.55, 0.95), 2))  # of the ramp
    alone: dict[str, tuple[float, ...]] = {
        "unit_step": (0.0, 0, 1e-9),
        "sign": (0.0, 0, 1e-9),
        "piecewise_linear": (0.0, 0, beside, -beside),
        "tanh": (0.0, 720.0, -720.0),
        "tanh_derivative": (720.0, -720.0),
    }
    cases += [
        Case(name, (z,), id=f"{name} of {z!r} alone")
        for name in ALL
        for z in alone.get(name, (0.0, 720.0))
    ]
    cases += [Case(name, (np.array([-2.5, 1.5]), 1), id=f"{name}, alpha 1") for name in ALPHA]
    # The ramp is continuous: at its corners either piece is right, but one must be there.
    cases.append(Case("piecewise_linear", (np.array([-0.5, 0.5]),), id="corners of the ramp"))
    return cases


def again(rng: np.random.Generator) -> list[Case]:
    """Of the arguments some lie far out, are 0 or are integers: places where code that is careful
    about something else writes into them. With another alpha the answer is another one."""
    z = signed(rng, (3, 2), 0.2, 1.5)
    far = np.array([-1.25, 0.5, -705.0, 705.0, -25.0, 25.0])  # no exponential is infinite yet
    whole = np.array([2, -1, 3])
    zero = np.array([0.75, 0.0, -0.25])
    return [
        *(Case(name, (z,), with_alpha(rng, name)) for name in ALL),
        *(Case(name, (z,)) for name in ALPHA),
        *(Case(name, (far,)) for name in ALL),
        *(Case(name, (whole,)) for name in ("sign", "relu")),
        *(Case(name, (zero,)) for name in ALL if name not in SLOPES),
    ]


# --- what is misunderstood: steps and the ramp --------------------------------------------------

STEP_MISCONCEPTIONS = (
    Misconception(
        "step-one-at-zero",
        "Everywhere but at z = 0 this is right. The definition here has a value of its own for "
        "exactly 0; which one?",
        lambda z: level(z, 0, 1, 1),
    ),
    Misconception(
        "step-zero-at-zero",
        "Left and right of 0 this is right. At exactly 0 the definition gives neither of the two "
        "levels.",
        lambda z: level(z, 0, 0, 1),
    ),
    Misconception(
        "step-is-sign",
        "This is the sign function. The unit step is never negative: where does it stay on the "
        "left?",
        sign,
    ),
    Misconception(
        "step-minus-one",
        "The lower level of your step is −1, as perceptrons use it. Which two levels does the "
        "*unit* step have, and what lies at 0?",
        lambda z: level(z, -1, 1, 1),
    ),
    Misconception(
        "step-at-one-half",
        "Your step is at z = ½. A half does belong to this function, but as a value, not as a "
        "place.",
        lambda z: level(z, 0, 0.5, 1, at=0.5),
    ),
    Misconception(
        "step-reversed",
        "Your step goes down where the unit step goes up. What is it for a large positive z?",
        lambda z: 1 - unit_step(z),
    ),
    Misconception(
        "step-is-sigmoid",
        "This is the sigmoid, the smooth relative of the step. The step itself knows three "
        "values only.",
        sigmoid,
    ),
)

SIGN_MISCONCEPTIONS = (
    Misconception(
        "sign-is-step",
        "This is the unit step. The sign of a negative number is not 0.",
        unit_step,
    ),
    Misconception(
        "sign-one-at-zero",
        "Your function calls 0 positive. It is neither positive nor negative: what does the "
        "definition say there?",
        lambda z: level(z, -1, 1, 1),
    ),
    Misconception(
        "sign-minus-one-at-zero",
        "Your function calls 0 negative. It is neither positive nor negative: what does the "
        "definition say there?",
        lambda z: level(z, -1, -1, 1),
    ),
    Misconception(
        "sign-never-negative",
        "Zeros and ones only: what should a negative z lead to?",
        lambda z: level(z, 0, 0, 1),
    ),
    Misconception(
        "sign-reversed",
        "Plus and minus have changed places.",
        lambda z: -sign(z),
    ),
    Misconception(
        "sign-zero-over-zero",
        "Dividing by the size of z works everywhere but at z = 0, where 0/0 is not a number.",
        lambda z: z / np.abs(z),
        floating=True,
    ),
)

RAMP_MISCONCEPTIONS = (
    Misconception(
        "ramp-from-zero",
        "Your ramp starts to rise at z = 0. Where does the one of the definition start, and "
        "what is its value at 0?",
        lambda z: clip(z, 0, 1),
    ),
    Misconception(
        "ramp-half-levels",
        "Your ramp is in the right place, but it runs from −½ to ½. Which levels does it join?",
        lambda z: clip(z, -0.5, 0.5),
    ),
    Misconception(
        "ramp-minus-one-to-one",
        "This ramp runs from −1 to 1, through 0. The one asked for is never negative.",
        lambda z: clip(z, -1, 1),
    ),
    Misconception(
        "ramp-without-ends",
        "The line in the middle is right, and it never stops. What holds it between 0 and 1?",
        lambda z: z + 0.5,
    ),
    Misconception(
        "ramp-without-top",
        "On the left your function stays at 0 as it should. Is there nothing to stop it above?",
        lambda z: side(z + 0.5, lambda t: t, lambda t: 0.0),
    ),
    Misconception(
        "ramp-jumps",
        "Your three pieces do not meet: the middle one is z alone, so there is a jump at each "
        "end of it.",
        lambda z: side(z, lambda t: 1.0, lambda t: side(t, lambda s: s, lambda s: 0.0, -0.5), 0.5),
    ),
    Misconception(
        "ramp-shifted-right",
        "Your ramp lies one unit too far to the right. Is ½ added or taken away?",
        lambda z: clip(z - 0.5, 0, 1),
    ),
    Misconception(
        "ramp-falls",
        "Your ramp falls where the one of the definition rises.",
        lambda z: clip(0.5 - z, 0, 1),
    ),
    Misconception(
        "ramp-hard-sigmoid",
        "This ramp is too flat: it is the hard sigmoid, made to look like σ. How steep is the "
        "line z + ½?",
        lambda z: clip(0.2 * z + 0.5, 0, 1),
    ),
    Misconception(
        "ramp-is-step",
        "The middle part is missing: your function jumps from 0 to 1 at once.",
        unit_step,
    ),
)

# --- tanh ---------------------------------------------------------------------------------------


def tan(z: Any) -> Any:
    def one(t: Any) -> Any:
        v = mpmath.tan(t.value)
        return Tracked(v, (1 + v * v) * t.error + 8 * abs(v))

    return np.frompyfunc(one, 1, 1)(z)


def notes_tanh(z: Any) -> Any:
    """As lecture 002 writes it: ∞/∞ from |z| = 710 on."""
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


TANH_MISCONCEPTIONS = (
    Misconception(
        "tanh-is-sigmoid",
        "This is the sigmoid, from 0 to 1. Between which two values does tanh run, and what is "
        "tanh(0)?",
        sigmoid,
    ),
    Misconception(
        "tanh-half-argument",
        "The right curve, but only half as steep at 0: somewhere in your exponents a 2 is missing.",
        lambda z: np.tanh(0.5 * z),
    ),
    Misconception(
        "tanh-sigmoid-not-stretched",
        "A sigmoid of 2z is on the way to tanh. It still runs from 0 to 1, though; tanh does not.",
        lambda z: sigmoid(2 * z),
    ),
    Misconception(
        "tanh-negated",
        "Every value has the right size and the wrong sign. Which of the two exponentials is "
        "taken away from the other?",
        lambda z: -np.tanh(z),
    ),
    Misconception(
        "tanh-upside-down",
        "Your fraction stands on its head: its size is never below 1, and at 0 it divides by 0.",
        lambda z: 1 / np.tanh(z),
    ),
    Misconception(
        "tanh-is-sinh",
        "This is the hyperbolic sine, which grows without bound. By what is it divided to give "
        "the tangent?",
        lambda z: (np.exp(z) - np.exp(-z)) * 0.5,
    ),
    Misconception(
        "tanh-parentheses",
        "Python divides before it adds and subtracts: what exactly is above and under the "
        "fraction bar in your line?",
        lambda z: np.exp(z) - np.exp(-z) / np.exp(z) + np.exp(-z),
    ),
    Misconception(
        "tanh-is-tan",
        "This is the tangent of the circle. The h stands for the hyperbolic one.",
        tan,
    ),
    Misconception(
        "tanh-hard",
        "This is a straight line with its ends cut off. tanh bends smoothly.",
        lambda z: clip(z, -1, 1),
    ),
    Misconception(
        "tanh-is-derivative",
        "This is the slope of tanh. `tanh` asks for the function itself.",
        tanh_derivative_by_output,
    ),
    Misconception(
        "tanh-overflow",
        "For |z| from 710 on an exponential is infinite, and infinity divided by infinity is not "
        "a number. Divide above and below by the larger exponential first, or look for the "
        "function NumPy has.",
        notes_tanh,
        floating=True,
    ),
)

TANH_DERIVATIVE_MISCONCEPTIONS = (
    Misconception(
        "tanh-derivative-of-output",
        "1 − y² is right where y is the *output* of tanh. What does this function receive: z, or "
        "tanh(z)?",
        lambda z: 1 - z * z,
    ),
    Misconception(
        "tanh-derivative-square-missing",
        "At 0 this is right. For a large negative z it is nearly 2, though the curve is flat "
        "there: a power is missing.",
        lambda z: 1 - np.tanh(z),
    ),
    Misconception(
        "tanh-derivative-sigmoid-rule",
        "y·(1 − y) is how the slope of the *sigmoid* follows from its output. tanh has a rule of "
        "its own.",
        lambda z: np.tanh(z) * (1 - np.tanh(z)),
    ),
    Misconception(
        "tanh-derivative-plus",
        "Your slope grows towards 2 where the curve gets flat. Look at the sign between the two "
        "terms.",
        lambda z: 1 + np.tanh(z) * np.tanh(z),
    ),
    Misconception(
        "tanh-derivative-negative",
        "Right size, wrong sign: tanh rises everywhere.",
        lambda z: np.tanh(z) * np.tanh(z) - 1,
    ),
    Misconception(
        "tanh-derivative-sech",
        "One over the hyperbolic cosine is the root of what is asked for. What becomes of the "
        "denominator when a quotient is differentiated?",
        lambda z: 2 / (np.exp(z) + np.exp(-z)),
    ),
    Misconception(
        "tanh-derivative-twice",
        "tanh is applied twice here: the argument is z, and your formula passes tanh(z) on as if "
        "it were z.",
        lambda z: tanh_derivative_by_output(np.tanh(z)),
    ),
    Misconception(
        "tanh-derivative-of-tan",
        "This is the derivative of the tangent of the circle, which is never below 1. The "
        "hyperbolic one differs in a sign.",
        lambda z: 1 + tan(z) * tan(z),
    ),
    Misconception(
        "tanh-derivative-is-function",
        "This is tanh itself, not its slope. Where is tanh steepest, and is your result largest "
        "there?",
        np.tanh,
    ),
    Misconception(
        "tanh-derivative-of-sigmoid",
        "This is the derivative of the sigmoid, at most ¼. It is tanh's that is asked for.",
        lambda z: sigmoid(z) * (1 - sigmoid(z)),
    ),
)

# --- ReLU ---------------------------------------------------------------------------------------

RELU_MISCONCEPTIONS = (
    Misconception(
        "relu-is-derivative",
        "This tells only on which side z lies: it is the slope of ReLU. What does ReLU do to a "
        "positive z?",
        lambda z: level(z, 0, 0, 1),
    ),
    Misconception(
        "relu-min",
        "Your function lets the negative numbers through and stops the positive ones.",
        lambda z: side(z, lambda t: 0.0, lambda t: t),
    ),
    Misconception(
        "relu-abs",
        "This is the size of z: a negative number becomes a positive one. What does ReLU make "
        "of it?",
        abs,
    ),
    Misconception(
        "relu-mirrored",
        "This is ReLU of −z: it answers to the negative numbers.",
        lambda z: side(z, lambda t: 0.0, lambda t: -t),
    ),
    Misconception(
        "relu-capped",
        "Your function stops at 1. ReLU has a floor, but no ceiling.",
        lambda z: clip(z, 0, 1),
    ),
    Misconception(
        "relu-leaky",
        "This is the leaky ReLU. The plain one lets nothing through on the left.",
        leaky_relu,
    ),
    Misconception(
        "relu-threshold-one",
        "Small positive numbers are lost in your function. From which z on does ReLU hand its "
        "argument through?",
        lambda z: side(z, lambda t: t, lambda t: 0.0, 1),
    ),
    Misconception(
        "relu-softplus",
        "This is the softplus, which rounds the corner off. ReLU has a corner: it is made of two "
        "straight pieces.",
        lambda z: np.log(1 + np.exp(z)),
    ),
)

RELU_DERIVATIVE_MISCONCEPTIONS = (
    Misconception(
        "relu-derivative-is-function",
        "This is ReLU itself. How steep is a straight line through 0 that rises as fast as it "
        "runs?",
        relu,
    ),
    Misconception(
        "relu-derivative-sides-swapped",
        "The sides have changed places: on which one is ReLU flat?",
        lambda z: level(z, 1, 0, 0),
    ),
    Misconception(
        "relu-derivative-minus-one",
        "On the left your slope is −1: a curve that falls there. ReLU is flat there.",
        sign,
    ),
    Misconception(
        "relu-derivative-ones",
        "This slope is 1 everywhere. Only one half of ReLU rises.",
        lambda z: 1 + 0 * z,
    ),
    Misconception(
        "relu-derivative-of-softplus",
        "This is the sigmoid, the slope of the softplus. The slope of ReLU knows two values only.",
        sigmoid,
    ),
    Misconception(
        "relu-derivative-nan-at-zero",
        "At z = 0 your slope is not a number; where you divide by z, that is 0/0. Between the two "
        "slopes any value is right there, but a number it must be.",
        lambda z: np.maximum(z, 0) / z,
        floating=True,
    ),
)

# --- leaky ReLU ---------------------------------------------------------------------------------

LEAKY_MISCONCEPTIONS = (
    Misconception(
        "leaky-alpha-added",
        "On the left you add alpha to z. alpha is a slope: how does a slope act on z?",
        lambda z, alpha=LEAK: side(z, lambda t: t, lambda t: t + alpha),
    ),
    Misconception(
        "leaky-alpha-alone",
        "On the left your function is flat at the height alpha. alpha is meant to be its slope "
        "there, not its height.",
        lambda z, alpha=LEAK: side(z, lambda t: t, lambda t: alpha),
    ),
    Misconception(
        "leaky-sign",
        "Your left branch rises to the left. A negative z should lead to a small *negative* value.",
        lambda z, alpha=LEAK: side(z, lambda t: t, lambda t: -alpha * t),
    ),
    Misconception(
        "leaky-is-relu",
        "This is the plain ReLU. The leaky one lets a little through on the left.",
        lambda z, alpha=LEAK: relu(z),
    ),
    Misconception(
        "leaky-sides-swapped",
        "alpha acts on the positive side here, and the negative numbers pass in full. Of z and "
        "alpha·z, which one is larger on which side?",
        lambda z, alpha=LEAK: side(z, lambda t: alpha * t, lambda t: t),
    ),
    Misconception(
        "leaky-both-sides",
        "alpha acts on both sides here, so nothing is left of the corner.",
        lambda z, alpha=LEAK: z * alpha,
    ),
    Misconception(
        "leaky-alpha-ignored",
        "Your result is the same for every alpha. The 0.01 is only its default.",
        lambda z, alpha=LEAK: leaky_relu(z),
    ),
    Misconception(
        "leaky-default",
        "With an alpha in the call this is right. Look at the default in the first line of the "
        "function.",
        lambda z, alpha=0.1: leaky_relu(z, alpha),
    ),
    Misconception(
        "leaky-divided",
        "You divide by alpha, which makes the left branch steep. It should be nearly flat.",
        lambda z, alpha=LEAK: side(z, lambda t: t, lambda t: t / alpha),
    ),
    Misconception(
        "leaky-is-derivative",
        "These are the slopes of the two branches. `leaky_relu` asks for the function itself.",
        lambda z, alpha=LEAK: side(z, lambda t: 1.0, lambda t: alpha),
    ),
)

LEAKY_DERIVATIVE_MISCONCEPTIONS = (
    Misconception(
        "leaky-derivative-is-function",
        "This is the leaky ReLU itself, not its slope.",
        leaky_relu,
    ),
    Misconception(
        "leaky-derivative-of-relu",
        "This is the slope of the plain ReLU. The leaky one is not flat on the left.",
        lambda z, alpha=LEAK: level(z, 0, 0, 1),
    ),
    Misconception(
        "leaky-derivative-z-left",
        "On the left you give the value alpha·z of the function. How steep is that line?",
        lambda z, alpha=LEAK: side(z, lambda t: 1.0, lambda t: alpha * t),
    ),
    Misconception(
        "leaky-derivative-sign",
        "Right size, wrong sign on the left: the leaky ReLU rises there too, only slowly.",
        lambda z, alpha=LEAK: side(z, lambda t: 1.0, lambda t: -alpha),
    ),
    Misconception(
        "leaky-derivative-sides-swapped",
        "The sides have changed places: which branch is the steep one?",
        lambda z, alpha=LEAK: side(z, lambda t: alpha, lambda t: 1.0),
    ),
    Misconception(
        "leaky-derivative-alpha-ignored",
        "Your result is the same for every alpha. The 0.01 is only its default.",
        lambda z, alpha=LEAK: side(z, lambda t: 1.0, lambda t: LEAK),
    ),
    Misconception(
        "leaky-derivative-default",
        "With an alpha in the call this is right. Look at the default in the first line of the "
        "function.",
        lambda z, alpha=0.1: side(z, lambda t: 1.0, lambda t: alpha),
    ),
)

# --- ELU ----------------------------------------------------------------------------------------


def notes_elu(z: Any, alpha: float = 1.0) -> Any:
    """As lecture 002 writes it: 0·∞ where z is large."""
    return (z > 0) * z + (z <= 0) * (alpha * (np.exp(z) - 1))


ELU_MISCONCEPTIONS = (
    Misconception(
        "elu-alpha-ignored",
        "Your result is the same for every alpha. On the left it should decide how deep the "
        "curve goes.",
        lambda z, alpha=1.0: elu(z),
    ),
    Misconception(
        "elu-minus-one-missing",
        "Your two branches do not meet at 0: coming from the left, your curve arrives at alpha.",
        lambda z, alpha=1.0: side(z, lambda t: t, lambda t: alpha * np.exp(t)),
    ),
    Misconception(
        "elu-alpha-in-exponent",
        "alpha stands in the exponent here, where it changes how fast the curve falls. It should "
        "change how deep.",
        lambda z, alpha=1.0: side(z, lambda t: t, lambda t: np.exp(alpha * t) - 1),
    ),
    Misconception(
        "elu-alpha-on-exponential-only",
        "The −1 has to be multiplied by alpha too: mind the parentheses. Do your branches meet "
        "at 0?",
        lambda z, alpha=1.0: side(z, lambda t: t, lambda t: alpha * np.exp(t) - 1),
    ),
    Misconception(
        "elu-sign",
        "On the left your curve is positive. Is eᶻ more or less than 1 there?",
        lambda z, alpha=1.0: side(z, lambda t: t, lambda t: alpha * (1 - np.exp(t))),
    ),
    Misconception(
        "elu-alpha-on-both-sides",
        "alpha belongs to the left branch only. On the right the ELU hands z through as it is.",
        lambda z, alpha=1.0: elu(z) * alpha,
    ),
    Misconception(
        "elu-exponent-sign",
        "Your left branch explodes. Towards which value should it settle as z goes to −∞?",
        lambda z, alpha=1.0: side(z, lambda t: t, lambda t: alpha * (np.exp(-t) - 1)),
    ),
    Misconception(
        "elu-is-leaky",
        "This is the leaky ReLU: a straight line on the left. The ELU bends there.",
        lambda z, alpha=1.0: leaky_relu(z, alpha),
    ),
    Misconception(
        "elu-is-relu",
        "This is the plain ReLU. The ELU differs from it on the left.",
        lambda z, alpha=1.0: relu(z),
    ),
    Misconception(
        "elu-exponential-everywhere",
        "The exponential acts on the positive side too. What does the ELU do to a positive z?",
        lambda z, alpha=1.0: (np.exp(z) - 1) * alpha,
    ),
    Misconception(
        "elu-overflow",
        "A mask of zeros cannot take an infinity away: for a large positive z your exponential is "
        "infinite, and 0·∞ is not a number. Choose between the branches instead, or keep positive "
        "numbers out of the exponential.",
        notes_elu,
        floating=True,
    ),
)

ELU_DERIVATIVE_MISCONCEPTIONS = (
    Misconception(
        "elu-derivative-is-function",
        "This is the ELU itself, not its slope.",
        elu,
    ),
    Misconception(
        "elu-derivative-alpha-ignored",
        "Your result is the same for every alpha. Does a constant factor vanish when you "
        "differentiate?",
        lambda z, alpha=1.0: side(z, lambda t: 1.0, np.exp),
    ),
    Misconception(
        "elu-derivative-minus-one-kept",
        "Your left branch is negative, yet the ELU rises. What is the derivative of a constant "
        "that is taken away?",
        lambda z, alpha=1.0: side(z, lambda t: 1.0, lambda t: alpha * (np.exp(t) - 1)),
    ),
    Misconception(
        "elu-derivative-output-plus-one",
        "Adding 1 to the function's value gives its slope only for alpha = 1. What has to be "
        "added for any alpha?",
        lambda z, alpha=1.0: side(z, lambda t: 1.0, lambda t: alpha * (np.exp(t) - 1) + 1),
    ),
    Misconception(
        "elu-derivative-of-leaky",
        "On the left your slope is alpha everywhere, as for the leaky ReLU. The ELU gets flatter "
        "and flatter there.",
        lambda z, alpha=1.0: side(z, lambda t: 1.0, lambda t: alpha),
    ),
    Misconception(
        "elu-derivative-of-relu",
        "This is the slope of the plain ReLU. The ELU is not flat on the left.",
        lambda z, alpha=1.0: level(z, 0, 0, 1),
    ),
    Misconception(
        "elu-derivative-alpha-in-exponent",
        "alpha stands in the exponent too. In the ELU it is only a factor in front.",
        lambda z, alpha=1.0: side(z, lambda t: 1.0, lambda t: alpha * np.exp(alpha * t)),
    ),
    Misconception(
        "elu-derivative-alpha-on-both-sides",
        "alpha belongs to the left branch only. How steep is the ELU on the right?",
        lambda z, alpha=1.0: elu_derivative(z) * alpha,
    ),
    Misconception(
        "elu-derivative-exponential-everywhere",
        "On the right your slope grows without bound, but the ELU is a straight line there.",
        lambda z, alpha=1.0: np.exp(z) * alpha,
    ),
    Misconception(
        "elu-derivative-exponent-sign",
        "On the left your slope grows to the left, but the ELU gets flatter there.",
        lambda z, alpha=1.0: side(z, lambda t: 1.0, lambda t: alpha * np.exp(-t)),
    ),
)

# --- the exercise -------------------------------------------------------------------------------

EXERCISE = Exercise(
    id="exercise-6",
    title="Activation functions",
    topic="Activation functions",
    builds_on=("exercise-1",),
    functions=(
        Function(
            "unit_step",
            "unit_step(z)",
            reference=unit_step,
            witnesses=(
                by_sympy("unit_step"),
                by_torch(torch_step),
                by_torch(torch_step_by_comparison, "torch by comparison"),
            ),
            misconceptions=STEP_MISCONCEPTIONS,
        ),
        Function(
            "sign",
            "sign(z)",
            reference=sign,
            witnesses=(
                by_sympy("sign"),
                by_torch(torch_sign),
                by_torch(torch_sign_by_comparison, "torch by comparison"),
            ),
            misconceptions=SIGN_MISCONCEPTIONS,
        ),
        Function(
            "piecewise_linear",
            "piecewise_linear(z)",
            reference=piecewise_linear,
            also_right=(piecewise_linear_by_abs,),
            witnesses=(
                by_sympy("piecewise_linear"),
                by_torch(torch_piecewise_linear),
                by_torch(torch_piecewise_linear_by_hardtanh, "torch by hardtanh"),
            ),
            misconceptions=RAMP_MISCONCEPTIONS,
        ),
        Function(
            "tanh",
            "tanh(z)",
            reference=tanh,
            also_right=(tanh_by_exponentials, tanh_by_double, tanh_by_sigmoid),
            witnesses=(
                by_sympy("tanh"),
                by_torch(torch_tanh),
                by_torch(torch_tanh_by_sigmoid, "torch by sigmoid"),
            ),
            misconceptions=TANH_MISCONCEPTIONS,
        ),
        Function(
            "relu",
            "relu(z)",
            reference=relu,
            witnesses=(
                by_sympy("relu"),
                by_torch(torch_relu),
                by_torch(torch_relu_by_abs, "torch by abs"),
            ),
            misconceptions=RELU_MISCONCEPTIONS,
        ),
        Function(
            "leaky_relu",
            "leaky_relu(z, alpha=0.01)",
            reference=leaky_relu,
            also_right=(leaky_relu_by_abs, leaky_relu_by_sum),
            witnesses=(
                by_sympy("leaky_relu"),
                by_torch(torch_leaky_relu),
                by_torch(torch_leaky_relu_by_maximum, "torch by maximum"),
            ),
            misconceptions=LEAKY_MISCONCEPTIONS,
        ),
        Function(
            "elu",
            "elu(z, alpha=1.0)",
            reference=elu,
            also_right=(elu_by_difference,),
            witnesses=(
                by_sympy("elu"),
                by_torch(torch_elu),
                by_torch(torch_elu_by_expm1, "torch by expm1"),
            ),
            misconceptions=ELU_MISCONCEPTIONS,
        ),
        Function(
            "tanh_derivative",
            "tanh_derivative(z)",
            reference=tanh_derivative,
            also_right=(
                tanh_derivative_by_output,
                tanh_derivative_by_exponentials,
                tanh_derivative_by_sigmoid,
                tanh_derivative_by_cosh,
            ),
            witnesses=(
                by_sympy("tanh", derivative=True),
                by_differences(lambda z: 2 * sigmoid_by_tanh(2 * z) - 1),
                by_torch(torch_tanh, derivative=True),
            ),
            misconceptions=TANH_DERIVATIVE_MISCONCEPTIONS,
        ),
        Function(
            "relu_derivative",
            "relu_derivative(z)",
            reference=relu_derivative,
            witnesses=(
                by_sympy("relu", derivative=True),
                by_differences(relu),
                by_torch(torch_relu, derivative=True),
            ),
            misconceptions=RELU_DERIVATIVE_MISCONCEPTIONS,
        ),
        Function(
            "leaky_relu_derivative",
            "leaky_relu_derivative(z, alpha=0.01)",
            reference=leaky_relu_derivative,
            also_right=(leaky_relu_derivative_by_sum,),
            witnesses=(
                by_sympy("leaky_relu", derivative=True),
                by_differences(leaky_relu),
                by_torch(torch_leaky_relu, derivative=True),
            ),
            misconceptions=LEAKY_DERIVATIVE_MISCONCEPTIONS,
        ),
        Function(
            "elu_derivative",
            "elu_derivative(z, alpha=1.0)",
            reference=elu_derivative,
            also_right=(elu_derivative_by_output, elu_derivative_by_sum),
            witnesses=(
                by_sympy("elu", derivative=True),
                by_differences(elu),
                by_torch(torch_elu, derivative=True),
            ),
            misconceptions=ELU_DERIVATIVE_MISCONCEPTIONS,
        ),
    ),
    # A function that is not understood takes the checks that group it with it; so those are
    # worth little, and the steps are in few of them.
    checks=(
        Check("step-values", "unit_step(z)", 0.5, Tier.VALUE, step_values("unit_step")),
        Check("sign-values", "sign(z)", 0.5, Tier.VALUE, step_values("sign")),
        Check("ramp-values", "piecewise_linear(z)", 0.75, Tier.VALUE, ramp_values),
        Check("tanh-values", "tanh(z)", 0.75, Tier.VALUE, tanh_values("tanh")),
        Check("relu-values", "relu(z)", 0.5, Tier.VALUE, relu_values("relu")),
        Check("leaky-values", "leaky_relu(z, alpha)", 0.75, Tier.VALUE, alpha_values("leaky_relu")),
        Check("elu-values", "elu(z, alpha)", 0.75, Tier.VALUE, alpha_values("elu")),
        Check(
            "tanh-derivative-values",
            "tanh_derivative(z)",
            0.75,
            Tier.VALUE,
            tanh_values("tanh_derivative"),
        ),
        Check(
            "relu-derivative-values",
            "relu_derivative(z)",
            0.5,
            Tier.VALUE,
            relu_values("relu_derivative"),
        ),
        Check(
            "leaky-derivative-values",
            "leaky_relu_derivative(z, alpha)",
            0.75,
            Tier.VALUE,
            alpha_values("leaky_relu_derivative"),
        ),
        Check(
            "elu-derivative-values",
            "elu_derivative(z, alpha)",
            1.0,
            Tier.VALUE,
            alpha_values("elu_derivative"),
        ),
        Check("precision", "all digits of a float", 0.5, Tier.PRECISION, precise),
        Check(
            "tanh-stability",
            "tanh and its derivative: |z| up to 10 000",
            0.5,
            Tier.STABILITY,
            large("tanh", "tanh_derivative"),
        ),
        Check(
            "elu-stability",
            "elu and its derivative: |z| up to 10 000",
            0.5,
            Tier.STABILITY,
            large("elu", "elu_derivative"),
        ),
        Check("corners", "derivatives at a corner and beside it", 0.25, Tier.STABILITY, corners),
        Check("forms", "numbers, integers and arrays of any shape", 0.5, Tier.INTERFACE, forms),
        Check("purity", "arguments unchanged, same answer again", 0.25, Tier.PURITY, again),
    ),
    hints=(
        "Draw each curve on paper first: how high is it far to the left, at 0, far to the right? "
        "Then hold your function against the drawing at three numbers.",
        "An `if` asks one question of a whole array, which NumPy refuses. np.where(condition, a, "
        "b) asks it for every entry; np.maximum, np.minimum and np.clip do the rest.",
        "A derivative is taken branch by branch: what is the slope of 0, of z, of α·z, of "
        "α·(eᶻ − 1)? For tanh = u/v use the quotient rule, and see which square the result is 1 "
        "minus of.",
        "np.where computes both branches for every entry before it chooses; a branch that is not "
        "chosen may overflow without harm. A product with a mask is something else: 0·∞ is NaN.",
        "tanh can be written so that the exponent is never positive: with e = exp(−2|z|) its "
        "size is (1 − e)/(1 + e). For the ELU, hand the exponential min(z, 0) instead of z. Every "
        "result should be a new array of floats, also where z holds integers.",
    ),
)
