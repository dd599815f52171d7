"""What this machine gives: isolation, libraries, a GPU, a place for answer keys."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator

from grader import __version__
from grader.answer_key import cache_folder, versions
from grader.model import Source, Submission
from grader.sandbox.supervisor import Limits, Sandbox


def findings() -> Iterator[tuple[str, str]]:
    """(what, how it stands), one by one as they are found out."""
    yield "grade", __version__
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.release()}"
    yield from versions().items()
    yield "isolation", ", ".join(_isolation())
    yield "cuda", _cuda()
    folder = cache_folder()
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    writable = os.access(nearest, os.W_OK)
    yield "answer keys", f"{folder}{'' if writable else ' (not writable: built anew every time)'}"


def _isolation() -> tuple[str, ...]:
    """What a worker really runs under: asked of one."""
    with Sandbox.launch() as sandbox:
        empty = Submission("doctor", Source("doctor.py", ("",)))
        return sandbox.execute(empty, [], limits=Limits()).isolation


def _cuda() -> str:
    import torch

    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name(0)}, CUDA {torch.version.cuda}"
    return "no device: the CPU is used"
