"""Tensors: making, reshaping, joining, casting and changing them, and what they say of themselves.

A tensor is more than its numbers: it has a dtype, a memory order, and an identity that a change
in place keeps. What comes back from the sandbox is numbers and text, so the driver tells as text
what a case asks for beside the numbers: "torch.int64", "(3, 1, 4)", "x itself". The numbers are
whole or quarters, which float32 holds, so nearly all is exact; there is no check on the digits
of float64, which torch does not use unless it is told to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles.tracked import Tracked, whole

# --- how the learner's code is called ---------------------------------------------------------


def ask(function, *args, asked="values"):  # type: ignore[no-untyped-def]  # sent as source: no name of this module means anything there
    """What is asked about the tensor that function(*args) gives, or about its first argument x
    after the call: the tensor itself, or text."""
    import torch

    # Of torch's own C type, which nobody can change; a subclass has no say.
    base, plainly = torch._C.TensorBase, torch._C.DisableTorchFunction
    x = args[0]
    if asked == "memory":
        memory = base.data_ptr(x)
        function(*args)
        with plainly():
            return "where x was" if base.data_ptr(x) == memory else "elsewhere"
    result = function(*args)
    if asked == "x afterwards":
        return x
    if asked == "identity" and result is x:
        return "x itself"
    if result is None:
        return "None" if asked == "identity" else None
    if not issubclass(type(result), base):
        raise ValueError(f"a tensor is asked for, and `{type(result).__name__}` came")
    if asked == "values":
        return result
    with plainly():
        if asked == "identity":
            shared = base.data_ptr(result) == base.data_ptr(x)
            return "another view of x" if shared else "a new tensor"
        if asked == "shape":
            return str(tuple(vars(base)["shape"].__get__(result)))
        if asked == "dtype":
            return str(vars(base)["dtype"].__get__(result))
        return str(base.is_contiguous(result))


_ask: Callable[..., Any] = ask

Values = Callable[..., Any]
"""A function on arrays (or numbers) that gives an array."""


def told(
    values: Values, *, dtype: str | Callable[[Any], str] = "torch.uint8"
) -> Callable[..., Tree]:
    """What the driver tells of a function with these values; the tensors whose dtype is asked
    for after a change of shape are of pixels, uint8."""

    def formula(*args: Any, asked: str = "values") -> Tree:
        if asked == "dtype":
            return dtype if isinstance(dtype, str) else dtype(*args)
        if asked == "contiguous":
            return "True"
        result = values(*args)
        return str(np.shape(result)) if asked == "shape" else result

    return formula


# --- what is right ----------------------------------------------------------------------------


def entries(x: Any) -> Array:
    """A tensor's entries, with the shape it has: one of no axis arrives as a bare number."""
    return np.asarray(x, dtype=object)


def numbers(n: Any) -> Array:
    return np.arange(whole(n))


def grid(start: Any, end: Any, steps: Any) -> Array:
    n = whole(steps)
    last = max(n - 1, 1)
    return entries([start + (end - start) * i / last for i in range(n)])


def grid_by_width(start: Any, end: Any, steps: Any) -> Array:
    n = whole(steps)
    width = (end - start) / max(n - 1, 1)
    return entries([start + width * i for i in range(n)])


