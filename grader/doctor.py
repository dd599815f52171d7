"""What this machine gives: isolation, libraries, a GPU, a place for answer keys."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from grader import __version__
from grader.answer_key import cache_folder, versions
from grader.model import Source, Submission
from grader.sandbox import levels
from grader.sandbox.supervisor import Limits, Sandbox


def findings() -> Iterator[tuple[str, str]]:
    """(what, how it stands), one by one as they are found out."""
    yield "grade", __version__
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.release()}"
    yield from versions().items()
    yield from _isolation()
    yield "cuda", _cuda()
    yield "numba-cuda", _kernels()
    folder = cache_folder()
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    writable = os.access(nearest, os.W_OK)
    yield "answer keys", f"{folder}{'' if writable else ' (not writable: built anew every time)'}"


def _isolation() -> Iterator[tuple[str, str]]:
    """What a worker really runs under, asked of one; and what would give more."""
    found = levels.survey()
    with Sandbox.launch(strangers=True) as sandbox:
        empty = Submission("doctor", Source("doctor.py", ("",)))
        reached, *names = sandbox.execute(empty, [], limits=Limits()).isolation
    yield "isolation", ", ".join(names)
    level = int(reached.removeprefix("level-"))
    trusted = " (trusted submissions only)" if level > levels.STRANGERS else ""
    own = f"; your own file runs at {found.own}, which starts sooner" if found.own > level else ""
    yield "level", f"{level} (1 is the strongest, 5 is none){own}{trusted}"
    for missing in found.missing:
        yield f"no {missing.name}", f"{missing.why}; to get it: {missing.remedy}"


def _cuda() -> str:
    import torch

    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name(0)}, CUDA {torch.version.cuda}"
    return "no device: the CPU is used, and the witness of a GPU is unavailable"


def _kernels() -> str:
    """The package that exercise-15 takes; it needs no device."""
    try:
        return version("numba-cuda")
    except PackageNotFoundError:
        return "not installed; exercise-15 takes it: pip install 'grade[cuda]'"
