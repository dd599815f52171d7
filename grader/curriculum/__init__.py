"""The exercises: one module each, found by name, imported only when asked for."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.model import Message, UsageError

if TYPE_CHECKING:
    from grader.model import Exercise

_MODULE = re.compile(r"(exercise)_([0-9]+)\.py")
_WORD = re.compile(r"(?:exercise[ _-]?)?0*([0-9]{1,6})", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=1)
def ids() -> tuple[str, ...]:
    """The ids of all exercises in order, without importing one of them."""
    found = [_MODULE.fullmatch(path.name) for path in Path(__file__).parent.iterdir()]
    numbers = sorted(int(match[2]) for match in found if match)
    return tuple(f"exercise-{number}" for number in numbers)


def find(word: str, others: Iterable[str] = ()) -> str | None:
    """The id that somebody means by `word`: 1, exercise_1, exercise-01 and Exercise 1 are all
    exercise-1. `others` are ids beside those of this curriculum: a gradebook may have some."""
    id_ = _spelled(word)
    return id_ if id_ in ids() or id_ in others else None


def named(word: str, others: Iterable[str] = ()) -> str:
    """As `find`. Raises UsageError where there is no such exercise, with the nearest there is."""
    others = tuple(others)
    if (found := find(word, others)) is not None:
        return found
    import difflib

    id_ = _spelled(word)
    near = difflib.get_close_matches(id_, (*ids(), *others), n=1)
    if near:
        raise UsageError(Message("usage.unknown-exercise", {"name": id_, "nearest": near[0]}))
    raise UsageError(Message("usage.no-such-exercise", {"name": word}))


def _spelled(word: str) -> str:
    match = _WORD.fullmatch(word.strip())
    return f"exercise-{match[1]}" if match else word.strip().lower().replace("_", "-")


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
