"""What `grade verify` shows: findings in, a table and JUnit XML out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from grader.model import Message
from grader.reports.exports.whole import output
from grader.reports.words import render
from grader.verify import Finding


def progress() -> Callable[[Iterable[Any], int], Iterable[Any]]:
    """A bar on standard error; nothing where that is not a terminal."""
    from rich.progress import track

    console = Console(stderr=True)

    def follow(results: Iterable[Any], total: int) -> Iterable[Any]:
        if not console.is_terminal:
            return results
        return track(results, _say("progress"), total=total, console=console, transient=True)

    return follow


def table(findings: Sequence[Finding], seeds: int) -> None:
    """Prints a row for every exercise, then every problem in full."""
    console = Console(highlight=False)
    shown = Table(title=_say("title", seeds=seeds))
    shown.add_column(_say("exercise"))
    for column in ("keys", "right", "wrong", "mistakes"):
        shown.add_column(_say(column), justify="right")
    shown.add_column("")
    for f in findings:
        named = _say("named", named=f.named, misconceptions=f.misconceptions)
        row = (f.exercise, str(f.seeds), str(f.right), str(f.wrong), named)
        shown.add_row(*row, _status(f))
    console.print(shown)
    for f in findings:
        if f.skipped:
            console.print(f"{f.exercise}: {_reason(f.skipped)}", markup=False, soft_wrap=True)
    for finding in findings:
        for problem in finding.problems:
            console.print(problem, markup=False, soft_wrap=True)


def _status(finding: Finding) -> str:
    if finding.problems:
        return _say("fails")
    return _say("skipped" if finding.skipped else "holds")


def _reason(why: Message) -> str:
    return _say("why-skipped", cause=why)


def _say(sentence: str, **params: object) -> str:
    return render(Message(f"verify.{sentence}", params))


def write_junit(findings: Sequence[Finding], path: Path) -> None:
    """One test case for each exercise. Raises UsageError where it cannot be written."""
    from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

    suite = TestSuite("grade verify")
    for finding in findings:
        case = TestCase(finding.exercise, classname="grade.verify")
        if finding.problems:
            case.result = [Failure("\n".join(finding.problems))]
        elif finding.skipped:
            case.result = [Skipped(_reason(finding.skipped))]
        suite.add_testcase(case)
    xml = JUnitXml()
    xml.add_testsuite(suite)
    with output(path) as file:
        xml.write(file, pretty=True)
