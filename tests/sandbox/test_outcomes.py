"""Every kind of outcome, from real processes."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import numpy as np
import pytest

from grader.model import (
    Killed,
    Missing,
    NotRun,
    Opaque,
    OutOfMemory,
    Raised,
    Returned,
    TimedOut,
)
from grader.sandbox.supervisor import Limits

from .conftest import QUICK, Run

DOUBLE = "def f(x):\n    return 2 * x\n"
X = np.arange(3.0)


def test_a_call_returns_data_and_the_arguments(run: Run) -> None:
    execution = run("def f(x, n):\n    x[0] = n\n    return x + 1, {'n': n}", ("f", X, 7))
    (outcome,) = execution.outcomes
    assert isinstance(outcome, Returned)
    total, named = outcome.value
    args, kwargs = outcome.arguments
    assert total.tolist() == [8, 2, 3] and named == {"n": np.array(7)}
    assert args[0].tolist() == [7, 1, 2] and args[1] == 7 and kwargs == {}
    assert execution.load is None
    assert execution.isolation[:2] == ("level-2", "process")


def test_arguments_are_fresh_for_every_call(run: Run) -> None:
    execution = run("def f(x):\n    x += 1\n    return x", "f", "f")
    assert [outcome.value.tolist() for outcome in execution.outcomes] == [[1, 2, 3]] * 2


def test_arguments_have_the_memory_layout_they_were_packed_with(run: Run) -> None:
    square = np.arange(16.0).reshape(4, 4)
    source = "def f(x):\n    return x.flags.c_contiguous, x.flags.f_contiguous, x.strides[0] < 0"
    views = [square, square.T, square[::-1], square[::2]]
    execution = run(source, *[("f", view) for view in views])
    found = [tuple(map(bool, outcome.value)) for outcome in execution.outcomes]
    assert found == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (False, False, False),
    ]


@pytest.mark.parametrize(
    ("source", "raised"),
    [
        (
            "def f(x):\n    y = 1\n    return x + undefined",
            Raised("NameError", "name 'undefined' is not defined", "exercise_1.py", 3),
        ),
        (
            "def f(x):\n    return g(x)\n\n\ndef g(x):\n    raise KeyError('a')",
            Raised("KeyError", "'a'", "exercise_1.py", 6),
        ),
        (
            "import numpy as np\ndef f(x):\n    return np.dot(x, np.ones(4))",
            Raised(
                "ValueError",
                "shapes (3,) and (4,) not aligned: 3 (dim 0) != 4 (dim 0)",
                "exercise_1.py",
                3,
            ),
        ),
        (
            "def f(x):\n    return eval('1 +')",
            Raised("SyntaxError", "invalid syntax (<string>, line 1)", "exercise_1.py", 2),
        ),
        (
            "def f(x):\n    import sys\n    sys.exit(0)",
            Raised("SystemExit", "0", "exercise_1.py", 3),
        ),
        ("def f(x):\n    exit()", Raised("SystemExit", "None", "exercise_1.py", 2)),
        (
            "def f(x):\n    raise KeyboardInterrupt",
            Raised("KeyboardInterrupt", "", "exercise_1.py", 2),
        ),
        ("def f(x):\n    raise GeneratorExit", Raised("GeneratorExit", "", "exercise_1.py", 2)),
        (
            "def f(x):\n    return input('name? ')",
            Raised("EOFError", "EOF when reading a line", "exercise_1.py", 2),
        ),
        (
            "def f(x):\n    return f(x)",
            Raised("RecursionError", "maximum recursion depth exceeded", "exercise_1.py", 2),
        ),
        ("f = 3.0", Raised("TypeError", "'float' object is not callable")),
        ("def f(): pass", Raised("TypeError", "f() takes 0 positional arguments but 1 was given")),
        (
            "def f(x):\n    open('log.txt', 'w')",
            Raised(
                "PermissionError", "[Errno 13] Permission denied: 'log.txt'", "exercise_1.py", 2
            ),
        ),
        (
            "class E(Exception):\n    def __str__(self): raise self\ndef f(x):\n    raise E",
            Raised("E", "(its message could not be shown)", "exercise_1.py", 4),
        ),
        (
            "class E(Exception):\n    def __str__(self): return 1\ndef f(x):\n    raise E",
            Raised("E", "(its message could not be shown)", "exercise_1.py", 4),
        ),
        (
            "class E(Exception):\n    __traceback__ = 1\ndef f(x):\n    raise E",
            Raised("E", "", "exercise_1.py", 4),
        ),
        (
            "def f(x):\n    raise type('\\x1b[31m\\u202eE', (Exception,), {})('\\x07<b>\\ud800')",
            Raised("\\x1b[31m\\u202eE", "\\x07<b>\\ud800", "exercise_1.py", 2),
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Raised) else "",
)
def test_an_exception_is_told_with_the_learner_s_own_line(
    run: Run, source: str, raised: Raised
) -> None:
    (outcome,) = run(source).outcomes
    assert outcome == raised


def test_a_message_without_end_is_cut(run: Run) -> None:
    (outcome,) = run("def f(x):\n    raise ValueError('A' * (50 << 20))").outcomes
    assert isinstance(outcome, Raised) and len(outcome.message) == 2000


def test_a_function_that_is_not_there_is_missing(run: Run) -> None:
    source = "import numpy as np\nfrom math import exp\nclass C: pass\ndef g(x): pass\ny = 1\nh = lambda x: x\n"
    assert run(source).outcomes == (Missing("f", ("C", "g", "h")),)


@pytest.mark.parametrize(
    ("source", "load"),
    [
        ("x = 1\ny = = 2\n", Raised("SyntaxError", "invalid syntax", "exercise_1.py", 2, 1, 5)),
        (
            "def f(x):\nreturn x",
            Raised(
                "IndentationError",
                "expected an indented block after function definition on line 1",
                "exercise_1.py",
                2,
                1,
                1,
            ),
        ),
        ("\nassert 1 == 2, 'no'", Raised("AssertionError", "no", "exercise_1.py", 2)),
        ("import sys\nsys.exit()", Raised("SystemExit", "", "exercise_1.py", 2)),
        (
            "x = '\ud800'",
            Raised(
                "UnicodeEncodeError",
                "'utf-8' codec can't encode character '\\ud800' in position 5: surrogates not allowed",
            ),
        ),
        ("import os\nos._exit(0)", Killed("exited", "0")),
        ("while True: pass", TimedOut(1)),
        ("x = bytearray(1 << 40)", OutOfMemory(256)),
        (
            "import nonesuch",
            Raised("ModuleNotFoundError", "No module named 'nonesuch'", "exercise_1.py", 1),
        ),
    ],
)
def test_a_file_that_does_not_load_says_why(run: Run, source: str, load: Raised) -> None:
    execution = run(source, "f", "g")
    assert execution.load == load
    assert execution.outcomes == (NotRun(load), NotRun(load))


def test_code_under_main_does_not_run(run: Run) -> None:
    execution = run(DOUBLE + "print(__name__)\nif __name__ == '__main__':\n    raise SystemExit\n")
    assert execution.load is None and execution.stdout == "exercise_1\n"


# --- ends of the process -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("while True: pass", TimedOut(1)),
        ("sum(iter(int, 1))", TimedOut(1)),
        ("os._exit(0)", Killed("exited", "0")),
        ("os.kill(os.getpid(), 11)", Killed("signal", "SIGSEGV")),
        ("ctypes.string_at(0)", Killed("signal", "SIGSEGV")),
        ("os.abort()", Killed("signal", "SIGABRT")),
        ("print('A' * (100 << 20))", Killed("output")),
        ("while True: print('A' * 1000)", Killed("output")),
        ("os.write(4, b'A' * 5000)", Killed("protocol", "magic")),
        ("os.close(4)", Killed("exited", "70")),
    ],
)
def test_the_end_of_the_process_is_the_outcome_of_the_call(
    run: Run, body: str, outcome: TimedOut
) -> None:
    source = f"import os, ctypes\ndef f(x):\n    {body}\ndef g(x): return x\n"
    execution = run(source, "g", "f", "f", "g", "f")
    first, *rest = execution.outcomes
    assert isinstance(first, Returned)
    # The other calls of f do not run; g goes on in a fresh process.
    assert isinstance(rest[2], Returned)
    assert [rest[0], rest[1], rest[3]] == [outcome, NotRun(outcome), NotRun(outcome)]
    assert execution.load is None


def test_waiting_is_ended_by_the_clock(run: Run) -> None:
    limits = Limits(cpu_seconds=1, wall_seconds=0.4, memory_mb=256)
    source = "import time\ndef f(x): time.sleep(1e6)\ndef g(x): return x\n"
    execution = run(source, "f", "f", "g", limits=limits)
    slept, skipped, returned = execution.outcomes
    assert isinstance(slept, TimedOut) and slept.seconds == pytest.approx(0.4, abs=0.05)
    assert skipped == NotRun(slept) and isinstance(returned, Returned)
    assert execution.seconds < 5


def test_many_functions_that_hang_do_not_add_up(run: Run) -> None:
    limits = Limits(cpu_seconds=1, wall_seconds=0.3, memory_mb=256)
    names = [f"f{index}" for index in range(20)]
    source = "import time\n" + "".join(f"def {name}(x): time.sleep(9)\n" for name in names)
    execution = run(source, *names, limits=limits)
    assert execution.seconds < 5 and execution.load is None
    assert isinstance(execution.outcomes[0], TimedOut)
    assert isinstance(execution.outcomes[-1], NotRun)


def test_a_file_that_does_not_load_a_second_time(run: Run) -> None:
    """Answers that came before stay."""
    source = (
        "import os, time\n"
        "if int(time.time() * 2) % 2 == (os.getppid() and 1):\n    pass\n"
        "def f(x): os._exit(3)\ndef g(x): return x\n"
    )
    execution = run(source, "g", "f", "g")
    assert isinstance(execution.outcomes[0], Returned)
    assert execution.outcomes[1] == Killed("exited", "3")


@pytest.mark.parametrize(
    "body", ["np.ones(1 << 33)", "[bytearray(1 << 20) for _ in range(10**6)]", "'x' * (1 << 40)"]
)
def test_memory_runs_out_without_the_process(run: Run, body: str) -> None:
    source = f"import numpy as np\ndef f(x):\n    return {body}\ndef g(x): return x\n"
    exhausted, returned = run(source, "f", "g").outcomes
    assert exhausted == OutOfMemory(256)
    assert isinstance(returned, Returned)


# --- values --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(v for v in x)", Opaque("generator")),
        ("object()", Opaque("object")),
        ("f", Opaque("function")),
        ("np.zeros(4 << 20)", Opaque("ndarray of shape (4194304,), too large to send")),
        ("None", None),
        ("'yes\\x1b[0m'", "yes\\x1b[0m"),
    ],
)
def test_what_is_not_data_is_named(run: Run, expression: str, value: object) -> None:
    (outcome,) = run(f"import numpy as np\ndef f(x):\n    return {expression}").outcomes
    assert isinstance(outcome, Returned) and outcome.value == value


def test_an_object_that_equals_everything_is_opaque(run: Run) -> None:
    source = """
