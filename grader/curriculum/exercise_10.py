"""A small automatic differentiator: a class of numbers that remember how they were made.

A case is a few numbers and a line of Python, `c = a * b; d = c + a; d.backward()`, which the
driver runs with the learner's class and the oracles with classes of their own: torch's tensors
take the same line as it stands, and so do symbols and numbers of 60 digits. The answer is the
`.data` and `.grad` of every name in it.

Plain numbers in the line are multiples of 1/4: the same in every floating-point format, so that
only the leaves need to be rounded for the tolerance in single precision.
"""

from __future__ import annotations

import ast
import operator
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

import mpmath
import numpy as np

from grader.model import Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import finite_difference, symbolic
from grader.oracles.network import decimals, sigmoid, sigmoid_by_tanh
from grader.oracles.numbers import High
from grader.oracles.symbolic import Symbolic
from grader.oracles.tracked import Tracked

# --- how a line is run ------------------------------------------------------------------------


def run_line(Value, *, run, **numbers):  # type: ignore[no-untyped-def]  # sent as source: no name of this module means anything there
    """`.data` of every name of the line and, where `backward` is called in it, `.grad`."""

    class LineError(Exception):
        """The class cannot do what the line asks: no line of the learner's is to blame."""

    nodes = {name: Value(number) for name, number in numbers.items()}
    try:
        exec(compile(run, "the line", "exec"), nodes)
    except TypeError as error:
        at = error.__traceback__
        while at and at.tb_next:
            at = at.tb_next
        if at and at.tb_frame.f_code.co_filename == "the line":
            raise LineError(f"{error}, in `{run}`") from None
        raise
    result = {}
    for name, node in nodes.items():
        if name.startswith("_"):
            continue
        if not (hasattr(node, "data") and hasattr(node, "grad")):
            raise LineError(f"`{name}` is a {type(node).__name__}, not a Value, after `{run}`")
        result[f"{name}.data"] = node.data
        if "backward" in run:
            result[f"{name}.grad"] = node.grad
    return result


_run_line: Callable[..., Any] = run_line


def steps(line: str) -> list[tuple[str, str]]:
    """The line one assignment at a time, loops unrolled: (name, expression), or ("", name)
    where that name's `backward` is called."""

    def of(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
        for statement in statements:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    yield name, ast.unparse(value)
                case ast.For(iter=ast.Call(args=[ast.Constant(value=int(times))]), body=body):
                    yield from list(of(body)) * times
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                    yield "", name
                case _:
                    raise ValueError(f"not a statement of these lines: {ast.unparse(statement)}")

    return list(of(ast.parse(line).body))


def last_assignments(line: str, numbers: Mapping[str, Any]) -> dict[str, int]:
    """Where each name gets the value that it has at the end; -1 for a leaf."""
    found = dict.fromkeys(numbers, -1)
    return found | {name: at for at, (name, _) in enumerate(steps(line)) if name}


def _answer(line: str, data: Mapping[str, Any], grad: Mapping[str, Any]) -> Tree:
    found = {}
    for name, value in data.items():
        found[f"{name}.data"] = value
        if "backward" in line:
            found[f"{name}.grad"] = grad[name]
    return found


# --- what is right, and the ways to get it wrong ----------------------------------------------

Slopes = Callable[..., tuple[Any, ...]]
"""From the operands and the result to the derivative of the result by each operand."""


def power(x: Any, n: Any) -> Any:
    """`x ** n` for a plain number n: by repeated multiplication, or by logarithm."""
    return x ** int(n) if int(n) == n else np.exp(n * np.log(x))


def relu(x: Any) -> Any:
    return x if x > 0 else 0 * x


VALUES: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": power,
    "neg": operator.neg,
    "exp": np.exp,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": relu,
}

SLOPES: dict[str, Slopes] = {
    "+": lambda a, b, y: (1, 1),
    "-": lambda a, b, y: (1, -1),
    "*": lambda a, b, y: (b, a),
    "/": lambda a, b, y: (1 / b, -a / (b * b)),
    "**": lambda a, n, y: (n * power(a, n - 1), 0),
    "neg": lambda a, y: (-1,),
    "exp": lambda a, y: (y,),
    "sigmoid": lambda a, y: (y * (1 - y),),
    "tanh": lambda a, y: (1 - y * y,),
    "relu": lambda a, y: (1 if a > 0 else 0,),
}


@dataclass(frozen=True)
class Style:
    """One way to write the class."""

    way_back: Callable[[Node], None]
    values: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    slopes: Mapping[str, Slopes] = field(default_factory=dict)
    composed: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """Operations made of others: from nodes to a node, or None for the usual way."""
    forgets: Callable[[str, Sequence[Node]], bool] = lambda operation, operands: False
    """Whether the result of this operation on these operands does not remember them."""


_serial = count()


