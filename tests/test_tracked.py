"""The error bound: whatever floating point makes of a formula stays within it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.oracles.tracked import (
    U32,
    U64,
    NearKinkError,
    Tracked,
    errors,
    lift,
    slacks,
    values,
    whole,
)

# --- random formulas ---------------------------------------------------------------------------
# A formula is a tree of nodes that can be run on Tracked numbers, on mpmath numbers and on
# NumPy scalars of either precision, with its sums added up in several orders.

Order = Callable[[Sequence[Any]], Any]


def from_the_left(terms: Sequence[Any]) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def from_the_right(terms: Sequence[Any]) -> Any:
    return from_the_left(terms[::-1])


def in_pairs(terms: Sequence[Any]) -> Any:
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return in_pairs(terms[:half]) + in_pairs(terms[half:])


def smallest_first(terms: Sequence[Any]) -> Any:
    return from_the_left(sorted(terms, key=abs))


def largest_first(terms: Sequence[Any]) -> Any:
    return from_the_left(sorted(terms, key=abs, reverse=True))


ORDERS: tuple[Order, ...] = (
    from_the_left,
    from_the_right,
    in_pairs,
    smallest_first,
    largest_first,
)


@dataclass(frozen=True)
class Node:
    operation: str
    children: tuple[Node, ...] = ()
    number: float = 0.0


FUNCTIONS = ("exp", "tanh", "log", "expm1", "log1p", "sqrt", "cosh", "abs")
POWERS = (0, 1, 2, 3, 5, -1, -2)

numbers = st.floats(0.01, 50).flatmap(lambda x: st.sampled_from([x, -x]))
leaves = numbers.map(lambda x: Node("number", number=x))


def extended(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def node(operation: str, least: int, most: int) -> st.SearchStrategy[Node]:
        return st.lists(nodes, min_size=least, max_size=most).map(
            lambda children: Node(operation, tuple(children))
        )

    return st.one_of(
        node("sum", 2, 8),
        *(node(operation, 2, 2) for operation in ("-", "*", "/")),
        *(node(operation, 1, 1) for operation in (*FUNCTIONS, "neg")),
        *(
            nodes.map(lambda child, n=n: Node("power", (child,), n))  # type: ignore[misc]
            for n in POWERS
        ),
    )


formulas = st.recursive(leaves, extended, max_leaves=10)


def step(node: Node, parts: Sequence[Any], function: Any, order: Order) -> Any:
    """One operation on what its operands came to."""
    match node.operation:
        case "sum":
            return order(parts)
        case "-":
            return parts[0] - parts[1]
        case "*":
            return parts[0] * parts[1]
        case "/":
            return parts[0] / parts[1]
        case "neg":
            return -parts[0]
        case "power":
            return parts[0] ** int(node.number)
        case "abs":
            return abs(parts[0])
        case name:
            return function(name, parts[0])


def run(node: Node, number: Callable[[float], Any], function: Any, order: Order) -> Any:
    """The value of a formula, in the numbers that `number` makes."""
    if node.operation == "number":
        return number(node.number)
    parts = [run(child, number, function, order) for child in node.children]
    return step(node, parts, function, order)


def numpy_function(name: str, x: Any) -> Any:
    """By way of NumPy for Tracked numbers too, as the formulas of the curriculum come to it."""
    return getattr(np, name)(x)


def high_function(name: str, x: Any) -> Any:
    return getattr(mpmath, name)(x)


def smooth(x: Tracked) -> bool:
    """The bound is one of first order: here its second order is surely small beside it."""
    return bool(U32 * x.error <= abs(x.value) / 1000)


def well_posed(node: Node, *, rounded: bool) -> None:
    """Rejects formulas outside what a first-order bound is about: overflow, underflow, a
    division by something that is all rounding."""

    def at(node: Node) -> Tracked:
        inside = [at(child) for child in node.children]
        match node.operation:
            case "/":
                assume(smooth(inside[1]))
            case "*":
                assume(any(smooth(x) for x in inside))
            case "power":
                assume(node.number in (0, 1) or smooth(inside[0]))
                assume(node.number == 1 or inside[0].value != 0)
            case "log" | "sqrt":
                assume(inside[0].value > 0 and smooth(inside[0]))
            case "log1p":
                assume(1 + inside[0].value > 0.01 and U32 * inside[0].error < 1e-5)
            case "exp" | "expm1" | "cosh" | "tanh":
                assume(abs(inside[0].value) < 30 and U32 * inside[0].error < 1e-3)
        if node.operation == "number":
            return lift(node.number, rounded=rounded)
        result: Tracked = step(node, inside, numpy_function, from_the_left)
        assume(result.value == 0 or 1e-15 < abs(result.value) < 1e15)
        return result

    at(node)


@pytest.mark.parametrize(
    ("dtype", "unit"), [(np.float64, U64), (np.float32, U32)], ids=["float64", "float32"]
)
@given(formula=formulas)
def test_floating_point_stays_within_the_bound_in_any_order_of_adding(
    formula: Node, dtype: type[Any], unit: Any
) -> None:
    rounded = dtype is np.float32
    with mpmath.workdps(60), np.errstate(all="ignore"):
        well_posed(formula, rounded=rounded)
        bound = run(formula, lambda x: lift(x, rounded=rounded), numpy_function, from_the_left)
        exact = run(formula, mpmath.mpf, high_function, from_the_left)
        assert (
            abs(bound.value - exact) <= abs(exact) * mpmath.mpf(10) ** -40 + mpmath.mpf(10) ** -45
        )
        allowed = 2 * unit * bound.error + mpmath.mpf(2) ** -100
        for order in ORDERS:
            floating = run(formula, dtype, numpy_function, order)
            assert isinstance(floating, dtype)
            assert abs(mpmath.mpf(float(floating)) - exact) <= allowed, order.__name__


@given(
    st.lists(numbers, min_size=1, max_size=40),
    st.sampled_from([(np.float64, U64), (np.float32, U32)]),
    st.data(),
)
def test_dot_products_stay_within_the_bound_however_they_are_computed(
    x: list[float], precision: tuple[type[Any], Any], data: st.DataObject
) -> None:
    dtype, unit = precision
    w = data.draw(st.lists(numbers, min_size=len(x), max_size=len(x)))
    a, b = np.array(x), np.array(w)
    rounded = dtype is np.float32
    with mpmath.workdps(60):
        bound = lift(a, rounded=rounded) @ lift(b, rounded=rounded)
        exact = sum(mpmath.mpf(p) * mpmath.mpf(q) for p, q in zip(x, w, strict=True))
        assert bound.value == exact
        allowed = 2 * unit * bound.error + mpmath.mpf(2) ** -100
        f, g = a.astype(dtype), b.astype(dtype)
        for floating in (f @ g, (f * g).sum(), np.einsum("i,i", f, g), sum((f * g)[::-1])):
            assert abs(mpmath.mpf(float(floating)) - exact) <= allowed


@given(st.lists(numbers, min_size=1, max_size=8), st.data())
def test_the_bound_of_a_sum_does_not_depend_on_the_order(
    terms: list[float], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(terms))
    with mpmath.workdps(60):
        bounds = {
            mpmath.nstr(order([lift(x) for x in those]).error, 40)
            for those in (terms, shuffled)
            for order in (from_the_left, from_the_right, in_pairs)
        }
    assert len(bounds) == 1


def test_a_sum_that_loses_every_small_term_is_within_the_bound() -> None:
    # 1 + u + u + ... from the left stays 1: the worst that adding up can do.
    small = float(U64) * 0.999
    terms = [1.0] + [small] * 50
    assert from_the_left(terms) == 1.0
    with mpmath.workdps(60):
        lost = sum(map(mpmath.mpf, terms)) - 1
        assert 49 * U64 < lost <= U64 * from_the_left([lift(x) for x in terms]).error


# --- the bound is no larger than it says -------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "value", "error"),
    [
        (lift(1.5), 1.5, 0),
        (lift(-1.5, rounded=True), -1.5, 1.5),
        (lift(1.0) + lift(2.0) + lift(-4.0), -1, 2 * 7),
        (lift(1.0) + 2 + -4.0, -1, 2 * 7),
        (5 - lift(3.0), 2, 8),
        (lift(2.0) - lift(3.0, rounded=True), -1, 3 + 5),
        (lift(3.0) * lift(-2.0), -6, 6),
        (lift(3.0, rounded=True) * 2, 6, 6 + 6),
        (lift(3.0, rounded=True) * lift(2.0, rounded=True), 6, 6 + 6 + 6),
        (lift(6.0) / lift(-2.0), -3, 3),
        (6 / lift(2.0, rounded=True), 3, 3 + 3),
        (lift(6.0, rounded=True) / 2, 3, 3 + 3),
        (lift(3.0, rounded=True) ** 2, 9, 2 * 3 * 3 + 2 * 9),
        (lift(2.0, rounded=True) ** -1, 0.5, 0.25 * 2 + 0.5),
        (lift(3.0, rounded=True) ** 0, 1, 1),
        (-lift(3.0, rounded=True), -3, 3),
        (abs(lift(-3.0, rounded=True)), 3, 3),
        (lift(0.0).exp(), 1, 8),
        (lift(1.0, rounded=True).log(), 0, 1),
        (lift(4.0, rounded=True).sqrt(), 2, 1 + 16),
        (lift(0.0).cosh(), 1, 8),
    ],
)
def test_every_operation_adds_what_the_docstring_says(
    result: Tracked, value: float, error: float
) -> None:
    assert result.value == value
    assert abs(result.error - error) < 1e-12


def test_adding_an_exact_zero_costs_nothing() -> None:
    assert (lift(3.0) + 0).error == (0 + lift(3.0)).error == (lift(3.0) - 0.0).error == 0


def test_a_function_carries_the_error_through_its_slope() -> None:
    x = lift(-1.25, rounded=True)
    for function, slope in (
        (Tracked.exp, mpmath.exp(-1.25)),
        (Tracked.tanh, mpmath.sech(1.25) ** 2),
        (Tracked.expm1, mpmath.exp(-1.25)),
        (Tracked.cosh, mpmath.sinh(1.25)),  # of the slope, the size
    ):
        y = function(x)
        assert abs(y.error - (slope * mpmath.mpf(1.25) + 8 * abs(y.value))) < 1e-12


# --- powers ------------------------------------------------------------------------------------


@given(st.floats(0.1, 3).flatmap(lambda x: st.sampled_from([x, -x])), st.integers(-6, 6))
def test_powers_stay_within_the_bound_by_multiplication_and_by_numpy(x: float, n: int) -> None:
    with mpmath.workdps(60):
        bound = lift(x) ** n
        exact = mpmath.mpf(x) ** n
        multiplied = 1.0
        for _ in range(abs(n)):
            multiplied *= x
        for floating in (multiplied if n >= 0 else 1 / multiplied, float(np.float64(x) ** n)):
            assert abs(mpmath.mpf(floating) - exact) <= 2 * U64 * bound.error


def test_only_whole_powers_carry_a_bound() -> None:
    assert (lift(2.0) ** 3.0).value == 8
    with pytest.raises(TypeError):
        lift(2.0) ** 0.5


# --- kinks -------------------------------------------------------------------------------------

COMPARISONS = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


@pytest.mark.parametrize("sign", COMPARISONS)
def test_numbers_within_rounding_of_each_other_are_not_compared(sign: str) -> None:
    compare = COMPARISONS[sign]
    near = lift(1.0, rounded=True)
    for other in (1.0, 1 + 1e-5, 1 - 1e-5, Tracked(1)):
        with pytest.raises(NearKinkError):
            compare(near, other)
        with pytest.raises(NearKinkError):
            compare(lift(1.0), near)


@pytest.mark.parametrize("sign", COMPARISONS)
@given(a=numbers, b=numbers)
def test_numbers_far_apart_compare_as_they_are(sign: str, a: float, b: float) -> None:
    assume(abs(a - b) > 0.01 * (abs(a) + abs(b)))
    compare = COMPARISONS[sign]
    for x in (lift(a), lift(a, rounded=True)):
        assert compare(x, b) is compare(a, b)
        assert compare(a, lift(b)) is compare(a, b)


@pytest.mark.parametrize("sign", COMPARISONS)
def test_exact_numbers_compare_at_the_kink_itself(sign: str) -> None:
    assert COMPARISONS[sign](lift(0.0), 0) is COMPARISONS[sign](0.0, 0)
    assert COMPARISONS[sign](lift(2), lift(2.0)) is COMPARISONS[sign](2, 2)


def test_relu_keeps_the_positive_and_refuses_what_may_be_either() -> None:
    assert lift(2.0).relu().value == 2
    assert (lift(-2.0).relu().value, lift(-2.0, rounded=True).relu().error) == (0, 0)
    with pytest.raises(NearKinkError):
        (lift(0.1) + lift(0.2) - lift(0.3)).relu()


@given(formula=formulas, threshold=numbers)
def test_a_comparison_that_is_answered_is_answered_alike_in_single_precision(
    formula: Node, threshold: float
) -> None:
    with mpmath.workdps(60), np.errstate(all="ignore"):
        well_posed(formula, rounded=True)
        tracked = run(formula, lambda x: lift(x, rounded=True), numpy_function, from_the_left)
        try:
            greater = tracked > lift(threshold, rounded=True)
        except NearKinkError:
            assume(False)
        for order in ORDERS:
            floating = run(formula, np.float32, numpy_function, order)
            assert bool(floating > np.float32(threshold)) is greater


# --- lifting -----------------------------------------------------------------------------------


def test_lifting_keeps_structure_shapes_text_and_nothing() -> None:
    grid = np.arange(12.0).reshape(3, 4)
    lifted = lift({"a": [1, (grid[::-1, ::2], "tanh")], "b": None, "c": np.array(2.5)})
    assert lifted["b"] is None
    assert lifted["c"].value == 2.5
    one, (array, text) = lifted["a"]
    assert (one.value, text) == (1, "tanh")
    assert isinstance(lifted["a"][1], tuple)
    assert array.shape == (3, 2)
    assert [[x.value for x in row] for row in array] == grid[::-1, ::2].tolist()


@pytest.mark.parametrize(
    "number",
    [True, 7, 0.1, np.float64(0.1), np.float32(0.1), np.int64(-3), np.bool_(True), np.array(0.1)],
)
def test_lifting_is_exact(number: Any) -> None:
    plain = number.item() if hasattr(number, "item") else number
    for rounded in (False, True):
        lifted = lift(number, rounded=rounded)
        assert lifted.value == mpmath.mpf(plain)
        assert lifted.error == (abs(mpmath.mpf(plain)) if rounded else 0)


@given(st.floats(-1e30, 1e30).filter(lambda x: x == 0 or abs(x) > 1e-30))
def test_a_rounded_input_covers_its_rounding_to_single_precision(x: float) -> None:
    lifted = lift(np.array([x]), rounded=True)[0]
    assert abs(mpmath.mpf(float(np.float32(x))) - mpmath.mpf(x)) <= U32 * lifted.error


def test_values_errors_and_slacks_have_the_shape_of_the_leaf() -> None:
    leaf = lift(np.array([[1.0, -2.0]]), rounded=True)
    assert values(leaf).tolist() == [[1, -2]]
    assert errors(leaf).tolist() == [[1, 2]]
    assert slacks(leaf).tolist() == [[0, 0]]
    assert values(3).shape == errors(lift(3.0)).shape == slacks(Tracked(1)).shape == ()


def test_an_interval_is_its_middle_and_half_its_length() -> None:
    interval = Tracked.between(-0.5, 1)
    assert (interval.value, interval.slack) == (0.25, 0.75)
    # Its ends may be rounded to single precision, as any input.
    assert 1 <= interval.error <= 2
    assert slacks(np.array([interval, Tracked(1)], dtype=object)).tolist() == [0.75, 0]


def test_whole_gives_lifted_labels_back_as_integers() -> None:
    labels = whole(lift(np.array([[2, 0], [1, -1]]), rounded=True))
    assert labels.dtype == np.int64
    assert labels.tolist() == [[2, 0], [1, -1]]
    three = whole(lift(3))
    assert (three, type(three)) == (3, int)


def test_the_units_are_those_of_the_floating_point_types() -> None:
    assert float(U64) == np.finfo(np.float64).eps / 2
    assert float(U32) == np.finfo(np.float32).eps / 2
