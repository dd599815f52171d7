"""`grade batch`: a class's download in, results in the gradebook out."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.model import GraderError, Message, NoSpaceError, UsageError
from grader.whole import no_space

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from grader.batch import Grading, Keys, Step, Work
    from grader.course import Course
    from grader.gradebook import Gradebook
    from grader.intake import Found, Intake
    from grader.reports.live import Display, Tally
    from grader.sandbox.supervisor import Limits

_MAX_SEED = 2**32 - 1
_FAULT = 3
"""The exit code for a fault of the grader's."""


def command(
    submissions: Annotated[
        Path,
        typer.Argument(metavar="SUBMISSIONS", help="A folder or an archive, as the LMS gives it."),
    ],
    gradebook: Annotated[
        str, typer.Option(metavar="FILE|URL", help="Where the results go.")
    ] = "gradebook.db",
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The class as a CSV file, of any LMS.")
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The policies of the course, in TOML."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is recognised, and grade nothing.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="How many at a time.")
    ] = (os.cpu_count() or 1),
    seed: Annotated[
        int, typer.Option(metavar="N", help="Draws the cases; 0 is the course's own.")
    ] = 0,
    exercise: Annotated[
        list[str] | None,
        typer.Option(metavar="EXERCISE", help="Only this exercise; again for more."),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Of computing that a file may take. [default: the course's, or 5]",
        ),
    ] = None,
    regrade: Annotated[
        bool,
        typer.Option(
            "--regrade", help="Also what has been graded already; interrupted, it goes on."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
    json_lines: Annotated[
        bool,
        typer.Option(
            "--json-lines", help="Each result document on standard output, as it is made."
        ),
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Only part I of N of the students; see `grade merge`."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS|NAME",
            help="Have a Dask cluster do it: tcp://host:8786, or one that Dask starts: local, "
            "slurm, pbs, sge, lsf, kubernetes.",
        ),
    ] = None,
    trust_submissions: Annotated[
        bool,
        typer.Option(
            "--trust-submissions", help="Run them even where this machine cannot isolate them."
        ),
    ] = False,
) -> int:
    """Grade a class; killed and run again, it goes on where it was."""
    import gc

    from grader import course as courses
    from grader import curriculum, intake
    from grader import roster as rosters
    from grader.answer_key import content_hash
    from grader.batch import Grading, Keys, Work, in_shard, versions
    from grader.gradebook import Gradebook, Run
    from grader.reports import live

    gc.enable()  # switched off for a learner's single run
    if not 0 <= seed <= _MAX_SEED:
        raise UsageError(Message("usage.bad-seed"))
    if timeout is not None and not 0.1 <= timeout <= 3600:
        raise UsageError(Message("usage.bad-timeout"))
    part, parts = _shard(shard)
    policies = None if course is None else courses.read(course)
    exercises = [*map(curriculum.named, exercise or (policies and policies.exercises) or ())]
    people = None if roster is None else rosters.read(roster)
    taken = intake.read(submissions, roster=people, exercises=exercises or None)
    if not quiet:
        _show(taken, everything=dry_run, aside=json_lines)
    if dry_run:
        return 0
    if not taken.found:
        raise UsageError(Message("usage.nothing-to-grade", {"path": str(submissions)}))
    found = [one for one in taken.found if in_shard(one.student.id, part, parts)]
    # What runs on a cluster is isolated there, or refused there.
    level, required = _isolation(trust_submissions, here=scheduler is None)
    with Gradebook.open(gradebook, create=True) as opened:
        work = [Work(one.attempt, _seed(one, policies, seed), one.load) for one in found]
        keys = Keys()
        _build_keys(keys, work, workers, quiet=quiet)
        hashes = {name: content_hash(name, seed) for name in {w.attempt.exercise for w in work}}
        run = Run(seed, level, versions(), hashes)
        if regrade:
            interrupted = opened.unfinished_regrade()
            if interrupted and not quiet:
                print(_words("batch.regrading"), file=sys.stderr, flush=True)
            run = replace(run, regrade=interrupted or run.id)
        opened.start(run)
        students = {s.id: s for s in (*taken.missing, *(one.student for one in found))}
        there = [s for s in students.values() if in_shard(s.id, part, parts)]
        _warn(taken, found, opened)
        opened.enroll(there, (one.attempt for one in found), run)
        limits = _limits(policies, timeout)
        grading = Grading(opened, run, keys, limits, required)
        apart = not (json_lines and sys.stdout.isatty())  # one screen is not for both
        display = live.display(len(work), quiet=quiet, moving=apart)
        steps = _steps(work, grading, workers, scheduler, display)
        status = _follow(steps, grading, display, quiet=quiet, json_lines=json_lines)
        if status == 0:
            opened.finish(run)
    return status


def _seed(found: Found, policies: Course | None, seed: int) -> int:
    """The seed that draws a student's cases of an exercise."""
    if policies is None:
        return seed
    return policies.seed(found.attempt.exercise, found.student.id, otherwise=seed)


