"""What was recognised in a download, before anything is graded: an `Intake` in, lines out."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator

from grader.intake import Found, Intake, Unrecognised
from grader.model import Message
from grader.reports.words import catalogue, render
from grader.sandbox.inert import inert

_NAMED = 10
"""Of each reason, and of the missing: who wants all of them takes `everything`."""


def lines(read: Intake, *, everything: bool = False) -> Iterator[str]:
    """The same in plain text: a summary, a line for each exercise, who is missing, and what was
    not recognised, by reason. Names are inert; lines are as long as they are."""
    yield _summary(read)
    for row in _rows(read.found):
        yield f"  {row}"
    yield from _rest(read, everything)


def show(read: Intake, *, everything: bool = False) -> None:
    """Prints it, the exercises as a table where standard output is a terminal."""
    if not sys.stdout.isatty():
        for line in lines(read, everything=everything):
            print(line)
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    console.print(_summary(read))
    if read.found:
        table = Table()
        words = catalogue()
        table.add_column(words["intake-report.exercise"])
        for column in ("students", "attempts", "late"):
            table.add_column(words[f"intake-report.{column}"], justify="right")
        for _, *counts in _counts(read.found):
            table.add_row(*map(str, counts))
        console.print(table)
    for line in _rest(read, everything):
        console.print(line, soft_wrap=True)


def _summary(read: Intake) -> str:
    return _say(
        "summary",
        layout=read.layout,
        attempts=len(read.found),
        students=len({found.student.id for found in read.found}),
    )


def _counts(found: tuple[Found, ...]) -> list[tuple[int, str, int, int, int]]:
    """For each exercise: its number, itself, students, attempts, how many of them late."""
    of: defaultdict[str, list[Found]] = defaultdict(list)
    for one in found:
        of[one.attempt.exercise].append(one)
    return sorted(
        (
            int(exercise.rpartition("-")[2]) if exercise[-1].isdigit() else 0,
            exercise,
            len({one.student.id for one in ones}),
            len(ones),
            sum(one.attempt.late is True for one in ones),
        )
        for exercise, ones in of.items()
    )


def _rows(found: tuple[Found, ...]) -> Iterator[str]:
    counts = _counts(found)
    width = max((len(exercise) for _, exercise, *_ in counts), default=0)
    for _, exercise, students, attempts, late in counts:
        row = _say("of-exercise", students=students, attempts=attempts)
        yield f"{exercise:<{width}}  {row}" + (_say("of-them-late", late=late) if late else "")


def _rest(read: Intake, everything: bool) -> Iterator[str]:
    if read.missing:
        yield ""
        yield _say("missing", count=len(read.missing))
        names = [inert(f"{s.id}  {s.name}".strip(), 200) for s in read.missing]
        yield from _cut([f"  {' '.join(name.split())}" for name in names], everything)
    if read.unrecognised:
        yield ""
        yield _say("unrecognised", count=len(read.unrecognised))
        by_reason: defaultdict[str, list[Unrecognised]] = defaultdict(list)
        for one in read.unrecognised:
            by_reason[one.why.id].append(one)
        often = Counter({reason: len(ones) for reason, ones in by_reason.items()})
        for reason, _ in sorted(often.items(), key=lambda item: (-item[1], item[0])):
            rows = [f"  {one.source}: {_reason(one.why)}" for one in by_reason[reason]]
            yield from _cut(rows, everything)


def _reason(why: Message) -> str:
    return " ".join(inert(render(why), 500).split())


def _cut(rows: list[str], everything: bool) -> Iterator[str]:
    yield from rows if everything else rows[:_NAMED]
    if len(rows) > _NAMED and not everything:
        yield "  " + _say("more", count=len(rows) - _NAMED)


def _say(sentence: str, **params: object) -> str:
    return render(Message(f"intake-report.{sentence}", params))
