"""`grade verify` fails on a broken course: one planted fault for every kind of problem."""

import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader import verify
from grader.model import Message, UsageError
from grader.reports import verification
from grader.verify import Finding

ROOT = Path(__file__).parents[1]
SOLUTION = (ROOT / "solutions" / "exercise_1.py").read_text(encoding="utf-8")
WRONG = SOLUTION.replace("sigmoid(x) * sigmoid(np.negative(x))", "x * (1 - x)")
assert WRONG != SOLUTION

Check = Callable[[], tuple[str, ...]]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course that holds, but for the misconceptions that nobody shows."""
    for folder in ("exercises", "solutions"):
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / folder / "exercise_1.py", tmp_path / folder)
    (tmp_path / "tests" / "submissions" / "exercise_1").mkdir(parents=True)
    return tmp_path


def add(course: Path, name: str, text: str) -> None:
    (course / "tests" / "submissions" / "exercise_1" / name).write_bytes(
        text.encode("latin-1", "replace")
    )


def held(course: Path) -> Finding:
    return verify._verify_one(course, "exercise-1", verify.PUBLIC_SEED)


def test_a_course_that_holds_has_no_problem(course: Path) -> None:
    add(course, "right.py", "# expect: passed\n" + ascii_only(SOLUTION))
    add(course, "wrong.py", "# expect: derivative-of-output\n# score: 4.75\n" + ascii_only(WRONG))
    found = held(course)
    assert found.problems == ()
    assert (found.seeds, found.right, found.wrong) == (1, 1, 1)


def ascii_only(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# expect: passed\n" + WRONG, "not full marks"),
        ("# expect: derivative-plus\n" + WRONG, "expected derivative-plus"),
        ("# expect: derivative-of-output\n# score: 5\n" + WRONG, "expected a score of 5"),
        ("# expect: derivative-of-output\n" + SOLUTION, "full marks for a wrong answer"),
        (WRONG, "does not say what to expect"),
        ("# expect: timed_out\n" + WRONG, "expected timed_out"),
        ("# expect: passed\n# \xe9\n", "submission.encoding"),
    ],
)
def test_a_submission_that_is_not_as_promised_is_a_problem(
    course: Path, text: str, says: str
) -> None:
    add(course, "planted.py", ascii_only(text) if "\xe9" not in text else text)
    [problem] = held(course).problems
    assert says in problem


def test_a_worked_answer_that_is_wrong_is_a_problem(course: Path) -> None:
    (course / "solutions" / "exercise_1.py").write_text(WRONG, encoding="utf-8")
    [problem] = held(course).problems
    assert "worked answer" in problem and "derivative-of-output" in problem


def test_a_stub_that_scores_is_a_problem(course: Path) -> None:
    (course / "exercises" / "exercise_1.py").write_text(WRONG, encoding="utf-8")
    [problem] = held(course).problems
    assert "stub" in problem and "scores 4.75" in problem


def test_a_stub_that_fails_is_a_problem(course: Path) -> None:
    (course / "exercises" / "exercise_1.py").write_text("1 / 0\n", encoding="utf-8")
    [problem] = held(course).problems
    assert "stub" in problem and "load.failed" in problem


def test_missing_files_and_unshown_misconceptions_are_problems_and_end_nothing(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(course, "wrong.py", "# expect: derivative-of-output\n" + ascii_only(WRONG))
    (course / "solutions" / "exercise_1.py").unlink()
    [found] = verify.verify(course, ["exercise-1"], 0, 1)
    assert any("solutions/exercise_1.py is missing" in problem for problem in found.problems)
    assert any("sigmoid-tanh" in problem for problem in found.problems)
    assert not any("misconception derivative-of-output" in p for p in found.problems)
    assert (found.named, found.holds) == (1, False)

    verification.table([found], 0)
    assert "FAILS" in capsys.readouterr().out
    verification.write_junit([found], tmp_path / "verify.xml")
    suite = ElementTree.parse(tmp_path / "verify.xml").getroot().find("testsuite")
    assert suite is not None and suite.get("failures") == "1"
    failure = suite.find("testcase/failure")
    assert failure is not None and "is missing" in str(failure.get("message"))


def test_a_check_that_most_machines_cannot_run_earns_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = verify.curriculum.load("exercise-1")
    first, *rest = declared.checks
    changed = replace(declared, checks=(replace(first, on_gpu=True), *rest))
    monkeypatch.setattr(verify.curriculum, "load", lambda _: changed)
    found = verify._completeness(course, "exercise-1")
    assert f"exercise-1: check {first.id} needs a GPU and is worth points" in found.problems


def test_seeds_are_the_same_every_time_and_differ() -> None:
    assert verify.random_seeds(5) == verify.random_seeds(20)[:5]
    assert len(set(verify.random_seeds(200))) == 200


def test_what_cannot_be_run_here_is_skipped_and_not_passed(
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    params = {"module": "numba_cuda", "extra": "cuda"}

    def absent(*_: object) -> None:
        raise UsageError(Message("usage.missing-extra", params))

    monkeypatch.setattr(verify, "_sandboxes", {})
    monkeypatch.setattr(verify.Sandbox, "launch", absent)
    add(course, "right.py", "# expect: passed\n" + ascii_only(SOLUTION))
    found = held(course)
    assert found.problems == () and found.right == 0
    assert found.skipped is not None and not found.holds
    verification.table([found, Finding("exercise-2", 1, 1, 1)], 0)
    out = capsys.readouterr().out
    assert "SKIPPED" in out and "pip install 'grade[cuda]'" in out and "holds" in out
    verification.write_junit([found], tmp_path / "verify.xml")
    [case] = ElementTree.parse(tmp_path / "verify.xml").iter("testcase")
    assert case.find("skipped") is not None and case.find("failure") is None
