"""Every attempt, at every level this machine offers, as this user and (from root) as nobody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import needs
import pytest

from . import suite, unprivileged

ROOT = Path(__file__).parents[2]
_SECONDS = 240


def test_there_are_enough_of_them() -> None:
    """As many as SECURITY.md says."""
    text = " ".join((ROOT / "SECURITY.md").read_text(encoding="utf-8").split())
    said = re.search(r"more than (\d+) attempts at NumPy's workers and (\d+) at torch's", text)
    assert said is not None
    for profile, number in zip(("numpy", "torch"), said.groups(), strict=True):
        names = [attack.name for attack in suite.ATTACKS[profile]]
        assert len(names) == len(set(names)) > int(number)


@pytest.mark.parametrize("profile", ["torch", "numpy"])
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("user", ["this user", "nobody"])
def test_attacks(
    level: int, profile: str, user: str, record_property: Callable[[str, Any], None]
) -> None:
    needs.isolation(level)
    if user == "this user":
        user = "root" if os.getuid() == 0 else "unprivileged"
        rows = [tuple(row) for row in suite.run(level, profile)]
    else:
        if os.getuid() != 0:
            pytest.skip("this user is unprivileged already")
        if (why := unprivileged.unavailable()) is not None:
            if "is not installed" in why:
                needs.missing(why)
            pytest.skip(why)
        rows = _as_nobody(level, profile)
    record_property("attacks", [profile, level, user, rows])
    through = [row for row in rows if row[1] not in ("stopped", "known")]
    assert not through


def _as_nobody(level: int, profile: str) -> list[tuple[str, str]]:
    words = [sys.executable, "-m", "tests.attacks.suite", str(level), profile]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": "/nonexistent", "TMPDIR": "/tmp"}
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
