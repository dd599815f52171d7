"""The curriculum proves itself: exercises and seeds in, findings out.

For every exercise and seed: the key is built anew and its witnesses agree, the worked answer
scores full marks, the stub scores nothing without being called an error, and every file in
tests/submissions gets what its first lines expect:

    # expect: passed                       full marks
    # expect: purity.changed, some-id      not full marks; each id (of a misconception, a
                                           message or an outcome) occurs in the report
    # score: 7.5                           (if there) the exact score
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader import curriculum, submission
from grader.model import GraderError, Message, Report, UsageError
from grader.sandbox.supervisor import Limits, Sandbox

PUBLIC_SEED = 0
_LIMITS = Limits(cpu_seconds=2.0, wall_seconds=20.0)
_OUTCOMES = (
    *("timed_out", "out_of_memory", "killed", "outcome.timed-out", "outcome.killed"),
    "cuda.",  # sizes and launches are the same for every seed
)
"""These do not depend on the seed and take their time: they are asked for once."""
_NOT_WRITTEN = {"outcome.not-written", "check.after-values"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the first lines of a submission in tests/submissions promise."""

    ids: frozenset[str]
    score: float | None

    @property
    def is_right(self) -> bool:
        return self.ids == {"passed"}

    @property
    def once(self) -> bool:
        return any(id_.startswith(_OUTCOMES) for id_ in self.ids)


@dataclass(frozen=True, slots=True)
class Finding:
    """How one exercise fared with one seed, or with all of them added up."""

    exercise: str
    seeds: int = 0
    right: int = 0
    wrong: int = 0
    named: int = 0
    """Misconceptions of the catalogue that some wrong submission shows."""
    misconceptions: int = 0
    problems: tuple[str, ...] = ()
    skipped: Message | None = None
    """Why no submission was run: a package is not installed."""

    @property
    def holds(self) -> bool:
        return not self.problems and not self.skipped


def repository() -> Path:
    """The root of the course. Raises UsageError where there is none."""
    for root in (Path(__file__).parents[1], Path()):
        if (root / "solutions").is_dir() and (root / "tests" / "submissions").is_dir():
            return root
    raise UsageError(Message("usage.no-course"))


def random_seeds(count: int) -> list[int]:
    """The first `count` of a fixed sequence, so that a failure can be repeated."""
    return [int(s) for s in np.random.default_rng(20260821).integers(1, 2**32, count)]


def verify(
    root: Path,
    exercises: Sequence[str],
    seeds: int,
    workers: int,
    *,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda results, _: results,
) -> list[Finding]:
    """One finding for each exercise, over the public seed and `seeds` random ones."""
    tasks = [(root, e, s) for s in [PUBLIC_SEED, *random_seeds(seeds)] for e in exercises]
    found = {e: _completeness(root, e) for e in exercises}
    # Spawned, not forked: a fork of a process with torch's threads in it may hang. The
    # learners' files run in the sandbox of each process, never in the process itself.
    context = multiprocessing.get_context("spawn")
    size = min(workers, len(tasks))
    started = context.Value("i", 0)
    with ProcessPoolExecutor(
        size, mp_context=context, initializer=_start, initargs=(started, size)
    ) as pool:
        futures = [pool.submit(_verify_one, *task) for task in tasks]
        for future in progress(as_completed(futures), len(tasks)):
            one: Finding = future.result()
            found[one.exercise] = _add(found[one.exercise], one)
    return [found[e] for e in exercises]


def _add(a: Finding, b: Finding) -> Finding:
    return replace(
        a,
        seeds=a.seeds + b.seeds,
        right=max(a.right, b.right),
        wrong=max(a.wrong, b.wrong),
        problems=a.problems + b.problems,
        skipped=a.skipped or b.skipped,
    )


# --- what is there ------------------------------------------------------------------------------


def _files(root: Path, exercise: str) -> Iterator[tuple[str, Path]]:
    """(name, file) of every submission in tests/submissions; a folder is one submission."""
    name = curriculum.module_name(exercise)
    folder = root / "tests" / "submissions" / name
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir() and path.name != "__pycache__":
            yield path.name, submission.find(exercise, path)
        elif path.suffix in (".py", ".ipynb"):
            yield path.name, path


def expectation(path: Path) -> Expectation:
    """The promise in the first lines of `path`. Raises GraderError where there is none."""
    text = path.read_text(encoding="utf-8", errors="replace")
    expect = re.search(r"# expect: *([^\"\n\\]+)", text[:2000])
    if not expect:
        raise GraderError(f"{path} does not say what to expect of it (`# expect: ...`)")
    score = re.search(r"# score: *([0-9.]+)", text[:2000])
    ids = frozenset(id_.strip() for id_ in expect[1].split(",") if id_.strip())
    return Expectation(ids, float(score[1]) if score else None)


def _completeness(root: Path, exercise: str) -> Finding:
    """What does not depend on a seed: every file is there, every misconception is shown."""
    try:
        return _complete(root, exercise)
    except Exception as error:
        problem = f"{exercise}: {type(error).__name__}: {error}"
        return Finding(exercise, problems=(problem,))


