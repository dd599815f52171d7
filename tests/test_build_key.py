"""Keys are proven while they are built; what cannot be proven is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answer_key import AnswerKey, KeyedCase
from grader.build_key import KeyRefusedError, WitnessesDisagreeError, build, render_call
from grader.model import (
    APPROXIMATE,
    Case,
    Check,
    Exercise,
    Function,
    Misconception,
    Tier,
    Witness,
)
from grader.oracles import finite_difference, symbolic, torch_reference
from grader.oracles.tracked import Tracked
from grader.sandbox import wire
from grader.trees import leaves

# --- a small exercise --------------------------------------------------------------------------


def softplus(x: Any) -> Any:
    return np.log(1 + np.exp(x))


def softplus_in_torch(x: Any) -> Any:
    import torch

    return torch.logaddexp(x, torch.zeros_like(x))


def softplus_in_mpmath(x: Any) -> Any:
    one = np.frompyfunc(lambda v: mpmath.log1p(mpmath.exp(mpmath.mpf(float(v)))), 1, 1)
    return np.asarray(one(x), dtype=object), np.zeros(np.shape(x))


WITNESSES = (
    symbolic.elementwise(softplus),
    torch_reference.elementwise(softplus_in_torch),
    Witness("mpmath", softplus_in_mpmath),
)


def numbers(rng: np.random.Generator) -> list[Case]:
    return [
        Case("softplus", (float(np.round(rng.uniform(0.5, 2), 2)),), id="a number"),
        Case("softplus", (np.round(rng.uniform(-2, 2, (2, 3)), 2),)),
    ]


def exercise(*checks: Check, **function: Any) -> Exercise:
    described: dict[str, Any] = {
        "name": "softplus",
        "signature": "softplus(x)",
        "reference": softplus,
        "witnesses": WITNESSES,
    }
    return Exercise(
        id="exercise-7",
        title="Softplus",
        topic="",
        functions=(Function(**{**described, **function}),),
        checks=checks or (VALUES,),
        hints=(),
    )


VALUES = Check("values", "softplus", 1.0, Tier.VALUE, numbers)


def case_of(key: AnswerKey, check: str = "values", number: int = 0) -> KeyedCase:
    return next(c for c in key.checks if c.id == check).cases[number]


def same(a: AnswerKey, b: AnswerKey) -> bool:
    """Equal to the last bit, arrays included."""

    def bits(key: AnswerKey) -> Any:
        return [
            (case.id, case.call, case.request, tree_bits(case))
            for check in key.checks
            for case in check.cases
        ]

    def tree_bits(case: KeyedCase) -> Any:
        trees = [case.expected, case.exact, case.single]
        for wrong in case.wrong.values():
            trees += [wrong.values, wrong.tolerances]
        return [np.asarray(leaf).tobytes() for leaf in leaves(trees)], list(case.wrong)

    return bool(bits(a) == bits(b) and a.versions == b.versions)


# --- what a key holds --------------------------------------------------------------------------


def test_expected_values_are_the_exact_ones_correctly_rounded() -> None:
    for case in build(exercise(), 5).checks[0].cases:
        [x] = wire.unpack_call(case.request).args
        for index in np.ndindex(np.shape(x)):
            with mpmath.workdps(40):
                exact = float(mpmath.log1p(mpmath.exp(np.asarray(x)[index].item())))
            assert case.expected[index] == exact


def test_tolerances_hold_for_both_precisions_and_pin_nine_digits() -> None:
    for case in build(exercise(), 5).checks[0].cases:
        [x] = wire.unpack_call(case.request).args
        assert np.all(np.abs(np.logaddexp(0, x) - case.expected) <= case.exact)
        in_single = softplus(np.asarray(x, dtype=np.float32)).astype(np.float64)
        assert np.all(np.abs(in_single - case.expected) <= case.single)
        assert np.any(np.abs(in_single - case.expected) > case.exact)
        assert np.all(case.exact <= 1e-9 * np.abs(case.expected))
        assert np.all(case.single <= 1e-4 * np.abs(case.expected))


def test_the_bound_is_that_of_the_worst_accepted_formula() -> None:
    def wasteful(x: Any) -> Any:
        return softplus(x) + 1000 - 1000

    plain, generous = build(exercise(), 0), build(exercise(also_right=(wasteful,)), 0)
    x = wire.unpack_call(case_of(plain).request).args[0]
    error = abs(wasteful(x) - case_of(plain).expected)
    assert case_of(plain).exact < error <= case_of(generous).exact
    assert case_of(plain).expected == case_of(generous).expected


def test_a_key_carries_the_calls_titles_signatures_and_misconceptions_of_its_exercise() -> None:
    def drive(function: Any, x: Any) -> Any:
        return function(x)

    wrong = Misconception("softplus-double", "Once, not twice.", lambda x: 2 * softplus(x))
    key = build(exercise(VALUES, driver=drive, misconceptions=(wrong,)), 3)
    assert (key.exercise, key.title, key.seed) == ("exercise-7", "Softplus", 3)
    assert key.signatures == {"softplus": "softplus(x)"}
    assert key.misconceptions == {"softplus-double": "Once, not twice."}
    assert key.drivers["drive"].startswith("def drive(function")
    assert set(key.versions) == {"numpy", "sympy", "mpmath", "torch"}
    first, second = key.checks[0].cases
    assert (first.id, second.id) == ("a number", "values-2")
    call = wire.unpack_call(first.request)
    assert (call.function, call.driver) == ("softplus", "drive")
    assert first.call == f"softplus({call.args[0]!r})"
    assert np.allclose(first.wrong["softplus-double"].values, 2 * first.expected)


def test_whole_keyword_arguments_are_counts_and_others_are_numbers() -> None:
    def scaled(x: Any, times: int = 1, rate: Any = 1.0) -> Any:
        total = 0
        for _ in range(times):
            total = total + rate * x
        return total

    def by_hand(x: Any, times: int = 1, rate: float = 1.0) -> Any:
        return times * mpmath.mpf(rate) * mpmath.mpf(x)

    def once(name: str) -> Witness:
        return Witness(name, lambda *a, **k: (np.array(by_hand(*a, **k)), np.array(mpmath.mpf(0))))

    def cases(rng: np.random.Generator) -> list[Case]:
        return [Case("scaled", (0.7,), {"times": 3, "rate": 0.1})]

    check = Check("values", "", 1.0, Tier.VALUE, cases)
    function = {
        "name": "scaled",
        "reference": scaled,
        "witnesses": (once("a"), once("b"), once("c")),
    }
    case = case_of(build(exercise(check, **function), 0))
    assert case.expected == pytest.approx(0.21, rel=1e-15)
    assert case.call == "scaled(0.7, times=3, rate=0.1)"
    assert wire.unpack_call(case.request).kwargs == {"times": 3, "rate": 0.1}


def test_what_is_right_by_definition_widens_the_tolerance() -> None:
    def slope(x: Any) -> Any:
        return Tracked.between(0, 1) if x.value == 0 else Tracked(1 if x.value > 0 else 0)

    def witness(name: str, at_kink: float) -> Witness:
        return Witness(name, lambda x: (at_kink if x == 0 else float(x > 0), None))

    def cases(rng: np.random.Generator) -> list[Case]:
        return [Case("slope", (x,)) for x in (2.0, 0.0)]

    def key(second: float) -> AnswerKey:
        check = Check("kink", "", 1.0, Tier.INTERFACE, cases)
        witnesses = (
            witness("from the left", 0.0),
            witness("from the right", 1.0),
            witness("in between", second),
        )
        return build(exercise(check, name="slope", reference=slope, witnesses=witnesses), 0)

    away, kink = key(1.0).checks[0].cases
    assert (kink.expected, away.expected) == (0.5, 1)
    assert 0.5 <= kink.exact < 0.5 + 1e-9
    assert away.exact < 1e-9
    with pytest.raises(WitnessesDisagreeError):
        key(1.5)


def test_text_is_expected_as_it_stands() -> None:
    def name(x: Any) -> Any:
        return {"x": x, "name": "up" if x > 0 else "down"}

    def witness(text: str) -> Witness:
        return Witness(text, lambda x: ({"x": x, "name": text}, None))

    def cases(rng: np.random.Generator) -> list[Case]:
        return [Case("name", (2.0,))]

    def key(*names: str) -> AnswerKey:
        witnesses = tuple(map(witness, names))
        check = Check("values", "", 1.0, Tier.VALUE, cases)
        return build(exercise(check, name="name", reference=name, witnesses=witnesses), 0)

    case = case_of(key("up", "up", "up"))
    assert (case.expected["name"], case.exact["name"]) == ("up", "up")
    with pytest.raises(WitnessesDisagreeError, match=r"at name: reference 'up'; up 'up'; down 'do"):
        key("up", "down", "up")


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("change", [1e-12, -1e-12, 1e-10])
def test_a_reference_that_is_a_little_wrong_is_refused(change: float) -> None:
    wrong = exercise(reference=lambda x: softplus(x) * (1 + change))
    with pytest.raises(WitnessesDisagreeError) as refused:
        build(wrong, 0)
    text = str(refused.value)
    assert "exercise-7, check values, case a number" in text
    assert "witnesses of softplus disagree" in text
    said = dict(re.findall(r"(reference|sympy|torch|mpmath) (\d\.\d+)", text))
    assert set(said) == {"reference", "sympy", "torch", "mpmath"}
    assert abs(float(said["reference"]) / float(said["sympy"]) - 1 - change) < abs(change) / 100
    assert abs(float(said["torch"]) / float(said["sympy"]) - 1) < 1e-15


@pytest.mark.parametrize("broken", [0, 1, 2], ids=["sympy", "torch", "mpmath"])
def test_a_witness_that_is_a_little_wrong_is_named(broken: int) -> None:
    def values(x: Any) -> Any:
        value, bound = WITNESSES[broken].values(x)
        return value * (1 + 1e-12), bound

    witnesses = list(WITNESSES)
    witnesses[broken] = Witness("the broken one", values)
    with pytest.raises(WitnessesDisagreeError, match=r"the broken one \d\.\d+"):
        build(exercise(witnesses=tuple(witnesses)), 0)


@pytest.mark.parametrize(
    "bad",
    [float("nan"), float("inf"), [0.5], np.zeros((1, 1)), {"x": 0.5}],
    ids=["nan", "inf", "a list", "another shape", "a dict"],
)
def test_a_witness_that_gives_something_else_altogether_is_refused(bad: Any) -> None:
    witnesses = (*WITNESSES, Witness("the odd one", lambda x: (bad, None)))
    with pytest.raises(WitnessesDisagreeError, match="the odd one"):
        build(exercise(witnesses=witnesses), 0)


def test_one_wrong_entry_in_a_later_case_is_found_and_said_where() -> None:
    def values(x: Any) -> Any:
        value, bound = torch_reference.elementwise(softplus_in_torch).values(x)
        value = np.array(value)
        if value.ndim:
            value[1, 2] += 1e-9
        return value, bound

    with pytest.raises(WitnessesDisagreeError, match="case 2"):
        build(exercise(witnesses=(*WITNESSES, Witness("one off", values))), 0)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_witnesses_are_refused(count: int) -> None:
    with pytest.raises(KeyRefusedError, match="softplus has fewer than 3 witnesses"):
        build(exercise(witnesses=WITNESSES[:count]), 0)


def test_accepted_formulas_that_differ_are_refused() -> None:
    with pytest.raises(KeyRefusedError, match=r"two accepted formulas differ at softplus\(\d"):
        build(exercise(also_right=(lambda x: softplus(x) + softplus(x) / 10**18,)), 0)


def misconception(id_: str, formula: Callable[..., Any], **options: Any) -> Misconception:
    return Misconception(id_, "Look again.", formula, **options)


def softplus_otherwise(x: Any) -> Any:
    return x + np.log(1 + np.exp(-x))


@pytest.mark.parametrize(
    "formula",
    [softplus, softplus_otherwise, lambda x: softplus(x) * (1 + 5 * APPROXIMATE)],
    ids=["the same", "another way to write it", "nearly right"],
)
def test_a_misconception_that_is_right_or_nearly_is_refused(formula: Any) -> None:
    with pytest.raises(KeyRefusedError, match="no case tells misconception not-wrong from a right"):
        build(exercise(misconceptions=(misconception("not-wrong", formula),)), 0)


def test_a_misconception_that_is_ten_times_further_off_than_close_is_admitted() -> None:
    wrong = misconception("wrong", lambda x: softplus(x) * (1 + 11 * APPROXIMATE))
    assert "wrong" in case_of(build(exercise(misconceptions=(wrong,)), 0)).wrong


def test_a_misconception_that_only_a_stability_check_tells_apart_is_refused() -> None:
    def large(rng: np.random.Generator) -> list[Case]:
        return [Case("softplus", (40.0,))]

    wrong = misconception("linear-far-out", lambda x: np.where(x > 30, 0 * x, softplus(x)))
    stability = Check("large", "", 1.0, Tier.STABILITY, large)
    with pytest.raises(KeyRefusedError, match="linear-far-out"):
        build(exercise(VALUES, stability, misconceptions=(wrong,)), 0)


def test_a_floating_misconception_has_to_break_down_somewhere() -> None:
    def large(rng: np.random.Generator) -> list[Case]:
        return [Case("softplus", (800.0,))]

    stability = Check("large", "", 1.0, Tier.STABILITY, large)
    overflow = misconception("overflow", softplus, floating=True)
    key = build(exercise(VALUES, stability, misconceptions=(overflow,)), 0)
    assert case_of(key, "large").wrong["overflow"].values == np.inf
    assert case_of(key, "large").expected == 800
    with pytest.raises(KeyRefusedError, match="overflow"):
        build(exercise(misconceptions=(overflow,)), 0)


def test_two_misconceptions_that_are_the_same_wrong_answer_are_refused() -> None:
    one = misconception("twice", lambda x: 2 * softplus(x))
    other = misconception("doubled", lambda x: softplus(x) + softplus_otherwise(x))
    assert build(exercise(misconceptions=(one,)), 0)
    with pytest.raises(KeyRefusedError, match="misconceptions twice and doubled of softplus apart"):
        build(exercise(misconceptions=(one, other)), 0)


def test_misconceptions_that_differ_in_shape_or_only_in_one_case_are_two() -> None:
    wrong = (
        misconception("twice", lambda x: 2 * softplus(x)),
        misconception("twice-below-zero", lambda x: np.where(x < 0, 3, 2) * softplus(x)),
        misconception("as-a-row", lambda x: np.reshape(2 * softplus(x), (1, -1))),
        misconception("in-a-list", lambda x: [2 * softplus(x)]),
    )
    key = build(exercise(misconceptions=wrong), 0)
    assert set(case_of(key).wrong) == {m.id for m in wrong}


def test_a_misconception_that_breaks_down_on_some_numbers_gives_no_answer_there() -> None:
    def cases(rng: np.random.Generator) -> list[Case]:
        return [Case("softplus", (x,)) for x in (0.0, 1.0)]

    reciprocal = misconception("reciprocal", lambda x: 1 / x)
    key = build(exercise(replace(VALUES, cases=cases), misconceptions=(reciprocal,)), 0)
    at_zero, at_one = key.checks[0].cases
    assert "reciprocal" not in at_zero.wrong
    assert at_one.wrong["reciprocal"].values == 1


def test_cases_that_tell_nothing_are_drawn_again() -> None:
    drawn: list[float] = []

    def relu_like(x: Any) -> Any:
        return x if x > 1 else 0 * x

    def cases(rng: np.random.Generator) -> list[Case]:
        drawn.append(1.0 + 1e-12 if len(drawn) < 3 else float(np.round(rng.uniform(2, 3), 2)))
        return [Case("relu", (drawn[-1],))]

    def witness(name: str) -> Witness:
        return Witness(name, lambda x: (float(x), None))

    check = Check("values", "", 1.0, Tier.VALUE, cases)
    of = {"name": "relu", "reference": relu_like, "witnesses": tuple(map(witness, "abc"))}
    # Rounded to single precision, 1 + 1e-12 is 1: which side of the kink it is on is rounding.
    key = build(exercise(check, **of), 0)
    assert len(drawn) == 4
    assert case_of(key).expected == drawn[-1]


def test_an_exercise_without_telling_cases_is_refused() -> None:
    def hopeless(rng: np.random.Generator) -> list[Case]:
        return [Case("difference", (1e9 + rng.uniform(), 1e9))]

    def difference(a: Any, b: Any) -> Any:
        return (a * a - b * b) / (a + b) - (a - b) + (a - b) / 10**9

    def witness(name: str) -> Witness:
        def values(a: float, b: float) -> Any:
            with mpmath.workdps(60):
                return (mpmath.mpf(a) - b) / 10**9, mpmath.mpf(0)

        return Witness(name, values)

    of = {"name": "difference", "reference": difference}
    check = Check("cancelling", "", 1.0, Tier.VALUE, hopeless)
    with pytest.raises(KeyRefusedError, match="exercise-7, check cancelling, seed 4: no telling"):
        build(exercise(check, **of, witnesses=tuple(map(witness, "abc"))), 4)


# --- seeds -------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_key(seed: int) -> None:
    assert same(build(exercise(), seed), build(exercise(), seed))


def test_another_seed_gives_other_cases() -> None:
    calls = {case_of(build(exercise(), seed), number=1).call for seed in range(20)}
    assert len(calls) == 20


def test_a_new_check_changes_none_of_the_other_cases() -> None:
    other = Check("more", "", 1.0, Tier.INTERFACE, numbers)
    alone = build(exercise(VALUES), 9)
    for checks in ((VALUES, other), (other, VALUES)):
        key = build(exercise(*checks), 9)
        assert case_of(key, number=1).request == case_of(alone, number=1).request
        assert case_of(key, "more", 1).request != case_of(alone, number=1).request


def test_a_precision_check_has_no_cases_of_its_own() -> None:
    precision = Check("precision", "", 2.0, Tier.PRECISION, of="values")
    key = build(exercise(VALUES, precision), 0)
    assert (key.checks[1].cases, key.checks[1].of, key.checks[1].points) == ((), "values", 2.0)


# --- the real exercise -------------------------------------------------------------------------


def test_exercise_1_is_proven_and_every_misconception_is_far_from_right(
    built_key: Callable[[str], AnswerKey],
) -> None:
    key = built_key("exercise-1")
    told = dict.fromkeys(key.misconceptions, 0)
    for check in key.checks:
        for case in check.cases:
            for id_, wrong in case.wrong.items():
                with np.errstate(all="ignore"):
                    off = np.abs(wrong.values - case.expected)
                    scale = np.max(np.abs(case.expected))
                    told[id_] += bool(np.any(~(off <= 10 * np.maximum(case.single, 1e-3 * scale))))
    assert min(told.values()) >= 1
    assert len(told) == 23


def test_a_derivative_without_its_inner_sign_is_refused_as_a_reference() -> None:
    # The error of the lecture notes: the middle step lacks the inner minus.
    def wrong(x: Any) -> Any:
        return -np.exp(x) / (1 + np.exp(x))

    witnesses = (
        symbolic.elementwise(softplus, derivative=1),
        finite_difference.elementwise(softplus),
        torch_reference.elementwise(softplus_in_torch, derivative=True),
    )
    with pytest.raises(WitnessesDisagreeError, match="finite differences 0"):
        build(exercise(reference=wrong, witnesses=witnesses), 0)


# --- words for a call --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "text"),
    [
        (Case("f", ()), "f()"),
        (Case("f", (0.5, -2, True, None, "tanh")), "f(0.5, -2, True, None, 'tanh')"),
        (Case("f", (np.array(-1.25),)), "f(np.array(-1.25))"),
        (Case("f", (np.array([1, 2]),)), "f(np.array([1, 2]))"),
        (Case("f", (np.array([[0.5], [1.0]]),)), "f(np.array([[0.5], [1.0]]))"),
        (
            Case("f", (np.zeros((4, 2)),)),
            "f(np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]))",
        ),
        (Case("f", (np.zeros((3, 3)),)), "f(<3×3 array>)"),
        (Case("f", (np.zeros(9),)), "f(<9 array>)"),
        (Case("f", ([1.0, (2,), (3, 4)],)), "f([1.0, (2,), (3, 4)])"),
        (Case("f", ({"W": np.array([1.0]), "b": []},)), "f({'W': np.array([1.0]), 'b': []})"),
        (Case("f", (1,), {"rate": 0.1, "name": "x"}), "f(1, rate=0.1, name='x')"),
    ],
)
def test_a_call_is_shown_as_python(case: Case, text: str) -> None:
    assert render_call(case) == text


def test_a_case_may_say_itself_how_its_call_is_shown() -> None:
    def asked(rng: np.random.Generator) -> list[Case]:
        return [Case("softplus", (0.5,), shown="softplus(0.5).dtype"), Case("softplus", (1.5,))]

    key = build(exercise(Check("values", "softplus", 1.0, Tier.VALUE, asked)), 5)
    assert [c.call for c in key.checks[0].cases] == ["softplus(0.5).dtype", "softplus(1.5)"]


def test_a_request_says_whether_its_arrays_are_to_be_tensors() -> None:
    for tensors in (False, True):
        request = case_of(build(exercise(tensors=tensors), 5)).request
        assert wire.unpack_call(request).tensors is tensors


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=8))
def test_a_shown_call_can_be_typed_again(x: list[float]) -> None:
    sent: list[Any] = []
    eval(render_call(Case("f", (np.array(x), x))), {"np": np, "f": lambda *a: sent.extend(a)})
    assert sent[0].tobytes() == np.array(x).tobytes()
    assert sent[1] == x