def grid_from_both_ends(start: Any, end: Any, steps: Any) -> Array:
    """torch.linspace: from the end where that is nearer."""
    n = whole(steps)
    width = (end - start) / max(n - 1, 1)
    return entries(
        [start + width * i if i < (n + 1) // 2 else end - width * (n - 1 - i) for i in range(n)]
    )


def grid_of_shares(start: Any, end: Any, steps: Any) -> Array:
    n = whole(steps)
    shares = [Tracked(i) / max(n - 1, 1) for i in range(n)]
    return entries([start * (1 - t) + end * t for t in shares])


def grid_step_by_step(start: Any, end: Any, steps: Any) -> Array:
    n = whole(steps)
    width = (end - start) / max(n - 1, 1)
    points = [start + width * 0]
    for _ in range(n - 1):
        # Rounded at every step, which a sum in any order is not.
        rounded = points[-1] + width
        points.append(Tracked(rounded.value, rounded.error + abs(rounded.value)))
    return entries(points)


def reshape_rows(x: Any, rows: Any) -> Array:
    return entries(x).reshape(whole(rows), -1)


def add_axis(x: Any, dim: Any) -> Array:
    return np.expand_dims(entries(x), whole(dim))


def drop_axes(x: Any) -> Array:
    return np.squeeze(entries(x))


def side_by_side(a: Any, b: Any) -> Array:
    return np.concatenate([entries(a), entries(b)], axis=-1)


def pile(a: Any, b: Any) -> Array:
    return np.stack([entries(a), entries(b)])


def as_float(x: Any) -> Array:
    return entries(x)


def scaled(
    after: Values,
    *,
    returned: str = "x itself",
    values: Values | None = None,
    memory: str = "where x was",
) -> Callable[..., Tree]:
    """What the driver tells of a scale_in_place that leaves `after` in x; `values` are those of
    what it returns, where they are others. One that returns None has none."""

    def formula(x: Any, factor: Any, asked: str = "values") -> Tree:
        match asked:
            case "identity":
                return returned
            case "memory":
                return memory
            case "x afterwards":
                return after(entries(x), factor)
        if returned == "None":
            raise ValueError("nothing is returned")
        return (values or after)(entries(x), factor)

    return formula


def describe(x: Any) -> tuple[Any, Array, Any]:
    shape = np.shape(x)
    return len(shape), np.array(shape, dtype=np.int64), np.size(x)


# --- who else says so -------------------------------------------------------------------------


def in_torch(function: Callable[..., Any]) -> Witness:
    """torch's own function, asked by the driver that asks the learner's."""

    def values(*args: Any, **asked: str) -> tuple[Tree, None]:
        import torch

        given = [torch.from_numpy(np.array(a)) if isinstance(a, np.ndarray) else a for a in args]
        answer = _ask(function, *given, **asked)
        return answer if isinstance(answer, str) else answer.numpy(), None

    return Witness("torch", values)


def _torch_grid(start: float, end: float, steps: int) -> Any:
    import torch

    return torch.linspace(start, end, steps, dtype=torch.float64)


def _torch_describe(x: Array) -> tuple[Tree, None]:
    import torch

    tensor = torch.from_numpy(np.array(x))
    return (tensor.dim(), np.array(list(tensor.size()), dtype=np.int64), tensor.numel()), None


def by_lists(function: Callable[..., Any], **facts: Any) -> Witness:
    """`function` of nested lists, in plain Python."""

    def values(*args: Any) -> Array:
        return np.array(function(*[a.tolist() if isinstance(a, np.ndarray) else a for a in args]))

    return Witness("lists", lambda *args, **asked: (told(values, **facts)(*args, **asked), None))


def _flat(x: Any) -> list[Any]:
    return [v for row in x for v in _flat(row)] if isinstance(x, list) else [x]


def _depth(x: Any) -> int:
    return 1 + _depth(x[0]) if isinstance(x, list) else 0


def _in_rows(x: Any, rows: int) -> list[Any]:
    flat = _flat(x)
    width = len(flat) // rows
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def _wrapped(x: Any, dim: int) -> list[Any]:
    depth = dim if dim >= 0 else _depth(x) + 1 + dim
    return [_wrapped(row, depth - 1) for row in x] if depth else [x]


def _unwrapped(x: Any) -> Any:
    if not isinstance(x, list):
        return x
    rows = [_unwrapped(row) for row in x]
    return rows if len(rows) > 1 else rows[0]


def _joined(a: Any, b: Any) -> list[Any]:
    deeper = isinstance(a[0], list)
    return [_joined(*rows) for rows in zip(a, b, strict=True)] if deeper else a + b


def _multiplied(x: Any, factor: float) -> Any:
    return [_multiplied(row, factor) for row in x] if isinstance(x, list) else x * factor


def _lists_describe(x: Array) -> tuple[Tree, None]:
    rows, shape = x.tolist(), []
    while isinstance(rows, list):
        shape.append(len(rows))
        rows = rows[0]
    return (len(shape), np.array(shape, dtype=np.int64), len(_flat(x.tolist()))), None


def in_sympy(function: Callable[..., Any], **facts: Any) -> Witness:
    """`function` of sympy's arrays of exact numbers."""

    def values(*args: Any) -> Array:
        array = function(*[_sympy_array(a) if isinstance(a, np.ndarray) else a for a in args])
        flat = [mpmath.mpf(v.p) / v.q for v in array.reshape(len(array))]
        return np.array(flat, dtype=object).reshape(array.shape)

    return Witness("sympy", lambda *args, **asked: (told(values, **facts)(*args, **asked), None))


def _sympy_array(x: Array) -> Any:
    import sympy

    flat = [sympy.Rational(v) for v in x.ravel().tolist()]
    return sympy.Array(flat, x.shape) if x.ndim else sympy.Array(flat[0])


def _sympy_numbers(n: int) -> Any:
    import sympy

    return sympy.Array(list(sympy.Range(n)), (n,))


def _sympy_grid(start: float, end: float, steps: int) -> Any:
    import sympy

    a, b = sympy.Rational(start), sympy.Rational(end)
    if steps == 1:
        return sympy.Array([a])
    t = sympy.Symbol("t")
    line = sympy.interpolate([(0, a), (steps - 1, b)], t)
    return sympy.Array([line.subs(t, i) if a != b else a for i in range(steps)])


def _sympy_drop(x: Any) -> Any:
    import sympy

    kept = [n for n in x.shape if n != 1]
    return x.reshape(*kept) if kept else sympy.Array(x[(0,) * x.rank()])


def _sympy_join(a: Any, b: Any) -> Any:
    """The last axis first, one after the other, and back."""
    import sympy

    others = [*range(a.rank() - 1)]
    front = [sympy.permutedims(x, [len(others), *others]) for x in (a, b)]
    both = sympy.Array([row for x in front for row in x])
    return sympy.permutedims(both, [*(i + 1 for i in others), 0])


def _sympy_pile(a: Any, b: Any) -> Any:
    import sympy

    return sympy.Array([a, b] if a.rank() else [a[()], b[()]])


def _sympy_describe(x: Array) -> tuple[Tree, None]:
    array = _sympy_array(x)
    return (array.rank(), np.array(array.shape, dtype=np.int64), len(array)), None


def _shaped(x: Any, dim: int) -> Any:
    shape = list(x.shape)
    shape.insert(dim if dim >= 0 else len(shape) + 1 + dim, 1)
    return x.reshape(*shape)


def _scaled_as(product: Values) -> Callable[..., tuple[Tree, None]]:
    return lambda x, factor, **asked: (
        scaled(lambda *_: product(x, factor))(x, factor, **asked),
        None,
    )


def _sympy_product(x: Array, factor: float) -> Array:
    array = _sympy_array(x) * _rational(factor)
    flat = [mpmath.mpf(v.p) / v.q for v in array.reshape(len(array))]
    return np.array(flat, dtype=object).reshape(x.shape)


def _rational(x: float) -> Any:
    import sympy

    return sympy.Rational(x)


def _in_fractions(start: float, end: float, steps: int) -> list[Any]:
    a, b = Fraction(start), Fraction(end)
    points = [a + (b - a) * Fraction(i, max(steps - 1, 1)) for i in range(steps)]
    return [mpmath.mpf(p.numerator) / p.denominator for p in points]


# --- cases ------------------------------------------------------------------------------------

_SHOWN = 12
"""Entries of a tensor that is written out; of a larger one, the shape is shown."""


_SHAPED: dict[str, Values] = {"add_axis": add_axis, "drop_axes": drop_axes}
_DTYPES = {"numbers": "int64", "as_float": "float32"}


def literal(x: Any) -> str:
    """An argument as a learner would type it."""
    if not isinstance(x, np.ndarray):
        return repr(x)
    if not x.flags.c_contiguous:
        if x.ndim == 1:  # every other entry of one twice as long
            spread = np.zeros(2 * x.size, dtype=x.dtype)
            spread[::2] = x
            return f"{literal(spread)}[::2]"
        if x.ndim == 2:
            return f"{literal(np.ascontiguousarray(x.T))}.T"
    if x.size > _SHOWN:
        order = "" if x.flags.c_contiguous else ", transposed"
        return f"<{'×'.join(map(str, x.shape))} tensor{order}>"
    usual = x.dtype in (np.dtype(bool), np.dtype(np.int64), np.dtype(np.float32))
    return f"torch.tensor({x.tolist()}{'' if usual else f', dtype=torch.{x.dtype}'})"


def call(function: str, *args: Any, asked: str = "values") -> Case:
    """A call, and as a person reads it what is asked about it, or what should be true of it."""
    typed = f"{function}({', '.join(map(literal, args))})"
    match asked:
        case "shape":
            shape = np.shape(_SHAPED[function](*args))
            typed += f".shape == {shape}"
        case "dtype":
            typed += f".dtype == torch.{_DTYPES.get(function) or args[0].dtype}"
        case "contiguous":
            typed += ".is_contiguous()"
        case "x afterwards" | "memory" | "identity":
            after = {"x afterwards": "; x", "memory": "; x.data_ptr()", "identity": " is x"}[asked]
            typed = f"x = {literal(args[0])}; {function}(x, {literal(args[1])}){after}"
    return Case(function, args, {} if asked == "values" else {"asked": asked}, shown=typed)


def integers(rng: np.random.Generator, *shape: int) -> Array:
    """Different whole numbers of both signs; int64."""
    size = int(np.prod(shape))
    return rng.permutation(np.arange(-size, size + 3))[:size].reshape(shape)


def quarters(rng: np.random.Generator, *shape: int, dtype: Any = np.float32) -> Array:
    """Different multiples of 1/4, which every floating dtype holds; no whole numbers."""
    drawn: Array = (integers(rng, *shape) + rng.choice([1, 2, 3], shape) / 4).astype(dtype)
    return drawn


def pixels(rng: np.random.Generator, *shape: int) -> Array:
    return rng.integers(1, 255, shape).astype(np.uint8)


def every_other(x: Array) -> Array:
    """The same vector with gaps in memory."""
    spread = np.zeros(2 * x.size, dtype=x.dtype)
    spread[::2] = x
    return spread[::2]


def factor(rng: np.random.Generator) -> float:
    return float(rng.choice([-2.5, -1.5, 1.5, 2.5, 3.5]))


def counts(rng: np.random.Generator) -> Iterator[Case]:
    yield call("numbers", int(rng.integers(3, 6)))
    yield call("numbers", int(rng.integers(8, 14)))


def count_dtypes(rng: np.random.Generator) -> Iterator[Case]:
    yield call("numbers", int(rng.integers(3, 6)), asked="dtype")


def grids(rng: np.random.Generator) -> Iterator[Case]:
    first = int(rng.integers(-4, -1))
    yield call("grid", first, first + int(rng.choice([7, 8, 10, 11])), 4)
    start, end, height = rng.integers(100, 900, 3)
    # A whole number between the ends may come out just below itself, and cut to an integer is
    # then one less: which, depends on the arithmetic.
    while _meets_whole(-start, end, 6) or _meets_whole(height, -start, 5):
        start, end, height = rng.integers(100, 900, 3)
    yield call("grid", float(-start / 100), float(end / 100), 7)
    yield call("grid", float(height / 100), float(-start / 100), 6)


def _meets_whole(start: int, end: int, gaps: int) -> bool:
    """Whether a point between the ends, which are given in hundredths, is a whole number."""
    inner = range(1, gaps)
    return any((start * gaps + i * (end - start)) % (100 * gaps) == 0 for i in inner)


def row_shapes(rng: np.random.Generator) -> Iterator[Case]:
    yield call("reshape_rows", integers(rng, 6), 2)
    yield call("reshape_rows", integers(rng, 3, 4), 2)
    yield call("reshape_rows", quarters(rng, 2, 3, 4), 8)


def rows_in_memory(rng: np.random.Generator) -> Iterator[Case]:
    yield call("reshape_rows", integers(rng, 2, 3).T, 3, asked="contiguous")
    yield call("reshape_rows", every_other(integers(rng, 6)), 2, asked="contiguous")
    yield call("reshape_rows", quarters(rng, 4, 3).T, 2)


def new_axes(rng: np.random.Generator) -> Iterator[Case]:
    yield call("add_axis", integers(rng, 2, 3), 1, asked="shape")
    for dim in (0, 2, -1, -3):
        yield call("add_axis", integers(rng, 3, 2), dim, asked="shape")
    x = integers(rng, 2, 4, 3)
    yield call("add_axis", x, -2, asked="shape")
    yield call("add_axis", x, 3, asked="shape")
    yield call("add_axis", quarters(rng, 3, 4), 1)


def superfluous_axes(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((1, 3, 1), (2, 1, 3), (3, 2), (1, 2, 1, 1, 3, 1)):
        yield call("drop_axes", integers(rng, *shape), asked="shape")
    yield call("drop_axes", quarters(rng, 1, 3, 1, 2))


def neighbours(rng: np.random.Generator) -> Iterator[Case]:
    yield call("side_by_side", integers(rng, 2, 2), integers(rng, 2, 2) + 40)
    yield call("side_by_side", integers(rng, 2, 3), integers(rng, 2, 1) + 40)
    yield call("side_by_side", quarters(rng, 2, 3, 4), quarters(rng, 2, 3, 4) + 40)


def piles(rng: np.random.Generator) -> Iterator[Case]:
    yield call("pile", integers(rng, 3), integers(rng, 3) + 40)
    yield call("pile", quarters(rng, 2, 3), quarters(rng, 2, 3) + 40)
    yield call("pile", integers(rng, 3, 2, 4), integers(rng, 3, 2, 4) + 40)


def casts(rng: np.random.Generator) -> Iterator[Case]:
    for x in (integers(rng, 3), quarters(rng, 2, 2, dtype=np.float64)):
        yield call("as_float", x, asked="dtype")
        yield call("as_float", x)


def changes(rng: np.random.Generator) -> Iterator[Case]:
    x, by = quarters(rng, 3), factor(rng)
    yield call("scale_in_place", x, by, asked="x afterwards")
    yield call("scale_in_place", x, by, asked="memory")
    yield call("scale_in_place", quarters(rng, 3, 2), factor(rng), asked="x afterwards")


def changed(rng: np.random.Generator) -> Iterator[Case]:
    x, by = quarters(rng, 3), factor(rng)
    yield call("scale_in_place", x, by, asked="identity")
    yield call("scale_in_place", x, by)


def descriptions(rng: np.random.Generator) -> Iterator[Case]:
    yield call("describe", integers(rng, 3, 4))
    yield call("describe", quarters(rng, 5))
    yield call("describe", quarters(rng, 4, 2, 5))


def forms(rng: np.random.Generator) -> Iterator[Case]:
    single = np.array(int(rng.integers(2, 9)))
    for n in (1, 0):
        yield call("numbers", n)
    yield call("numbers", 0, asked="dtype")
    start = float(rng.integers(-300, 300)) / 100
    for steps in (1, 2):
        yield call("grid", start, start + 1.5, steps)
    for x, rows in ((integers(rng, 5), 1), (integers(rng, 4), 4), (single, 1)):
        yield call("reshape_rows", x, rows)
    yield call("reshape_rows", quarters(rng, 2, 3, 2, 2).transpose(3, 1, 0, 2), 6)
    for dim in (0, -1):
        yield call("add_axis", single, dim)
    yield call("add_axis", quarters(rng, 2, 3).T, -3)
    yield call("add_axis", integers(rng, 2, 1, 3, 2), 4)
    for x in (integers(rng, 1, 1), single, quarters(rng, 3, 1, 2).transpose(2, 1, 0)):
        yield call("drop_axes", x)
    yield call("side_by_side", integers(rng, 2), integers(rng, 3))
    yield call("side_by_side", quarters(rng, 2, 3).T, quarters(rng, 3, 1))
    yield call("side_by_side", integers(rng, 2, 1, 3, 2), integers(rng, 2, 1, 3, 1))
    yield call("pile", single, np.array(single + 1))
    yield call("pile", quarters(rng, 2, 3).T, quarters(rng, 3, 2))
    for asked in ("dtype", "values"):
        yield call("as_float", np.array([True, False, True]), asked=asked)
        yield call("as_float", single, asked=asked)
        yield call("as_float", quarters(rng, 2, 3, dtype=np.float64).T, asked=asked)
    yield call("as_float", np.array([1234.25, 100003.0]))  # more digits than half precision has
    for x in (quarters(rng, 2, 3).T, every_other(quarters(rng, 3)), np.array(np.float32(2.25))):
        yield call("scale_in_place", x, factor(rng), asked="x afterwards")
    yield call("scale_in_place", integers(rng, 4), 3, asked="x afterwards")
    yield call("scale_in_place", quarters(rng, 2, 1, 3), factor(rng), asked="x afterwards")
    views = quarters(rng, 2, 3).T, every_other(quarters(rng, 4))
    for x in (single, *views, integers(rng, 2, 1, 3, 2)):
        yield call("describe", x)


def kept(rng: np.random.Generator) -> Iterator[Case]:
    yield call("reshape_rows", pixels(rng, 4), 2, asked="dtype")
    yield call("add_axis", pixels(rng, 3), 0, asked="dtype")
    yield call("drop_axes", pixels(rng, 1, 3), asked="dtype")
    yield call("side_by_side", pixels(rng, 2), pixels(rng, 3), asked="dtype")
    yield call("pile", pixels(rng, 2), pixels(rng, 2), asked="dtype")


def again(rng: np.random.Generator) -> Iterator[Case]:
    yield call("reshape_rows", integers(rng, 6), 2)
    yield call("add_axis", integers(rng, 3), 0)
    yield call("drop_axes", integers(rng, 1, 3))
    yield call("side_by_side", integers(rng, 2), integers(rng, 3))
    yield call("pile", integers(rng, 2), integers(rng, 2) + 40)
    yield call("as_float", integers(rng, 3))
    yield call("describe", integers(rng, 2, 3))


def drawn(cases: Callable[[np.random.Generator], Iterator[Case]]) -> Any:
    return lambda rng: [*cases(rng)]


# --- what is misunderstood --------------------------------------------------------------------


def count(values: Values, dtype: str = "torch.int64") -> Callable[..., Tree]:
    return told(values, dtype=dtype)


NUMBERS_MISCONCEPTIONS = (
    Misconception(
        "starts-at-one",
        "Your numbers run from 1 to n. Counting starts at 0 here, as indices do.",
        count(lambda n: numbers(n) + 1),
    ),
    Misconception(
        "end-included",
        "There are n + 1 numbers: n itself is one of them. In Python an end is usually left out.",
        count(lambda n: np.arange(whole(n) + 1)),
    ),
    Misconception(
        "one-missing",
        "Your numbers run from 1 to n − 1, so one is missing: there should be n of them.",
        count(lambda n: np.arange(1, whole(n))),
    ),
    Misconception(
        "counts-as-floats",
        "A tensor does not have to hold floats. These are whole numbers, and torch has a dtype for "
        "those, which it chooses by itself where it is given whole numbers.",
        count(numbers, "torch.float32"),
    ),
    Misconception(
        "counts-as-int32",
        "These are int32. What torch uses for whole numbers, and for indices, is twice as wide.",
        count(numbers, "torch.int32"),
    ),
)


def points(place: Callable[[Any, int], Any], more: int = 0) -> Callable[..., Tree]:
    """A grid of `steps + more` points, the i-th at the share place(steps, i) of the way."""

    def values(start: Any, end: Any, steps: Any) -> Array:
        n = whole(steps)
        return entries([start + (end - start) * place(n, i) for i in range(n + more)])

    return told(values)


def by_steps_as_width(start: Any, end: Any, steps: Any) -> Array:
    length = float(Tracked.of(end - start).value) / whole(steps)
    if length <= 0:
        raise ValueError("torch refuses")
    return entries([start + steps * i for i in range(int(np.ceil(length)))])


def towards_zero(start: Any, end: Any, steps: Any) -> Array:
    return entries([int(Tracked.of(v).value) for v in grid(start, end, steps)])


GRID_MISCONCEPTIONS = (
    Misconception(
        "end-left-out",
        "The last point falls short of `end`. Both ends belong to the grid, so how many gaps lie "
        "between `steps` points?",
        points(lambda n, i: Tracked(i) / n),
    ),
    Misconception(
        "start-left-out",
        "The first point lies one gap behind `start`. Both ends belong to the grid.",
        points(lambda n, i: Tracked(i + 1) / n),
    ),
    Misconception(
        "both-ends-left-out",
        "Your points lie between the ends. The ends themselves belong to the grid.",
        points(lambda n, i: Tracked(i + 1) / (n + 1)),
    ),
    Misconception(
        "one-point-too-many",
        "There are steps + 1 points. `steps` counts the points, not the gaps between them.",
        points(lambda n, i: Tracked(i) / n, more=1),
    ),
    Misconception(
        "steps-as-width",
        "Your points are `steps` apart. `steps` says how many points there are, not how far it is "
        "from one to the next.",
        told(by_steps_as_width),
    ),
    Misconception(
        "grid-cut-to-integers",
        "The points have lost their fractions. What dtype does the grid have on its way?",
        told(towards_zero),
    ),
)


def in_memory_only(x: Any, rows: Any, asked: str = "values") -> str:
    """What is wrong in memory alone: by `view`, other calls fail, and by `reshape` they do not."""
    if asked != "contiguous":
        raise ValueError("nothing is wrong, or nothing comes")
    return "False"


ROWS_MISCONCEPTIONS = (
    Misconception(
        "rows-as-columns",
        "`rows` came out as the length of the rows. It is how many rows there are: the first "
        "dimension of the shape.",
        told(lambda x, rows: entries(x).reshape(-1, whole(rows))),
    ),
    Misconception(
        "filled-by-columns",
        "The shape is right, and the numbers run down the columns. Reshaping keeps the order and "
        "fills row by row; transposing is something else.",
        told(lambda x, rows: entries(x).reshape(-1, whole(rows)).T),
    ),
    Misconception(
        "transposed-before",
        "The tensor is transposed before it is reshaped, so its numbers come in another order. "
        "Nothing has to be transposed here.",
        told(lambda x, rows: entries(x).T.reshape(whole(rows), -1)),
    ),
    Misconception(
        "first-rows-taken",
        "These are the first `rows` rows of x, and the rest is gone. All numbers stay; only the "
        "shape is another.",
        told(lambda x, rows: entries(x)[: whole(rows)]),
    ),
    Misconception(
        "not-contiguous",
        "The rows do not lie one after the other in memory: a view looks at the memory of x, with "
        "its gaps and in its order, and where a view will do, `reshape` gives one. The result "
        "should be contiguous.",
        in_memory_only,
    ),
)


def axis_at(place: Callable[[int, int], int]) -> Callable[..., Tree]:
    """A new axis at place(dim, number of axes), counted from the front."""

    def values(x: Any, dim: Any) -> Array:
        return np.expand_dims(entries(x), place(whole(dim), np.ndim(x)))

    return told(values)


AXIS_MISCONCEPTIONS = (
    Misconception(
        "axis-always-first",
        "The new axis is always the first. `dim` says where it belongs.",
        axis_at(lambda dim, n: 0),
    ),
    Misconception(
        "axis-always-last",
        "The new axis is always the last. `dim` says where it belongs.",
        axis_at(lambda dim, n: n),
    ),
    Misconception(
        "negative-dim-one-early",
        "A negative `dim` is counted in the shape of x, like an index of a list. It counts from "
        "the end of the new shape: with −1, the new axis is the last.",
        axis_at(lambda dim, n: dim if dim >= 0 else max(n + dim, 0)),
    ),
    Misconception(
        "axis-one-late",
        "The new axis comes after position `dim`. It should stand at that position itself.",
        axis_at(lambda dim, n: (dim + 1) % (n + 1) if dim < 0 else dim + 1),
    ),
    Misconception(
        "made-a-column",
        "Everything became one column. The other axes stay as they are; only one of length 1 is "
        "added.",
        told(lambda x, dim: entries(x).reshape(-1, 1)),
    ),
)


def dropping(kept_axes: Callable[[Sequence[int]], list[int]]) -> Callable[..., Tree]:
    """The shape that is left, from the shape there was."""
    return told(lambda x: entries(x).reshape(kept_axes(np.shape(x))))


def without_first_one(shape: Sequence[int]) -> list[int]:
    at = list(shape).index(1) if 1 in shape else len(shape)
    return [*shape[:at], *shape[at + 1 :]]


def without_last_one(shape: Sequence[int]) -> list[int]:
    return without_first_one(shape[::-1])[::-1]


def inner(shape: Sequence[int]) -> list[int]:
    """Without those of length 1 at either end."""
    long = [i for i, n in enumerate(shape) if n != 1]
    return list(shape[long[0] : long[-1] + 1])


DROP_MISCONCEPTIONS = (
    Misconception(
        "leading-axis-only",
        "Only the axis in front is dropped where it has length 1. Others of length 1 may stand "
        "anywhere.",
        dropping(lambda shape: list(shape[1:] if shape[0] == 1 else shape)),
    ),
    Misconception(
        "trailing-axis-only",
        "Only the last axis is dropped where it has length 1. Others of length 1 may stand "
        "anywhere.",
        dropping(lambda shape: list(shape[:-1] if shape[-1] == 1 else shape)),
    ),
    Misconception(
        "first-of-them-only",
        "One axis of length 1 is dropped, the first. There may be more of them.",
        dropping(without_first_one),
    ),
    Misconception(
        "last-of-them-only",
        "One axis of length 1 is dropped, the last. There may be more of them.",
        dropping(without_last_one),
    ),
    Misconception(
        "outer-axes-only",
        "Axes of length 1 are dropped at both ends of the shape, and those in the middle stay.",
        dropping(inner),
    ),
    Misconception(
        "flattened",
        "All axes became one. Only those of length 1 should go.",
        dropping(lambda shape: [int(np.prod(shape))]),
    ),
    Misconception(
        "first-entry-taken",
        "This is what stands at index 0 of the first axis. Where that axis is longer than 1, the "
        "rest is lost.",
        told(lambda x: entries(x)[0]),
    ),
)


def joining(values: Callable[[Array, Array], Array]) -> Callable[..., Tree]:
    return told(lambda a, b: values(entries(a), entries(b)))


def alternating(a: Array, b: Array) -> Array:
    return np.stack([a, b], axis=-1).reshape(*a.shape[:-1], -1)


_ORDER = Misconception(
    "b-before-a",
    "b comes before a. The order in which they are joined is that of the arguments.",
    joining(lambda a, b: np.concatenate([b, a], axis=-1)),
)

SIDE_MISCONCEPTIONS = (
    Misconception(
        "one-below-the-other",
        "b stands below a: they are joined along the first axis, which is where `cat` joins unless "
        "it is told otherwise.",
        joining(lambda a, b: np.concatenate([a, b])),
    ),
    Misconception(
        "along-the-second-axis",
        "They are joined along the second axis. That is the last only where there are two.",
        joining(lambda a, b: np.concatenate([a, b], axis=1)),
    ),
    Misconception(
        "stacked-instead",
        "The result has an axis more than a and b. Joining makes the last axis longer and adds "
        "none.",
        joining(lambda a, b: np.stack([a, b], axis=-1)),
    ),
    Misconception(
        "alternating",
        "The entries of a and b take turns. All of a row of a comes first, then that of b.",
        joining(alternating),
    ),
    _ORDER,
)

PILE_MISCONCEPTIONS = (
    Misconception(
        "joined-instead",
        "They are joined along an axis that they have already. A pile has a new first axis, of "
        "length 2: entry 0 is a, entry 1 is b.",
        joining(lambda a, b: np.concatenate([a, b])),
    ),
    Misconception(
        "new-axis-last",
        "The new axis is the last. It should be the first, so that entry 0 of the result is a.",
        joining(lambda a, b: np.stack([a, b], axis=-1)),
    ),
    Misconception(
        "new-axis-second",
        "The new axis is the second. It should be the first, so that entry 0 of the result is a.",
        joining(lambda a, b: np.stack([a, b], axis=1)),
    ),
    Misconception(_ORDER.id, _ORDER.help, joining(lambda a, b: np.stack([b, a]))),
)


def given_dtype(x: Array) -> str:
    return f"torch.{x.dtype}"


CAST_MISCONCEPTIONS = (
    Misconception(
        "double-instead",
        "This is float64. `float` means 64 bits to Python and NumPy; what is asked for has 32.",
        told(as_float, dtype="torch.float64"),
    ),
    Misconception(
        "dtype-unchanged",
        "The result has the dtype that x had. A cast gives a new tensor and leaves x as it is: is "
        "the new one what you return?",
        told(lambda x: np.asarray(x, dtype=np.float64), dtype=given_dtype),
        floating=True,  # only the arguments themselves have a dtype
    ),
    Misconception(
        "left-to-promotion",
        "Whole numbers became float32, and float64 stayed float64: arithmetic with a float only "
        "goes up. A cast says what dtype it wants.",
        told(
            lambda x: np.asarray(x, dtype=np.float64),
            dtype=lambda x: "torch.float64" if x.dtype == np.float64 else "torch.float32",
        ),
        floating=True,
    ),
    Misconception(
        "bits-read-again",
        "`view` with a dtype reads the same bits as other numbers. A cast keeps the numbers and "
        "writes them in other bits.",
        told(lambda x: x.view(np.float32).astype(np.float64), dtype="torch.float32"),
        floating=True,
    ),
    Misconception(
        "half-instead",
        "This is float16, which holds three digits. What is asked for has 32 bits.",
        told(as_float, dtype="torch.float16"),
    ),
)

SCALE_MISCONCEPTIONS = (
    Misconception(
        "new-tensor-returned",
        "x itself is as it was: `x * factor` is a new tensor, and `x = x * factor` only gives it "
        "the old name. In place means that the numbers of x change.",
        scaled(lambda x, f: x, returned="a new tensor", values=lambda x, f: x * f),
    ),
    Misconception(
        "nothing-returned",
        "x is changed as it should be, and nothing is returned. Return x itself beside that.",
        scaled(lambda x, f: x * f, returned="None"),
    ),
    Misconception(
        "scaled-twice",
        "x is scaled in place, and what you return is scaled once more. What does x hold after the "
        "first time?",
        scaled(lambda x, f: x * f, returned="a new tensor", values=lambda x, f: x * f * f),
    ),
    Misconception(
        "memory-exchanged",
        "x got new memory instead of new numbers: whoever else looks at the old memory, a row of a "
        "table, say, sees no change.",
        scaled(lambda x, f: x * f, memory="elsewhere"),
    ),
    Misconception(
        "factor-added",
        "The factor is added. To scale is to multiply.",
        scaled(lambda x, f: x + f),
    ),
)


DESCRIBE_MISCONCEPTIONS = (
    Misconception(
        "length-as-rank",
        "The first number is the length of the first axis, which is what `len` gives. The rank is "
        "how many axes there are.",
        lambda x: (np.shape(x)[0], *describe(x)[1:]),
    ),
    Misconception(
        "length-as-count",
        "The last number is the length of the first axis. A tensor of shape (2, 3) has 6 elements.",
        lambda x: (*describe(x)[:2], np.shape(x)[0]),
    ),
    Misconception(
        "lengths-added",
        "The lengths of the axes are added. A tensor of shape (2, 3) has 6 elements.",
        lambda x: (*describe(x)[:2], sum(np.shape(x))),
    ),
    Misconception(
        "rank-and-count-swapped",
        "The number of axes and the number of elements have changed places: rank, shape, count.",
        lambda x: describe(x)[::-1],
    ),
    Misconception(
        "shape-backwards",
        "The shape is the wrong way round. It starts with the outermost axis.",
        lambda x: (np.ndim(x), np.array(np.shape(x)[::-1]), np.size(x)),
    ),
)


# --- the exercise -----------------------------------------------------------------------------


def _torch(name: str) -> Any:
    import torch

    return getattr(torch, name)


EXERCISE = Exercise(
    id="exercise-14",
    title="Tensors",
    topic="PyTorch",
    packages=("numpy", "torch"),
    functions=(
        Function(
            "numbers",
            "numbers(n)",
            reference=count(numbers),
            witnesses=(
                in_torch(lambda n: _torch("arange")(n)),
                by_lists(lambda n: [*range(n)], dtype="torch.int64"),
                in_sympy(_sympy_numbers, dtype="torch.int64"),
            ),
            misconceptions=NUMBERS_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "grid",
            "grid(start, end, steps)",
            reference=told(grid),
            also_right=tuple(
                map(told, (grid_by_width, grid_from_both_ends, grid_of_shares, grid_step_by_step))
            ),
            witnesses=(
                in_torch(_torch_grid),
                by_lists(_in_fractions),
                in_sympy(_sympy_grid),
            ),
            misconceptions=GRID_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "reshape_rows",
            "reshape_rows(x, rows)",
            reference=told(reshape_rows),
            witnesses=(
                in_torch(lambda x, rows: x.reshape(rows, -1).contiguous()),
                by_lists(_in_rows),
                in_sympy(lambda x, rows: x.reshape(rows, len(x) // rows)),
            ),
            misconceptions=ROWS_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "add_axis",
            "add_axis(x, dim)",
            reference=told(add_axis),
            witnesses=(
                in_torch(lambda x, dim: x.unsqueeze(dim)),
                by_lists(_wrapped),
                in_sympy(_shaped),
            ),
            misconceptions=AXIS_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "drop_axes",
            "drop_axes(x)",
            reference=told(drop_axes),
            witnesses=(
                in_torch(lambda x: x.squeeze()),
                by_lists(_unwrapped),
                in_sympy(_sympy_drop),
            ),
            misconceptions=DROP_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "side_by_side",
            "side_by_side(a, b)",
            reference=told(side_by_side),
            witnesses=(
                in_torch(lambda a, b: _torch("cat")([a, b], dim=-1)),
                by_lists(_joined),
                in_sympy(_sympy_join),
            ),
            misconceptions=SIDE_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "pile",
            "pile(a, b)",
            reference=told(pile),
            witnesses=(
                in_torch(lambda a, b: _torch("stack")([a, b])),
                by_lists(lambda a, b: [a, b]),
                in_sympy(_sympy_pile),
            ),
            misconceptions=PILE_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "as_float",
            "as_float(x)",
            reference=told(as_float, dtype="torch.float32"),
            witnesses=(
                in_torch(lambda x: x.to(_torch("float32"))),
                by_lists(lambda x: x, dtype="torch.float32"),
                in_sympy(lambda x: x, dtype="torch.float32"),
            ),
            misconceptions=CAST_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "scale_in_place",
            "scale_in_place(x, factor)",
            reference=scaled(lambda x, f: x * f),
            witnesses=(
                in_torch(lambda x, f: x.mul_(f)),
                Witness("lists", _scaled_as(lambda x, f: np.array(_multiplied(x.tolist(), f)))),
                Witness("sympy", _scaled_as(_sympy_product)),
            ),
            misconceptions=SCALE_MISCONCEPTIONS,
            driver=ask,
            tensors=True,
        ),
        Function(
            "describe",
            "describe(x)",
            reference=describe,
            witnesses=(
                Witness("torch", _torch_describe),
                Witness("lists", _lists_describe),
                Witness("sympy", _sympy_describe),
            ),
            misconceptions=DESCRIBE_MISCONCEPTIONS,
            tensors=True,
        ),
    ),
    checks=(
        Check("numbers", "numbers: from 0 to n − 1", 0.4, Tier.VALUE, drawn(counts)),
        Check("numbers-dtype", "numbers: int64", 0.3, Tier.VALUE, drawn(count_dtypes)),
        Check("grid", "grid: evenly spaced, both ends included", 0.7, Tier.VALUE, drawn(grids)),
        Check("rows", "reshape_rows: the right rows", 0.4, Tier.VALUE, drawn(row_shapes)),
        Check(
            "rows-contiguous",
            "reshape_rows: contiguous, whatever x is",
            0.3,
            Tier.VALUE,
            drawn(rows_in_memory),
        ),
        Check("add-axis", "add_axis: an axis where dim says", 0.7, Tier.VALUE, drawn(new_axes)),
        Check(
            "drop-axes",
            "drop_axes: every axis of length 1",
            0.7,
            Tier.VALUE,
            drawn(superfluous_axes),
        ),
        Check("side-by-side", "side_by_side: the last axis", 0.7, Tier.VALUE, drawn(neighbours)),
        Check("pile", "pile: a new first axis", 0.7, Tier.VALUE, drawn(piles)),
        Check("as-float", "as_float: the same numbers in float32", 0.7, Tier.VALUE, drawn(casts)),
        Check("in-place", "scale_in_place: x itself changes", 0.4, Tier.VALUE, drawn(changes)),
        Check("returns-x", "scale_in_place: returns x itself", 0.3, Tier.VALUE, drawn(changed)),
        Check("describe", "describe: rank, shape, count", 0.7, Tier.VALUE, drawn(descriptions)),
        Check(
            "forms",
            "any rank, transposed, one step, bool",
            1.8,
            Tier.INTERFACE,
            drawn(forms),
        ),
        Check("dtypes-kept", "a new shape keeps the dtype", 0.5, Tier.INTERFACE, drawn(kept)),
        Check("purity", "arguments unchanged, same answer again", 0.7, Tier.PURITY, drawn(again)),
    ),
    hints=(
        "Each of these is one function or method of torch, with the right arguments; the headings "
        "of its documentation are creation, joining and reshaping, and casting.",
        "Most operations give a new tensor and leave the old one as it is. The methods whose name "
        "ends with _ change their tensor and return it; so does writing to `x[...]`.",
        "A shape may have one −1, which torch infers from the rest. `reshape` gives a view where "
        "it can, and a view of a transposed tensor is not contiguous; there is a method that "
        "copies only where it has to.",
        "`cat` joins along an axis that is there, `stack` along a new one; both take a list of "
        "tensors and a `dim`, and both start with the first axis. `len(x)` is the length of the "
        "first axis, and a tensor without axes has none: `describe` needs `dim`, `shape`, `numel`.",
        "In the order of the statement: `arange`, `linspace` (the notes write `linespace`), "
        "`reshape` and `contiguous`, `unsqueeze`, `squeeze`, `cat` along −1, `stack`, `to`, "
        "`mul_`.",
    ),
)
