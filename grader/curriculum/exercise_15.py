"""CUDA kernels: the sigmoid forth and back, and a linear layer with tiles in shared memory.

A case is the arguments and a launch; the driver runs the learner's kernel under
`sandbox.kernels`, in one of three ways (`watch`), and gives the output back. Which fault a kernel
commits (a race, a missing barrier, an access outside) is found there; wrong values are found
here, as everywhere else.

Arrays are float32 in the kernel, so that nothing is right to the last digit of float64: there are
no checks of the tier PRECISION, and VALUE is judged by the bound for u = 2⁻²⁴, whose inputs are
rounded first. It covers sums in any order, with and without fused multiply-add.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import symbolic, torch_reference
from grader.oracles.network import decimals, sigmoid, sigmoid_by_tanh
from grader.oracles.tracked import Tracked, errors, values

Rule: TypeAlias = Callable[..., Any]

TILE = 16
_ORDERS = ("forward", "reverse", "shuffled")
"""In which threads have their turn; those of sandbox.kernels."""

# --- how a kernel is run ----------------------------------------------------------------------


def run_on_line(kernel, *arrays, blocks, threads, watch):  # type: ignore[no-untyped-def]  # sent as source
    """Over arrays of one length."""
    from _sandbox.kernels import check  # type: ignore[import-not-found]  # its name in the worker

    return check.judged(kernel, arrays, arrays[0].shape, (blocks,), (threads,), watch)


def run_on_grid(kernel, X, W, b, *, watch):  # type: ignore[no-untyped-def]  # sent as source
    """Over a square grid that covers the output whichever axis counts its rows.

    `watch` "tiles" is "values", and X and W come through tiles. Then each number of X is fetched
    once for every tile along a row of out, and of W along a column. Four times that is allowed (a
    look ahead, reading twice); a plain loop needs sixteen times.
    """
    from _sandbox.kernels import check

    shape = (len(X), len(b))
    blocks = (max(shape) + 15) // 16
    reads = [4 * ((size + 15) // 16) for size in (len(b), len(X))] if watch == "tiles" else []
    watch = "values" if watch == "tiles" else watch
    return check.judged(kernel, (X, W, b), shape, (blocks, blocks), (16, 16), watch, reads)


def watched(rule: Rule) -> Callable[..., Tree]:
    """`rule` as its driver answers."""

    def answer(*arrays: Any, watch: str, **launch: int) -> Tree:
        out = rule(*arrays)
        return dict.fromkeys(_ORDERS, out) if watch == "orders" else out

    return answer


def _witness(name: str, rule: Callable[..., tuple[Tree, Tree | None]]) -> Witness:
    """A witness of what a kernel puts out, in every way of watching it."""

    def answer(*arrays: Any, watch: str, **launch: int) -> tuple[Tree, Tree | None]:
        out, bound = rule(*arrays)
        if watch == "orders":
            bounds = None if bound is None else dict.fromkeys(_ORDERS, bound)
            return dict.fromkeys(_ORDERS, out), bounds
        return out, bound

    return Witness(name, answer)


def _in_torch(function: Callable[..., Any]) -> Witness:
    return _witness("torch", torch_reference.values_of(function).values)


def _in_numbers(name: str, function: Callable[..., Any]) -> Witness:
    """`function` of plain Python floats to an exact or a 60-digit number, entry by entry."""

    def answer(*arrays: Any) -> tuple[Tree, Tree]:
        with mpmath.workdps(60):
            out = np.frompyfunc(lambda *x: function(*map(float, x)), len(arrays), 1)(*arrays)
            return out, np.frompyfunc(lambda v: abs(v) * mpmath.mpf(10) ** -40, 1, 1)(out)

    return _witness(name, answer)


# --- what is right ----------------------------------------------------------------------------


def backward(y: Any, grad_y: Any) -> Any:
    return grad_y * y * (1 - y)


def backward_by_square(y: Any, grad_y: Any) -> Any:
    return grad_y * (y - y * y)


def backward_about_half(y: Any, grad_y: Any) -> Any:
    return grad_y * (0.25 - (y - 0.5) * (y - 0.5))


def dot(X: Any, W: Any) -> Any:
    """X·W with the bound of `Tracked`, for all entries at once.

    Adding up thousands of products of Tracked numbers takes seconds. The inputs are multiples of
    1/4096 below 8, so sums of their products are exact in float64, and so are those of their
    magnitudes: what Tracked would find is computed by NumPy.
    """
    x, w, x_error, w_error = (_floats(part) for part in (*map(values, (X, W)), *_errors(X, W)))
    magnitude = abs(x) @ abs(w)
    carried = abs(x) @ w_error + x_error @ abs(w) + magnitude
    sums = (x @ w, carried, magnitude)
    return np.frompyfunc(
        lambda value, e, size: Tracked(value, e, mpmath.mpf(size), X.shape[1]), 3, 1
    )(*sums)


def _errors(X: Any, W: Any) -> tuple[Any, Any]:
    return errors(X), errors(W)


def _floats(entries: Array) -> Array:
    return np.array([float(v) for v in entries.ravel()]).reshape(entries.shape)


def linear(X: Any, W: Any, b: Any) -> Any:
    return dot(X, W) + b


def _linear_in_torch(X: Any, W: Any, b: Any) -> Any:
    import torch

    return torch.nn.functional.linear(X, W.T, b)


def _sigmoid_in_torch(x: Any) -> Any:
    import torch

    return torch.sigmoid(x)


def _backward_in_torch(y: Any, grad_y: Any) -> Any:
    """By autograd: the sigmoid of log(y / (1 − y)) is y."""
    import torch

    x = torch.logit(y).requires_grad_()
    [grad] = torch.autograd.grad(torch.sigmoid(x), x, grad_y)
    return grad


def _linear_exactly(X: Any, W: Any, b: Any) -> tuple[Tree, Tree]:
    """In fractions, row by column."""
    columns = [[Fraction(float(v)) for v in column] for column in W.T]
    out = np.empty((len(X), len(b)), dtype=object)
    for i, row in enumerate(X):
        exact = [Fraction(float(v)) for v in row]
        for j, column in enumerate(columns):
            total = sum(map(Fraction.__mul__, exact, column)) + Fraction(float(b[j]))
            out[i, j] = mpmath.mpf(total.numerator) / total.denominator
    return out, np.zeros(out.shape)


def _linear_by_mpmath(X: Any, W: Any, b: Any) -> tuple[Tree, Tree]:
    rows = [[mpmath.mpf(float(v)) for v in row] for row in X]
    columns = [[mpmath.mpf(float(v)) for v in column] for column in W.T]
    out = [
        [mpmath.fdot(row, column) + float(bias) for column, bias in zip(columns, b, strict=True)]
        for row in rows
    ]
    return np.array(out, dtype=object), np.zeros((len(X), len(b)))


def _sympy(f: Rule) -> Witness:
    return _witness("sympy", symbolic.elementwise(f).values)


def _sympy_backward(y: Any, grad_y: Any) -> tuple[Tree, Tree]:
    """Each entry by the derivative of the sigmoid, taken where the sigmoid is y."""
    slope, _ = symbolic.elementwise(_slope_by_output).values(y)
    out = slope * np.vectorize(lambda g: mpmath.mpf(float(g)), otypes=[object])(grad_y)
    return out, np.vectorize(lambda v: abs(v) * mpmath.mpf(10) ** -25, otypes=[object])(out)


def _slope_by_output(y: Any) -> Any:
    """e⁻ˣ/(1 + e⁻ˣ)² with e⁻ˣ = 1/y − 1."""
    e = 1 / y - 1
    return e / ((1 + e) * (1 + e))


# --- cases ------------------------------------------------------------------------------------


_INPUTS = (0.0, 0.09, -0.09, 12.5, -12.5, 29.5, -29.5)
"""0 is of neither sign, and near it the sigmoid is nearly a line; the others lie where it is
nearly 1 and 0, as far out as the course goes."""

_GRADIENTS = ((1.0, 1.25), (0.001, -2.1), (0.999, 1.75), (0.35, 0.0), (0.6, 40.5), (0.3, -40.5))
"""Where a sigmoid is flat (beyond 17 it is 1 in float32), nothing comes from above, or much."""


def _inputs(rng: np.random.Generator, length: int) -> Array:
    """Of both signs, two decimals; where there is room, with _INPUTS among them, else with one in
    the middle: far out, 1/(1 + e⁻ˣ) and 1/(1 − e⁻ˣ) are nearly the same, and the latter has no
    value at 0."""
    x = decimals(rng.uniform(0.2, 12, length) * rng.choice([-1.0, 1.0], length), 2)
    x[0] = decimals(x[0] / 4, 2)
    if length >= TILE:
        x[rng.permutation(length)[: len(_INPUTS)]] = _INPUTS
    return x


def _gradients(rng: np.random.Generator, length: int) -> tuple[Array, Array]:
    """y and grad_y, two decimals; where there is room, with _GRADIENTS among them."""
    y = decimals(rng.uniform(0.05, 0.95, length), 2)
    grad_y = decimals(rng.uniform(0.3, 2.5, length) * rng.choice([-1.0, 1.0], length), 2)
    if length >= TILE:
        places = rng.permutation(length)[: len(_GRADIENTS)]
        y[places], grad_y[places] = zip(*_GRADIENTS, strict=True)
    return y, grad_y


def _on_line(
    name: str, draw: Callable[[np.random.Generator, int], Any], watch: str, *launches: Any
) -> Callable[[np.random.Generator], list[Case]]:
    """Cases of a 1-d kernel; a launch is (length, blocks, threads)."""

    def cases(rng: np.random.Generator) -> list[Case]:
        found = []
        for length, blocks, threads in launches:
            drawn = draw(rng, length)
            args = drawn if isinstance(drawn, tuple) else (drawn,)
            launch = {"blocks": blocks, "threads": threads, "watch": watch}
            call = _call(name, f"{blocks}, {threads}", args)
            found.append(Case(name, args, launch, f"{call}, {watch}", shown=call))
        return found

    return cases


def _layer(rng: np.random.Generator, m: int, n: int, width: int) -> tuple[Array, Array, Array]:
    """Multiples of 1/4096 (`dot` says why), which half precision would round; where they are
    shown, of 1/8. None is 0, but for one of X and of W that are wider than a tile; beyond two
    tiles the last sample is nothing but zeros."""

    def draw(*shape: int) -> Array:
        step = 8 if np.prod(shape) <= _SHOWN else 4096
        numbers: Array = rng.integers(1, 3 * step, shape) / step * rng.choice([-1.0, 1.0], shape)
        return numbers

    X, W, b = draw(m, n), draw(n, width), draw(width)
    if n > TILE:
        X[0, 1] = W[2, 0] = 0
    if n > 2 * TILE:
        X[-1] = 0
    return X, W, b


def _on_grid(watch: str, *sizes: Any) -> Callable[[np.random.Generator], list[Case]]:
    """Cases of the linear layer; a size is (m, n, l)."""

    def cases(rng: np.random.Generator) -> list[Case]:
        found = []
        for m, n, width in sizes:
            args = _layer(rng, m, n, width)
            blocks = -(-max(m, width) // TILE)
            call = _call("linear_kernel", f"({blocks}, {blocks}), ({TILE}, {TILE})", args)
            found.append(Case("linear_kernel", args, {"watch": watch}, f"{call}, {watch}", call))
        return found

    return cases


_SHOWN = 4
"""An array of at most so many numbers is written out."""


def _call(name: str, launch: str, args: tuple[Array, ...]) -> str:
    """A launch as a person writes it."""
    shown = [str(x.tolist()) if x.size <= _SHOWN else f"<{_size(x)} array>" for x in args]
    return f"{name}[{launch}]({', '.join(shown)}, out)"


def _size(x: Array) -> str:
    return "×".join(map(str, x.shape))


def _all(*parts: Callable[[np.random.Generator], list[Case]]) -> Any:
    return lambda rng: [case for part in parts for case in part(rng)]


def _each_kernel(watch: str, length: Any, sizes: Any) -> Any:
    return _all(
        _on_line("sigmoid_kernel", _inputs, watch, length),
        _on_line("sigmoid_backward_kernel", _gradients, watch, length),
        _on_grid(watch, sizes),
    )


# Whole blocks and whole tiles: what happens at the edges is asked in checks of its own.
_WHOLE = ((4, 1, 4), (16, 1, 16), (24, 3, 8))
# Blocks that are no multiple of anything, a large one, and blocks with nothing to do.
_ANY = ((1, 1, 32), (33, 7, 5), (70, 1, 100), (5, 3, 8))

# --- what is misunderstood --------------------------------------------------------------------


def _mistake(id_: str, help_: str, formula: Rule) -> Misconception:
    return Misconception(id_, help_, watched(formula))


FORWARD = (
    _mistake(
        "sigmoid-sign-of-exponent",
        "Your curve falls where the sigmoid rises. What should it approach for a very large x, "
        "and what does your exponential do there?",
        lambda x: 1 / (1 + np.exp(x)),
    ),
    _mistake(
        "sigmoid-parentheses",
        "Your values go above 1. Python divides before it adds: what exactly is under the "
        "fraction bar in your line?",
        lambda x: 1 / 1 + np.exp(-x),
    ),
    _mistake(
        "sigmoid-minus-in-denominator",
        "Put x = 0 into the denominator you wrote, and into the one of the definition.",
        lambda x: 1 / (1 - np.exp(-x)),
    ),
    _mistake(
        "sigmoid-tanh",
        "This is the hyperbolic tangent, another S-shaped curve. Between which two values does "
        "the sigmoid stay?",
        lambda x: np.tanh(x),
    ),
    _mistake(
        "sigmoid-is-derivative",
        "This is the slope of the sigmoid. `sigmoid_kernel` asks for the function itself.",
        lambda x: sigmoid(x) * (1 - sigmoid(x)),
    ),
)

BACKWARD = (
    _mistake(
        "backward-sigmoid-of-output",
        "The sigmoid is applied once more here. What does this kernel receive as `y`: the input "
        "of the sigmoid, or its output?",
        lambda y, g: g * sigmoid(y) * (1 - sigmoid(y)),
    ),
    _mistake(
        "backward-gradient-dropped",
        "This is the slope of the sigmoid alone. The chain rule multiplies it with what comes "
        "from above.",
        lambda y, g: y * (1 - y) + 0 * g,
    ),
    _mistake(
        "backward-gradient-added",
        "The slope and the gradient from above are added. What does the chain rule do with them?",
        lambda y, g: y * (1 - y) + g,
    ),
    _mistake(
        "backward-arguments-swapped",
        "`y` and `grad_y` have changed places: which of them is the output of the sigmoid?",
        lambda y, g: y * g * (1 - g),
    ),
    _mistake(
        "backward-of-tanh",
        "1 − y² is how the slope of tanh follows from its output. The sigmoid has a rule of its "
        "own.",
        lambda y, g: g * (1 - y * y),
    ),
    _mistake(
        "backward-plus",
        "Where y is near 1 the sigmoid is flat. What is your slope there? Look at the sign.",
        lambda y, g: g * y * (1 + y),
    ),
    _mistake(
        "backward-half-of-slope",
        "One factor of the slope is there, 1 − y. At the far left the sigmoid is flat as well, "
        "and your slope is 1 there.",
        lambda y, g: g * (1 - y),
    ),
    _mistake(
        "backward-is-scaled-output",
        "The gradient is multiplied with the value of the sigmoid. What about its slope?",
        lambda y, g: g * y,
    ),
)


def _tiles(X: Any) -> int:
    return -(-int(X.shape[1]) // TILE)


def _only(X: Any, W: Any, b: Any, part: slice) -> Any:
    """As if there were no terms but these."""
    return dot(X[:, part], W[part]) + b


def _whole_tiles(X: Any, W: Any, b: Any) -> Any:
    whole = X.shape[1] // TILE * TILE
    if not whole:
        return np.zeros((len(X), 1), dtype=object) + b
    return _only(X, W, b, slice(0, whole))


def _one_short(X: Any, W: Any, b: Any) -> Any:
    kept = [k for k in range(X.shape[1]) if k % TILE != TILE - 1]
    return dot(X[:, kept], W[kept]) + b


def _same_tile(X: Any, W: Any, b: Any) -> Any:
    if X.shape[1] % TILE:
        raise ValueError("what is beyond the end of the last tile is not told by this mistake")
    return dot(X[:, :TILE], W[:TILE]) * _tiles(X) + b


LINEAR = (
    _mistake(
        "linear-bias-forgotten",
        "The product is right. Something is still added to every row of it.",
        lambda X, W, b: dot(X, W) + 0 * b,
    ),
    _mistake(
        "linear-bias-per-tile",
        "With one tile this is right, with two b is in it twice. Where in the loop does it stand?",
        lambda X, W, b: dot(X, W) + b * _tiles(X),
    ),
    _mistake(
        "linear-bias-by-row",
        "The bias changes from row to row here. Every neuron, that is every column, has one.",
        lambda X, W, b: dot(X, W) + b[:, None],
    ),
    _mistake(
        "linear-first-tile-only",
        "Only the first tile takes part. How many tiles lie along a row of X?",
        lambda X, W, b: _only(X, W, b, slice(0, TILE)),
    ),
    _mistake(
        "linear-last-tile-only",
        "Only the last tile counts: what was summed up before it is lost. Where is the sum set to "
        "zero?",
        lambda X, W, b: _only(X, W, b, slice((_tiles(X) - 1) * TILE, None)),
    ),
    _mistake(
        "linear-same-tile",
        "The loop goes on, and the tile stays the first one. What has to change in the index from "
        "one tile to the next?",
        _same_tile,
    ),
    _mistake(
        "linear-partial-tile-dropped",
        "What does not fill a whole tile is left out. How many tiles are there when n is 20?",
        _whole_tiles,
    ),
    _mistake(
        "linear-one-short",
        "The last number of every tile is missing from the sum. Where does `range` end?",
        _one_short,
    ),
    _mistake(
        "linear-last-term-only",
        "A single product is left of the whole sum. Is each one added, or does it replace the one "
        "before?",
        lambda X, W, b: _only(X, W, b, slice(X.shape[1] - 1, None)),
    ),
    _mistake(
        "linear-weights-transposed",
        "The rows of X meet the rows of W. Which index of W is summed over?",
        lambda X, W, b: dot(X, W.T) + b,
    ),
    _mistake(
        "linear-input-transposed",
        "The columns of X meet the columns of W. Which index of X is summed over?",
        lambda X, W, b: dot(X.T, W) + b,
    ),
    _mistake(
        "linear-result-transposed",
        "Every number is right and stands in the wrong place: rows and columns are swapped. Does "
        "x count the same in every line of the kernel?",
        lambda X, W, b: (dot(X, W) + b).T,
    ),
    _mistake(
        "linear-elementwise",
        "Entry times entry is another product. Here a whole row meets a whole column.",
        lambda X, W, b: X * W + b,
    ),
)

EXERCISE = Exercise(
    id="exercise-15",
    title="CUDA kernels",
    topic="Computing on a GPU",
    builds_on=("exercise-2", "exercise-3"),
    packages=("numpy", "numba"),
    functions=(
        Function(
            "sigmoid_kernel",
            "sigmoid_kernel(x, out)",
            reference=watched(sigmoid),
            also_right=(watched(sigmoid_by_tanh),),
            witnesses=(
                _sympy(sigmoid),
                _in_torch(_sigmoid_in_torch),
                _in_numbers("mpmath", lambda x: (1 + mpmath.tanh(mpmath.mpf(x) / 2)) / 2),
            ),
            misconceptions=FORWARD,
            driver=run_on_line,
        ),
        Function(
            "sigmoid_backward_kernel",
            "sigmoid_backward_kernel(y, grad_y, grad_x)",
            reference=watched(backward),
            also_right=(watched(backward_by_square), watched(backward_about_half)),
            witnesses=(
                _witness("sympy", _sympy_backward),
                _in_torch(lambda y, grad_y: _backward_in_torch(y, grad_y)),
                _in_numbers(
                    "mpmath", lambda y, g: g * (mpmath.mpf(1) / 4 - (mpmath.mpf(y) - 0.5) ** 2)
                ),
            ),
            misconceptions=BACKWARD,
            driver=run_on_line,
        ),
        Function(
            "linear_kernel",
            "linear_kernel(X, W, b, out)",
            reference=watched(linear),
            witnesses=(
                _witness("fractions", _linear_exactly),
                _in_torch(_linear_in_torch),
                _witness("mpmath", _linear_by_mpmath),
            ),
            misconceptions=LINEAR,
            driver=run_on_grid,
        ),
    ),
    checks=(
        Check(
            "sigmoid-values",
            "sigmoid: whole blocks",
            1.0,
            Tier.VALUE,
            _on_line("sigmoid_kernel", _inputs, "values", *_WHOLE),
        ),
        Check(
            "sigmoid-any-length",
            "sigmoid: any length, no access outside",
            1.0,
            Tier.INTERFACE,
            _on_line("sigmoid_kernel", _inputs, "memory", *_ANY),
        ),
        Check(
            "backward-values",
            "sigmoid backward: whole blocks",
            1.0,
            Tier.VALUE,
            _on_line("sigmoid_backward_kernel", _gradients, "values", *_WHOLE),
        ),
        Check(
            "backward-any-length",
            "sigmoid backward: any length, no access outside",
            0.5,
            Tier.INTERFACE,
            _on_line("sigmoid_backward_kernel", _gradients, "memory", *_ANY),
        ),
        Check(
            "linear-tile",
            "linear layer: one tile",
            1.0,
            Tier.VALUE,
            _on_grid("values", (TILE, TILE, TILE)),
        ),
        Check(
            "linear-tiles",
            "linear layer: several tiles",
            1.0,
            Tier.VALUE,
            _on_grid("values", (TILE, 2 * TILE, TILE)),
        ),
        Check(
            "linear-partial-tiles",
            "linear layer: tiles that are not full",
            0.5,
            Tier.VALUE,
            _on_grid("values", (TILE, 5, TILE), (TILE, 20, TILE)),
        ),
        Check(
            "linear-any-size",
            "linear layer: any size, no access outside",
            1.5,
            Tier.INTERFACE,
            # Three tiles, of which the last holds a single number; more rows, and more columns.
            _on_grid("memory", (1, 1, 1), (7, 2 * TILE + 1, 4), (17, 2, 19)),
        ),
        Check(
            "linear-shared",
            "linear layer: through tiles in shared memory",
            1.0,
            Tier.INTERFACE,
            # Whole tiles and no blocks beyond the output: what is fetched there in vain (an index
            # held inside, say) does not count.
            _on_grid("tiles", (2 * TILE, TILE, 2 * TILE)),
        ),
        Check(
            "orders",
            "the same in whichever order threads run",
            1.5,
            Tier.INTERFACE,
            _each_kernel("orders", (40, 3, 16), (9, 19, 5)),
        ),
    ),
    hints=(
        "i = cuda.grid(1) is the number of the thread in the whole grid. There can be more threads "
        "than elements: ask whether i is less than the length before any array is touched.",
        "For sigmoid_backward_kernel no exponential is needed: with y = σ(x) at hand, the slope of "
        "the sigmoid is a product of two factors made of y. The chain rule brings in grad_y.",
        "For linear_kernel, begin with a plain loop over k that adds X[row, k] · W[k, column] in a "
        "variable, and get the row, the column and the guard right. That gives the right numbers. "
        "Then bring in the tiles: a check of its own counts how often X and W are read.",
        "Go along n in steps of TILE. In each step every thread copies one number of X and one of "
        "W into the tiles, at its own place in the block, and a 0 where its number would lie "
        "outside. A barrier, then the sum over the tiles, then another barrier.",
        "Threads outside of out must not leave early: they fetch numbers for others, and a barrier "
        "waits for all. The only `if` that keeps them from something stands at the very end, "
        "around the line that writes total + b[column].",
    ),
)