def _limits(policies: Course | None, timeout: float | None) -> Limits:
    """What the command line says wins over the course."""
    from grader.sandbox.supervisor import Limits

    seconds = timeout or (policies and policies.seconds) or 5.0
    limits = Limits(cpu_seconds=seconds, wall_seconds=3 * seconds)
    if policies is None or policies.memory_mb is None:
        return limits
    return replace(limits, memory_mb=policies.memory_mb)


def _shard(text: str | None) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text or "1/1")
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise UsageError(Message("usage.bad-shard", {"shard": text}))
    return int(match[1]), int(match[2])


def _words(id_: str, **params: object) -> str:
    from grader.reports.words import shown

    return shown(Message(id_, params))


def _show(taken: Intake, *, everything: bool, aside: bool) -> None:
    from grader.reports import intake as shown
    from grader.sandbox.inert import inert

    if aside:
        for line in shown.lines(taken):
            print(line, file=sys.stderr)
        return
    shown.show(taken, everything=everything)
    if everything:
        print()
        for one in taken.found:
            attempt = one.attempt
            whose = inert(f"{one.student.id} {one.student.name}".strip(), 200)
            print(f"  {whose}  {attempt.exercise}  {attempt.number}  {inert(attempt.source)}")
    sys.stdout.flush()


def _warn(taken: Intake, found: Sequence[Found], gradebook: Gradebook) -> None:
    """Where the gradebook seems to know the class by other ids: nothing is merged by guessing."""
    from grader.batch import renamed

    people = {one.student.id for one in taken.found} | {one.id for one in taken.missing}
    others = renamed((one.attempt for one in found), people, gradebook)
    if others:
        here = min(others)
        params = {
            "gradebook": gradebook.name,
            "count": len(others),
            "students": len({one.student.id for one in found}),
            "here": here,
            "there": others[here],
        }
        print(_words("batch.other-ids", **params), file=sys.stderr, flush=True)


def _isolation(trusted: bool, *, here: bool) -> tuple[int, int]:
    """The level there is, and the one that is required; raises WeakIsolation. Elsewhere than
    here, the one that is required is all that is known."""
    from grader.sandbox import levels

    required = levels.NOTHING if trusted else levels.STRANGERS
    if not here:
        return required, required
    if (why := levels.refusal(required)) is not None:
        raise levels.WeakIsolation(_words("batch.untrusted", why=why))
    return levels.survey().level, required


def _build_keys(keys: Keys, work: Sequence[Work], workers: int, *, quiet: bool) -> None:
    wanted = {(one.attempt.exercise, one.seed) for one in work}
    missing = keys.missing(wanted)
    if missing and not quiet:
        names = ", ".join(dict.fromkeys(exercise for exercise, _ in missing))
        print(_words("batch.building", exercises=names), file=sys.stderr, flush=True)
    keys.build(missing, workers)


def _steps(
    work: Sequence[Work], grading: Grading, workers: int, scheduler: str | None, display: Display
) -> Generator[Step]:
    if scheduler is None:
        from grader.batch import graded_here

        return graded_here(work, grading, workers=workers)
    from grader.cluster import graded_there

    return graded_there(work, grading, scheduler, workers=workers, patience=display.wait)


def _follow(
    steps: Generator[Step], grading: Grading, display: Display, *, quiet: bool, json_lines: bool
) -> int:
    """The exit code. Raises GraderError where nothing at all could be graded and it would be no
    use to go on."""
    try:
        with display, closing(steps):
            for step in steps:
                display.add(step.status, step.kind, fresh=step.document is not None)
                if json_lines and step.document is not None:
                    _print(step.document)
    except (KeyboardInterrupt, BrokenPipeError):  # or nobody reads the documents on
        print(_stopped(display.tally, grading), file=sys.stderr)
        raise
    except NoSpaceError as error:
        why = _words(error.message.id, **error.message.params)
        print(f"grade: {why} {_stopped(display.tally, grading)}", file=sys.stderr)
        return _FAULT
    except Exception as error:
        if not display.tally.done or "GRADE_DEBUG" in os.environ:
            raise
        known = isinstance(error, GraderError)
        told = str(error) if known else f"{type(error).__name__}: {error}"
        why = _words("batch.broken", why=told.rstrip("."))
        print(f"grade: {why} {_stopped(display.tally, grading)}", file=sys.stderr)
        return _FAULT
    if not quiet:
        print(display.tally.summary(), file=sys.stderr if json_lines else sys.stdout)
    return 0


def _print(document: str) -> None:
    """Raises NoSpaceError."""
    try:
        print(document, flush=True)
    except OSError as error:
        if no_space(error):
            raise NoSpaceError(Message("grader.output-full")) from None
        raise


def _stopped(tally: Tally, grading: Grading) -> str:
    name = grading.gradebook.name
    return _words("batch.stopped", done=tally.done, total=tally.total, gradebook=name)
