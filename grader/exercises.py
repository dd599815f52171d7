"""The stubs: where they are, and copies of them for a learner."""

from __future__ import annotations

import os
from pathlib import Path

from grader import curriculum
from grader.model import Message, UsageError


def folder() -> Path:
    """The folder with the stubs: the repository's own, or the one installed with the package."""
    package = Path(__file__).parent
    in_repository = package.parent / "exercises"
    # An editable install copies nothing that could grow stale.
    return in_repository if in_repository.is_dir() else package / "_exercises"


def stub(exercise: str) -> Path:
    return folder() / f"{curriculum.module_name(exercise)}.py"


def copy_to(target: Path, *, notebook: bool = False) -> list[tuple[Path, bool]]:
    """Copies every stub into `target`; what is there already stays as it is.

    Returns each path with whether it was written. Raises UsageError where it cannot be.
    """
    written = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for exercise in curriculum.ids():
            source = stub(exercise)
            path = target / source.name
            text = source.read_text(encoding="utf-8")
            if notebook:
                path = path.with_suffix(".ipynb")
                text = _as_notebook(text, exercise)
            written.append((path, _create(path, text)))
    except (FileExistsError, NotADirectoryError):
        raise UsageError(Message("usage.init-file", {"path": str(target)})) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        params = {"path": str(target), "why": why.lower()}
        raise UsageError(Message("usage.init-unwritable", params)) from None
    return written


def _create(path: Path, text: str) -> bool:
    """Writes a new file; False where there is one, which is left alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:  # half of a stub would be kept, the next time, as somebody's own
        path.unlink(missing_ok=True)
        raise
    return True


def _as_notebook(stub: str, exercise: str) -> str:
    """A stub as a notebook: the statement as text, one cell for the rest, one that grades."""
    import ast

    import nbformat.v4 as v4

    tree = ast.parse(stub)
    statement = ast.get_docstring(tree) or ""
    code = "".join(stub.splitlines(keepends=True)[tree.body[0].end_lineno or 0 :]).strip()
    name = f"{curriculum.module_name(exercise)}.ipynb"
    cells = [
        v4.new_markdown_cell("```text\n" + statement + "\n```"),
        v4.new_code_cell(code),
        v4.new_code_cell(f"!grade {exercise} {name}"),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"{curriculum.module_name(exercise)}-{number}"
    return str(v4.writes(v4.new_notebook(cells=cells)))
