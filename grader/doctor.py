"""What this machine gives: isolation, libraries, a GPU, a place for answer keys."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from grader import __version__
from grader.answer_key import cache_folder, versions
from grader.model import Message, Source, Submission
from grader.sandbox import levels
from grader.sandbox.supervisor import Limits, Sandbox


def findings() -> Iterator[tuple[str, str | Message]]:
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
    kept = Message("doctor.keys-not-kept", {"folder": str(folder)})
    yield "answer keys", str(folder) if writable else kept


def _isolation() -> Iterator[tuple[str, str | Message]]:
    """What a worker really runs under, asked of one; and what would give more."""
    found = levels.survey()
    with Sandbox.launch(strangers=True) as sandbox:
        empty = Submission("doctor", Source("doctor.py", ("",)))
        reached, *names = sandbox.execute(empty, [], limits=Limits()).isolation
    yield "isolation", ", ".join(names)
    level = int(reached.removeprefix("level-"))
    yield "level", Message("doctor.level", {"level": level})
    if found.own > level:
        yield "own file", Message("doctor.own-level", {"level": found.own})
    if level > levels.STRANGERS:
        yield "strangers", Message("doctor.trusted-only")
    for missing in found.missing:
        params = {"why": missing.why, "remedy": missing.remedy}
        yield f"no {missing.name}", Message("doctor.missing", params)


def _cuda() -> str | Message:
    import torch

    from grader.oracles import cuda

    if cuda.available():
        return f"{torch.cuda.get_device_name(0)}, CUDA {torch.version.cuda}"
    return Message("doctor.no-device")


def _kernels() -> str | Message:
    """The package that exercise-15 takes; it needs no device."""
    try:
        return version("numba-cuda")
    except PackageNotFoundError:
        return Message("doctor.no-kernels")
