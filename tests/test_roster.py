"""Rosters as LMSs export them, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

from grader import roster


def test_a_plain_roster(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("id,name,email,Section\n1,Min Kim,min@school.edu,A\n2,Lee,,B\n")
    read = roster.read(tmp_path / "r.csv")
    assert [(s.id, s.name, s.email) for s in read] == [
        ("1", "Min Kim", "min@school.edu"),
        ("2", "Lee", ""),
    ]
    assert read.students[0].columns == {"Section": "A"}
    assert read.by_name("Kim, Min") == read.by_login("min") == (read.students[0],)