def _complete(root: Path, exercise: str) -> Finding:
    declared = curriculum.load(exercise)
    name = curriculum.module_name(exercise)
    problems = [
        f"{path.relative_to(root)} is missing"
        for path in (root / "exercises" / f"{name}.py", root / "solutions" / f"{name}.py")
        if not path.is_file()
    ]
    expected: set[str] = set()
    for _, path in _files(root, exercise):
        expected |= expectation(path).ids
    catalogue = [m.id for f in declared.functions for m in f.misconceptions]
    missing = [id_ for id_ in catalogue if id_ not in expected]
    problems += [f"no submission shows the misconception {id_}" for id_ in missing]
    if abs(sum(check.points for check in declared.checks) - 10) > 1e-9:
        problems.append("the points do not sum to 10")
    paid = [check.id for check in declared.checks if check.on_gpu and check.points]
    problems += [f"check {id_} needs a GPU and is worth points" for id_ in paid]
    if not declared.hints:
        problems.append("there are no hints")
    stub = root / "exercises" / f"{name}.py"
    statement = stub.read_text(encoding="utf-8") if stub.is_file() else ""
    for earlier in declared.builds_on:
        if earlier not in curriculum.ids():
            problems.append(f"it builds on {earlier}, which there is not")
        if not re.search(rf"It builds on [^.]*\b{earlier}\b", statement):
            problems.append(f"the statement does not say that it builds on {earlier}")
    return Finding(
        exercise,
        named=len(catalogue) - len(missing),
        misconceptions=len(catalogue),
        problems=tuple(f"{exercise}: {p}" for p in problems),
    )


# --- one exercise, one seed, in a process of its own ---------------------------------------------


def _start(started: Any, size: int) -> None:
    """Of a process of the pool: one whose parent is killed would wait for work for ever. Where
    there are cores enough, it and its sandbox take turns on one: a tenth faster than on two."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        cores = sorted(os.sched_getaffinity(0))
        with started.get_lock():
            number, started.value = started.value, started.value + 1
        if size <= len(cores):
            os.sched_setaffinity(0, {cores[number % len(cores)]})


_sandboxes: dict[tuple[str, ...], Sandbox] = {}
"""One for each set of packages, for the life of a verifying process."""


def _verify_one(root: Path, exercise: str, seed: int) -> Finding:
    """What goes wrong in an exercise is a problem of that exercise: the others go on."""
    try:
        return _held(root, exercise, seed)
    except Exception as error:
        problem = f"{exercise}, seed {seed}: {type(error).__name__}: {error}"
        return Finding(exercise, problems=(problem,))


def _held(root: Path, exercise: str, seed: int) -> Finding:
    from grader.build_key import build
    from grader.grade import grade

    key = build(curriculum.load(exercise), seed)
    if key.packages not in _sandboxes:
        try:
            _sandboxes[key.packages] = Sandbox.launch(key.packages)
        except UsageError as error:  # the key holds, at least
            return Finding(exercise, seeds=1, skipped=error.message)
    sandbox = _sandboxes[key.packages]

    def graded(path: Path) -> Report:
        return grade(submission.read(path, exercise), key, sandbox, _LIMITS)

    name = curriculum.module_name(exercise)
    problems: list[str] = []
    right = wrong = 0

    def hold(what: str, problem: str | None) -> bool:
        if problem:
            problems.append(f"{exercise}, {what}, seed {seed}: {problem}")
        return problem is None

    hold("worked answer", _not_passed(graded(root / "solutions" / f"{name}.py")))
    hold("stub", _not_untouched(graded(root / "exercises" / f"{name}.py")))
    for file, path in _files(root, exercise):
        expected = expectation(path)
        if expected.once and seed != PUBLIC_SEED:
            continue
        fine = hold(file, _unexpected(graded(path), expected))
        right += fine and expected.is_right
        wrong += fine and not expected.is_right
    return Finding(exercise, 1, right, wrong, problems=tuple(problems))


def _not_passed(report: Report) -> str | None:
    failed = [
        f"{c.id} ({c.misconception or c.message.id})" for c in report.checks if c.status == "failed"
    ]
    return f"not full marks: {', '.join(failed)}" if failed else None


def _not_untouched(report: Report) -> str | None:
    if report.score:
        return f"scores {report.score:g}"
    other = {c.message.id for c in report.checks if c.status == "failed"} - _NOT_WRITTEN
    return f"is called {', '.join(sorted(other))}" if other else None


def _unexpected(report: Report, expected: Expectation) -> str | None:
    """Why the report is not what was expected, or None."""
    if expected.is_right:
        return _not_passed(report)
    if report.status == "passed":
        return "full marks for a wrong answer"
    failed = [c for c in report.checks if c.status == "failed"]
    seen = {c.outcome for c in failed} | {c.message.id for c in failed}
    seen |= {c.misconception for c in failed if c.misconception}
    if missing := expected.ids - seen:
        return f"expected {', '.join(sorted(missing))}; found {', '.join(sorted(seen))}"
    if expected.score is not None and abs(report.score - expected.score) > 1e-9:
        return f"expected a score of {expected.score:g}; found {report.score:g}"
    return None
