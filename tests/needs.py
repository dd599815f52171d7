"""What some tests need and not every machine has: skipped without it, but never in CI."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import NoReturn

import pytest

from grader.sandbox import levels


def missing(what: str) -> NoReturn:
    """Skip the test or module that asks: `what` is not there and how to get it. In CI, where
    everything is to be there, that is a failure."""
    if "CI" in os.environ:
        pytest.fail(f"in CI nothing is skipped for want of it: {what}", pytrace=False)
    pytest.skip(what, allow_module_level=True)


def isolation(level: int) -> None:
    """Ask for a level of isolation. That a kernel does not offer it is no want of a program."""
    found = levels.survey()
    if found.level <= level:
        return
    if level == 1 and shutil.which("bwrap") is None:
        missing("bubblewrap is not installed: apt install bubblewrap")
    pytest.skip(f"level {level} is not offered here: {found.missing}")


def package(name: str, extra: str) -> None:
    """Ask for a package that an extra of ours brings."""
    if importlib.util.find_spec(name) is None:
        missing(f"{name} is not installed: pip install 'grade[{extra}]'")
