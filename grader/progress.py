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


def standings(folder: Path) -> dict[str, Standing]:
    """By exercise id, what is known of the exercises in `folder`."""
    known = {}
    for exercise, fields in _read().get(str(folder.resolve()), {}).items():
        with contextlib.suppress(TypeError):
            known[exercise] = Standing(**fields)
    return known


def record(folder: Path, exercise: str, standing: Standing) -> None:
    """Remembers `standing`; the best score stays."""
    before = standings(folder).get(exercise, Standing())
    if before.score is not None and (standing.score is None or standing.score < before.score):
        standing = Standing(before.score, before.max_score, standing.hints)
    stored = _read()
    stored.setdefault(str(folder.resolve()), {})[exercise] = asdict(standing)
    with contextlib.suppress(OSError):
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(stored), encoding="utf-8")
        temporary.replace(path)
