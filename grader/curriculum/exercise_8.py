"""Linear regression: the mean squared error, its gradient, descent, and when descent diverges.

Everything but the last function is rational arithmetic, and a quadratic function at that: its
derivatives and whole trajectories are known exactly, as fractions. The last one asks for an
eigenvalue, which learners compute in many ways; the bound says what each of them may lose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import finite_difference, symbolic, torch_reference
from grader.oracles.network import away_from_zero, decimals
from grader.oracles.numbers import high
from grader.oracles.tracked import Tracked

Gradient = tuple[Any, Any]
Residual = Callable[[Any, Any, Any, Any], Any]

# --- what is right ----------------------------------------------------------------------------


def residual(w: Any, b: Any, x: Any, y: Any) -> Any:
    """Prediction minus target, for every sample."""
    return x * w + b - y  # the array first: it multiplies any kind of number


def mse(w: Any, b: Any, x: Any, y: Any) -> Any:
    r = residual(w, b, x, y)
    return (r * r).sum() / len(x)


def mse_gradients(w: Any, b: Any, x: Any, y: Any) -> Gradient:
    r = residual(w, b, x, y)
    return 2 * (r * x).sum() / len(x), 2 * r.sum() / len(x)


def mse_by_moments(w: Any, b: Any, x: Any, y: Any) -> Any:
    """Multiplied out: right as well, and near a perfect fit it cancels the most."""
    n = len(x)
    squares = w * w * (x * x).sum() + n * (b * b) + (y * y).sum()
    return (squares + 2 * w * b * x.sum() - 2 * w * (x * y).sum() - 2 * b * y.sum()) / n


def mse_gradients_by_moments(w: Any, b: Any, x: Any, y: Any) -> Gradient:
    n = len(x)
    dw = 2 * (w * (x * x).sum() + b * x.sum() - (x * y).sum()) / n
    return dw, 2 * (w * x.sum() + n * b - y.sum()) / n


def descent(
    gradients: Callable[..., Gradient] = mse_gradients, loss: Callable[..., Any] = mse
) -> Callable[..., Tree]:
    """The loop; with another gradient or another loss, one that is wrong there."""

    def gradient_descent(
        x: Any, y: Any, w: Any, b: Any, *, learning_rate: Any, steps: int
    ) -> tuple[Any, Any, Array]:
        losses = []
        for _ in range(steps):
            losses.append(loss(w, b, x, y))
            dw, db = gradients(w, b, x, y)
            w, b = w - learning_rate * dw, b - learning_rate * db
        return w, b, as_array(losses)

    return gradient_descent


def as_array(losses: Sequence[Any]) -> Array:
    return np.array(losses, dtype=object)


def curvature(x: Any) -> tuple[Any, Any]:
    """Trace and discriminant, trace² − 4·determinant, of the Hessian
    2/N · [[Σx², Σx], [Σx, N]], the second without cancellation."""
    n = len(x)
    a, c = 2 * (x * x).sum() / n, 2 * x.sum() / n
    return a + 2, (a - 2) * (a - 2) + 4 * c * c


def largest_stable_learning_rate(x: Any) -> Any:
    trace, discriminant = curvature(x)
    return 2 / largest_root(trace, discriminant)


def largest_root(trace: Any, discriminant: Any) -> Any:
    return (trace + np.sqrt(discriminant)) / 2


def rate_by_determinant(x: Any) -> Any:
    """The quadratic formula of the characteristic polynomial, which cancels more."""
    n = len(x)
    trace = 2 * (x * x).sum() / n + 2
    determinant = 4 * ((x * x).sum() / n - (x.sum() / n) * (x.sum() / n))
    return 2 / largest_root(trace, trace * trace - 4 * determinant)


_BACKWARD = 20
"""u times this and the norm of the matrix: what an eigenvalue algorithm is granted. Backward
stable means that it gives the exact eigenvalues of a matrix that differs by a modest multiple
of u·‖H‖ (Golub, Van Loan, Matrix Computations, 4th ed., 8.3 and 7.5). Ten for each of two rows
is generous: LAPACK's sweeps over 2 × 2 are a handful of rotations."""


def rate_by_eigenvalues(x: Any) -> Any:
    """`2 / np.linalg.eigvalsh(H)[-1]`, or eigvals, or a converged power iteration.

    H is symmetric, so its eigenvalues move no more than it does (Weyl; Bauer and Fike for an
    algorithm that does not know of the symmetry), and its norm is its largest eigenvalue: the
    error is _BACKWARD·λ on top of what building H loses. The same holds for the square of the
    largest singular value of the samples (1, x), which has no more to lose.
    """
    eigenvalue = largest_root(*curvature(x))
    loses = _BACKWARD * abs(eigenvalue.value)
    return 2 / Tracked(eigenvalue.value, eigenvalue.error + loses)


def rate_by_roots(x: Any) -> Any:
    """`2 / max(np.roots(...))` of λ² − trace·λ + determinant.

    np.roots asks for the eigenvalues of the companion matrix, which is not symmetric. They are
    the roots of a polynomial whose coefficients differ by a modest multiple of u·‖coefficients‖
    (Edelman, Murakami, Mathematics of Computation 64, 1995), and a root moves by that change of
    the polynomial's value over its slope, which is the gap between the roots.
    """
    trace, discriminant = curvature(x)
    root = largest_root(trace, discriminant)
    determinant = (trace * trace - discriminant) / 4
    largest = max(1, trace.value, determinant.value)
    change = _BACKWARD * largest * (root.value**2 + root.value + 1)
    return 2 / Tracked(root.value, root.error + change / mpmath.sqrt(discriminant.value))


# --- who else says so -------------------------------------------------------------------------


