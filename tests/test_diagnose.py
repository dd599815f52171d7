"""A wrong answer gets the name of the one misconception that gives it, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answer_key import AnswerKey, KeyedCase, WrongAnswer
from grader.compare import judge
from grader.diagnose import misconception
from grader.model import Opaque, Outcome, Raised, Returned, Tier, Tree
from grader.sandbox import wire
from grader.trees import map_leaves

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # inf - inf, as in grading

A = np.array


def case(expected: Tree, **wrong: Tree) -> KeyedCase:
    def tolerance(tree: Tree) -> Tree:
        return map_leaves(
            lambda x: x if isinstance(x, str) else np.asarray(1e-6 * np.abs(x) + 1e-30), tree
        )

    exact = map_leaves(lambda x: x if isinstance(x, str) else x * 1e-9, tolerance(expected))
    answers = {id_: WrongAnswer(value, tolerance(value)) for id_, value in wrong.items()}
    call = wire.pack_call("f", (), {})
    return KeyedCase("", "f", "f()", call, expected, exact, tolerance(expected), answers)


def named(*calls: tuple[KeyedCase, Any]) -> str | None:
    """What the values (or outcomes) are called, judged as values."""
    judged = []
    for keyed, got in calls:
        outcome: Outcome = got if isinstance(got, Raised) else Returned(got)
        judged.append((keyed, outcome, judge(keyed, outcome, Tier.VALUE).passed))
    return misconception(judged)


FIRST = case(A([1.0, 2.0]), twice=A([2.0, 4.0]), minus=A([-1.0, -2.0]))
SECOND = case(A([3.0]), twice=A([6.0]), minus=A([-3.0]))


def test_the_one_that_fits_every_call_is_named() -> None:
    assert named((FIRST, A([2.0, 4.0])), (SECOND, A([6.0]))) == "twice"
    assert named((FIRST, A([-1.0, -2.0])), (SECOND, [A(-3)])) == "minus"


def test_single_precision_is_enough_to_be_recognised() -> None:
    assert named((SECOND, A([6.0 * (1 + 5e-7)]))) == "twice"
    assert named((SECOND, A([6.0 * (1 + 5e-6)]))) is None


def test_a_right_answer_has_no_name() -> None:
    assert named((FIRST, FIRST.expected), (SECOND, SECOND.expected)) is None


def test_what_fits_one_call_and_not_another_has_no_name() -> None:
    assert named((FIRST, A([2.0, 4.0])), (SECOND, A([-3.0]))) is None
    assert named((FIRST, A([2.0, 4.0])), (SECOND, A([7.0]))) is None
    # Right in the second call, where the misconception is wrong.
    assert named((FIRST, A([2.0, 4.0])), (SECOND, A([3.0]))) is None


def test_one_wrong_entry_is_enough_to_have_no_name() -> None:
    assert named((FIRST, A([2.0, 4.1]))) is None
    assert named((FIRST, A([2.0, np.nan]))) is None


def test_two_that_fit_are_none() -> None:
    both = case(A([1.0]), twice=A([2.0]), plus_one=A([2.0]))
    assert named((both, A([2.0]))) is None
    # Another call tells them apart.
    apart = case(A([3.0]), twice=A([6.0]), plus_one=A([4.0]))
    assert named((both, A([2.0])), (apart, A([4.0]))) == "plus_one"
    assert named((both, A([2.0])), (apart, A([6.0]))) == "twice"


def test_a_call_that_raised_fits_nothing() -> None:
    error = Raised("ValueError", "why", "exercise_1.py", 3)
    assert named((FIRST, A([2.0, 4.0])), (SECOND, error)) is None
    assert named((FIRST, error), (SECOND, A([6.0]))) is None
    assert named((FIRST, error), (SECOND, error)) is None


@pytest.mark.parametrize("got", [A([[2.0, 4.0]]), A([2.0]), [], None, Opaque("f"), "up", {}])
def test_another_structure_fits_nothing(got: Any) -> None:
    assert named((FIRST, got)) is None


def test_a_misconception_of_another_shape_is_recognised_by_it() -> None:
    column = case(A([1.0, 2.0]), column=A([[1.0], [2.0]]), tuple_of_two=(A(1.0), A(2.5)))
    assert named((column, A([[1.0], [2.0]]))) == "column"
    assert named((column, A([1.0, 2.5]))) == "tuple_of_two"


def test_structures_and_text_are_matched_leaf_by_leaf() -> None:
    keyed = case({"w": A([1.0]), "kind": "up"}, flipped={"w": A([1.0]), "kind": "down"})
    assert named((keyed, {"kind": "down", "w": A([1.0])})) == "flipped"
    assert named((keyed, {"kind": "sideways", "w": A([1.0])})) is None


def test_a_call_where_the_wrong_formula_breaks_down_speaks_neither_for_nor_against() -> None:
    silent = case(A([5.0]), minus=A([-5.0]))
    assert named((FIRST, A([2.0, 4.0])), (silent, A([9.0]))) == "twice"
    assert named((silent, A([9.0]))) is None
    assert named((silent, A([-5.0])), (FIRST, A([-1.0, -2.0]))) == "minus"


def test_calls_in_which_right_and_wrong_are_the_same_must_agree_too() -> None:
    zero = case(A([0.0]), twice=A([0.0]))
    assert named((zero, A([0.0])), (SECOND, A([6.0]))) == "twice"
    assert named((zero, A([1.0])), (SECOND, A([6.0]))) is None


def test_nothing_is_named_for_calls_that_passed_though_it_fits_them() -> None:
    near = case(A([1.0]), nearly=A([1.0 + 1e-9]))
    assert named((near, A([1.0 + 1e-9]))) is None


def test_not_a_number_is_recognised_where_the_mistake_gives_it() -> None:
    overflow = case(A([1.0, 0.5]), overflow=A([np.nan, 0.5]))
    assert named((overflow, A([np.nan, 0.5]))) == "overflow"
    assert named((overflow, A([0.5, 0.5]))) is None


def test_a_wrong_formula_that_overflows_does_not_explain_every_number() -> None:
    # What build_key stores for e^-x at x = -750: infinity, and an infinite tolerance.
    keyed = case(A([0.0]), exploding=A([np.inf]))
    assert np.isinf(keyed.wrong["exploding"].tolerances)
    assert named((keyed, A([np.inf]))) == "exploding"
    assert named((keyed, A([0.25]))) is None


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=4), st.floats(-3, 3))
def test_only_the_factor_that_was_used_is_named(x: list[float], factor: float) -> None:
    factors = {"double": 2.0, "negated": -1.0, "halved": 0.5}
    right = A(x)
    keyed = case(right, **{id_: f * right for id_, f in factors.items()})
    fitting = [id_ for id_, f in factors.items() if abs(f - factor) < 1e-7]
    assert named((keyed, factor * right)) == (fitting[0] if fitting else None)


def test_every_misconception_of_exercise_1_is_named_from_its_own_values(
    built_key: Callable[[str], AnswerKey],
) -> None:
    key, found = built_key("exercise-1"), set()
    for check in key.checks:
        for id_ in key.misconceptions:
            calls = [(c, c.wrong[id_].values) for c in check.cases if id_ in c.wrong]
            if calls and check.tier is Tier.VALUE:
                # None where the mistake shows only for large arguments.
                assert named(*calls) in (id_, None)
            if calls and named(*calls) == id_:
                found.add(id_)
    assert found == set(key.misconceptions)


# --- recognised by a share of the entries --------------------------------------------------------

RIGHT = np.tile(A([0.0, 1.0]), 10)
LINE, ONES = np.repeat(A([0.0, 1.0]), 10), np.ones(20)


def called(got: Tree, *, line: float, ones: float = 1.0) -> str | None:
    """The name of what was given, where each wrong answer is recognised by that share."""
    keyed = case(RIGHT, line=LINE, ones=ONES)
    shares = {"line": line, "ones": ones}
    wrong = {id_: replace(answer, share=shares[id_]) for id_, answer in keyed.wrong.items()}
    return misconception([(replace(keyed, wrong=wrong), Returned(got), False)])


def flipped(labels: Tree, count: int) -> Tree:
    return np.where(np.arange(len(labels)) < count, 1 - labels, labels)


def test_a_learned_mistake_is_recognised_by_its_share() -> None:
    assert called(LINE, line=0.9) == "line"
    assert called(flipped(LINE, 2), line=0.9) == "line"
    assert called(flipped(LINE, 3), line=0.9) is None
    assert called(flipped(LINE, 1), line=1.0) is None
    # That of another makes no difference.
    assert called(flipped(ONES, 1), line=0.9) is None


def test_an_exact_fit_comes_first_and_two_loose_ones_are_none() -> None:
    assert called(ONES, line=0.5, ones=0.5) == "ones"  # line agrees in half of the entries
    assert called(flipped(ONES, 5), line=0.5, ones=0.5) is None  # so do both
