"""What somebody names to be written: standard output, or files that are there whole or not at
all. A UsageError says why they cannot be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from grader import whole
from grader.model import Message, UsageError

STANDARD_OUTPUT = Path("-")


@contextmanager
def output(path: Path) -> Iterator[BinaryIO]:
    """Bytes for `path`, or for standard output where that is "-".

    Nobody sees half a file: it takes its name once everything is in it. Raises UsageError
    where it cannot be written.
    """
    if path == STANDARD_OUTPUT:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        if path.exists() and not path.is_file():  # a pipe, /dev/stdout; a folder is refused
            with path.open("wb") as file:
                yield file
            return
        with whole.file(path) as file:
            yield file
    except OSError as error:
        raise _unwritable(path, error) from None


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `path` once it is complete.

    Raises UsageError where something is there already.
    """
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise UsageError(Message("export.folder-there", {"path": str(path)}))
        path = path.resolve()
        with whole.beside(path) as partial:
            partial.mkdir()
            yield partial
            partial.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None


@contextmanager
def into(path: Path) -> Iterator[Path]:
    """A folder to write into, whose files go into the folder `path` once all are there; what
    else is in it stays. Raises UsageError where it cannot be written.
    """
    try:
        path = path.resolve()
        with whole.beside(path) as partial:
            partial.mkdir()
            yield partial
            path.mkdir(exist_ok=True)
            for file in partial.iterdir():
                file.replace(path / file.name)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> UsageError:
    why = (error.strerror or str(error)).lower()
    return UsageError(Message("usage.unwritable", {"path": str(path), "why": why}))
