"""Downloads of every LMS, generated: what is recognised, and what is listed instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import intake
from grader.intake import Intake
from grader.model import UsageError
from grader.reports.words import render

CODE = "def sigmoid(x):\n    return x\n"


def lay(top: Path, files: dict[str, str | bytes]) -> Path:
    """Writes the files of a download, by path."""
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return top


def seen(read: Intake) -> list[tuple[str, str, int]]:
    return [(f.student.id, f.attempt.exercise, f.attempt.number) for f in read.found]


def why(read: Intake) -> dict[str, str]:
    for one in read.unrecognised:
        assert render(one.why)  # every reason has words
    return {one.source: one.why.id.removeprefix("intake.") for one in read.unrecognised}


def test_a_folder_for_each_student(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "kim/exercise_5.py": "from exercise_4 import step\nimport mine\n",
            "kim/exercise_4.py": CODE,
            "kim/mine.py": "a = 1\n",
            "lee/exercise_4.py": "step = None\n",
            "lee/notes.txt": "",
        },
    )
    read = intake.read(tmp_path)
    assert read.layout == "folders"
    assert seen(read) == [
        ("kim", "exercise-4", 1),
        ("kim", "exercise-5", 1),
        ("lee", "exercise-4", 1),
    ]
    loaded = read.found[1].load()
    assert loaded.main.filename == "exercise_5.py"
    assert set(loaded.neighbours) == {"exercise_4", "mine"}
    assert why(read) == {"lee/notes.txt": "stray"}


def test_a_file_that_changes_after_it_was_seen_is_not_loaded(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/exercise_1.py": CODE})
    found = intake.read(tmp_path).found[0]
    (tmp_path / "kim/exercise_1.py").write_text("other = 1\n")
    with pytest.raises(UsageError) as error:
        found.load()
    assert error.value.message.id == "intake.changed"
