"""The sigmoid and its derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.model import Case, Check, Exercise, Function, Misconception, Tier, Witness
from grader.oracles import cuda, finite_difference, symbolic, torch_reference
from grader.oracles.network import decimals, sigmoid, sigmoid_by_tanh

# --- what is right ----------------------------------------------------------------------------


def derivative(x: Any) -> Any:
    """σ(x)(1 − σ(x)): its cancellation at large x is the most an accepted formula loses."""
    s = sigmoid(x)
    return s * (1 - s)


def derivative_by_exp(x: Any) -> Any:
    e = np.exp(-abs(x))
    return e / ((1 + e) * (1 + e))


def derivative_by_tanh(x: Any) -> Any:
    t = np.tanh(0.5 * x)
    return 0.25 * (1 - t * t)


def sigmoid_in_torch(x: Any) -> Any:
    import torch

    return torch.sigmoid(x)


def sigmoid_by_logaddexp_in_torch(x: Any) -> Any:
    """exp(−log(1 + e⁻ˣ)), another road to the same number."""
    import torch

    return torch.exp(-torch.nn.functional.softplus(-x, threshold=1e9))


# --- cases ------------------------------------------------------------------------------------


def values(name: str) -> Any:
    """One small call first: it is the one that is shown when all of them fail."""

    def cases(rng: np.random.Generator) -> list[Case]:
        return [
            Case(name, (float(decimals(rng.uniform(0.3, 1.2), 2)),), id="a positive number"),
            Case(name, (-float(decimals(rng.uniform(1.4, 2.6), 2)),), id="a negative number"),
            Case(name, (decimals(rng.uniform(-3, 3, (2, 3)), 2),), id="a matrix"),
            # As far as there are digits to lose: to clip x is not to compute the sigmoid.
            Case(
                name,
                (np.array([0.0, 4.5, -4.5, 9.0, -9.0, -16.0, -22.0, -40.0]),),
                id="0 and beyond",
            ),
            # 17: one more than the vector units of a processor take at a time.
            Case(name, (decimals(rng.normal(size=17) * 5),), id="17 numbers"),
        ]

    return cases


def large(name: str) -> Any:
    def cases(rng: np.random.Generator) -> list[Case]:
        x = float(decimals(rng.uniform(750, 900), 0))
        return [
            Case(name, (x,), id="a large number"),
            Case(name, (-x,), id="a large negative number"),
            Case(name, (np.array([-1e4, -720.0, -89.0, -36.5, 36.5, 89.0, 720.0, 1e4]),)),
        ]

    return cases


def forms(rng: np.random.Generator) -> list[Case]:
    """Everything elementwise that a NumPy user passes."""
    grid = decimals(rng.uniform(-3, 3, (4, 6)), 2)
    arguments = {
        "an integer": 2,
        "a 0-d array": np.array(-1.25),
        "integers": np.array([-3, -1, 0, 2]),
        "one number in a matrix": decimals(rng.uniform(-2, 2, (1, 1)), 2),
        "three dimensions": decimals(rng.uniform(-2, 2, (2, 1, 3)), 2),
        "every other column": grid[:, ::2],
        "rows from the last": grid[::-1],
        "a transposed matrix": grid.T,
    }
    return [
        Case(name, (x,), id=f"{name} of {what}")
        for name in ("sigmoid", "sigmoid_derivative")
        for what, x in arguments.items()
    ]


def again(rng: np.random.Generator) -> list[Case]:
    x = decimals(rng.uniform(-3, 3, (3, 2)), 2)
    # Some code changes an argument only where it is large. (No larger: exp(709) is a number, and
    # what overflows has been told elsewhere.)
    far = np.array([-709.0, -40.0, 0.5, 40.0, 709.0])
    return [Case(name, (a,)) for name in ("sigmoid", "sigmoid_derivative") for a in (x, far)]


# --- what is misunderstood --------------------------------------------------------------------

SIGMOID_MISCONCEPTIONS = (
    Misconception(
        "sigmoid-sign-of-exponent",
        "Your curve falls where the sigmoid rises. What should it approach for a very large x, "
        "and what does your exponential do there?",
        lambda x: 1 / (1 + np.exp(x)),
    ),
    Misconception(
        "sigmoid-parentheses",
        "Your values go above 1. Python divides before it adds: what exactly is under the "
        "fraction bar in your line?",
        lambda x: 1 / 1 + np.exp(-x),
    ),
    Misconception(
        "sigmoid-tanh",
        "This is the hyperbolic tangent, another S-shaped curve. Between which two values does "
        "the sigmoid stay?",
        lambda x: np.tanh(x),
    ),
    Misconception(
        "sigmoid-minus-in-denominator",
        "Put x = 0 into the denominator you wrote, and into the one of the definition.",
        lambda x: 1 / (1 - np.exp(-x)),
    ),
    Misconception(
        "sigmoid-doubled-argument",
        "Your curve is the right one, but twice as steep. Compare the exponent with the "
        "definition's.",
        lambda x: 1 / (1 + np.exp(-2 * x)),
    ),
    Misconception(
        "sigmoid-negated",
        "Every value has the right size and the wrong sign: a sigmoid is never negative.",
        lambda x: -sigmoid(x),
    ),
    Misconception(
        "sigmoid-is-derivative",
        "This is the slope of the sigmoid. `sigmoid` asks for the function itself.",
        lambda x: derivative(x),
    ),
    Misconception(
        "sigmoid-hard",
        "This is a straight line with its ends cut off, an approximation of the sigmoid. The "
        "definition has an exponential in it.",
        lambda x: np.minimum(np.maximum(0.2 * x + 0.5, 0), 1),
    ),
    Misconception(
        "sigmoid-step",
        "This is the step function: it jumps from 0 to 1. The sigmoid passes smoothly through "
        "everything between.",
        lambda x: np.where(np.asarray(x) >= 0, 1.0, 0.0),
    ),
    Misconception(
        "sigmoid-exponential-only",
        "This is the exponential on its own; it grows without bound. What brings the sigmoid "
        "back below 1?",
        lambda x: np.exp(-x),
    ),
    Misconception(
        "sigmoid-overflow",
        "Infinity divided by infinity is not a number: for large x both parts of your fraction "
        "overflow. Divide both by the same exponential and only one is left.",
        lambda x: np.exp(x) / (1 + np.exp(x)),
        floating=True,
    ),
)

DERIVATIVE_MISCONCEPTIONS = (
    Misconception(
        "derivative-of-output",
        "y·(1 − y) is right where y is the *output* of the sigmoid. What does this function "
        "receive: x, or σ(x)?",
        lambda x: x * (1 - x),
    ),
    Misconception(
        "derivative-sigmoid-twice",
        "The sigmoid is applied twice here: the argument is x, and your formula passes σ(x) on "
        "as if it were x.",
        lambda x: derivative(sigmoid(x)),
    ),
    Misconception(
        "derivative-inner-sign",
        "Right size, wrong sign. The exponent is −x: its own derivative is part of the chain.",
        lambda x: -derivative(x),
    ),
    Misconception(
        "derivative-square-missing",
        "Differentiate (1 + e⁻ˣ)⁻¹ once more: what happens to the power −1?",
        lambda x: np.exp(-x) / (1 + np.exp(-x)),
    ),
    Misconception(
        "derivative-plus",
        "A slope of 2 would be steeper than this curve ever is. Look at the sign between the "
        "two parts of σ·(1 … σ).",
        lambda x: sigmoid(x) * (1 + sigmoid(x)),
    ),
    Misconception(
        "derivative-of-tanh-in-sigmoid",
        "1 − y² is how the slope of tanh follows from its output. The sigmoid has a rule of its "
        "own.",
        lambda x: 1 - sigmoid(x) * sigmoid(x),
    ),
    Misconception(
        "derivative-is-function",
        "This is the sigmoid itself, not its slope. Where is a sigmoid steepest, and is your "
        "result largest there?",
        lambda x: sigmoid(x),
    ),
    Misconception(
        "derivative-chain-rule-missing",
        "This differentiates 1/u with respect to u = 1 + e⁻ˣ and stops. The chain goes on until x.",
        lambda x: -1 / ((1 + np.exp(-x)) * (1 + np.exp(-x))),
    ),
    Misconception(
        "derivative-mixed",
        "One factor uses the output σ(x), the other the input x. Both belong to the same kind.",
        lambda x: sigmoid(x) * (1 - x),
    ),
    Misconception(
        "derivative-of-tanh",
        "This is the derivative of tanh. It is the sigmoid's that is asked for.",
        lambda x: 1 - np.tanh(x) * np.tanh(x),
    ),
    Misconception(
        "derivative-squared-sigmoid",
        "One factor is 1/(1 + e⁻ˣ)² as it should be; what became of the derivative of the inside?",
        lambda x: sigmoid(x) * sigmoid(x),
    ),
    Misconception(
        "derivative-overflow",
        "For a large negative x, both parts of your fraction overflow, and infinity divided by "
        "infinity is not a number. Can you write the slope with σ(x) alone?",
        lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
        floating=True,
    ),
)

EXERCISE = Exercise(
    id="exercise-1",
    title="The sigmoid and its derivative",
    topic="Activation functions",
    functions=(
        Function(
            "sigmoid",
            "sigmoid(x)",
            reference=sigmoid,
            also_right=(sigmoid_by_tanh,),
            witnesses=(
                symbolic.elementwise(sigmoid),
                *cuda.and_on_device(torch_reference.elementwise(sigmoid_in_torch)),
                Witness(
                    "torch by softplus",
                    torch_reference.elementwise(sigmoid_by_logaddexp_in_torch).values,
                ),
                cuda.kernels(lambda gpu: gpu.sigmoid),
            ),
            misconceptions=SIGMOID_MISCONCEPTIONS,
        ),
        Function(
            "sigmoid_derivative",
            "sigmoid_derivative(x)",
            reference=derivative_by_exp,
            also_right=(derivative, derivative_by_tanh),
            witnesses=(
                symbolic.elementwise(sigmoid, derivative=1),
                finite_difference.elementwise(sigmoid),
                *cuda.and_on_device(torch_reference.elementwise(sigmoid_in_torch, derivative=True)),
                cuda.kernels(lambda gpu: gpu.sigmoid_slope),
            ),
            misconceptions=DERIVATIVE_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("sigmoid-values", "σ(x): the formula", 2.0, Tier.VALUE, values("sigmoid")),
        Check("sigmoid-precision", "σ(x): all digits", 1.0, Tier.PRECISION, of="sigmoid-values"),
        Check("sigmoid-stability", "σ(x): |x| up to 10 000", 1.0, Tier.STABILITY, large("sigmoid")),
        Check(
            "derivative-values", "σ′(x): the formula", 2.5, Tier.VALUE, values("sigmoid_derivative")
        ),
        Check(
            "derivative-precision", "σ′(x): all digits", 1.0, Tier.PRECISION, of="derivative-values"
        ),
        Check(
            "derivative-stability",
            "σ′(x): |x| up to 10 000",
            1.0,
            Tier.STABILITY,
            large("sigmoid_derivative"),
        ),
        Check("forms", "numbers, integers and arrays of any shape", 1.0, Tier.INTERFACE, forms),
        Check("purity", "arguments unchanged, same answer again", 0.5, Tier.PURITY, again),
    ),
    hints=(
        "Write e⁻ˣ with np.exp: it works on a number and on an array of any shape alike.",
        "For the derivative, name the inside of the fraction: σ = 1/u with u = 1 + e⁻ˣ. "
        "Differentiate 1/u by u, then u by x, and multiply.",
        "Both factors of the result can be written with σ(x) itself. Call your own sigmoid.",
        "np.exp(800) is infinite. Ask what your fraction becomes then: 1/∞ is fine, ∞/∞ is not.",
    ),
)