class Node:
    """A `Value` over numbers that carry their error, in some style."""

    def __init__(
        self,
        data: Any,
        style: Style,
        operation: str = "",
        operands: Sequence[Node] = (),
        *,
        plain: bool = False,
    ) -> None:
        self.data = data
        self.grad: Any = 0
        self.style = style
        self.operation = operation
        self.operands = operands
        self.plain = plain
        self.serial = next(_serial)

    def links(self) -> list[tuple[Node, Any]]:
        """Each operand with the derivative of this node by it."""
        if not self.operands:
            return []
        slopes = {**SLOPES, **self.style.slopes}[self.operation]
        return list(
            zip(self.operands, slopes(*(x.data for x in self.operands), self.data), strict=True)
        )

    def below(self) -> list[Node]:
        """This node and all that it was made of, every node before its operands."""
        found, waiting = {self.serial: self}, [self]
        while waiting:
            for operand in waiting.pop().operands:
                if operand.serial not in found:
                    found[operand.serial] = operand
                    waiting.append(operand)
        return [found[serial] for serial in sorted(found, reverse=True)]

    def backward(self) -> None:
        self.style.way_back(self)

    def _made(self, operation: str, *operands: Any) -> Node:
        style = self.style
        compose = style.composed.get(operation)
        composed: Node | None = compose(*operands) if compose else None
        if composed is not None:
            return composed
        # An exponent stays what it is: whole or not is a question of its own.
        number: Callable[[Any], Any] = float if operation == "**" else Tracked.of
        nodes = [x if isinstance(x, Node) else Node(number(x), style, plain=True) for x in operands]
        data = {**VALUES, **style.values}[operation](*(x.data for x in nodes))
        return Node(data, style, operation, () if style.forgets(operation, nodes) else nodes)

    def __add__(self, other: Any) -> Node:
        return self._made("+", self, other)

    def __radd__(self, other: Any) -> Node:
        return self._made("+", other, self)

    def __sub__(self, other: Any) -> Node:
        return self._made("-", self, other)

    def __rsub__(self, other: Any) -> Node:
        return self._made("-", other, self)

    def __mul__(self, other: Any) -> Node:
        return self._made("*", self, other)

    def __rmul__(self, other: Any) -> Node:
        return self._made("*", other, self)

    def __truediv__(self, other: Any) -> Node:
        return self._made("/", self, other)

    def __rtruediv__(self, other: Any) -> Node:
        return self._made("/", other, self)

    def __pow__(self, exponent: Any) -> Node:
        return self._made("**", self, exponent)

    def __neg__(self) -> Node:
        return self._made("neg", self)

    def exp(self) -> Node:
        return self._made("exp", self)

    def sigmoid(self) -> Node:
        return self._made("sigmoid", self)

    def tanh(self) -> Node:
        return self._made("tanh", self)

    def relu(self) -> Node:
        return self._made("relu", self)


def reverse(root: Node) -> None:
    """Every node passes its finished sum on to its operands."""
    root.grad = 1
    for node in root.below():
        for operand, slope in node.links():
            operand.grad = operand.grad + slope * node.grad


def written(style: Style) -> Callable[..., Tree]:
    """What the driver gives for a class in this style."""
    # Tracked.of: whole numbers arrive as they are.
    return lambda **case: _run_line(lambda number: Node(Tracked.of(number), style), **case)


REVERSE = Style(reverse)

# Functions put together from operations of the class lose digits of their own.
BY_EXPONENTIALS = Style(
    reverse,
    composed={
        "neg": lambda a: a * -1,
        "-": lambda a, b: a + b * -1 if isinstance(b, Node) else a + -b,
        "/": lambda a, b: a * (b**-1 if isinstance(b, Node) else Tracked(1) / b),
        "sigmoid": lambda a: 1 / (1 + (-a).exp()),
        "tanh": lambda a: ((2 * a).exp() - 1) / ((2 * a).exp() + 1),
    },
)
BY_OTHER_EXPONENTIALS = Style(
    reverse,
    composed={
        "neg": lambda a: 0 - a,
        "sigmoid": lambda a: a.exp() / (1 + a.exp()),
        "tanh": lambda a: (a.exp() - (-a).exp()) / (a.exp() + (-a).exp()),
    },
)
BY_OTHER_SLOPES = Style(
    reverse,
    values={"sigmoid": sigmoid_by_tanh, "tanh": lambda a: 2 * sigmoid(2 * a) - 1},
    slopes={
        "/": lambda a, b, y: (1 / b, -y / b),
        "**": lambda a, n, y: (n * y / a, 0),
        "sigmoid": lambda a, y: (np.exp(-a) * y * y,),
        "tanh": lambda a, y: (4 / ((np.exp(a) + np.exp(-a)) * (np.exp(a) + np.exp(-a))),),
    },
)


# --- who else says so -------------------------------------------------------------------------


class _Activations:
    """What these lines ask of a number beside arithmetic, exp and tanh."""

    __slots__ = ()

    def sigmoid(self: Any) -> Any:
        return 1 / (1 + (-self).exp())

    def relu(self: Any) -> Any:
        return type(self)(super().relu().value)  # type: ignore[misc]  # of the number it is mixed into


class Precise(_Activations, High):
    """An mpmath number."""

    __slots__ = ()


class Expression(_Activations, Symbolic):
    """A sympy expression."""

    __slots__ = ()


def _walk(shifts: Mapping[str, Any], numbers: Mapping[str, Any], line: str) -> tuple[Any, Any]:
    """(every name's value, sum of what `backward` is called on), where `shifts[name]` is added
    to the node of that name: the derivative by it is the node's gradient."""
    last = last_assignments(line, numbers)
    known = {name: Precise(x.value) + shifts[name] for name, x in numbers.items()}
    total = Precise(mpmath.mpf(0))
    for at, (name, expression) in enumerate(steps(line)):
        if not name:
            total += known[expression]
        else:
            value = _eval(expression, known)
            known[name] = value + shifts[name] if last[name] == at else value
    return {name: known[name] for name in last}, total


