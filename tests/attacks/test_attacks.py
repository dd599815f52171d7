"""Every attempt, at every level this machine offers, as this user and (from root) as nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import levels

from . import suite, unprivileged

_SECONDS = 240


def test_there_are_enough_of_them() -> None:
    for profile, least in (("numpy", 120), ("torch", 60)):
        names = [attack.name for attack in suite.ATTACKS[profile]]
        assert len(names) == len(set(names)) >= least


@pytest.mark.parametrize("profile", ["torch", "numpy"])
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("user", ["this user", "nobody"])
def test_attacks(
    level: int, profile: str, user: str, record_property: Callable[[str, Any], None]
) -> None:
    found = levels.survey()
    if found.level > level:
        pytest.skip(f"level {level} is not offered here: {found.missing}")
    if user == "this user":
        user = "root" if os.getuid() == 0 else "unprivileged"
        rows = [tuple(row) for row in suite.run(level, profile)]
    else:
        if os.getuid() != 0:
            pytest.skip("this user is unprivileged already")
        if (why := unprivileged.unavailable()) is not None:
            pytest.skip(why)
        rows = _as_nobody(level, profile)
    record_property("attacks", [profile, level, user, rows])
    through = [row for row in rows if row[1] not in ("stopped", "known")]
    assert not through


def _as_nobody(level: int, profile: str) -> list[tuple[str, str]]:
    words = [sys.executable, "-m", "tests.attacks.suite", str(level), profile]
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root, "HOME": "/nonexistent", "TMPDIR": "/tmp"}
    done = subprocess.run(
        unprivileged.command(words),
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [(name, result) for name, result in json.loads(done.stdout)]
