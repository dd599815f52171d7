"""What some tests need and not every machine has: skipped without it, but never in CI."""

from __future__ import annotations

import importlib.util
import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test or module that asks: `what` is not there and how to get it. In CI, where
    everything is to be there, that is a failure."""
    if "CI" in os.environ:
        pytest.fail(f"in CI nothing is skipped for want of it: {what}", pytrace=False)
    pytest.skip(what, allow_module_level=True)


def package(name: str, extra: str) -> None:
    """Ask for a package that an extra of ours brings."""
    if importlib.util.find_spec(name) is None:
        missing(f"{name} is not installed: pip install 'grade[{extra}]'")
