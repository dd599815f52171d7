"""Submissions from end to end: through the real sandbox to the points of every check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.answer_key import AnswerKey, KeyedCase
from grader.build_key import build
from grader.grade import _completed, grade
from grader.model import (
    Case,
    Check,
    CheckResult,
    Exercise,
    Function,
    Message,
    Report,
    Source,
    Submission,
    Tier,
    Witness,
)
from grader.reports.words import render
from grader.sandbox import wire
from grader.sandbox.supervisor import Limits, Sandbox

SOLUTION = (Path(__file__).parents[1] / "solutions" / "exercise_1.py").read_text(encoding="utf-8")
FULL = {
    "sigmoid-values": 2.0,
    "sigmoid-precision": 1.0,
    "sigmoid-stability": 1.0,
    "derivative-values": 2.5,
    "derivative-precision": 1.0,
    "derivative-stability": 1.0,
    "forms": 1.0,
    "purity": 0.5,
}
HALF = {"forms": 0.5, "purity": 0.25}
"""What one of the two functions earns in the checks that call both."""
SIGMOID_ONLY = {**{k: v for k, v in FULL.items() if k.startswith("sigmoid")}, **HALF}
DERIVATIVE_ONLY = {**{k: v for k, v in FULL.items() if k.startswith("derivative")}, **HALF}

Grade = Callable[..., Report]


@pytest.fixture
def run(sandbox: Sandbox, built_key: Callable[[str], AnswerKey]) -> Grade:
    def run(source: str, *, neighbours: dict[str, str] | None = None) -> Report:
        others = {n: Source(f"{n}.py", (text,)) for n, text in (neighbours or {}).items()}
        submission = Submission("exercise-1", Source("exercise_1.py", (source,)), others)
        limits = Limits(cpu_seconds=1, wall_seconds=20)  # processor time decides a time-out
        return grade(submission, built_key("exercise-1"), sandbox, limits)

    return run


def points(report: Report) -> dict[str, float]:
    """Points of every check that earned any; 0 everywhere else."""
    assert [c.id for c in report.checks] == list(FULL)
    assert [c.max_points for c in report.checks] == list(FULL.values())
    for check in report.checks:
        assert (check.status == "passed") is (check.points == check.max_points)
    assert report.score == sum(c.points for c in report.checks)
    assert report.status == ("passed" if report.score == report.max_score else "failed")
    return {c.id: c.points for c in report.checks if c.points}


def of(report: Report, id_: str) -> CheckResult:
    return next(check for check in report.checks if check.id == id_)


def without(*ids: str) -> dict[str, float]:
    return {k: v for k, v in FULL.items() if k not in ids}


def solution(derivative: str = "", *, before: str = "", after: str = "") -> str:
    """The worked answer, with another derivative or something around it."""
    text = SOLUTION
    if derivative:
        text = text[: text.index("def sigmoid_derivative")] + derivative
    return f"{before}\n{text}\n{after}"


# --- right, and nearly -------------------------------------------------------------------------


def test_the_worked_answer_gets_full_marks(
    run: Grade, built_key: Callable[[str], AnswerKey]
) -> None:
    report = run(SOLUTION)
    assert points(report) == FULL
    assert (report.score, report.max_score, report.status) == (10.0, 10.0, "passed")
    for check in report.checks:
        assert check.message == Message("check.passed")
        assert (check.outcome, check.misconception, check.evidence) == ("returned", None, None)
    assert (report.exercise, report.seed, report.stdout) == ("exercise-1", 0, "")
    assert report.versions.items() >= built_key("exercise-1").versions.items()
    assert report.isolation


@pytest.mark.parametrize(
    "derivative",
    [
        "def sigmoid_derivative(x):\n    s = sigmoid(x)\n    return s * (1 - s)",
        "def sigmoid_derivative(x):\n"
        "    t = np.tanh(np.multiply(x, 0.5))\n"
        "    return (1 - t * t) / 4",
        "def sigmoid_derivative(x):\n"
        "    e = np.exp(-np.abs(np.asarray(x, dtype=float)))\n"
        "    return e / (1 + e) ** 2",
        "def sigmoid_derivative(x):\n"
        "    import math\n"
        "    def one(x):\n"
        "        t = math.tanh(x / 2)\n"
        "        return (1 - t * t) / 4\n"
        "    def every(x):\n"
        "        return [every(y) for y in x] if isinstance(x, list) else one(x)\n"
        "    return every(np.asarray(x).tolist())",
    ],
    ids=["by itself", "by tanh", "by the exponential", "in pure Python, as lists"],
)
def test_other_right_derivatives_get_full_marks(run: Grade, derivative: str) -> None:
    assert points(run(solution(derivative))) == FULL


def test_the_stub_gets_nothing(run: Grade) -> None:
    report = run(
        "def sigmoid(x):\n    raise NotImplementedError\n\n"
        "def sigmoid_derivative(x):\n    raise NotImplementedError\n"
    )
    assert points(report) == {}
    assert of(report, "sigmoid-values").message == Message("outcome.not-written", {"line": 2})
    assert of(report, "sigmoid-values").outcome == "raised"
    assert of(report, "forms").message == Message("check.after-values")


def test_only_sigmoid_earns_the_points_of_sigmoid(run: Grade) -> None:
    report = run(SOLUTION[: SOLUTION.index("def sigmoid_derivative")])
    assert points(report) == SIGMOID_ONLY
    missing = of(report, "derivative-values")
    # What is asked for as well is no other name for it.
    params = {"name": "sigmoid_derivative", "defined": []}
    assert (missing.outcome, missing.message) == ("missing", Message("outcome.missing", params))
    assert missing.evidence is None
    for id_ in ("derivative-precision", "derivative-stability", "forms", "purity"):
        assert (of(report, id_).message.id, of(report, id_).outcome) == (
            "check.after-values",
            "missing",
        )


def test_single_precision_loses_only_the_points_for_precision(run: Grade) -> None:
    report = run(
        "import numpy as np\n"
        "def sigmoid(x):\n"
        "    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=np.float32)))\n"
        "def sigmoid_derivative(x):\n"
        "    s = sigmoid(x)\n"
        "    return s * (1 - s)\n"
    )
    assert points(report) == without("sigmoid-precision", "derivative-precision")
    message = of(report, "sigmoid-precision").message
    assert message.id == "precision.float32"
    assert 5 <= message.params["digits"] <= 8
    assert of(report, "sigmoid-precision").misconception is None


def test_a_central_difference_loses_only_the_points_for_precision(run: Grade) -> None:
    report = run(
        solution(
            "def sigmoid_derivative(x, h=1e-5):\n"
            "    x = np.asarray(x, dtype=float)\n"
            "    return (sigmoid(x + h) - sigmoid(x - h)) / (2 * h)"
        )
    )
    assert points(report) == without("derivative-precision")
    assert of(report, "derivative-precision").message.id == "precision.inexact"
    assert of(report, "derivative-precision").outcome == "returned"


FORWARD = (
    "def sigmoid_derivative(x, h={}):\n"
    "    x = np.asarray(x, dtype=float)\n"
    "    return (sigmoid(x + h) - sigmoid(x)) / h"
)


def test_a_forward_difference_as_good_as_single_precision_loses_as_much(run: Grade) -> None:
    report = run(solution(FORWARD.format("1e-6")))
    assert points(report) == without("derivative-precision")
    assert of(report, "derivative-precision").message.id == "precision.inexact"


def test_a_coarse_forward_difference_earns_half_of_the_values(run: Grade) -> None:
    report = run(solution(FORWARD.format("1e-4")))
    assert points(report) == {**without("derivative-precision"), "derivative-values": 1.25}
    values = of(report, "derivative-values")
    assert (values.message.id, values.misconception) == ("value.approximate", None)
    assert values.evidence is not None
    assert values.evidence.call.startswith("sigmoid_derivative(")
    assert values.evidence.error > values.evidence.tolerance > 0  # type: ignore[operator]


def test_of_calls_that_are_imprecise_and_calls_that_are_wrong_a_wrong_one_is_told(
    run: Grade, built_key: Callable[[str], AnswerKey]
) -> None:
    [check] = [c for c in built_key("exercise-1").checks if c.id == "derivative-values"]
    sizes = [np.size(wire.unpack_call(case.request).args[0]) for case in check.cases]
    assert sizes[0] != sizes[-1]
    coarse = FORWARD.format("1e-4").replace("sigmoid_derivative", "coarse")
    report = run(
        solution(
            f"{coarse}\ndef sigmoid_derivative(x):\n"
            f"    return coarse(x) if np.size(x) == {sizes[0]} else 7 + coarse(x)\n"
        )
    )
    values = of(report, "derivative-values")
    assert (values.message.id, values.points) == ("value.mismatch", 0)


# --- wrong -------------------------------------------------------------------------------------


def test_a_derivative_of_the_output_is_named_and_earns_nothing(
    run: Grade, built_key: Callable[[str], AnswerKey]
) -> None:
    report = run(solution("def sigmoid_derivative(x):\n    return x * (1 - x)"))
    assert points(report) == SIGMOID_ONLY
    values = of(report, "derivative-values")
    help_ = built_key("exercise-1").misconceptions["derivative-of-output"]
    assert values.misconception == "derivative-of-output"
    assert values.message == Message("misconception.derivative-of-output", {"help": help_})
    for id_ in ("derivative-precision", "derivative-stability", "forms", "purity"):
        assert of(report, id_).message == Message("check.after-values")
        assert of(report, id_).misconception is None


def test_a_naive_sigmoid_that_overflows_without_harm_gets_full_marks(run: Grade) -> None:
    report = run(
        "import numpy as np\n"
        "def sigmoid(x):\n    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))\n"
        "def sigmoid_derivative(x):\n    return sigmoid(x) * (1 - sigmoid(x))\n"
    )
    assert points(report) == FULL


def test_an_overflow_to_nan_is_named_and_costs_stability_only(run: Grade) -> None:
    report = run(
        solution(
            "def sigmoid_derivative(x):\n"
            "    e = np.exp(-np.asarray(x, dtype=float))\n"
            "    return e / (1 + e) ** 2"
        )
    )
    assert points(report) == without("derivative-stability")
    assert of(report, "derivative-stability").misconception == "derivative-overflow"


def test_wrong_values_of_one_function_leave_the_other_its_points(run: Grade) -> None:
    report = run(
        "import numpy as np\n"
        "def sigmoid(x):\n    return 7 * np.asarray(x)\n"
        "def sigmoid_derivative(x):\n"
        "    t = np.tanh(np.multiply(x, 0.5))\n    return (1 - t * t) / 4\n"
    )
    assert points(report) == DERIVATIVE_ONLY
    assert of(report, "sigmoid-values").message.id == "value.mismatch"
    assert of(report, "sigmoid-values").misconception is None
    assert of(report, "sigmoid-stability").message.id == "check.after-values"


def test_a_shape_that_is_wrong_for_one_form_only_costs_that_check(run: Grade) -> None:
    report = run(
        solution(
            "def sigmoid_derivative(x):\n"
            "    y = sigmoid(x) * sigmoid(np.negative(x))\n"
            "    return y[:, None] if np.ndim(y) == 3 else y"
        )
    )
    assert points(report) == {**FULL, "forms": 0.5}
    params = {"want": [2, 1, 3], "got": [2, 1, 1, 3], "at": []}
    assert of(report, "forms").message == Message("shape.mismatch", params)


# --- purity ------------------------------------------------------------------------------------


def test_changing_the_argument_costs_purity_only(run: Grade) -> None:
    report = run(
        solution(
            "def sigmoid_derivative(x):\n"
            "    y = sigmoid(x) * sigmoid(np.negative(x))\n"
            "    if isinstance(x, np.ndarray):\n"
            "        x *= 2\n"
            "    return y"
        )
    )
    assert points(report) == {**FULL, "purity": 0.25}
    assert of(report, "purity").message == Message("purity.changed", {"argument": 1})
    evidence = of(report, "purity").evidence
    assert evidence is not None
    assert evidence.call.startswith("sigmoid_derivative(")


def test_state_that_spoils_the_second_call_costs_purity_only(run: Grade) -> None:
    report = run(
        solution(
            "seen = set()\n"
            "def sigmoid_derivative(x):\n"
            "    key = np.asarray(x).tobytes()\n"
            "    again = key in seen\n"
            "    seen.add(key)\n"
            "    return sigmoid(x) * sigmoid(np.negative(x)) * (2 if again else 1)"
        )
    )
    assert points(report) == {**FULL, "purity": 0.25}
    assert of(report, "purity").message.id == "purity.second-call"


def test_a_later_call_that_takes_too_long_is_told_as_that(run: Grade) -> None:
    report = run(
        solution(
            "seen = set()\n"
            "def sigmoid_derivative(x):\n"
            "    while np.asarray(x).tobytes() in seen: pass\n"
            "    seen.add(np.asarray(x).tobytes())\n"
            "    return sigmoid(x) * sigmoid(np.negative(x))"
        )
    )
    purity = of(report, "purity")
    assert purity.outcome == "timed_out" and purity.message.id == "outcome.timed-out"


# --- code that fails ---------------------------------------------------------------------------


def test_a_syntax_error_is_shown_with_its_line_and_column(run: Grade) -> None:
    report = run("import numpy as np\n\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x)\n")
    assert points(report) == {}
    for check in report.checks:
        assert (check.message.id, check.outcome) == ("load.failed", "raised")
        cause = check.message.params["cause"]
        assert cause.id == "load.syntax-error"
        params = cause.params
        assert params["type"] == "SyntaxError"
        assert "'(' was never closed" in params["message"]
        assert (params["filename"], params["line"], params["column"]) == ("exercise_1.py", 4, 16)
        assert params["source"] == "    return 1 / (1 + np.exp(-x)"
        assert params["source"][params["column"] - 1] == "("


def test_an_error_while_loading_is_shown_with_its_line(run: Grade) -> None:
    report = run("import numpy as np\nsigmoid(0.5) + undefined_name\n")
    assert points(report) == {}
    cause = of(report, "purity").message.params["cause"]
    assert (cause.id, cause.params["type"]) == ("outcome.raised", "NameError")
    assert cause.params["source"] == "sigmoid(0.5) + undefined_name"


@pytest.mark.parametrize(
    "line",
    ["sigmoid(0.5) + undefined_name", "raise SystemExit(0)", "import pylab_of_mine", "1 / 0"],
)
def test_what_stands_above_a_line_that_fails_is_graded(run: Grade, line: str) -> None:
    assert points(run(solution(after=line))) == FULL


def test_what_stands_below_a_line_that_fails_is_missing_for_that_reason(run: Grade) -> None:
    report = run(f"def other(): pass\n1 / 0\n{solution()}")
    assert points(report) == {}
    message = of(report, "sigmoid-values").message
    assert (message.id, message.params["type"]) == ("outcome.raised", "ZeroDivisionError")


def test_an_error_in_a_later_cell_shows_a_line_of_that_cell(
    sandbox: Sandbox, built_key: Callable[[str], AnswerKey]
) -> None:
    cells = ("a = 1\nb = 2\n", "def sigmoid(x):\n    return undefined_name\n")
    notebook = Source("exercise_1.ipynb", cells)
    report = grade(
        Submission("exercise-1", notebook), built_key("exercise-1"), sandbox, Limits(1, 20)
    )
    params = of(report, "sigmoid-values").message.params
    assert (params["cell"], params["line"]) == (2, 2)
    assert params["source"] == "    return undefined_name"


def test_an_error_in_a_neighbour_shows_the_neighbour_s_line(run: Grade) -> None:
    source = "from helper import help_me\n" + solution(
        "def sigmoid_derivative(x):\n    return help_me(x)"
    )
    report = run(source, neighbours={"helper": "\ndef help_me(x):\n    return x.nothing\n"})
    assert points(report) == SIGMOID_ONLY
    params = of(report, "derivative-values").message.params
    assert (params["filename"], params["line"]) == ("helper.py", 3)
    assert params["source"] == "    return x.nothing"


def test_an_error_in_the_file_itself_shows_its_own_line(run: Grade) -> None:
    source = "import helper\n" + solution("def sigmoid_derivative(x):\n    return x.nothing")
    report = run(source, neighbours={"helper": "# a line\n" * 100})
    params = of(report, "derivative-values").message.params
    assert params["filename"] == "exercise_1.py"
    assert source.splitlines()[params["line"] - 1] == params["source"] == "    return x.nothing"


def test_an_error_in_one_call_fails_its_check(run: Grade) -> None:
    report = run(
        solution(
            "def sigmoid_derivative(x):\n"
            "    if np.ndim(x) == 3:\n"
            "        raise ValueError('three dimensions')\n"
            "    return sigmoid(x) * sigmoid(np.negative(x))"
        )
    )
    assert points(report) == {**FULL, "forms": 0.5}
    forms = of(report, "forms")
    assert (forms.message.id, forms.outcome) == ("outcome.raised", "raised")
    assert forms.message.params["message"] == "three dimensions"
    assert "raise ValueError" in forms.message.params["source"]


def test_what_may_be_used_beside_numpy_is_said() -> None:
    case = KeyedCase("", "f", "f(1)", b"", 1.0, 0.0, 0.0, {})
    forbidden = Message("outcome.forbidden", {"package": "jax", "line": 3})

    def told(*packages: str) -> str:
        key = AnswerKey("exercise-1", "", 0, packages, {}, {}, {}, (), {})
        return render(_completed(forbidden, key, case))

    assert told("numpy").endswith("NumPy and the standard library are what it allows.")
    assert told("numpy", "torch").endswith(
        "NumPy, torch and the standard library are what it allows."
    )


def test_a_forbidden_import_in_one_function_costs_that_function(run: Grade) -> None:
    source = solution(
        "def sigmoid_derivative(x):\n    import torch\n    return torch.sigmoid(torch.tensor(x))"
    )
    report = run(source)
    assert points(report) == SIGMOID_ONLY
    values = of(report, "derivative-values")
    assert (values.message.id, values.outcome) == ("outcome.forbidden", "forbidden")
    assert values.message.params["package"] == "torch"
    line = values.message.params["line"]
    # Where it is used, not where it is imported.
    assert "torch.sigmoid" in source.splitlines()[line - 1]


# --- code that ends the process ----------------------------------------------------------------

ENDS = {
    "an endless loop": ("while True:\n        pass", "outcome.timed-out", "timed_out"),
    "os._exit(0)": ("import os\n    os._exit(0)", "outcome.killed-exited", "killed"),
    "100 MB of print": (
        "for _ in range(100):\n        print('x' * 2**20)\n    return 0.5",
        "outcome.killed-output",
        "killed",
    ),
    "too much memory": (
        "return np.ones(2**40)",
        "outcome.out-of-memory",
        "out_of_memory",
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_in_one_function_leaves_the_other_its_points(run: Grade, how: str) -> None:
    body, message, outcome = ENDS[how]
    report = run(solution(f"def sigmoid_derivative(x):\n    {body}"))
    assert points(report) == SIGMOID_ONLY
    values = of(report, "derivative-values")
    assert (values.message.id, values.outcome) == (message, outcome)
    assert len(report.stdout) <= 70_000


def test_what_ends_in_sigmoid_leaves_an_independent_derivative_its_points(run: Grade) -> None:
    report = run(
        "import numpy as np, os\n"
        "def sigmoid(x):\n    os._exit(0)\n"
        "def sigmoid_derivative(x):\n"
        "    t = np.tanh(np.multiply(x, 0.5))\n    return (1 - t * t) / 4\n"
    )
    assert points(report) == DERIVATIVE_ONLY


def test_leaving_while_loading_fails_every_check(run: Grade) -> None:
    report = run(solution(after="import os; os._exit(0)"))
    assert points(report) == {}
    for check in report.checks:
        assert (check.message.id, check.outcome) == ("load.failed", "killed")


def test_what_is_printed_is_kept(run: Grade) -> None:
    report = run(solution(after="print('sigmoid of 0 is', sigmoid(0.0))"))
    assert points(report) == FULL
    assert report.stdout == "sigmoid of 0 is 0.5\n"


# --- code that lies ----------------------------------------------------------------------------

WRONG = "def sigmoid_derivative(x):\n    return {}\n"
LIARS = {
    "replaced assertions": solution(
        WRONG.format("x * 0 + 3.0"),
        before="import numpy, numpy.testing\n"
        "numpy.testing.assert_allclose = lambda *a, **k: None\n"
        "numpy.testing.assert_array_equal = lambda *a, **k: None\n",
    ),
    "replaced NumPy functions": solution(
        WRONG.format("x * 0 + 3.0"),
        after="np.all = np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
        "np.max = lambda *a, **k: 0.0\n",
    ),
    "equal to everything": solution(
        WRONG.format("Same()"),
        before="class Same:\n"
        "    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __sub__\n"
        "    def __le__(self, other): return True\n"
        "    def __float__(self): return 0.0\n"
        "    def __abs__(self): return 0.0\n"
        "    __hash__ = None\n",
    ),
    "an array that lies": solution(
        WRONG.format("(np.asarray(x, dtype=float) * 0 + 3).view(Liar)"),
        before="import numpy as np\n"
        "class Liar(np.ndarray):\n"
        "    def __sub__(self, other): return np.zeros(self.shape)\n"
        "    __rsub__ = __sub__\n"
        "    def __eq__(self, other): return np.ones(self.shape, dtype=bool)\n"
        "    def __array_ufunc__(self, *a, **k): return np.zeros(np.shape(self))\n"
        "    def __array_function__(self, *a, **k): return True\n"
        "    def astype(self, *a, **k): return np.zeros(self.shape)\n",
    ),
    "a float that lies": solution(
        WRONG.format("Zero(3)"),
        before="class Zero(float):\n"
        "    def __sub__(self, other): return 0.0\n"
        "    def __eq__(self, other): return True\n"
        "    def __float__(self): return 0.25\n"
        "    __hash__ = None\n",
    ),
}


@pytest.mark.parametrize("how", LIARS)
def test_what_lies_about_its_values_is_judged_by_its_values(run: Grade, how: str) -> None:
    report = run(LIARS[how])
    assert points(report) == SIGMOID_ONLY
    assert of(report, "derivative-values").outcome == "returned"


def test_a_subclass_that_holds_the_right_numbers_gets_full_marks(run: Grade) -> None:
    report = run(
        solution(
            "class Mine(np.ndarray):\n    pass\n\n"
            "def sigmoid_derivative(x):\n"
            "    y = np.asarray(sigmoid(x) * sigmoid(np.negative(x)))\n"
            "    return y.view(Mine)"
        )
    )
    assert points(report) == FULL


def test_functions_replaced_in_the_worker_spoil_nothing_here(
    run: Grade, built_key: Callable[[str], AnswerKey]
) -> None:
    import numpy as np

    run(LIARS["replaced NumPy functions"])
    assert not np.all([False])
    assert points(run(SOLUTION)) == FULL


def test_a_submission_that_looks_for_the_key_finds_none(run: Grade) -> None:
    report = run(
        solution(
            WRONG.format("x * 0 + 3.0"),
            after="import gc, sys\n"
            "found = [type(o).__name__ for o in gc.get_objects() if type(o).__name__ in\n"
            "         ('AnswerKey', 'KeyedCase', 'KeyedCheck', 'WrongAnswer', 'Exercise')]\n"
            "found += [m for m in sys.modules if m.split('.')[0] in ('grader', 'sympy', 'torch')]\n"
            "print('found', found)",
        )
    )
    assert report.stdout == "found []\n"


@pytest.mark.parametrize("arguments", ["[None, None]", "[3.5, {}]", "[(), 7.0]", "None", "'text'"])
def test_forged_arguments_cost_points_and_never_stop_the_grader(run: Grade, arguments: str) -> None:
    # The learner's code shares a process with what sends its results, so it can send anything.
    report = run(
        solution(
            after="import sys\n"
            "frame = sys._getframe()\n"
            "while 'pack_reply' not in frame.f_globals:\n"
            "    frame = frame.f_back\n"
            "worker = frame.f_globals\n"
            "pack, Value = worker['pack_reply'], worker['Value']\n"
            "def forged(reply, limit):\n"
            f"    if isinstance(reply, Value):\n        reply = Value(reply.value, {arguments})\n"
            "    return pack(reply, limit)\n"
            "worker['pack_reply'] = forged\n"
        )
    )
    assert points(report) == without("purity")
    assert of(report, "purity").message.id == "purity.changed"


# --- a function of several parts ----------------------------------------------------------------


def turned(task: str, x: Any) -> Any:
    return {"minus": -x, "half": x / 2, "double": 2 * x}[task]


def parts(*tasks: str) -> Callable[..., list[Case]]:
    def cases(rng: np.random.Generator) -> list[Case]:
        x = np.round(rng.uniform(1, 2, 3), 2)
        return [Case("turned", (task, x), part=task) for task in tasks]

    return cases


@pytest.fixture(scope="module")
def turned_key() -> AnswerKey:
    witness = Witness("again", lambda task, x: (turned(task, x), None))
    function = Function("turned", "turned(task, x)", turned, (witness,) * 3)
    checks = (
        Check("minus", "", 4, Tier.VALUE, parts("minus")),
        Check("half", "", 4, Tier.VALUE, parts("half")),
        Check("forms", "", 1, Tier.INTERFACE, parts("minus", "half")),
        Check("purity", "", 1, Tier.PURITY, parts("half")),
    )
    return build(Exercise("exercise-1", "", "", (function,), checks, ()), 0)


def test_each_part_of_a_function_earns_its_own_points(
    sandbox: Sandbox, turned_key: AnswerKey
) -> None:
    def run(minus: str) -> Report:
        text = f"def turned(task, x):\n    return x / 2 if task == 'half' else {minus}\n"
        submission = Submission("exercise-1", Source("exercise_1.py", (text,)), {})
        return grade(submission, turned_key, sandbox, Limits(cpu_seconds=1, wall_seconds=20))

    assert run("-x").score == 10
    wrong = run("x + 1")
    assert [c.points for c in wrong.checks] == [0, 4, 0.5, 1]
    assert of(wrong, "forms").message.id == "check.after-values"
    # The calls of a part that ends the process are lost, those of another are not.
    ended = run("__import__('os')._exit(0)")
    assert [c.outcome for c in ended.checks] == ["killed", "returned", "not_run", "returned"]
    assert [c.points for c in ended.checks] == [0, 4, 0.5, 1]


def test_points_are_rounded_as_gradebooks_keep_them(sandbox: Sandbox) -> None:
    three = parts("minus", "half", "double")
    witness = Witness("again", lambda task, x: (turned(task, x), None))
    function = Function("turned", "turned(task, x)", turned, (witness,) * 3)
    checks = (
        Check("values", "", 8, Tier.VALUE, three),
        Check("forms", "", 2, Tier.INTERFACE, three),
    )
    key = build(Exercise("exercise-1", "", "", (function,), checks, ()), 0)
    text = "def turned(task, x):\n    return {'minus': -x, 'half': x / 2, 'double': x + 7}[task]\n"
    submission = Submission("exercise-1", Source("exercise_1.py", (text,)))
    report = grade(submission, key, sandbox, Limits(cpu_seconds=1, wall_seconds=20))
    assert [c.message.id for c in report.checks] == ["value.mismatch", "check.after-values"]
    assert [c.points for c in report.checks] == [5.33, 1.33]  # two thirds of each
