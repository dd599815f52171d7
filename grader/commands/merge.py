"""`grade merge`: gradebooks of parts of a class in, one of them all out."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    gradebooks: Annotated[list[str], typer.Argument(metavar="GRADEBOOK...", help="Files or URLs.")],
    gradebook: Annotated[
        str, typer.Option(metavar="FILE|URL", help="The one that takes in all the others.")
    ] = "gradebook.db",
) -> int:
    """Put gradebooks together, of `grade batch --shard` for one; each stays as it was."""
    from contextlib import ExitStack

    from grader.gradebook import Gradebook
    from grader.model import Message
    from grader.reports.words import shown

    with ExitStack() as stack:
        # All of them first: nothing is half done because of a name that is misspelt.
        others = [stack.enter_context(Gradebook.open(where)) for where in gradebooks]
        whole = stack.enter_context(Gradebook.open(gradebook, create=True))
        for other in others:
            whole.merge(other)
            params = {"gradebook": other.name, "whole": whole.name}
            typer.echo(shown(Message("batch.merged", params)))
    return 0
