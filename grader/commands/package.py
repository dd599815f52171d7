"""`grade package`: exercises in, what another service needs to grade them out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader import curriculum
from grader.model import Message, UsageError
from grader.reports.exports.whole import STANDARD_OUTPUT, output

_KINDS = {"gradescope": Path("autograder.zip"), "github": STANDARD_OUTPUT}
"""Where each goes by default."""


def command(
    kind: Annotated[str, typer.Argument(help="gradescope or github.")],
    exercises: Annotated[list[str], typer.Argument(help="e.g. exercise-1")],
    install: Annotated[
        str,
        typer.Option(
            metavar="WHEEL|REQUIREMENT",
            help="What pip installs the grader from: a wheel, or an address such as git+https://...",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE|-", help="Where to. [default: autograder.zip; - for github]"),
    ] = None,
) -> int:
    """A Gradescope autograder (a zip), or a GitHub Actions workflow."""
    from grader.reports import packages

    if kind not in _KINDS:
        raise UsageError(Message("usage.no-such-package", {"name": kind, "names": list(_KINDS)}))
    chosen = list(dict.fromkeys(map(curriculum.named, exercises)))
    _check(install)
    if kind == "github":
        data = packages.github(chosen, install)
    elif len(chosen) == 1:
        data = packages.gradescope(chosen[0], install)
    else:
        raise UsageError(Message("usage.one-autograder"))
    with output(out or _KINDS[kind]) as file:
        file.write(data)
    return 0


def _check(install: str) -> None:
    """Raises UsageError for a wheel that is not there, and for what is no line."""
    wheel = install.endswith(".whl") and "://" not in install
    if not install.isprintable() or not install.strip() or install.startswith("-"):
        raise UsageError(Message("usage.install", {"text": install}))
    if wheel and not Path(install).is_file():
        raise UsageError(Message("submission.missing-file", {"file": install}))