def _eval(expression: str, names: Mapping[str, Any]) -> Any:
    return eval(expression, {"sum": sum}, dict(names))


_slopes_by_differences = finite_difference.gradient(
    lambda shifts, numbers, line: _walk(shifts, numbers, line)[1],
    lambda shifts, numbers, line: shifts,
)


def _by_differences(*, run: str, **numbers: float) -> tuple[Tree, Tree]:
    none = dict.fromkeys(last_assignments(run, numbers), 0)
    grad, bound = _slopes_by_differences(none, numbers, run)
    at = {name: High(High.coerce(x)) for name, x in numbers.items()}
    data = {name: node.value for name, node in _walk(none, at, run)[0].items()}
    exact = dict.fromkeys(data, mpmath.mpf(10) ** -40)
    return _answer(run, data, grad), _answer(run, exact, bound)


@lru_cache(maxsize=1024)
def _in_sympy(expression: str, names: tuple[str, ...]) -> tuple[Callable[..., Any], ...]:
    """(value, derivatives by each of the names) of one expression."""

    def scalar(*symbols: Any) -> Any:
        return _eval(
            expression, {n: Expression(s.value) for n, s in zip(names, symbols, strict=True)}
        )

    return symbolic.values_of(scalar), symbolic.gradient(scalar, lambda *symbols: list(symbols))


def _by_sympy(*, run: str, **numbers: float) -> tuple[Tree, Tree]:
    """sympy differentiates every expression, and the chain rule, forwards, joins them."""
    last = last_assignments(run, numbers)
    data = {name: mpmath.mpf(x) for name, x in numbers.items()}
    by = {name: {name: mpmath.mpf(1)} for name in numbers}
    grad = dict.fromkeys(last, mpmath.mpf(0))
    for at, (name, expression) in enumerate(steps(run)):
        if not name:
            for source, slope in by[expression].items():
                grad[source] += slope
            continue
        used = [n.id for n in ast.walk(ast.parse(expression)) if isinstance(n, ast.Name)]
        operands = [n for n in dict.fromkeys(used) if n in data]
        # The same names always, so that an expression is differentiated once in a process.
        general = tuple(f"x{i}" for i in range(len(operands)))
        renamed = dict(zip(operands, general, strict=True))
        value, slopes = _in_sympy(_renamed(expression, renamed), general)
        inputs = [data[n] for n in operands]
        total = {name: mpmath.mpf(1)} if last[name] == at else {}
        for operand, slope in zip(operands, slopes(*inputs), strict=True):
            for source, before in by[operand].items():
                total[source] = total.get(source, mpmath.mpf(0)) + slope.item() * before
        data[name], by[name] = value(*inputs).item(), total
    answer = _answer(run, {name: data[name] for name in last}, grad)
    return answer, {key: abs(v) * mpmath.mpf(10) ** -26 for key, v in answer.items()}


