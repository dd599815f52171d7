"""What a learner sees: a report in, lines for a terminal out.

Plain styles rather than rich: a report is the one thing that is waited for twenty times an
evening, and importing rich takes longer than grading.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

import typer

from grader.model import CheckResult, Evidence, Report
from grader.progress import Standing
from grader.reports.words import catalogue, place_in_result, render
from grader.sandbox.inert import inert

_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "yellow")}
_ASCII = {"✓": "+", "✗": "x", "–": "-"}
_MESSAGE_CHARACTERS = 600
_STDOUT_LINES = 12
VISIBLE = 1e-4
"""A tolerance that is more than rounding belongs to what is expected."""
TOLD_ONCE = ("load.failed", "check.after-values", "outcome.no-gpu", "outcome.out-of-reach")
"""What befalls many checks for one reason."""


def lines(
    report: Report, path: str, *, width: int, after: str | None, ascii_only: bool = False
) -> Iterator[str]:
    """The report at the given width, styled; `after` is the id of the exercise to do next."""
    words = catalogue()
    yield ""
    yield from _styled(f"{report.exercise} · {report.title}", width, bold=True)
    yield from _styled(inert(path), width, dim=True)
    yield ""
    said = set()
    for check in report.checks:
        yield _headline(check, width, ascii_only)
        # Part of the points wants a reason every time.
        if check.status == "passed" or (check.message.id in said and not check.points):
            continue
        if check.message.id in TOLD_ONCE:
            said.add(check.message.id)
        yield from _explanation(check, render(check.message), width)
    if report.stdout.strip():
        yield from _printed(report.stdout, words, width)
    yield ""
    score = f"{words['report.score']} {_points(report.score)} / {_points(report.max_score)}"
    full = report.status == "passed"
    yield typer.style(score, bold=True, fg="green" if full else None)
    if full and after:
        yield from _styled(words["report.next"].format(exercise=after), width)
    elif not full:
        yield from _styled(words["report.hint"].format(exercise=report.exercise), width)


def _styled(text: str, width: int, **style: bool) -> Iterator[str]:
    yield from (typer.style(line, **style) for line in textwrap.wrap(text, width))


def _headline(check: CheckResult, width: int, ascii_only: bool) -> str:
    mark, colour = _MARKS[check.status]
    mark = _ASCII[mark] if ascii_only else mark
    points = f"{_points(check.points)} / {_points(check.max_points)}"
    if not check.max_points:
        points = catalogue()["report.no-points"]
    room = width - len(points) - 6
    title = _clipped(check.title, room)
    return f"  {typer.style(mark, fg=colour)} {title:<{room}}  {points}"


def _clipped(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _explanation(check: CheckResult, feedback: str, width: int) -> Iterator[str]:
    if len(feedback) > _MESSAGE_CHARACTERS:
        feedback = feedback[:_MESSAGE_CHARACTERS] + "…"
    for paragraph in feedback.split("\n"):
        if paragraph.startswith("    "):  # a line of the learner's file, or a caret
            yield typer.style(_clipped("    " + inert(paragraph), width), fg="cyan")
        else:
            yield from _wrapped(inert(paragraph), width)
    if check.evidence:
        yield from _evidence(check.evidence, width)
    if check.misconception:
        yield typer.style(f"      [{check.misconception}]", dim=True)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent="      ", subsequent_indent="      ", break_on_hyphens=False
    )


def _evidence(evidence: Evidence, width: int) -> Iterator[str]:
    words = catalogue()
    label = max(len(words[f"report.{name}"]) for name in ("call", "at", "expected", "got"))
    rows = [("call", inert(evidence.call))]
    if evidence.expected is not None:
        if evidence.at:
            rows.append(("at", place_in_result(evidence.at)))
        expected = number(evidence.expected)
        if evidence.tolerance and evidence.tolerance > VISIBLE:  # at a kink, say
            expected += f" ± {evidence.tolerance:.2g}"
        rows.append(("expected", expected))
        rows.append(("got", number(evidence.got)))
    for name, text in rows:
        hanging = " " * (label + 8)
        first = f"      {words[f'report.{name}']:<{label}}  "
        wrapped = textwrap.wrap(
            text, width, initial_indent=first, subsequent_indent=hanging, break_on_hyphens=False
        )
        yield from (typer.style(line, dim=True) for line in wrapped)


def _printed(stdout: str, words: dict[str, str], width: int) -> Iterator[str]:
    yield ""
    yield words["report.printed"]
    shown = inert(stdout.rstrip()).split("\n")
    for line in shown[:_STDOUT_LINES]:
        yield typer.style(_clipped("  " + line, width), dim=True)
    if len(shown) > _STDOUT_LINES:
        more = words["report.printed-more"].format(lines=len(shown) - _STDOUT_LINES)
        yield typer.style(f"  {more}", dim=True)


def number(x: float) -> str:
    """Every digit that float64 has, and no more."""
    return repr(float(x)) if not math.isnan(x) else "nan"


def hint(number: int, text: str, width: int) -> list[str]:
    """The lines of one hint."""
    return textwrap.wrap(
        f"{number}. {text}", width, subsequent_indent="   ", break_on_hyphens=False
    )


def _points(x: float) -> str:
    return f"{x:g}"


def standings(titles: dict[str, str], known: dict[str, Standing]) -> Iterator[str]:
    """Every exercise with its best score, and which is next."""
    following = None
    for exercise, title in titles.items():
        best = known.get(exercise)
        if best is None or best.score is None or best.max_score is None:
            mark, points = " ", ""
        else:
            full = best.score >= best.max_score
            mark = typer.style("✓", fg="green") if full else typer.style("·", fg="yellow")
            points = f"{_points(best.score)} / {_points(best.max_score)}"
        if following is None and not (best and best.score and best.score == best.max_score):
            following = exercise
        yield f"{mark} {exercise:<12} {points:>9}  {title}"
    yield ""
    if following:
        yield catalogue()["report.next"].format(exercise=following)