class Yes:
    def __eq__(self, other): return True
    def __array__(self, *_): return [0.0]
    def __float__(self): return 0.0
    def __reduce__(self): return (print, ('pickled',))
def f(x): return Yes()
"""
    execution = run(source)
    assert execution.outcomes[0].value == Opaque("Yes") and execution.stdout == ""  # type: ignore[union-attr]


def test_replaced_functions_of_numpy_and_python_change_nothing(run: Run) -> None:
    source = """
import json, os, struct
import numpy as np
np.asarray = np.frombuffer = np.zeros = np.ndarray = np.allclose = lambda *a, **k: 42
json.dumps = json.loads = struct.pack = os.write = os.read = lambda *a, **k: b'{"passed": true}'
def f(x): return x * 2
"""
    assert run(source).outcomes[0].value.tolist() == [0, 2, 4]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["len", "isinstance", "type", "str", "list", "open", "print"])
def test_replaced_builtins_harm_nobody_else(run: Run, name: str) -> None:
    source = f"import builtins\nbuiltins.{name} = lambda *a, **k: 0\n"
    execution = run(source + "def f(x): return x * 2", limits=QUICK)
    outcome = execution.outcomes[0]
    assert not isinstance(outcome, Returned) or outcome.value.tolist() == [0, 2, 4]
    assert run(DOUBLE).outcomes[0].value.tolist() == [0, 2, 4]  # type: ignore[union-attr]


def test_a_printed_result_is_text(run: Run) -> None:
    execution = run('def f(x):\n    print(\'{"score": 100, "passed": true}\')')
    assert execution.outcomes[0].value is None  # type: ignore[union-attr]
    assert execution.stdout == '{"score": 100, "passed": true}\n'


# --- printing ------------------------------------------------------------------------------


def test_what_is_printed_is_kept_and_made_harmless(run: Run) -> None:
    source = "import sys\nprint('\\x1b[2Jhallo\\r\\n안녕', file=sys.stderr)\ndef f(x):\n    print('in f', end='')\n"
    assert run(source).stdout == "\\x1b[2Jhallo\n안녕\nin f"


def test_much_that_is_printed_is_cut(run: Run) -> None:
    execution = run("def f(x):\n    print('a' * 100_000)")
    assert isinstance(execution.outcomes[0], Returned)
    assert len(execution.stdout) == 64 * 1024


def test_loading_again_prints_nothing_again(run: Run) -> None:
    source = "import os\nprint('loaded')\ndef f(x): os._exit(1)\ndef g(x): print('g')\n"
    assert run(source, "f", "g").stdout == "loaded\ng\n"


def test_warnings_neither_raise_nor_print(run: Run) -> None:
    source = "import numpy as np, warnings\nwarnings.warn('w')\ndef f(x): return x / 0, np.log(-x)"
    execution = run(source)
    assert isinstance(execution.outcomes[0], Returned) and execution.stdout == ""


def test_random_numbers_are_the_same_in_every_run(run: Run) -> None:
    source = "import random\nimport numpy as np\ndef f(x): return random.random(), np.random.rand()"
    (first,), (second,) = run(source).outcomes, run(source).outcomes
    assert first.value == second.value  # type: ignore[union-attr]


# --- drivers -------------------------------------------------------------------------------


def test_a_driver_calls_the_function_its_own_way(run: Run) -> None:
    driver = """
def drive(function, x):
    import numpy as np
    total = np.zeros_like(x)
    for _ in range(3):
        total += function(x)
    return total
"""
    execution = run(DOUBLE, drivers={"drive": driver})
    assert execution.outcomes[0].value.tolist() == [0, 6, 12]  # type: ignore[union-attr]


def test_an_error_under_a_driver_has_the_learner_s_line(run: Run) -> None:
    driver = "def drive(function, x):\n    return function(x)['a']\n"
    (raised,) = run("def f(x):\n    return x.nonesuch", drivers={"drive": driver}).outcomes
    assert isinstance(raised, Raised) and raised.line == 2
    (raised,) = run("def f(x):\n    return {}", drivers={"drive": driver}).outcomes
    assert raised == Raised("KeyError", "'a'")