def _renamed(expression: str, names: Mapping[str, str]) -> str:
    tree = ast.parse(expression, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(tree)


def _by_torch(*, run: str, **numbers: float) -> tuple[Tree, None]:
    """The line as it stands, with tensors for Values."""
    import torch

    nodes = {
        name: torch.tensor(float(x), dtype=torch.float64, requires_grad=True)
        for name, x in numbers.items()
    }
    for name, expression in steps(run):
        if name:
            nodes[name] = _eval(expression, nodes)
            nodes[name].retain_grad()
        else:
            nodes[expression].backward()  # type: ignore[no-untyped-call]  # torch's
    data = {name: node.item() for name, node in nodes.items()}
    grad = {name: 0.0 if x.grad is None else x.grad.item() for name, x in nodes.items()}
    return _answer(run, data, grad), None


# --- cases ------------------------------------------------------------------------------------


def _positive(rng: np.random.Generator) -> float:
    """A number with two decimals, not near 0 and not near 1, whose powers are all the same."""
    x = float(decimals(rng.uniform(0.35, 1.75), 2))
    return x if x < 0.9 else x + 0.2


def _number(rng: np.random.Generator) -> float:
    return _positive(rng) * float(rng.choice([-1.0, 1.0]))


def _numbers(rng: np.random.Generator, names: str) -> dict[str, float]:
    """A number for each of the names, no two of the same size; for a capital letter, positive."""
    drawn = [float(decimals(_positive(rng) if n.isupper() else _number(rng), 2)) for n in names]
    if len({abs(x) for x in drawn}) < len(drawn):
        return _numbers(rng, names)
    return dict(zip(names.lower(), drawn, strict=True))


def _case(id_: str, line: str, **numbers: float) -> Case:
    return Case("Value", (), {**numbers, "run": line}, id=id_)


def _drawn(rng: np.random.Generator, id_: str, names: str, line: str) -> Case:
    return _case(id_, line, **_numbers(rng, names))


def data(rng: np.random.Generator) -> list[Case]:
    return [
        _drawn(rng, "a sum", "ab", "c = a + b"),
        _drawn(rng, "arithmetic", "ab", "c = a - b; d = a * b; e = a / b; f = -a"),
        _drawn(rng, "powers", "aB", "c = a ** 2; d = a ** -3; e = b ** 0.5"),
        _drawn(rng, "functions", "a", "b = a.exp(); c = a.sigmoid(); d = a.tanh()"),
        _case("relu", "c = a.relu(); d = b.relu() + a", a=_positive(rng), b=-_positive(rng)),
    ]


def arithmetic(rng: np.random.Generator) -> list[Case]:
    """Trees: no node is used twice, so that only the operations themselves are asked about."""
    return [
        _drawn(rng, "a sum", "ab", "c = a + b; c.backward()"),
        _drawn(rng, "a product", "ab", "c = a * b; c.backward()"),
        _drawn(rng, "a difference", "abc", "d = a - b; e = d * c; e.backward()"),
        _drawn(rng, "unary minus", "ab", "c = -a; d = c * b; d.backward()"),
        _drawn(
            rng,
            "three levels",
            "abcd",
            "e = a * b; f = c - d; g = e * f; h = -g; h.backward()",
        ),
    ]


def quotients(rng: np.random.Generator) -> list[Case]:
    return [
        _drawn(rng, "a quotient", "ab", "c = a / b; c.backward()"),
        _drawn(rng, "a power", "ab", "c = a ** 3; d = c * b; d.backward()"),
        _drawn(rng, "a negative power", "ab", "c = a ** -2; d = b / c; d.backward()"),
        _drawn(rng, "a root", "Ab", "c = a ** 0.5; d = c / b; d.backward()"),
    ]


def functions(rng: np.random.Generator) -> list[Case]:
    """b * c makes what arrives at the function differ from 1."""
    return [
        *(
            _drawn(rng, name, "ab", f"c = a.{name}(); d = c * b; d.backward()")
            for name in ("exp", "sigmoid", "tanh")
        ),
        _drawn(rng, "relu", "Ab", "c = a.relu(); d = c * b; d.backward()"),
        # The second road is there for a gradient that is not 0. Both usual orders write it last.
        _case(
            "relu of a negative number",
            "c = a * b; d = c + a.relu(); d.backward()",
            a=-_positive(rng),
            b=_number(rng),
        ),
        _drawn(
            rng,
            "one inside the other",
            "ab",
            "c = a.tanh(); d = c.exp(); e = d.sigmoid(); f = e * b; f.backward()",
        ),
        _case(
            "further out",
            "d = a.sigmoid(); e = b.tanh(); f = c.exp(); g = d * e; h = g * f; h.backward()",
            a=-float(decimals(rng.uniform(10.5, 12), 2)),
            b=float(decimals(rng.uniform(4, 4.4), 2)),
            c=float(decimals(rng.uniform(10.5, 12), 2)),
        ),
    ]


def plain_numbers(rng: np.random.Generator) -> list[Case]:
    return [
        _drawn(rng, "on the right", "a", "b = a + 2; c = b * 3; c.backward()"),
        _drawn(rng, "on the left", "a", "b = 1.5 + a; c = -2 * b; c.backward()"),
        # f - c beside 2 - a: which of the two kinds of difference is wrong?
        _drawn(
            rng,
            "differences",
            "abc",
            "d = 2 - a; e = b - 0.75; f = d * e; g = f - c; g.backward()",
        ),
        # Of 1.5 / a with a = −1.5, turned round and with the wrong sign would look the same.
        _drawn(rng, "quotients", "ab", "c = 1.375 / a; d = b / 4; e = c * d; e.backward()"),
    ]


def reuse(rng: np.random.Generator) -> list[Case]:
    return [
        _drawn(rng, "a square", "a", "b = a * a; b.backward()"),
        _drawn(rng, "a number twice", "ab", "c = a * b; d = c + a; d.backward()"),
        _drawn(rng, "twice itself", "ab", "c = a * b; d = c + c; e = d * d; e.backward()"),
        _drawn(
            rng,
            "the short road first",
            "ab",
            "c = a * b; d = c.exp(); e = c * d; e.backward()",
        ),
        _drawn(
            rng,
            "the long road first",
            "ab",
            "c = a * b; d = c.tanh(); e = d + b; f = e * c; f.backward()",
        ),
        _drawn(
            rng,
            "roads that cross",
            "abc",
            "d = a * b; e = d * c; f = d + e; g = f * e; h = g * d; h.backward()",
        ),
    ]


_BINARY = ("{x} + {y}", "{x} - {y}", "{x} * {y}", "{x} / {y}", "{x} * {y}", "{x}.relu() + {y}")
_UNARY = (
    *("-{x}", "{x}.exp()", "{x}.sigmoid()", "{x}.tanh()", "{x} ** 2", "{x} ** 3", "{x} ** -1"),
    *("{x} + {k}", "{k} + {x}", "{x} - {k}", "{k} - {x}", "{k} * {x}", "{k} / {x}", "{x} / {k}"),
)
_PLAIN = ("2", "3", "-2", "0.5", "1.5", "2.5", "-0.75", "1.25")


def _random_line(
    rng: np.random.Generator, leaves: int, operations: int
) -> tuple[str, dict[str, float]]:
    """A graph of random operations in which every node is on some road to the last one, and no
    value is very small or large."""
    names = iter("abcdefghijklmnopqrstuvw"[leaves:])
    numbers = _numbers(rng, "abc"[:leaves])
    known = {name: Precise(mpmath.mpf(x)) for name, x in numbers.items()}
    unused, lines = list(numbers), []

    def grow(form: str, x: str, y: str) -> None:
        expression = form.format(x=x, y=y, k=rng.choice(_PLAIN))
        value = _eval(expression, known)
        if 0.3 <= abs(value.value) <= 2.5:
            name = next(names)
            known[name] = value
            lines.append(f"{name} = {expression}")
            # What a closed relu alone has seen has no gradient.
            seen = {y} if "relu" in form else {x, y} if "{y}" in form else {x}
            unused[:] = [n for n in unused if n not in seen] + [name]

    while len(lines) < operations:
        x, y = rng.choice(list(known), 2, replace=False)
        form = str(rng.choice(_BINARY if rng.random() < 0.55 else _UNARY))
        grow(form, str(x), str(y))
    for form in ("{x} * {y}", "{x} + {y}", "{x} - {y}", "{x} / {y}") * leaves:
        if len(unused) == 1:
            break
        grow(form, unused[0], unused[1])
    if len(unused) > 1 or len(lines) > operations + 6:
        return _random_line(rng, leaves, operations)
    return "; ".join([*lines, f"{unused[0]}.backward()"]), numbers


def graphs(rng: np.random.Generator) -> list[Case]:
    found = []
    for leaves, operations in ((2, 4), (3, 7), (3, 10)):
        line, numbers = _random_line(rng, leaves, operations)
        found.append(_case(f"a random graph, {operations} operations", line, **numbers))
    return found


def forms(rng: np.random.Generator) -> list[Case]:
    return [
        _case("a leaf by itself", "a.backward()", a=_number(rng)),
        _case("whole numbers", "c = a / b; d = c ** -2; e = d - b; e.backward()", a=3, b=-2),
        _drawn(rng, "not from the last node", "ab", "c = a * b; d = c + a; c.backward()"),
        _drawn(rng, "a node beside the way", "ab", "c = a.exp(); d = a * b; d.backward()"),
        _case(
            "relu makes a new node",
            "c = a.relu(); d = c * b; e = d + a; e.backward()",
            a=_positive(rng),
            b=_number(rng),
        ),
        # Every operation gives a new node, whose gradient is its own.
        _drawn(
            rng,
            "operations that change nothing",
            "a",
            "b = a + 0; c = a * 1; d = a ** 1; e = 0 + a; f = b * c; g = d * e; h = f + g; "
            "h.backward()",
        ),
        _drawn(
            rng,
            "the same product twice",
            "ab",
            "c = a * b; d = a * b; e = c * c; f = e + d; f.backward()",
        ),
        _case(
            "other exponents",
            "c = a ** 3.0; d = b ** 1.5; e = b ** -1.5; f = c * d; g = f + e; h = g + a ** 0; "
            "h.backward()",
            a=-_positive(rng),
            b=_positive(rng),
        ),
        _case(
            "whole and broken numbers on either side",
            "b = 2 + a; c = b + 0.5; d = c - 2; e = 1.5 - d; f = e * 0.5; g = 1.5 * f; "
            "h = g / 1.25; i = 2 / h; i.backward()",
            a=-_positive(rng),
        ),
        _case(
            "the number 0",
            "c = a * b; d = a.exp() + c; e = d * b; f = a / e; g = f + d; g.backward()",
            a=0.0,
            b=_positive(rng),
        ),
        _case(
            "large numbers",
            "c = a * b; d = c * c; e = d.relu(); f = e - a; f.backward()",
            a=20 + _positive(rng),
            b=10 + _positive(rng),
        ),
        _drawn(rng, "a number by itself", "ab", "c = a / a; d = c * b; e = d + a; e.backward()"),
        _drawn(rng, "gradients that cancel", "ab", "c = a - a; d = c * b; e = d + a; e.backward()"),
        _drawn(rng, "the built-in sum", "abc", "d = sum([a, b, c]); e = d * d; e.backward()"),
        _case(
            "relu on both sides",
            "c = a.relu(); d = b.relu(); e = c + d; e.backward()",
            a=_positive(rng),
            b=-_positive(rng),
        ),
        _drawn(
            rng,
            "two graphs, one after the other",
            "abcd",
            "e = a * b; f = e + a; f.backward(); g = c * d; h = g - c; h.backward()",
        ),
    ]


def deep(rng: np.random.Generator) -> list[Case]:
    """200 operations on top of one another; put together from others, half as many again."""
    factor = -float(decimals(rng.uniform(1.05, 1.35), 2))
    line = "x = a\nfor _ in range(50): x = (1.5 - x * b) / 1.25 + a\nx.backward()"
    return [_case("200 operations", line, a=_number(rng), b=factor)]


def many_roads(rng: np.random.Generator) -> list[Case]:
    """Each turn doubles the number of roads from x down to a: 10 to the power 12 of them."""
    line = "x = a\nfor _ in range(40): x = (x + x * b) * 0.5\nx.backward()"
    return [_drawn(rng, "a node used twice, 40 times over", "aB", line)]


# --- what is misunderstood: the way back ------------------------------------------------------


def overwriting(root: Node) -> None:
    root.grad = 1
    for node in root.below():
        for operand, slope in node.links():
            operand.grad = slope * node.grad


def without_seed(root: Node) -> None:
    reverse(root)
    for node in root.below():
        node.grad = 0


def seeded_with_data(root: Node) -> None:
    reverse(root)
    for node in root.below():
        node.grad = node.grad * root.data


def _push(node: Node) -> None:
    for operand, slope in node.links():
        operand.grad = operand.grad + slope * node.grad


def last_step_only(root: Node) -> None:
    """The nodes in order from the leaves: when a node's turn comes it has no gradient yet."""
    root.grad = 1
    _push(root)


def in_depth_first_order(root: Node) -> None:
    """Every node once, at the first visit, whatever is still to arrive there."""
    root.grad = 1
    seen = set()

    def visit(node: Node) -> None:
        if node.serial not in seen:
            seen.add(node.serial)
            _push(node)
            for operand in node.operands:
                visit(operand)

    visit(root)


def in_breadth_first_order(root: Node) -> None:
    root.grad = 1
    waiting, seen = deque([root]), {root.serial}
    while waiting:
        node = waiting.popleft()
        _push(node)
        for operand in node.operands:
            if operand.serial not in seen:
                seen.add(operand.serial)
                waiting.append(operand)


def at_every_visit(root: Node) -> None:
    """Each time a node is reached it passes on everything that it has, again."""
    root.grad = 1

    def visit(node: Node) -> None:
        _push(node)
        for operand in node.operands:
            visit(operand)

    visit(root)


def at_every_arrival(root: Node) -> None:
    """The same, operand by operand: the first is followed to the leaves before the second has
    received anything."""
    root.grad = 1

    def visit(node: Node) -> None:
        for operand, slope in node.links():
            operand.grad = operand.grad + slope * node.grad
            visit(operand)

    visit(root)


def each_operand_once(root: Node) -> None:
    """Operands in a set or in the keys of a dict, where the same node stands only once."""
    root.grad = 1
    for node in root.below():
        for serial, slope in {x.serial: slope for x, slope in node.links()}.items():
            operand = next(x for x in node.operands if x.serial == serial)
            operand.grad = operand.grad + slope * node.grad


def left_only(root: Node) -> None:
    root.grad = 1
    for node in root.below():
        for operand, slope in node.links()[:1]:
            operand.grad = operand.grad + slope * node.grad


def to_leaves_only(root: Node) -> None:
    reverse(root)
    for node in root.below():
        if node.operands:
            node.grad = 0


def without_upstream(root: Node) -> None:
    root.grad = 1
    for node in root.below():
        for operand, slope in node.links():
            operand.grad = operand.grad + slope


def upstream_added(root: Node) -> None:
    root.grad = 1
    for node in root.below():
        for operand, slope in node.links():
            operand.grad = operand.grad + (slope + node.grad)


def _where(sign: str, formula: Callable[..., Tree]) -> Callable[..., Tree]:
    """`formula` for lines in which the sign occurs. About others the mistake says nothing, and
    a key with all of them would take three times as long to prove."""

    def wrong(*, run: str, **numbers: Any) -> Tree:
        if sign not in run:
            raise ValueError(f"{sign} does not occur in {run}")
        return formula(run=run, **numbers)

    return wrong


def _way_back(id_: str, help_: str, backward: Callable[[Node], None]) -> Misconception:
    return Misconception(id_, help_, _where("backward", written(Style(backward))))


WAYS_BACK = (
    _way_back(
        "gradient-overwritten",
        "A node that is used twice keeps only the gradient that arrives last. What should happen "
        "to the one that is there already?",
        overwriting,
    ),
    _way_back(
        "seed-missing",
        "Every gradient is 0: the node on which `backward` is called never receives one. What is "
        "the derivative of something by itself?",
        without_seed,
    ),
    _way_back(
        "seed-is-data",
        "All gradients carry the value of the result as a factor. Backpropagation starts with a "
        "derivative, not with a value: that of the result by itself.",
        seeded_with_data,
    ),
    _way_back(
        "one-step-back",
        "The operands of the last operation get their gradients and nothing arrives further down. "
        "In which order do your nodes have their turn, and is there anything to pass on by then?",
        last_step_only,
    ),
    _way_back(
        "depth-first-order",
        "A node passes its gradient on when it is first reached, before everything that uses it "
        "has added its share. When is a node's sum complete?",
        in_depth_first_order,
    ),
    _way_back(
        "breadth-first-order",
        "Level by level is not enough: where one road to a node is longer than another, the node "
        "passes its gradient on before the longer road has arrived.",
        in_breadth_first_order,
    ),
    _way_back(
        "passed-on-again",
        "A node that is reached by two roads passes its whole sum on at each visit, so the first "
        "share travels twice. How often should a node have its turn?",
        at_every_visit,
    ),
    _way_back(
        "passed-on-at-every-arrival",
        "Whenever something arrives at a node, the node passes on all that it has so far, and what "
        "came before travels again. When should it have its turn, and how often?",
        at_every_arrival,
    ),
    _way_back(
        "same-operand-counted-once",
        "In a * a both operands are the same node, and one of its two shares is lost. Does the "
        "container of your operands hold the same thing twice?",
        each_operand_once,
    ),
    _way_back(
        "left-operand-only",
        "Only the left operand receives a gradient. The result depends on both.",
        left_only,
    ),
    _way_back(
        "leaves-only",
        "The leaves are right, and the nodes between have no gradient of their own. It is asked "
        "for in every node of the graph.",
        to_leaves_only,
    ),
    _way_back(
        "upstream-missing",
        "Each operation passes on its own slope alone. The chain rule has a second factor: what "
        "has arrived at the result of the operation.",
        without_upstream,
    ),
    _way_back(
        "upstream-added",
        "The slope of an operation and the gradient of its result are added. What does the chain "
        "rule do with two links that follow one another?",
        upstream_added,
    ),
)


# --- what is misunderstood: single operations -------------------------------------------------


_SIGNS = {
    "+": " + ",
    "-": " - ",
    "*": " * ",
    "/": " / ",
    "**": " ** ",
    "neg": "= -",
    "exp": ".exp()",
    "sigmoid": ".sigmoid()",
    "tanh": ".tanh()",
    "relu": ".relu()",
}


def _slope(id_: str, help_: str, operation: str, slopes: Slopes) -> Misconception:
    """A wrong derivative of one operation."""
    wrong = written(Style(reverse, slopes={operation: slopes}))
    return Misconception(id_, help_, _where(_SIGNS[operation], wrong))


def _turned(id_: str, help_: str, **operations: Callable[[Any, Node], Node]) -> Misconception:
    """Another result where a plain number stands on the left."""
    names = {"minus": "-", "over": "/"}

    def only_there(operation: Callable[[Any, Node], Node]) -> Callable[..., Any]:
        return lambda a, b: None if isinstance(a, Node) else operation(a, b)

    composed = {names[name]: only_there(operation) for name, operation in operations.items()}
    return Misconception(id_, help_, written(Style(reverse, composed=composed)))


def _from_a_plain_number(operation: str, operands: Sequence[Node]) -> bool:
    return operands[0].plain


def _with_a_plain_number(operation: str, operands: Sequence[Node]) -> bool:
    # The exponent of a power is a plain number always.
    return operation != "**" and any(x.plain for x in operands)


def _slope_of_sigmoid(x: Any) -> Any:
    return sigmoid(x) * (1 - sigmoid(x))


OPERATIONS = (
    _slope(
        "minus-without-sign",
        "In a − b, what happens to the result when b grows?",
        "-",
        lambda a, b, y: (1, 1),
    ),
    _slope(
        "negation-without-sign",
        "−a falls where a rises. The gradient has to tell.",
        "neg",
        lambda a, y: (1,),
    ),
    Misconception(
        "minus-and-negation-without-sign",
        "The minus sign acts on the value, but not on the gradient: neither in −a nor in a − b.",
        written(Style(reverse, slopes={"-": lambda a, b, y: (1, 1), "neg": lambda a, y: (1,)})),
    ),
    _slope(
        "minus-signs-swapped",
        "In a − b, which of the two makes the result grow?",
        "-",
        lambda a, b, y: (-1, 1),
    ),
    _slope(
        "product-own-factor",
        "In a · b each operand gets its own value as the slope. How much does a · b change when a "
        "grows by a little: by how many times that little?",
        "*",
        lambda a, b, y: (a, b),
    ),
    _slope(
        "product-like-sum",
        "A product passes its gradient on unchanged, as a sum does. What is the slope of a · b by "
        "a?",
        "*",
        lambda a, b, y: (1, 1),
    ),
    _slope(
        "quotient-sign",
        "When the denominator grows, does a / b grow or fall (both positive)?",
        "/",
        lambda a, b, y: (1 / b, a / (b * b)),
    ),
    _slope(
        "quotient-square-missing",
        "Write a / b as a · b⁻¹ and differentiate b⁻¹ with the power rule: which power of b comes "
        "out?",
        "/",
        lambda a, b, y: (1 / b, -a / b),
    ),
    _slope(
        "quotient-numerator-missing",
        "The slope by the denominator is that of 1 / b. What stands above the fraction bar here?",
        "/",
        lambda a, b, y: (1 / b, -1 / (b * b)),
    ),
    _slope(
        "quotient-like-product",
        "The slope of a / b by the numerator is not b. Double a: what happens to a / b?",
        "/",
        lambda a, b, y: (b, -a / (b * b)),
    ),
    _slope(
        "power-exponent-missing",
        "The exponent is lowered by one, as it should be. What else does the power rule do with "
        "it?",
        "**",
        lambda a, n, y: (power(a, n - 1), 0),
    ),
    _slope(
        "power-not-lowered",
        "The exponent comes to the front, as it should. Which power of a is left behind it?",
        "**",
        lambda a, n, y: (n * y, 0),
    ),
    _slope(
        "power-as-square",
        "n · a is the slope of aⁿ only where n is 2.",
        "**",
        lambda a, n, y: (n * a, 0),
    ),
    _slope(
        "exp-by-power-rule",
        "The power rule is for a variable base with a fixed exponent. In eᵃ it is the exponent "
        "that varies.",
        "exp",
        lambda a, y: (a * np.exp(a - 1),),
    ),
    _slope(
        "exp-slope-is-input",
        "The slope of eᵃ is not a. Which function is its own derivative?",
        "exp",
        lambda a, y: (a,),
    ),
    _slope(
        "exp-twice",
        "The exponential is applied to its own result. What is stored in the result of `exp` "
        "already?",
        "exp",
        lambda a, y: (np.exp(y),),
    ),
    _slope(
        "sigmoid-slope-at-output",
        "σ′ is taken at σ(x), so the sigmoid is applied twice. Where should the slope be taken?",
        "sigmoid",
        lambda a, y: (_slope_of_sigmoid(y),),
    ),
    _slope(
        "sigmoid-slope-of-input",
        "x·(1 − x) needs the output of the sigmoid for x. Which of the two does your line use?",
        "sigmoid",
        lambda a, y: (a * (1 - a),),
    ),
    _slope(
        "sigmoid-slope-of-tanh",
        "1 − y² is the rule of tanh. The sigmoid has one of its own.",
        "sigmoid",
        lambda a, y: (1 - y * y,),
    ),
    _slope(
        "tanh-slope-of-input",
        "1 − x² needs the output of tanh for x. Which of the two does your line use?",
        "tanh",
        lambda a, y: (1 - a * a,),
    ),
    _slope(
        "tanh-slope-at-output",
        "The slope of tanh is taken at tanh(x), so tanh is applied twice.",
        "tanh",
        lambda a, y: (1 - np.tanh(y) * np.tanh(y),),
    ),
    _slope(
        "tanh-square-missing",
        "At x = 0 this slope is right. For a large negative x, tanh approaches −1: what does your "
        "slope approach, and how steep is the curve?",
        "tanh",
        lambda a, y: (1 - y,),
    ),
    _slope(
        "tanh-slope-of-sigmoid",
        "y·(1 − y) is the rule of the sigmoid. How steep is tanh at 0?",
        "tanh",
        lambda a, y: (y * (1 - y),),
    ),
    _slope(
        "relu-always-open",
        "Where its input is negative, relu is flat, and nothing should come through.",
        "relu",
        lambda a, y: (1,),
    ),
    _slope(
        "relu-slope-is-relu",
        "The gradient is multiplied by the value of relu. How steep is relu where its input is "
        "positive?",
        "relu",
        lambda a, y: (y,),
    ),
    Misconception(
        "plain-number-cuts",
        "Where an operand is a plain number, the result does not remember the other one, and no "
        "gradient gets past. The number needs none; the Value beside it does.",
        written(Style(reverse, forgets=_with_a_plain_number)),
    ),
    Misconception(
        "plain-number-on-the-left-cuts",
        "Where a plain number stands on the left, the result does not remember the Value on its "
        "right, and no gradient gets past.",
        written(Style(reverse, forgets=_from_a_plain_number)),
    ),
    _turned(
        "difference-turned-round",
        "2 − a comes out as a − 2. When Python calls `__rsub__`, which of the two is `self`?",
        minus=lambda a, b: b - a,
    ),
    _turned(
        "quotient-turned-round",
        "2 / a comes out as a / 2. When Python calls `__rtruediv__`, which of the two is `self`?",
        over=lambda a, b: b / a,
    ),
    _turned(
        "turned-round",
        "2 − a comes out as a − 2, and 2 / a as a / 2. Order matters for these two: in `__rsub__` "
        "and `__rtruediv__`, which operand is `self`?",
        minus=lambda a, b: b - a,
        over=lambda a, b: b / a,
    ),
    _turned(
        "number-minus-value-rises",
        "The value of 2 − a is right, and its gradient has the sign of a − 2.",
        minus=lambda a, b: b - (2 * b.data - a),
    ),
)

EXERCISE = Exercise(
    id="exercise-10",
    title="A small automatic differentiator",
    topic="Backpropagation",
    builds_on=("exercise-2",),
    functions=(
        Function(
            "Value",
            "Value(data)",
            reference=written(REVERSE),
            also_right=tuple(
                map(written, (BY_EXPONENTIALS, BY_OTHER_EXPONENTIALS, BY_OTHER_SLOPES))
            ),
            witnesses=(
                Witness("sympy", _by_sympy),
                Witness("finite differences", _by_differences),
                Witness("torch", _by_torch),
            ),
            misconceptions=WAYS_BACK + OPERATIONS,
            driver=run_line,
        ),
    ),
    checks=(
        Check("data", ".data of every operation", 1.0, Tier.VALUE, data),
        Check("arithmetic", "the way back through + − * and −a", 1.5, Tier.VALUE, arithmetic),
        Check("quotients", "the way back through / and **", 1.0, Tier.VALUE, quotients),
        Check("functions", "exp, sigmoid, tanh, relu", 1.0, Tier.VALUE, functions),
        Check("plain-numbers", "plain numbers on either side", 1.0, Tier.VALUE, plain_numbers),
        Check("reuse", "nodes that are used more than once", 1.5, Tier.VALUE, reuse),
        Check("graphs", "random graphs of everything", 1.0, Tier.VALUE, graphs),
        Check("functions-precision", "functions: all digits", 0.25, Tier.PRECISION, of="functions"),
        Check("precision", "random graphs: all digits", 0.25, Tier.PRECISION, of="graphs"),
        Check("forms", "any node, any graph, whole numbers", 0.5, Tier.INTERFACE, forms),
        Check("deep", "200 operations deep", 0.5, Tier.INTERFACE, deep),
        # Last: a class that walks every road does not come back from here.
        Check("many-roads", "more roads than one can walk", 0.5, Tier.INTERFACE, many_roads),
    ),
    hints=(
        "Let every result remember its operands and, for each, how steep the result is by it: "
        "`a * b` keeps (a, slope b.data) and (b, slope a.data). A leaf remembers nothing.",
        "Turn a plain number into a Value first and every operation has to be written once only. "
        "Python calls `b.__rsub__(2)` for `2 - b`: there `self` stands on the right.",
        "Going back, a node adds slope · (its own gradient) to the gradient of each operand. Adds: "
        "a node that is used twice receives twice. The node where it starts has the gradient 1.",
        "A node may pass its gradient on when everything that uses it has had its turn, and then "
        "once. A list in which operands come before results, read from the end, does that.",
        "That list comes from a walk down the graph: visit the operands of a node first, and then "
        "put the node itself at the end of the list, unless it has been visited before. A set of "
        "visited nodes keeps the walk short.",
    ),
)
