"""A file that is there whole or not at all: bytes in, a file that takes its name once all of them
are in it out. Killed half-way, what was there before stays."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def no_space(error: OSError) -> bool:
    """Whether the disk, one's share of it, or the file was full."""
    return error.errno in _NO_SPACE


@contextmanager
def file(path: Path, *, lasting: bool = True) -> Iterator[BinaryIO]:
    """A file to write into, which becomes `path` at the end, with the rights of what is there;
    a link stays one. `lasting`: even where the power goes, for which the disk is waited for.

    Raises OSError where it cannot be written.
    """
    path = path.resolve()
    with beside(path) as partial:
        with partial.open("xb") as opened:
            yield opened
            if lasting:
                opened.flush()
                os.fsync(opened.fileno())
        if path.exists():
            shutil.copymode(path, partial)
        partial.replace(path)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A name in the folder of `path`, for a file or a folder, that is gone at the end."""
    partial = path.with_name(f".grade-{os.urandom(6).hex()}.partial")
    try:
        yield partial
    finally:
        if partial.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
        else:
            partial.unlink(missing_ok=True)