def by_parameters(w: Any, b: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Out of the arguments of `mse`, what the gradient is taken by."""
    return w, b


def mse_in_torch(w: Any, b: Any, x: Any, y: Any) -> Any:
    import torch

    return torch.nn.functional.mse_loss(torch.addcmul(b, w, x), y)


def _fractions(x: Any) -> list[Fraction]:
    """Floats are fractions, so sums and products of them are exact."""
    return [Fraction(v.item()) for v in np.ravel(x)]


def _sum(terms: Iterable[Fraction]) -> Fraction:
    return sum(terms, Fraction(0))


def _high(x: Fraction) -> Any:
    return mpmath.mpf(x.numerator) / x.denominator


class _Moments:
    """The loss as a quadratic form: (Σx², Σx, N), (Σxy, Σy) and Σy², divided by N."""

    def __init__(self, x: Array, y: Array) -> None:
        xs, ys, n = _fractions(x), _fractions(y), len(x)
        self.xx = _sum(a * a for a in xs) / n
        self.x = _sum(xs) / n
        self.xy = _sum(a * c for a, c in zip(xs, ys, strict=True)) / n
        self.y = _sum(ys) / n
        self.yy = _sum(c * c for c in ys) / n

    def loss(self, w: Fraction, b: Fraction) -> Fraction:
        bent = w * w * self.xx + 2 * w * b * self.x + b * b
        return bent - 2 * (w * self.xy + b * self.y) + self.yy

    def slope(self, w: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
        return 2 * (self.xx * w + self.x * b - self.xy), 2 * (self.x * w + b - self.y)


def _rounding(result: Any) -> Any:
    return abs(result) * mpmath.mpf(10) ** -50


def _mse_in_fractions(w: Any, b: Any, x: Array, y: Array) -> tuple[Any, Any]:
    result = _high(_Moments(x, y).loss(Fraction(float(w)), Fraction(float(b))))
    return result, _rounding(result)


def _descent_in_fractions(
    x: Array, y: Array, w: Any, b: Any, *, learning_rate: Any, steps: int
) -> tuple[Tree, Tree]:
    moments, rate = _Moments(x, y), Fraction(learning_rate)
    at = Fraction(float(w)), Fraction(float(b))
    losses = []
    for _ in range(steps):
        losses.append(_high(moments.loss(*at)))
        dw, db = moments.slope(*at)
        at = at[0] - rate * dw, at[1] - rate * db
    result = (_high(at[0]), _high(at[1]), as_array(losses))
    return result, (_rounding(result[0]), _rounding(result[1]), _rounding(result[2]))


_gradients_in_sympy = symbolic.gradient(mse, by_parameters)
_mse_in_sympy = symbolic.values_of(mse)


def _descent_in_sympy(
    x: Array, y: Array, w: Any, b: Any, *, learning_rate: Any, steps: int
) -> tuple[Tree, Tree]:
    """sympy's gradient, taken from one point to the next in raised precision."""
    w, b, rate = (mpmath.mpf(float(v)) for v in (w, b, learning_rate))
    losses, scale = [], abs(w) + abs(b)
    for _ in range(steps):
        losses.append(_mse_in_sympy(w, b, x, y).item())
        dw, db = (leaf.item() for leaf in _gradients_in_sympy(w, b, x, y))
        w, b = w - rate * dw, b - rate * db
        scale += abs(dw) + abs(db) + losses[-1]
    # 32 digits of each number on the way. A step makes an error of w and b 1 + η·λ times as large
    # at most, λ being less than the trace; the slope takes it to the loss.
    growth = (
        1 + rate * (2 * mpmath.mpf(float(np.mean(np.square(x, dtype=np.float64)))) + 2)
    ) ** steps
    bound = (1 + scale) ** 2 * growth * mpmath.mpf(10) ** -29
    return (w, b, as_array(losses)), (bound, bound, as_array([bound] * steps))


def _descent_in_torch(
    x: Array, y: Array, w: Any, b: Any, *, learning_rate: Any, steps: int
) -> tuple[Tree, None]:
    """torch's own optimiser and autograd."""
    import torch

    xs, ys = (torch.tensor(np.array(v, dtype=np.float64)) for v in (x, y))
    theta = [torch.tensor(float(v), dtype=torch.float64, requires_grad=True) for v in (w, b)]
    optimizer = torch.optim.SGD(theta, lr=learning_rate)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = mse_in_torch(theta[0], theta[1], xs, ys)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return (theta[0].item(), theta[1].item(), np.array(losses)), None


def _rate_in_sympy(x: Array) -> tuple[Any, Any]:
    """sympy differentiates the loss twice and gives the eigenvalues as exact expressions."""
    import sympy

    w, b = sympy.symbols("w b", real=True)
    # No target enters the Hessian: the loss for targets of 0 has the same.
    samples = [sympy.Rational(v.item()) for v in np.ravel(x)]
    loss = sum((w * v + b) ** 2 for v in samples) / len(samples)
    eigenvalues = sympy.hessian(loss, (w, b)).eigenvals()
    largest = max(eigenvalues, key=lambda e: e.evalf(50))
    result = mpmath.mpf((2 / largest).evalf(50)._mpf_)
    return result, abs(result) * mpmath.mpf(10) ** -45


def _rate_by_differences(x: Array) -> tuple[Any, Any]:
    """Second differences of the loss, exact for a quadratic function with any step, and
    mpmath's eigenvalues of what they give."""
    samples, targets = high([np.array(x, dtype=np.float64), np.zeros(len(x))])

    def loss(w: int, b: int) -> Any:
        return mse(w, b, samples, targets).value

    centre = loss(0, 0)
    ww = loss(1, 0) - 2 * centre + loss(-1, 0)
    bb = loss(0, 1) - 2 * centre + loss(0, -1)
    wb = (loss(1, 1) - loss(1, -1) - loss(-1, 1) + loss(-1, -1)) / 4
    eigenvalues = mpmath.eigsy(mpmath.matrix([[ww, wb], [wb, bb]]), eigvals_only=True)
    result = 2 / max(eigenvalues)
    return result, abs(result) * mpmath.mpf(10) ** -45


def _rate_in_torch(x: Array) -> tuple[Any, None]:
    import torch

    samples = torch.tensor(np.array(x, dtype=np.float64))
    targets = torch.ones_like(samples)

    def loss(theta: Any) -> Any:
        return mse_in_torch(theta[0], theta[1], samples, targets)

    # torch leaves this without types.
    hessian = torch.autograd.functional.hessian(  # type: ignore[no-untyped-call]
        loss, torch.zeros(2, dtype=torch.float64)
    )
    return 2 / torch.linalg.eigvalsh(hessian).max().item(), None


# --- cases ------------------------------------------------------------------------------------


def _samples(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """x of both signs, none near 0, with a mean and a mean square that are no special numbers;
    y that no line fits."""
    sign = np.where(np.arange(n) == rng.integers(n), -1.0, 1.0) * rng.choice([-1.0, 1.0])
    x = decimals(rng.uniform(0.4, 2.4, n) * sign, 2)
    return x, decimals(rng.normal(size=n) * 1.5 + rng.uniform(-1, 1), 2)


def _start(rng: np.random.Generator) -> tuple[float, float]:
    w, b = away_from_zero(rng, (2,))
    return float(w), float(b)


def _problem(rng: np.random.Generator, n: int) -> tuple[float, float, Array, Array]:
    """w, b, x, y with samples above the line and below it, and far enough from the best line for
    both slopes to matter: else ascent and descent, or |r| and r, look much alike."""
    while True:
        (x, y), (w, b) = _samples(rng, n), _start(rng)
        r, slopes_there = residual(w, b, x, y), mse_gradients(w, b, x, y)
        if r.min() < -0.2 and r.max() > 0.2 and min(map(abs, slopes_there)) > 0.7:
            return w, b, x, y


def losses_of_lines(name: str) -> Any:
    def cases(rng: np.random.Generator) -> list[Case]:
        return [Case(name, _problem(rng, n), id=f"{n} samples") for n in (2, 3, 5, 4)]

    return cases


def _descending(rng: np.random.Generator, n: int, steps: int, id_: str) -> Case:
    w, b, x, y = _problem(rng, n)
    rate = float(decimals(rng.uniform(0.08, 0.17), 2))
    settings = {"learning_rate": rate, "steps": steps}
    return Case("gradient_descent", (x, y, w, b), settings, id=id_)


def descents(rng: np.random.Generator) -> list[Case]:
    return [
        _descending(rng, 2, 1, "one step"),
        _descending(rng, 3, 2, "two steps"),
        _descending(rng, 5, 3, "three steps"),
        _descending(rng, 4, 12, "twelve steps"),
    ]


def rates(rng: np.random.Generator) -> list[Case]:
    """Samples whose two curvatures differ clearly, so that iterative ways converge as well; once
    the loss is curved more along b than along w."""
    found: list[Case] = []
    for n, scale in ((2, 1.0), (3, 1.0), (5, 0.4), (4, 1.0)):
        while True:
            x = decimals(_samples(rng, n)[0] * scale, 2)
            largest, smallest = np.sort(_floating_eigenvalues(x))[::-1]
            flat = float(np.mean(x * x)) < 0.7
            if largest > 2 * smallest and abs(x.mean()) > 0.15 and flat == (scale < 1):
                break
        found.append(Case("largest_stable_learning_rate", (x,), id=f"{n} samples"))
    return found


def _floating_eigenvalues(x: Array) -> Array:
    design = np.stack([x, np.ones(len(x))], axis=1)
    return np.linalg.eigvalsh(2 / len(x) * design.T @ design)


def _larger(rng: np.random.Generator) -> tuple[float, float, Array, Array]:
    """Samples so large that errors and slopes which are cut off show."""
    while True:
        (x, y), (w, b) = _samples(rng, 6), _start(rng)
        x, y = decimals(x * 20, 1), decimals(y * 100, 1)
        if min(map(abs, mse_gradients(w, b, x, y))) > 150:
            return w, b, x, y


def _whole(rng: np.random.Generator) -> tuple[Array, Array]:
    """Integers whose squares and products need 64 bits, one sample twice and one at 0."""
    order = rng.permutation(4)
    x = np.array([-3_000, 0, 4_000, 4_000])
    y = np.array([-700_000, 100_000, 800_000, 800_000])
    return x[order], y[order]


def forms(rng: np.random.Generator) -> list[Case]:
    x, y = _samples(rng, 6)
    n, steep = len(x), float(decimals(rng.uniform(0.4, 0.9), 2))
    fits = decimals(steep * x + 1 + rng.normal(size=n) * 0.05, 3)
    best_w, best_b = (float(v) for v in np.polyfit(x, fits, 1))
    whole_x, whole_y = rng.permutation([-3, -1, 4, 4]), rng.permutation([-2, 1, 3, 7])
    w, b = _start(rng)
    one = np.array([steep + 1]), np.array([-b])
    turned = x[::-1], y[::2].repeat(2)[::-1]
    pieces = np.stack([x, y], axis=1)
    columns = pieces[:, 0], pieces[:, 1]
    larger, long = _larger(rng), _whole(rng)
    tiny, many = (w * 1e-6, b * 1e-6, x, y * 1e-6), _samples(rng, 9)
    balanced = rng.permutation([-0.75, 0.5, 0.25])
    settings = {"learning_rate": 0.05, "steps": 2}
    cases = []
    for name in ("mse", "mse_gradients"):
        cases += [
            Case(name, (2, -3, whole_x, whole_y), id=f"{name} of integers"),
            Case(name, (w, b, *one), id=f"{name} of one sample"),
            Case(name, (w, b, *turned), id=f"{name} of samples from the last"),
            Case(name, (np.array(w), np.float64(b), *columns), id=f"{name} of columns"),
            Case(name, (0.5, -0.25, whole_x, whole_y), id=f"{name} of integers, w and b are none"),
            Case(name, (2, -3, *long), id=f"{name} of long integers"),
            Case(name, larger, id=f"{name} of larger samples"),
            Case(name, (w, b, *many), id=f"{name} of many samples"),
            Case(name, tiny, id=f"{name} next to 0"),
            # The residuals are small and the slopes next to nothing: what is left of them is
            # rounding, and as right as anything.
            Case(name, (best_w, best_b, x, fits), id=f"{name} where a line fits best"),
            Case(name, (steep, 1.0, x, fits), id=f"{name} near the best line"),
        ]
    return [
        *cases,
        Case("gradient_descent", (whole_x, whole_y, 0, 0), settings, id="integers, from 0"),
        Case(
            "gradient_descent",
            (*one, 1, b),
            {"learning_rate": 0.25, "steps": 3},
            id="one sample",
        ),
        Case("gradient_descent", (*columns, w, b), settings, id="columns of a matrix"),
        Case("gradient_descent", (x, fits, best_w, best_b), settings, id="from the best line"),
        Case("gradient_descent", (*turned, w, b), {**settings, "steps": 1}, id="from the last"),
        Case(
            "gradient_descent",
            (x, y, w, b),
            {"learning_rate": 2, "steps": 3},
            id="a learning rate of 2, which diverges",
        ),
        # However it begins, the loss has risen twice by then.
        Case(
            "gradient_descent",
            (x, y, w, b),
            {"learning_rate": 2, "steps": 4},
            id="a learning rate of 2, one step more",
        ),
        Case(
            "gradient_descent",
            (x, y, w, b),
            {"learning_rate": 100, "steps": 2},
            id="a learning rate of 100",
        ),
        Case(
            "gradient_descent",
            (x, y, w, b),
            {"learning_rate": 0, "steps": 2},
            id="a learning rate of 0, which stays",
        ),
        # The slopes are so large that a tiny learning rate gets somewhere.
        Case(
            "gradient_descent",
            (*long, 2, -3),
            {"learning_rate": 1e-9, "steps": 2},
            id="a learning rate of 1e-9",
        ),
        Case(
            "gradient_descent",
            (*larger[2:], *larger[:2]),
            {"learning_rate": 0.001, "steps": 2},
            id="larger samples",
        ),
        # A small learning rate, so that errors do not grow from step to step.
        Case(
            "gradient_descent", (*many, w, b), {"learning_rate": 0.01, "steps": 24}, id="many steps"
        ),
        # Nothing is left to be learned; the steps are taken all the same.
        Case(
            "gradient_descent",
            (whole_x, 2 * whole_x - 1, 2, -1),
            {"learning_rate": 0.125, "steps": 3},
            id="from a line through all samples",
        ),
        Case(
            "gradient_descent",
            (*tiny[2:], *tiny[:2]),
            {"learning_rate": 0.1, "steps": 3},
            id="losses next to 0",
        ),
        Case("largest_stable_learning_rate", (whole_x,), id="the rate for integers"),
        Case("largest_stable_learning_rate", (long[0],), id="the rate for long integers"),
        Case("largest_stable_learning_rate", (many[0],), id="the rate for many samples"),
        # Their mean is 0, and so is the mixed derivative: the axes are the eigenvectors, the
        # one or the other of them that of the largest eigenvalue.
        Case("largest_stable_learning_rate", (balanced,), id="the rate for a mean of 0"),
        Case("largest_stable_learning_rate", (balanced * 4,), id="the rate for a wider one"),
        Case("largest_stable_learning_rate", (x[:1].repeat(3),), id="the rate for equal samples"),
        Case("largest_stable_learning_rate", (one[0],), id="the rate for one sample"),
        Case("largest_stable_learning_rate", (columns[0],), id="the rate for a column"),
        Case("largest_stable_learning_rate", (x[::-1] * 100,), id="the rate for larger samples"),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    x, y = _samples(rng, 4)
    # In no order, so that sorting them in place shows.
    x, y = np.roll(np.sort(x), 2), np.roll(np.sort(y), 2)
    whole_x, whole_y = np.array([4, -3, 5, -1]), np.array([3, 7, -2, 1])
    w, b = _start(rng)
    settings, larger = {"learning_rate": 0.1, "steps": 2}, _larger(rng)
    return [
        Case("mse", (w, b, x, y)),
        Case("mse_gradients", (w, b, x, y)),
        Case("gradient_descent", (x, y, w, b), settings),
        Case("mse", larger),
        Case("mse_gradients", larger),
        Case("gradient_descent", (*larger[2:], *larger[:2]), {**settings, "learning_rate": 0.001}),
        Case("mse", (2, -3, whole_x, whole_y)),
        Case("mse_gradients", (2, -3, whole_x, whole_y)),
        Case("gradient_descent", (whole_x, whole_y, 0.5, -0.25), settings),
        Case("largest_stable_learning_rate", (whole_x,)),
        Case("largest_stable_learning_rate", (x,)),
        Case("largest_stable_learning_rate", (x * 20,)),
    ]


# --- what is misunderstood --------------------------------------------------------------------


def _sign(r: Any) -> Any:
    return np.array([1 if v > 0 else -1 for v in r], dtype=object)


def parentheses(w: Any, b: Any, x: Any, y: Any) -> Any:
    """y − w·x + b, with the sign turned: a minus that stops at the first term."""
    return x * w - b - y


def of(loss: Callable[[Any, int], Any], error: Residual = residual) -> Callable[..., Any]:
    """A loss that makes something else of the residuals, or of other ones."""
    return lambda w, b, x, y: loss(error(w, b, x, y), len(x))


def _mean_square(r: Any, n: int) -> Any:
    return (r * r).sum() / n


# id, what to tell the learner, the loss; for `mse` and for the losses of `gradient_descent`.
LOSSES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    (
        "mse-halved",
        "Your loss is half of the one asked for. A ½ in front is a common convention, but not in "
        "this definition.",
        of(lambda r, n: _mean_square(r, n) / 2),
    ),
    (
        "mse-summed",
        "Your loss grows with the number of samples. What does the M in MSE stand for?",
        of(lambda r, n: (r * r).sum()),
    ),
    (
        "mse-root",
        "This is the square root of the mean squared error. The definition stops before the root.",
        of(lambda r, n: np.sqrt(_mean_square(r, n))),
    ),
    (
        "mse-absolute",
        "This is the mean of the absolute differences. What does the S in MSE stand for?",
        of(lambda r, n: abs(r).sum() / n),
    ),
    (
        "mse-square-of-mean",
        "The mean is taken first and squared then, so errors of opposite signs cancel. Which of "
        "the two comes first?",
        of(lambda r, n: (r.sum() / n) * (r.sum() / n)),
    ),
    (
        "mse-not-squared",
        "This is the mean of y − ŷ itself: errors of opposite signs cancel, and a loss below 0 "
        "would be better than a perfect fit. What makes every term count?",
        of(lambda r, n: -r.sum() / n),
    ),
    (
        "mse-negative",
        "Right size, wrong sign. A sum of squares is never negative.",
        of(lambda r, n: -_mean_square(r, n)),
    ),
    (
        "mse-n-minus-one",
        "You divide by N − 1, as for a variance estimated from a sample. Here it is the mean over "
        "N terms.",
        of(lambda r, n: (r * r).sum() / (n - 1)),
    ),
    (
        "mse-without-b",
        "Your prediction is w·x. What became of b?",
        of(_mean_square, lambda w, b, x, y: x * w - y),
    ),
    (
        "mse-parentheses",
        "The minus in y − (w·x + b) is meant for both terms of the prediction. Look at your "
        "parentheses.",
        of(_mean_square, parentheses),
    ),
    (
        "mse-w-and-b-swapped",
        "w and b have changed places: which of them multiplies x, and in which order do they come "
        "in as arguments?",
        of(_mean_square, lambda w, b, x, y: x * b + w - y),
    ),
    (
        "mse-x-and-y-swapped",
        "x and y have changed places: it is y that the line should predict from x.",
        of(_mean_square, lambda w, b, x, y: y * w + b - x),
    ),
)

MSE_MISCONCEPTIONS = (
    *(Misconception(id_, help_, loss) for id_, help_, loss in LOSSES),
    Misconception(
        "mse-per-sample",
        "There is one squared error for each sample here. The loss is a single number: what is "
        "still to be done with them?",
        lambda w, b, x, y: residual(w, b, x, y) ** 2,
    ),
)


def slopes(
    dw: Callable[[Any, Any, int], Any],
    db: Callable[[Any, Any, int], Any],
    error: Residual = residual,
) -> Callable[..., Gradient]:
    """A gradient from the residuals r, the samples x and their number."""

    def gradients(w: Any, b: Any, x: Any, y: Any) -> Gradient:
        r = error(w, b, x, y)
        return dw(r, x, len(x)), db(r, x, len(x))

    return gradients


def right_dw(r: Any, x: Any, n: int) -> Any:
    return 2 * (r * x).sum() / n


def right_db(r: Any, x: Any, n: int) -> Any:
    return 2 * r.sum() / n


# id, what to tell the learner, the gradient; for `mse_gradients` and for `gradient_descent`.
GRADIENTS: tuple[tuple[str, str, Callable[..., Gradient]], ...] = (
    (
        "gradients-negated",
        "Both slopes have the right size and the wrong sign: a step against them would make the "
        "loss larger. Two minus signs make a plus, and one of yours is counted twice or lost.",
        slopes(lambda r, x, n: -right_dw(r, x, n), lambda r, x, n: -right_db(r, x, n)),
    ),
    (
        "gradients-dw-negated",
        "db is right, and dw has the wrong sign. The inner derivative of y − (w·x + b) by w has "
        "the same sign as the one by b.",
        slopes(lambda r, x, n: -right_dw(r, x, n), right_db),
    ),
    (
        "gradients-db-negated",
        "dw is right, and db has the wrong sign. The inner derivative of y − (w·x + b) by b has "
        "the same sign as the one by w, up to x.",
        slopes(right_dw, lambda r, x, n: -right_db(r, x, n)),
    ),
    (
        "gradients-without-2",
        "Both slopes are half of what they should be. What is the derivative of a square?",
        slopes(lambda r, x, n: (r * x).sum() / n, lambda r, x, n: r.sum() / n),
    ),
    (
        "gradients-summed",
        "Your slopes grow with the number of samples: they belong to the sum of squares, and the "
        "loss is the mean.",
        slopes(lambda r, x, n: 2 * (r * x).sum(), lambda r, x, n: 2 * r.sum()),
    ),
    (
        "gradients-dw-summed",
        "db is right, and dw is a sum where it should be a mean.",
        slopes(lambda r, x, n: 2 * (r * x).sum(), right_db),
    ),
    (
        "gradients-db-summed",
        "dw is right, and db is a sum where it should be a mean.",
        slopes(right_dw, lambda r, x, n: 2 * r.sum()),
    ),
    (
        "gradients-n-minus-one",
        "You divide by N − 1. The loss is a mean over N terms, and so is its gradient.",
        slopes(
            lambda r, x, n: 2 * (r * x).sum() / (n - 1),
            lambda r, x, n: 2 * r.sum() / (n - 1),
        ),
    ),
    (
        "gradients-dw-without-x",
        "dw and db are the same here. How much does the prediction of a sample change when w "
        "changes, and how much when b does?",
        slopes(right_db, right_db),
    ),
    (
        "gradients-db-with-x",
        "dw is right, and db is the same. How much does the prediction of a sample change when b "
        "changes?",
        slopes(right_dw, right_dw),
    ),
    (
        "gradients-swapped",
        "Both numbers are right and come in the wrong order: dw first.",
        slopes(right_db, right_dw),
    ),
    (
        "gradients-x-squared",
        "In dw, each x counts twice over. w·x has x to the first power, and differentiating "
        "by w does not raise it.",
        slopes(lambda r, x, n: 2 * (r * x * x).sum() / n, right_db),
    ),
    (
        "gradients-error-squared",
        "The differences are still squared. What becomes of the power when a square is "
        "differentiated?",
        slopes(lambda r, x, n: 2 * (r * r * x).sum() / n, lambda r, x, n: 2 * (r * r).sum() / n),
    ),
    (
        "gradients-absolute-error",
        "Every difference counts as positive here. Samples above the line and samples below it "
        "should pull in opposite directions.",
        slopes(lambda r, x, n: 2 * (abs(r) * x).sum() / n, lambda r, x, n: 2 * abs(r).sum() / n),
    ),
    (
        "gradients-of-absolute-error",
        "This is the gradient of the mean absolute error: only the signs of the differences are "
        "left. The loss here squares them.",
        slopes(lambda r, x, n: (_sign(r) * x).sum() / n, lambda r, x, n: _sign(r).sum() / n),
    ),
    (
        "gradients-product-of-means",
        "In dw, the mean of the errors is multiplied by the mean of x. A mean of products is not "
        "the product of the means: multiply sample by sample.",
        slopes(lambda r, x, n: 2 * (r.sum() / n) * (x.sum() / n), right_db),
    ),
    (
        "gradients-without-b",
        "Your errors are those of the line w·x. What became of b?",
        slopes(right_dw, right_db, lambda w, b, x, y: x * w - y),
    ),
    (
        "gradients-parentheses",
        "The minus in y − (w·x + b) is meant for both terms of the prediction. Look at your "
        "parentheses.",
        slopes(right_dw, right_db, parentheses),
    ),
    (
        "gradients-prediction-only",
        "The targets y do not occur in your slopes: it is the error that is multiplied by x, not "
        "the prediction.",
        slopes(right_dw, right_db, lambda w, b, x, y: x * w + b),
    ),
)

GRADIENT_MISCONCEPTIONS = tuple(Misconception(*named) for named in GRADIENTS)


def _wrong_descent(run: Callable[..., tuple[Any, Any, list[Any]]]) -> Callable[..., Tree]:
    """A descent from `run(x, y, w, b, learning_rate, steps)`."""

    def gradient_descent(
        x: Any, y: Any, w: Any, b: Any, *, learning_rate: Any, steps: int
    ) -> tuple[Any, Any, Array]:
        w, b, losses = run(x, y, w, b, learning_rate, steps)
        return w, b, as_array(losses)

    return gradient_descent


def w_first(x: Any, y: Any, w: Any, b: Any, rate: Any, steps: int) -> tuple[Any, Any, list[Any]]:
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        w = w - rate * mse_gradients(w, b, x, y)[0]
        b = b - rate * mse_gradients(w, b, x, y)[1]
    return w, b, losses


def b_first(x: Any, y: Any, w: Any, b: Any, rate: Any, steps: int) -> tuple[Any, Any, list[Any]]:
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        b = b - rate * mse_gradients(w, b, x, y)[1]
        w = w - rate * mse_gradients(w, b, x, y)[0]
    return w, b, losses


def loss_after_step(
    x: Any, y: Any, w: Any, b: Any, rate: Any, steps: int
) -> tuple[Any, Any, list[Any]]:
    w, b, losses = with_first_loss(x, y, w, b, rate, steps)
    return w, b, losses[1:]


def with_first_loss(
    x: Any, y: Any, w: Any, b: Any, rate: Any, steps: int
) -> tuple[Any, Any, list[Any]]:
    w, b, losses = descent()(x, y, w, b, learning_rate=rate, steps=steps)
    return w, b, [*losses, mse(w, b, x, y)]


def sample_by_sample(
    x: Any, y: Any, w: Any, b: Any, rate: Any, steps: int
) -> tuple[Any, Any, list[Any]]:
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        for i in range(len(x)):
            dw, db = mse_gradients(w, b, x[i : i + 1], y[i : i + 1])
            w, b = w - rate * dw, b - rate * db
    return w, b, losses


def accumulated(
    x: Any, y: Any, w: Any, b: Any, rate: Any, steps: int
) -> tuple[Any, Any, list[Any]]:
    losses = []
    sum_w, sum_b = 0 * w, 0 * b
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        dw, db = mse_gradients(w, b, x, y)
        sum_w, sum_b = sum_w + dw, sum_b + db
        w, b = w - rate * sum_w, b - rate * sum_b
    return w, b, losses


def same_slope(x: Any, y: Any, w: Any, b: Any, rate: Any, steps: int) -> tuple[Any, Any, list[Any]]:
    """The gradient is computed once, before the loop."""
    losses = []
    dw, db = mse_gradients(w, b, x, y)
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        w, b = w - rate * dw, b - rate * db
    return w, b, losses


def only_last_loss(x: Any, y: Any, w: Any, b: Any, *, learning_rate: Any, steps: int) -> Tree:
    w, b, losses = descent()(x, y, w, b, learning_rate=learning_rate, steps=steps)
    return w, b, losses[-1]


def _scaled(dw: Any, db: Any) -> Callable[..., Tree]:
    """Steps that are `dw` and `db` times as long."""

    def gradients(*args: Any) -> Gradient:
        slope_w, slope_b = mse_gradients(*args)
        return dw * slope_w, db * slope_b

    return descent(gradients)


def _other_steps(change: int) -> Callable[..., Tree]:
    return lambda *args, steps, **settings: descent()(*args, steps=steps + change, **settings)


def _over_samples(w: Any, b: Any, x: Any, y: Any) -> Gradient:
    dw, db = mse_gradients(w, b, x, y)
    return dw / len(x), db / len(x)


DESCENT_MISCONCEPTIONS = (
    *(Misconception(id_, help_, descent(gradients)) for id_, help_, gradients in GRADIENTS),
    *(Misconception(id_, help_, descent(loss=loss)) for id_, help_, loss in LOSSES),
    Misconception(
        "descent-w-first",
        "w has moved on already when the slope by b is computed. Both slopes belong to the same "
        "point, the one before the step.",
        _wrong_descent(w_first),
    ),
    Misconception(
        "descent-b-first",
        "b has moved on already when the slope by w is computed. Both slopes belong to the same "
        "point, the one before the step.",
        _wrong_descent(b_first),
    ),
    Misconception(
        "descent-b-forgotten",
        "w learns and b stays where it was.",
        _scaled(1, 0),
    ),
    Misconception(
        "descent-w-forgotten",
        "b learns and w stays where it was.",
        _scaled(0, 1),
    ),
    Misconception(
        "descent-update-lost",
        "The parameters never change. Where does the result of your step go?",
        _scaled(0, 0),
    ),
    Misconception(
        "descent-rate-ignored",
        "Each step has the full length of the gradient. What is the learning rate for?",
        lambda *args, learning_rate, **settings: descent()(*args, learning_rate=1, **settings),
    ),
    Misconception(
        "descent-rate-divides",
        "A smaller learning rate should make smaller steps; here it makes larger ones.",
        lambda *args, learning_rate, **settings: descent()(
            *args, learning_rate=1 / learning_rate, **settings
        ),
    ),
    Misconception(
        "descent-divided-twice",
        "Your steps are too short by a factor of N. The gradient is that of a mean already.",
        descent(_over_samples),
    ),
    Misconception(
        "descent-loss-after-step",
        "These are the losses after each step. The one asked for belongs to the point that the "
        "step starts from.",
        _wrong_descent(loss_after_step),
    ),
    Misconception(
        "descent-one-loss-more",
        "There is one loss more than there are steps. Only the losses before a step are asked for.",
        _wrong_descent(with_first_loss),
    ),
    Misconception(
        "descent-last-loss-only",
        "This is the last loss alone. One is asked for before every step.",
        only_last_loss,
    ),
    Misconception(
        "descent-one-step-more",
        "There is one step too many. Where does your range end?",
        _other_steps(1),
    ),
    Misconception(
        "descent-one-step-short",
        "There is one step too few. Where does your range start and end?",
        _other_steps(-1),
    ),
    Misconception(
        "descent-sample-by-sample",
        "w and b change after every single sample. One step here uses the mean over all of them.",
        _wrong_descent(sample_by_sample),
    ),
    Misconception(
        "descent-slopes-add-up",
        "From the second step on, the slopes of earlier steps are still in the sum.",
        _wrong_descent(accumulated),
    ),
    Misconception(
        "descent-slope-computed-once",
        "Every step uses the slope of the first. The slope changes as w and b do.",
        _wrong_descent(same_slope),
    ),
    Misconception(
        "descent-starts-at-zero",
        "Your descent starts at w = 0 and b = 0. It is given where to start.",
        lambda x, y, w, b, **settings: descent()(x, y, 0 * w, 0 * b, **settings),
    ),
)


def _rate(eigenvalue: Callable[[Any, Any, int], Any]) -> Callable[[Any], Any]:
    """2 over something made of the entries Σx²·2/N and Σx·2/N of the Hessian."""
    return lambda x: 2 / eigenvalue(2 * (x * x).sum() / len(x), 2 * x.sum() / len(x), len(x))


def _eigenvalue(a: Any, c: Any, d: Any, sign: int = 1) -> Any:
    return (a + d + sign * np.sqrt((a - d) * (a - d) + 4 * c * c)) / 2


RATE_MISCONCEPTIONS = (
    Misconception(
        "rate-one-over-eigenvalue",
        "This is half of the limit. At 1/λ a step lands on the minimum along that direction; how "
        "far can it overshoot and still come closer?",
        _rate(lambda a, c, n: 2 * _eigenvalue(a, c, 2)),
    ),
    Misconception(
        "rate-eigenvalue-itself",
        "This is the largest eigenvalue. The steeper the loss is curved, the smaller the learning "
        "rate must be.",
        lambda x: _eigenvalue(2 * (x * x).sum() / len(x), 2 * x.sum() / len(x), 2),
    ),
    Misconception(
        "rate-smallest-eigenvalue",
        "This follows from the smaller eigenvalue. Along which of the two directions does the "
        "descent run away first?",
        _rate(lambda a, c, n: _eigenvalue(a, c, 2, -1)),
    ),
    Misconception(
        "rate-without-2",
        "Twice what it should be: your second derivatives lack the 2 that comes from the square.",
        _rate(lambda a, c, n: _eigenvalue(a, c, 2) / 2),
    ),
    Misconception(
        "rate-of-sum",
        "The limit gets smaller with every sample here. The loss is a mean, and so are its second "
        "derivatives.",
        _rate(lambda a, c, n: n * _eigenvalue(a, c, 2)),
    ),
    Misconception(
        "rate-of-design-matrix",
        "The sums Σx², Σx and N alone are not the second derivatives of the loss: which factors "
        "does it put in front of them?",
        _rate(lambda a, c, n: n * _eigenvalue(a, c, 2) / 2),
    ),
    Misconception(
        "rate-of-w-alone",
        "This is the limit for w alone. b moves at the same time, and what one does changes the "
        "slope of the other.",
        _rate(lambda a, c, n: a),
    ),
    Misconception(
        "rate-without-mixed-derivative",
        "You take the larger of the two curvatures along w and along b. The steepest direction "
        "lies between them: what about the mixed derivative?",
        _rate(lambda a, c, n: max(a, 2 + 0 * a)),
    ),
    Misconception(
        "rate-corner-summed",
        "The second derivative by b grows with the number of samples in your matrix. The loss is "
        "a mean, there too.",
        _rate(lambda a, c, n: _eigenvalue(a, c, 2 * n)),
    ),
    Misconception(
        "rate-mixed-derivative-halved",
        "The derivative by w and then by b has the same factors in front as the other two; yours "
        "is half of it.",
        _rate(lambda a, c, n: _eigenvalue(a, c / 2, 2)),
    ),
    Misconception(
        "rate-by-trace",
        "This is 2 over the trace, the sum of both eigenvalues: safe, but not the limit.",
        _rate(lambda a, c, n: a + 2),
    ),
    Misconception(
        "rate-by-frobenius-norm",
        "This is 2 over the root of the sum of all squared entries, which np.linalg.norm gives "
        "unless it is told otherwise: safe, but not the limit.",
        _rate(lambda a, c, n: np.sqrt(a * a + 2 * c * c + 4)),
    ),
    Misconception(
        "rate-by-row-sum",
        "This is 2 over the largest sum of a row, a bound on the eigenvalues: safe, but not the "
        "limit.",
        _rate(lambda a, c, n: max(a, 2 + 0 * a) + abs(c)),
    ),
    Misconception(
        "rate-by-largest-sample",
        "This looks at the largest sample alone. The loss is a mean over all of them.",
        lambda x: 1 / max(x * x),
    ),
    Misconception(
        "rate-by-variance",
        "Here the mean is subtracted from x first: that is the limit once b always sits at its "
        "best. b is learned here, too.",
        _rate(lambda a, c, n: a - c * c / 2),
    ),
)


EXERCISE = Exercise(
    id="exercise-8",
    title="Linear regression by gradient descent",
    topic="Training",
    builds_on=("exercise-2",),
    functions=(
        Function(
            "mse",
            "mse(w, b, x, y)",
            reference=mse,
            also_right=(mse_by_moments,),
            witnesses=(
                symbolic.witness(_mse_in_sympy),
                torch_reference.values_of(mse_in_torch),
                Witness("fractions", _mse_in_fractions),
            ),
            misconceptions=MSE_MISCONCEPTIONS,
        ),
        Function(
            "mse_gradients",
            "mse_gradients(w, b, x, y)",
            reference=mse_gradients,
            also_right=(mse_gradients_by_moments,),
            witnesses=(
                symbolic.witness(_gradients_in_sympy),
                finite_difference.gradient_witness(mse, by_parameters),
                torch_reference.gradient_witness(mse_in_torch, by_parameters),
            ),
            misconceptions=GRADIENT_MISCONCEPTIONS,
        ),
        Function(
            "gradient_descent",
            "gradient_descent(x, y, w, b, *, learning_rate, steps)",
            reference=descent(),
            also_right=(descent(mse_gradients_by_moments, mse_by_moments),),
            witnesses=(
                Witness("sympy", _descent_in_sympy),
                Witness("fractions", _descent_in_fractions),
                Witness("torch", _descent_in_torch),
            ),
            misconceptions=DESCENT_MISCONCEPTIONS,
        ),
        Function(
            "largest_stable_learning_rate",
            "largest_stable_learning_rate(x)",
            reference=largest_stable_learning_rate,
            also_right=(rate_by_determinant, rate_by_eigenvalues, rate_by_roots),
            witnesses=(
                Witness("sympy", _rate_in_sympy),
                Witness("second differences", _rate_by_differences),
                Witness("torch", _rate_in_torch),
            ),
            misconceptions=RATE_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("mse-values", "the loss", 1.0, Tier.VALUE, losses_of_lines("mse")),
        Check("mse-precision", "the loss: all digits", 0.5, Tier.PRECISION, of="mse-values"),
        Check(
            "gradients-values", "its gradient", 2.0, Tier.VALUE, losses_of_lines("mse_gradients")
        ),
        Check(
            "gradients-precision",
            "its gradient: all digits",
            0.5,
            Tier.PRECISION,
            of="gradients-values",
        ),
        Check("descent-values", "the descent: w, b and losses", 2.6, Tier.VALUE, descents),
        Check(
            "descent-precision",
            "the descent: all digits",
            0.5,
            Tier.PRECISION,
            of="descent-values",
        ),
        Check("rate-values", "the largest stable learning rate", 1.0, Tier.VALUE, rates),
        Check(
            "rate-precision",
            "the largest stable learning rate: all digits",
            0.5,
            Tier.PRECISION,
            of="rate-values",
        ),
        Check(
            "forms", "integers, one sample, any layout, a perfect fit", 1.0, Tier.INTERFACE, forms
        ),
        Check("purity", "arguments unchanged, same answer again", 0.4, Tier.PURITY, again),
    ),
    hints=(
        "Name the error of every sample, r = w·x + b − y, once: an array as long as x. The loss "
        "and both slopes are means of something made of r.",
        "Differentiate one term (y − (w·x + b))² with the chain rule: the square first, then what "
        "stands inside, by w and by b. A sum is differentiated term by term.",
        "One step in this order: note the loss, compute both slopes, then change w and b "
        "together. If w changes before db is computed, db belongs to another point.",
        "Differentiate dw and db once more, each by w and by b: four second derivatives, in which "
        "neither w nor b nor y is left. They form a symmetric 2 × 2 matrix.",
        "Along an eigenvector of that matrix, a step multiplies the distance to the minimum by "
        "1 − η·λ. That shrinks as long as it lies between −1 and 1; which λ breaks this first? "
        "np.linalg.eigvalsh gives the eigenvalues in ascending order.",
    ),
)
