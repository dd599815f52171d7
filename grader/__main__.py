"""The command `grade`. Starts the process that will run the learner's file before anything
else: while that imports NumPy, this one imports what reads the command line."""

from __future__ import annotations

import contextlib
import gc
import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.launch import Zygote

# What makes `grade WORDS ...` a grading run, as far as it can be told from the words.
_GRADES = re.compile(r"((exercise[-_ ]?)?\d+|.*\.(py|ipynb))", re.IGNORECASE)


def main() -> None:
    # Importing makes thousands of objects that stay; looking through them for garbage again
    # and again takes a tenth of the time that a learner waits. `grade verify` turns it on again.
    gc.disable()
    words = sys.argv[1:]
    zygote: Zygote | None = None
    if (
        words
        and sys.platform == "linux"
        and "_GRADE_COMPLETE" not in os.environ
        and "--help" not in words
    ):
        first = next((word for word in words if not word.startswith("-")), "")
        if _GRADES.fullmatch(first):
            from grader.sandbox.launch import launch

            zygote = launch(("numpy",))
    # One thread: the arrays are small, and starting a pool of threads is not.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from grader.cli import run

    status = run(words, zygote)
    # Nothing is left to be done; tearing down NumPy's modules would only take time.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # what could not be written has been told of
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
