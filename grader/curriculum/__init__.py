"""The exercises: one module each, found by name, imported only when asked for."""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model import Exercise

_MODULE = re.compile(r"(exercise)_([0-9]+)\.py")


@lru_cache(maxsize=1)
def ids() -> tuple[str, ...]:
    """The ids of all exercises in order, without importing one of them."""
    found = [_MODULE.fullmatch(path.name) for path in Path(__file__).parent.iterdir()]
    numbers = sorted(int(match[2]) for match in found if match)
    return tuple(f"exercise-{number}" for number in numbers)


def module_name(exercise: str) -> str:
    """The name that an exercise's stub, solution and curriculum module share."""
    return exercise.replace("-", "_")


def source_path(exercise: str) -> Path:
    """The curriculum module of an exercise, as a file."""
    return Path(__file__).with_name(module_name(exercise) + ".py")


def load(exercise: str) -> Exercise:
    """The exercise with this id. Slow: it brings the oracles with it."""
    module = importlib.import_module(f"{__name__}.{module_name(exercise)}")
    declared: Exercise = module.EXERCISE
    return declared
