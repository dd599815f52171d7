"""One call against its expected value: every verdict, every message, every form of a value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader import compare
from grader.answer_key import AnswerKey, KeyedCase
from grader.compare import UnfitError, explain, fit, judge, share_right, type_name, within
from grader.model import (
    APPROXIMATE,
    Closeness,
    Forbidden,
    Killed,
    Message,
    Missing,
    NotRun,
    Opaque,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    Tier,
    TimedOut,
    Tree,
    Verdict,
)
from grader.reports.words import catalogue, render
from grader.sandbox import wire
from grader.sandbox.kernels import faults
from grader.trees import leaves, map_leaves

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # inf - inf, as in grading

EXACT, SINGLE = 4e-15, 4e-7
"""Relative tolerances of the cases made here."""


def keyed(expected: Tree, *args: Any, **kwargs: Any) -> KeyedCase:
    """A case that expects this; lists and tuples of numbers are arrays where they are leaves."""

    def tolerance(share: float) -> Tree:
        return map_leaves(
            lambda x: x if isinstance(x, str) else np.asarray(share * np.abs(x) + 1e-300), expected
        )

    return KeyedCase(
        id="a case",
        function="f",
        call="f(...)",
        request=wire.pack_call("f", args, kwargs),
        expected=expected,
        exact=tolerance(EXACT),
        single=tolerance(SINGLE),
        wrong={},
    )


def verdict(expected: Tree, got: Tree, tier: Tier = Tier.VALUE, *, share: float = 1.0) -> Verdict:
    return judge(keyed(expected), Returned(got, [(), {}]), tier, share)


def told(expected: Tree, got: Tree, tier: Tier = Tier.VALUE) -> Message:
    """The message about a value that does not pass."""
    found = verdict(expected, got, tier)
    assert not found.passed
    return found.message


A = np.array
PAIR = A([1.5, -2.0])
GRID = A([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])
FIVE = A([1.0, 2.0, 3.0, 4.0, 5.0])


# --- the same numbers in another form ----------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (PAIR, [A(1.5), A(-2)]),
        (PAIR, (A(1.5), A(-2.0))),
        (GRID, [A([1, 2, 3]), (A(4), A(5), A(6.5))]),
        (A(2.0), A(2)),
        (A(2.0), A(2, dtype=np.uint8)),
        (A([1.0, 0.0]), A([True, False])),
        (A(1.0), A(True)),
        (PAIR, PAIR.astype(np.float32)),
        (PAIR, PAIR.astype(np.float16)),
        (A([2.0**40, 0.0]), A([2**40, 0])),
        (A([]), []),
        (A([]), A([])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        ((A(1.5), A(-2.0)), PAIR),
        ([A(1.5), A(-2.0)], PAIR),
        ([A(1.5), A(-2.0)], (A(1.5), A(-2.0))),
        ((A([1.0, 2, 3]), A([4, 5, 6.5])), GRID),
        ([(GRID, PAIR)], ([GRID.tolist() and GRID, [A(1.5), A(-2)]],)),
        ({"W": GRID, "b": PAIR}, {"b": [A(1.5), A(-2)], "W": GRID}),
        ({"name": "up", "x": A(1.0)}, {"name": "up", "x": A(1)}),
        ([], []),
        ((), A([])),
    ],
)
def test_the_same_numbers_pass_every_tier_in_any_form(expected: Tree, got: Tree) -> None:
    for tier in Tier:
        found = verdict(expected, got, tier)
        assert (found.passed, found.credit, found.closeness) == (True, 1.0, Closeness.EXACT)
        assert found.message == Message("check.passed")


@pytest.mark.parametrize(
    "value",
    [
        [0.5, -2.0],  # a flat list arrives as one array
        (0.5, -2.0),
        np.array([0.5, -2.0]),
        np.float32([0.5, -2.0]),
        [np.float64(0.5), -2],
        np.array([0.5, -2.0], dtype=object),
    ],
)
def test_values_pass_as_they_come_from_the_worker(value: Any) -> None:
    message = wire.pack_reply(wire.Value(value, [(), {}]), 1 << 24)
    reply = wire.unpack_reply(message, opaque=Opaque)
    assert isinstance(reply, wire.Value)
    for expected in (A([0.5, -2.0]), (A(0.5), A(-2.0)), [A(0.5), A(-2.0)]):
        assert judge(keyed(expected), Returned(*reply), Tier.PRECISION).passed


# --- structure, type and shape, before any value -----------------------------------------------


@pytest.mark.parametrize(
    ("expected", "got", "want_shape", "got_shape"),
    [
        (FIVE, FIVE[:, None], [5], [5, 1]),
        (FIVE, FIVE[None], [5], [1, 5]),
        (FIVE[:, None], FIVE, [5, 1], [5]),
        (FIVE, np.broadcast_to(FIVE, (5, 5)), [5], [5, 5]),
        (FIVE, FIVE[:4], [5], [4]),
        (FIVE, A(1.0), [5], []),
        (A(1.0), A([1.0]), [], [1]),
        (A(1.0), A([[1.0]]), [], [1, 1]),
        (GRID, GRID.T, [2, 3], [3, 2]),
        (GRID, GRID.ravel(), [2, 3], [6]),
        (GRID, [], [2, 3], [0]),
        (A([]), A(0.0), [0], []),
        (np.zeros((0, 3)), A([]), [0, 3], [0]),
        (FIVE, A([np.nan] * 4), [5], [4]),  # the shape first, then the values
    ],
)
def test_shapes_come_before_values(
    expected: Any, got: Any, want_shape: list[int], got_shape: list[int]
) -> None:
    only_an_axis_of_1 = np.squeeze(got).shape == np.squeeze(expected).shape
    for tier in (Tier.INTERFACE, Tier.PURITY, Tier.VALUE):
        found = verdict(expected, got, tier)
        half = only_an_axis_of_1 and tier is Tier.VALUE
        assert (found.passed, found.credit) == (False, 0.5 if half else 0.0)
        params = {"want": want_shape, "got": got_shape, "at": []}
        assert found.message == Message("shape.mismatch", params)


@pytest.mark.parametrize("tier", [Tier.PRECISION, Tier.STABILITY])
def test_an_axis_of_length_1_costs_no_digits(tier: Tier) -> None:
    assert verdict(FIVE, FIVE[:, None], tier).passed
    assert not verdict(FIVE, (FIVE + 1)[:, None], tier).passed
    assert not verdict(GRID, GRID.T, tier).passed


@pytest.mark.parametrize(
    ("expected", "got", "message"),
    [
        (PAIR, None, Message("returned.none", {"got": "None", "at": []})),
        ([PAIR], None, Message("returned.none", {"got": "None", "at": [], "want": 1})),
        ({"a": PAIR}, None, Message("returned.none", {"got": "None", "at": [], "keys": ["a"]})),
        ("up", None, Message("returned.none", {"got": "None", "at": []})),
        (PAIR, [A(1.5), None], Message("returned.none-inside", {"got": "None", "at": [1]})),
        ([PAIR, PAIR], [PAIR, None], Message("returned.none-inside", {"got": "None", "at": [1]})),
        ({"a": A(1.0)}, {"a": None}, Message("returned.none-inside", {"got": "None", "at": ["a"]})),
        (PAIR, "1.5", Message("type.not-a-number", {"got": "str", "at": []})),
        (PAIR, {"x": PAIR}, Message("type.not-a-number", {"got": "dict", "at": []})),
        (PAIR, Opaque("Tensor"), Message("type.not-a-number", {"got": "Tensor", "at": []})),
        (PAIR, [A(1.5), "x"], Message("type.not-a-number", {"got": "str", "at": [1]})),
        (GRID, [[A(1.0)], [Opaque("f")]], Message("type.not-a-number", {"got": "f", "at": [1, 0]})),
        (PAIR, PAIR + 0j, Message("type.complex", {"at": []})),
        (PAIR, [A(1.5), A(-2 + 0j)], Message("type.complex", {"at": [1]})),
        (GRID, [A([1.0, 2.0]), A([1.0])], Message("structure.ragged", {"at": []})),
        (GRID, [[[A(1.0)], A(2.0)]], Message("structure.ragged", {"at": [0]})),
        (
            (PAIR, PAIR),
            A(1.0),
            Message("structure.sequence", {"got": "number", "at": [], "want": 2}),
        ),
        ((PAIR, PAIR), "ab", Message("structure.sequence", {"got": "str", "at": [], "want": 2})),
        ((PAIR,), {"a": 1}, Message("structure.sequence", {"got": "dict", "at": [], "want": 1})),
        ([[PAIR]], [A(1)], Message("structure.sequence", {"got": "number", "at": [0], "want": 1})),
        ((PAIR, PAIR), [PAIR], Message("structure.length", {"want": 2, "got": 1, "at": []})),
        ([A(1.0), A(2.0)], FIVE, Message("structure.length", {"want": 2, "got": 5, "at": []})),
        ([(PAIR,)], [(PAIR, PAIR)], Message("structure.length", {"want": 1, "got": 2, "at": [0]})),
        ({"a": PAIR}, [PAIR], Message("structure.dict", {"got": "list", "at": [], "keys": ["a"]})),
        (
            {"a": PAIR},
            PAIR,
            Message("structure.dict", {"got": "array of shape (2,)", "at": [], "keys": ["a"]}),
        ),
        (
            {"a": PAIR, "b": PAIR},
            {"a": PAIR, "c": PAIR},
            Message("structure.keys", {"missing": ["b"], "extra": ["c"], "at": []}),
        ),
        (
            [{"a": PAIR}],
            [{"a": PAIR, "b": None}],
            Message("structure.keys", {"missing": [], "extra": ["b"], "at": [0]}),
        ),
        ("up", A(1.0), Message("type.not-text", {"got": "number", "at": []})),
        (["up"], [["up"]], Message("type.not-text", {"got": "list", "at": [0]})),
        ([PAIR], [A([1.0])], Message("shape.mismatch", {"want": [2], "got": [1], "at": [0]})),
    ],
)
def test_a_value_of_another_structure_is_told_what_and_where(
    expected: Tree, got: Tree, message: Message
) -> None:
    for tier in Tier:
        found = verdict(expected, got, tier)
        assert found.message == message
        assert (found.passed, found.credit) == (False, 0.0)
        assert found.evidence is not None
        assert (found.evidence.call, found.evidence.expected) == ("f(...)", None)


def test_fitting_gives_float64_arrays_in_the_structure_that_is_expected() -> None:
    fitted = fit(
        {"b": PAIR, "a": [A([True, False]), A(2)]}, {"a": (A([1.0, 0]), A(2.0)), "b": PAIR}
    )
    assert list(fitted) == ["a", "b"]
    assert [leaf.dtype for leaf in leaves(fitted)] == [np.float64] * 3
    assert [leaf.tolist() for leaf in leaves(fitted)] == [[1, 0], 2, [1.5, -2]]
    with pytest.raises(UnfitError, match=r"structure\.length"):
        fit([PAIR], [PAIR, PAIR])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "None"),
        (Opaque("generator"), "generator"),
        (A(1), "number"),
        (GRID, "array of shape (2, 3)"),
        ("x", "str"),
        ([], "list"),
        ((), "tuple"),
        ({}, "dict"),
    ],
)
def test_types_have_the_names_that_learners_use(value: Any, name: str) -> None:
    assert type_name(value) == name


# --- values ------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", ["Wb", "bW"])
def test_a_wrong_value_is_shown_where_it_is_furthest_outside_its_tolerance(names: str) -> None:
    right = {"W": GRID, "b": PAIR, "empty": A([])}
    wrong = {"W": GRID * [1, 1, 1.01], "b": PAIR * [1.5, 1], "empty": A([])}
    expected, got = ({name: tree[name] for name in [*names, "empty"]} for tree in (right, wrong))
    found = verdict(expected, got)
    assert (found.passed, found.credit, found.closeness) == (False, 0.0, Closeness.WRONG)
    assert found.message == Message("value.mismatch")
    shown = found.evidence
    assert shown is not None
    assert (shown.at, shown.expected, shown.got, shown.error) == (("b", 0), 1.5, 2.25, 0.75)
    assert shown.tolerance == pytest.approx(1.5 * SINGLE)


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.nan, "value.nan"),
        (np.inf, "value.infinite"),
        (-np.inf, "value.infinite"),
        (1e308, "value.mismatch"),
        (-1e308, "value.mismatch"),
    ],
)
def test_what_is_not_finite_is_wrong_and_says_so(bad: float, message: str, tier: Tier) -> None:
    for got in (A([1.5, bad]), A([bad, bad]), [A(bad), A(-2.0)]):
        found = verdict(PAIR, got, tier)
        assert (found.passed, found.credit, found.message.id) == (False, 0.0, message)
        assert found.evidence is not None
        assert found.evidence.expected in (1.5, -2.0)


def test_zero_has_to_be_zero() -> None:
    assert verdict(A(0.0), A(-0.0), Tier.PRECISION).passed
    assert told(A(0.0), A(1e-290)).id == "value.mismatch"
    assert verdict(A([0.0, 1.0]), A([1e-6, 1.0])).credit == 0.5


def test_close_is_measured_by_the_largest_entry_of_each_leaf() -> None:
    expected = (A([1000.0, 1.0]), A([1.0, 1.0]))
    assert verdict(expected, (A([1000.0, 1.9]), A([1.0, 1.0]))).closeness is Closeness.APPROXIMATE
    assert verdict(expected, (A([1000.0, 1.0]), A([1.0, 1.9]))).closeness is Closeness.WRONG
    assert verdict(expected, (A([1000.0, 2.1]), A([1.0, 1.0]))).closeness is Closeness.WRONG


@pytest.mark.parametrize(
    ("tier", "passed", "credit", "message"),
    [
        (Tier.VALUE, False, 0.5, "value.approximate"),
        (Tier.PRECISION, False, 0.0, "precision.inexact"),
        (Tier.STABILITY, False, 0.0, "value.approximate"),
        (Tier.INTERFACE, True, 1.0, "check.passed"),
        (Tier.PURITY, True, 1.0, "check.passed"),
    ],
)
def test_what_is_only_close_earns_half_of_the_value_and_no_more(
    tier: Tier, passed: bool, credit: float, message: str
) -> None:
    found = verdict(FIVE, FIVE * (1 + 3e-5), tier)
    assert (found.passed, found.credit, found.message.id) == (passed, credit, message)
    assert found.closeness is Closeness.APPROXIMATE
    if not passed:
        assert found.message.params == {"digits": 4}


@pytest.mark.parametrize(("error", "digits"), [(2e-3, 2), (1.1e-8, 7), (0.9e-8, 8), (1e-13, 13)])
def test_digits_are_counted(error: float, digits: int) -> None:
    tier = Tier.PRECISION
    if error > APPROXIMATE:
        assert verdict(A(0.3), A(0.3 * (1 + error)), tier).message.id == "value.mismatch"
    else:
        assert told(A(0.3), A(0.3 * (1 + error)), tier).params == {"digits": digits}


def test_single_precision_passes_everything_but_the_check_on_precision() -> None:
    third = A([1 / 3, 2 / 3])
    for got in (third.astype(np.float32), third.astype(np.float32).astype(np.float64)):
        for tier in Tier:
            assert verdict(third, got, tier).passed is (tier is not Tier.PRECISION)
        message = told(third, got, Tier.PRECISION)
        assert message.id == "precision.float32"
        assert 6 <= message.params["digits"] <= 8


def test_half_precision_is_a_matter_of_precision_too() -> None:
    got = A([1 / 3], dtype=np.float16)
    assert told(A([1 / 3]), got, Tier.PRECISION).id == "precision.inexact"
    assert verdict(A([1 / 3]), got).credit == 0.5


def test_a_float32_array_inside_a_structure_is_recognised() -> None:
    expected = [A(1 / 3), A([1 / 7])]
    got = (A(1 / 3), [A(1 / 7, dtype=np.float32)])
    assert told(expected, got, Tier.PRECISION).id == "precision.float32"
    assert told(expected, [A(1 / 3), A([1 / 7 + 1e-9])], Tier.PRECISION).id == "precision.inexact"


def test_text_is_right_or_wrong() -> None:
    found = verdict(["up", A(1.0)], ["down", A(1.0)])
    assert (found.passed, found.credit, found.closeness) == (False, 0.0, Closeness.WRONG)
    assert found.message == Message("value.text", {"want": "up", "got": "down", "at": [0]})
    assert verdict("up", "up", Tier.PRECISION).passed
    # Numbers beside it are judged as ever.
    assert told(["up", A(1.0)], ["up", A(2.0)]).id == "value.mismatch"
    assert verdict(["up", A(1.0)], ["up", A(1.00001)]).credit == 0.5


def test_a_share_counts_single_entries_over_the_whole_tree() -> None:
    expected = [FIVE, A([1.0, 2.0, 3.0]), "up", A(7.0)]
    got = [FIVE * A([1, 1, 1, 2, 2]), A([1.0, 2.0, np.nan]), "up", A(7.0)]
    assert share_right(fit(got, expected), keyed(expected)) == 0.7
    passed = verdict(expected, got, share=0.7)
    assert (passed.passed, passed.credit) == (True, 1.0)
    assert passed.message == Message("value.share-passed", {"percent": 70, "needed": 70})
    failed = verdict(expected, got, share=0.71)
    assert (failed.passed, failed.credit, failed.closeness) == (False, 0.0, Closeness.WRONG)
    assert failed.message == Message("value.share", {"percent": 70, "needed": 71})
    assert told(FIVE, FIVE[:4]).id == verdict(FIVE, FIVE[:4], share=0.1).message.id


def test_a_share_of_nothing_is_all_of_it() -> None:
    assert verdict(A([]), [], share=0.9).passed
    assert verdict([], [], share=0.9).passed


LABELS = A([0.0, 1.0, 1.0, 1.0, 0.0])


def test_of_labels_it_is_said_which_are_wrong() -> None:
    failed = verdict(LABELS, A([0, 1, 1, 0, 1]), share=0.9)
    params = {"percent": 60, "needed": 90, "labels": [["0", 50], ["1", 66]]}
    assert failed.message == Message("value.share-of-labels", params)
    words = (
        "60 % of the labels are right: 50 % of those that should be 0, 66 % of those that should "
        "be 1. 90 % are asked for."
    )
    assert render(failed.message) == words


@pytest.mark.parametrize(("got", "shown"), [(-1.0, "-1"), (0.73, "0.73"), (np.nan, "nan")])
def test_what_is_no_label_is_shown(got: float, shown: str) -> None:
    failed = verdict(LABELS, np.where(LABELS == 0, got, LABELS), share=0.9)
    params = {"choices": ["0", "1"], "got": shown}
    assert failed.message == Message("value.not-a-label", params)
    assert render(failed.message).endswith("a label: 0 or 1.")


def test_a_share_is_no_excuse_for_a_shape_or_for_a_changed_argument() -> None:
    column = verdict(LABELS, LABELS[:, np.newaxis], share=0.9)
    assert (column.credit, column.message.id) == (0.5, "shape.mismatch")
    case, after = keyed(LABELS, A([1.0, 2.0])), A([0.5, 1.0])
    changed = judge(case, Returned(LABELS, [(after,), {}]), Tier.PURITY, 0.9)
    assert changed.message == Message("purity.changed", {"argument": 1})
    kept = judge(case, Returned(LABELS, [(2 * after,), {}]), Tier.PURITY, 0.9)
    assert kept.passed


def test_an_expected_infinity_is_met_by_itself_only() -> None:
    # What overflows in a wrong formula has an infinite tolerance as well.
    tolerance = A([np.inf, np.inf, 1.0])
    expected = A([np.inf, -np.inf, np.nan])
    assert within(A([np.inf, -np.inf, np.nan]), expected, tolerance)
    assert not within(A([np.inf, np.inf, np.nan]), expected, tolerance)
    assert not within(A([np.inf, -np.inf, 0.0]), expected, tolerance)
    assert not within(A([0.5, -np.inf, np.nan]), expected, tolerance)


# --- properties --------------------------------------------------------------------------------

signs = st.sampled_from([-1.0, 1.0])
entries = st.builds(lambda m, s: m * s, st.floats(1e-3, 1e3), signs)
vectors = st.lists(entries, min_size=1, max_size=6).map(np.array)
factors = st.builds(lambda m, s: m * s, st.floats(0.01, 0.9), signs)


@given(st.lists(vectors, min_size=1, max_size=3))
def test_the_expected_value_passes_every_tier(expected: list[Any]) -> None:
    for tier in Tier:
        found = verdict(expected, expected, tier)
        assert (found.passed, found.credit) == (True, 1.0)


@given(vectors, factors)
def test_within_the_exact_tolerance_everything_passes(expected: Any, factor: float) -> None:
    case = keyed(expected)
    got = expected + factor * case.exact
    for tier in Tier:
        assert judge(case, Returned(got, [(), {}]), tier).closeness is Closeness.EXACT


@given(vectors, st.floats(10, 1e7), signs, st.data())
def test_ten_times_the_exact_tolerance_in_one_entry_fails_precision(
    expected: Any, factor: float, sign: float, data: st.DataObject
) -> None:
    case, got = keyed(expected), expected.copy()
    index = data.draw(st.integers(0, expected.size - 1))
    got[index] += sign * factor * case.exact[index]
    found = judge(case, Returned(got), Tier.PRECISION)
    assert (found.passed, found.credit) == (False, 0.0)
    assert found.evidence is not None
    assert found.evidence.at == (index,)
    assert found.message.id in ("precision.inexact", "precision.float32")
    assert judge(case, Returned(got), Tier.VALUE).passed


@given(vectors, st.floats(1.01, 1e12), signs, st.data())
def test_outside_the_single_tolerance_there_is_no_full_credit(
    expected: Any, factor: float, sign: float, data: st.DataObject
) -> None:
    case, got = keyed(expected), expected.copy()
    index = data.draw(st.integers(0, expected.size - 1))
    got[index] += sign * factor * case.single[index]
    scale = np.max(np.abs(expected))
    error = abs(got[index] - expected[index])
    assume(abs(error - APPROXIMATE * scale) > 1e-9 * scale)
    found = judge(case, Returned(got), Tier.VALUE)
    assert not found.passed
    close = error < APPROXIMATE * scale
    assert found.credit == (0.5 if close else 0.0)
    assert found.message.id == ("value.approximate" if close else "value.mismatch")
    for tier in (Tier.PRECISION, Tier.STABILITY):
        assert judge(case, Returned(got), tier).credit == 0
    for tier in (Tier.INTERFACE, Tier.PURITY):
        assert judge(case, Returned(got, [(), {}]), tier).credit == (1.0 if close else 0.0)


any_value = st.recursive(
    st.one_of(
        st.none(),
        st.text(max_size=3),
        st.builds(Opaque, st.text(max_size=3)),
        st.floats().map(np.array),
        st.booleans().map(np.array),
        st.complex_numbers().map(np.array),
        st.lists(st.floats(), max_size=3).map(np.array),
        st.integers(0, 3).map(lambda n: np.zeros((n, 2), dtype=np.int8)),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)
some_expected = st.sampled_from(
    [A(1.0), PAIR, GRID, [PAIR, A(1.0)], (), {"a": PAIR, "b": "up"}, "up", np.zeros((0, 2))]
)


any_arguments = any_value | st.lists(any_value, min_size=2, max_size=2)


@given(some_expected, any_value, any_arguments, st.sampled_from(Tier), st.booleans())
def test_whatever_comes_back_leads_to_a_verdict(
    expected: Tree, value: Any, arguments: Any, tier: Tier, right: bool
) -> None:
    # A worker that sends what it likes is judged; it never stops the grader.
    value = expected if right else value
    case = replace(keyed(expected), request=wire.pack_call("f", (PAIR, [1.0]), {"k": 1.0}))
    for share in (1.0, 0.5):
        found = judge(case, Returned(value, arguments), tier, share)
        assert found.credit in (0.0, 0.5, 1.0)
        assert found.passed is (found.credit == 1.0)


def test_every_case_of_exercise_1_accepts_its_own_expected_value(
    built_key: Callable[[str], AnswerKey],
) -> None:
    for check in built_key("exercise-1").checks:
        for case in check.cases:
            call = wire.unpack_call(case.request)
            outcome = Returned(case.expected, as_sent([call.args, call.kwargs]))
            for tier in Tier:
                assert judge(case, outcome, tier).passed, (check.id, case.id, tier)


# --- arguments ---------------------------------------------------------------------------------


def as_sent(value: Any) -> Any:
    """`value` as the trusted side reads it when a worker sends it."""
    reply = wire.unpack_reply(wire.pack_reply(wire.Value(None, value), 1 << 24), opaque=Opaque)
    assert isinstance(reply, wire.Value)
    return reply.arguments


def purity(args: tuple[Any, ...], kwargs: dict[str, Any], after: Any) -> Verdict:
    case = replace(keyed(A(1.0)), request=wire.pack_call("f", args, kwargs))
    return judge(case, Returned(A(1.0), after), Tier.PURITY)


ARGUMENTS: dict[str, Any] = {
    "a number": 0.5,
    "a whole number": 3,
    "a bool": True,
    "an array": GRID,
    "a transposed array": GRID.T,
    "a 0-d array": A(1.0),
    "nothing": None,
    "text": "tanh",
    "a list of numbers": [1.0, 2.0],
    "a list of whole numbers": [1, 2],
    "a tuple of numbers": (1.0, 2.0),
    "a mixed list": [1, 2.0, None],
    "an empty list": [],
    "layers": [(GRID, PAIR), (GRID.T, FIVE)],
    "a dict": {"W": GRID, "b": [1.0]},
    "an infinite number": np.inf,
    "not a number": A([np.nan, 1.0]),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_argument_left_alone_is_not_called_changed(name: str) -> None:
    argument = ARGUMENTS[name]
    after = as_sent([(argument, 1.0), {"k": argument}])
    assert purity((argument, 1.0), {"k": argument}, after).passed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (GRID, GRID * (1 + 2**-52)),
        (GRID, GRID.T),
        (GRID, GRID[:1]),
        (GRID, None),
        (GRID, Opaque("object")),
        (GRID, "text"),
        (PAIR, [1.5, -2.5]),
        (PAIR, PAIR.astype(np.float32)),
        (A([1, 2]), A([1.0, 2.0])),
        ([1.0, 2.0], [1.0, 2.0, 3.0]),
        ([1.0, 2.0], [2.0, 1.0]),
        ([1.0, 2.0], []),
        ([PAIR, GRID], [PAIR, GRID * 2]),
        ({"W": PAIR}, {"W": PAIR, "b": PAIR}),
        ({"W": PAIR}, {}),
        ({"W": PAIR}, {"W": PAIR * 2}),
        ("tanh", "relu"),
        (None, 0.0),
        (None, "None"),
        ("tanh", None),
    ],
)
def test_a_changed_argument_is_named(before: Any, after: Any) -> None:
    if isinstance(after, Opaque):
        sent_first, sent_last = [(after, 1.0), {}], [(A(0.0),), {"k": after}]
    else:
        sent_first, sent_last = as_sent([(after, 1.0), {}]), as_sent([(0.0,), {"k": after}])
    first = purity((before, 1.0), {}, sent_first)
    last = purity((0.0,), {"k": before}, sent_last)
    for found, name in ((first, 1), (last, "k")):
        assert (found.passed, found.credit) == (False, 0.0)
        assert found.message == Message("purity.changed", {"argument": name})
        assert found.evidence is not None


def test_a_second_argument_is_counted_from_1() -> None:
    found = purity((1.0, PAIR), {}, as_sent([(1.0, PAIR * 2), {}]))
    assert found.message.params == {"argument": 2}


@pytest.mark.parametrize(
    "after",
    [
        None,
        [],
        "ab",
        A(1.0),
        A([1.0, 2.0]),
        Opaque("too large to send"),
        [Opaque("tuple"), Opaque("dict")],
        [A(1.0), {"k": A(1.0)}],
        [(PAIR,), None],
        [(PAIR,), A(1.0)],
        [None, {"k": A(1.0)}],
        [(), {}],
        {"a": 1, "b": 2},
    ],
)
def test_arguments_that_did_not_come_back_count_as_changed(after: Any) -> None:
    found = purity((PAIR,), {"k": 1.0}, after)
    assert (found.passed, found.message.id) == (False, "purity.changed")


def test_only_a_check_on_purity_looks_at_arguments() -> None:
    case = replace(keyed(A(1.0)), request=wire.pack_call("f", (PAIR,), {}))
    for tier in Tier:
        outcome = Returned(A(1.0), as_sent([(PAIR * 2,), {}]))
        assert judge(case, outcome, tier).passed is (tier is not Tier.PURITY)


def test_a_wrong_value_is_told_before_a_changed_argument() -> None:
    case = replace(keyed(A(1.0)), request=wire.pack_call("f", (PAIR,), {}))
    found = judge(case, Returned(A(2.0), as_sent([(PAIR * 2,), {}])), Tier.PURITY)
    assert found.message.id == "value.mismatch"


# --- calls that did not return -----------------------------------------------------------------

PLACE = {"filename": "exercise_1.py", "line": 3, "cell": 1, "column": None}


def raised(type_: str, **changes: Any) -> Raised:
    return replace(Raised(type_, "why", "exercise_1.py", 3), **changes)


SANDBOX = (Path(__file__).parents[1] / "grader" / "sandbox").glob("*.py")
REASONS = {
    reason
    for file in SANDBOX
    for reason in re.findall(r'\bKilled\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
}
"""Why a process ends before it answers, as the sandbox tells it."""

DID_NOT_RETURN: list[tuple[Outcome, str, dict[str, Any]]] = [
    (raised("NotImplementedError"), "outcome.not-written", {"line": 3}),
    *(
        (
            raised(kind, column=7),
            "load.syntax-error",
            {"type": kind, "message": "why", **PLACE, "column": 7},
        )
        for kind in ("SyntaxError", "IndentationError", "TabError")
    ),
    (
        raised("TypeError", line=None),
        "outcome.arguments",
        {"type": "TypeError", "message": "why", **PLACE, "line": None},
    ),
    (raised("TypeError"), "outcome.raised", {"type": "TypeError", "message": "why", **PLACE}),
    *(
        (
            Raised(kind, said, "f.py", 3),
            "outcome.out-of-reach",
            {"type": kind, "message": said, **PLACE, "filename": "f.py", "line": 3},
        )
        for kind, said in (
            ("PermissionError", "[Errno 13] Permission denied: 'plot.png'"),
            ("PermissionError", "[Errno 1] Operation not permitted"),
            ("RuntimeError", "can't start new thread"),
            ("RuntimeError", "open file failed with strerror: Permission denied"),
        )
    ),
    *(
        (
            Raised(kind, said, "f.py", 3),
            "outcome.no-gpu",
            {"type": kind, "message": said, **PLACE, "filename": "f.py", "line": 3},
        )
        for kind, said in (
            ("AssertionError", "Torch not compiled with CUDA enabled"),
            ("RuntimeError", "Found no NVIDIA driver on your system. Please check that"),
            ("RuntimeError", "No CUDA GPUs are available"),
            ("RuntimeError", "Unexpected error from cudaGetDeviceCount(). Did you run"),
            ("AcceleratorError", "CUDA unknown error - this may be due to an incorrectly set up"),
        )
    ),
    (
        Raised("TypeError", "only 0-dimensional arrays can be converted", "f.py", 3),
        "outcome.one-number",
        {
            "type": "TypeError",
            "message": "only 0-dimensional arrays can be converted",
            **PLACE,
            "filename": "f.py",
            "line": 3,
            "cell": 1,
            "column": None,
        },
    ),
    (
        Raised("TypeError", "'int' object is not callable"),
        "outcome.not-a-function",
        {
            "type": "TypeError",
            "message": "'int' object is not callable",
            "filename": None,
            "line": None,
            "cell": 1,
            "column": None,
        },
    ),
    (Forbidden("matplotlib", 3), "outcome.unavailable", {"package": "matplotlib", "line": 3}),
    (
        raised("ValueError", line=None),
        "outcome.raised",
        {"type": "ValueError", "message": "why", **PLACE, "line": None},
    ),
    (Missing("f", ("g", "h")), "outcome.missing", {"name": "f", "defined": ["g", "h"]}),
    (Forbidden("torch", 4), "outcome.forbidden", {"package": "torch", "line": 4}),
    *(
        (Forbidden(package), "outcome.unavailable", {"package": package, "line": None})
        for package in ("matplotlib", "pandas")
    ),
    *(
        (
            raised("KernelFault", message=json.dumps([id_, dict.fromkeys(params, 1)])),
            f"cuda.{id_}",
            {**PLACE, **dict.fromkeys(params, 1)},
        )
        for id_, params in faults.KNOWN.items()
    ),
    (TimedOut(5.0), "outcome.timed-out", {"seconds": 5.0}),
    (OutOfMemory(256), "outcome.out-of-memory", {"megabytes": 256}),
    *(
        (Killed(reason, "detail"), f"outcome.killed-{reason}", {"detail": "detail"})
        for reason in sorted(REASONS)
    ),
    (
        NotRun(TimedOut(5.0)),
        "outcome.not-run",
        {"cause": Message("outcome.timed-out", {"seconds": 5.0})},
    ),
]


def test_every_kind_of_outcome_and_reason_is_among_them() -> None:
    kinds = {type(outcome) for outcome, _, _ in DID_NOT_RETURN}
    assert kinds == {*get_args(Outcome)} - {Returned}
    assert {"exited", "signal", "output", "protocol"} == REASONS


@pytest.mark.parametrize(("outcome", "id_", "params"), DID_NOT_RETURN)
def test_a_call_that_did_not_return_says_why(
    outcome: Outcome, id_: str, params: dict[str, Any]
) -> None:
    assert explain(outcome) == Message(id_, params)
    assert id_ in catalogue()
    for tier in Tier:
        found = judge(keyed(A(1.0)), outcome, tier)
        assert (found.passed, found.credit, found.message) == (False, 0.0, Message(id_, params))
        assert found.outcome is outcome
        shown = id_ not in ("outcome.not-written", "outcome.missing")
        assert (found.evidence is not None) is shown


def test_every_message_of_compare_is_tested_here() -> None:
    source = Path(compare.__file__).read_text(encoding="utf-8")
    ids = set(re.findall(r'Message\(\s*"([a-z.-]+)"|_unexpected\("([a-z.-]+)"', source))
    here = Path(__file__).read_text(encoding="utf-8")
    assert len(ids) > 25
    assert [id_ for id_ in sorted(map("".join, ids)) if f'"{id_}"' not in here] == []
