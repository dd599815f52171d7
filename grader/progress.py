"""Where a learner stands: best scores and hints taken, kept between runs.

One small JSON file in the user's state folder, by the folder that the exercises are in. It
is a convenience: where it cannot be read or written, nothing is said and nothing is lost.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader import whole


@dataclass(frozen=True, slots=True)
class Standing:
    """One exercise of one folder."""

    score: float | None = None
    max_score: float | None = None
    hints: int = 0


def _file() -> Path:
    if chosen := os.environ.get("GRADE_STATE"):
        return Path(chosen) / "progress.json"
    import platformdirs

    return Path(platformdirs.user_state_dir("grade", appauthor=False)) / "progress.json"


def _read() -> dict[str, dict[str, Any]]:
    try:
        stored = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def standings(*folders: Path) -> dict[str, Standing]:
    """By exercise id, what is known of the exercises in `folders`: the best score, and the
    most hints."""
    known: dict[str, Standing] = {}
    stored = _read()
    for folder in folders:
        exercises = stored.get(str(folder.resolve()))
        for exercise, fields in exercises.items() if isinstance(exercises, dict) else ():
            if (standing := _standing(fields)) is not None:
                known[exercise] = _better(standing, known.get(exercise, Standing()))
    return known


def _standing(fields: Any) -> Standing | None:
    """What was stored, or None where that is damaged."""
    if not isinstance(fields, dict):
        return None
    score, max_score, hints = (fields.get(name) for name in ("score", "max_score", "hints"))
    numbers = all(x is None or type(x) in (int, float) for x in (score, max_score))
    if not numbers or (score is None) != (max_score is None) or type(hints) is not int:
        return None
    return Standing(score, max_score, hints)


def _better(a: Standing, b: Standing) -> Standing:
    best = max(a, b, key=lambda s: -1.0 if s.score is None else s.score)
    return Standing(best.score, best.max_score, max(a.hints, b.hints))


def record(folder: Path, exercise: str, standing: Standing) -> None:
    """Remembers `standing`; the best score stays, and so do hints taken."""
    standing = _better(standing, standings(folder).get(exercise, Standing()))
    stored = _read()
    exercises = stored.get(str(folder.resolve()))
    exercises = exercises if isinstance(exercises, dict) else {}
    stored[str(folder.resolve())] = exercises | {exercise: asdict(standing)}
    with contextlib.suppress(OSError):
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole.file(path, lasting=False) as file:  # not worth a wait for the disk
            file.write(json.dumps(stored).encode())
