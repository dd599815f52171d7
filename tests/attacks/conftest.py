"""Prints the table of level x attack at the end of a run."""

from __future__ import annotations

from collections import Counter
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    properties = [
        dict(report.user_properties)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
    ]
    tables = sorted((p["attacks"] for p in properties if "attacks" in p), key=lambda t: t[:3])
    if tables:
        terminalreporter.section("attacks")
    for profile, level, user, rows in tables:
        counted = Counter(
            result if result in ("stopped", "known") else "THROUGH" for _, result in rows
        )
        named = ", ".join(f"{name}: {result}" for name, result in rows if result != "stopped")
        terminalreporter.write_line(
            f"{profile:<6} level {level}  {user:<12} {len(rows):>4} attempts  "
            f"{counted['stopped']:>4} stopped  {counted['known']} known  "
            f"{counted['THROUGH']} got through   {named[:300]}"
        )
