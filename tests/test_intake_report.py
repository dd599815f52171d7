"""What an instructor sees of a download before anything is graded."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import downloads
from downloads import LEARNERS, lay

from grader import intake, roster
from grader.intake import Intake
from grader.reports.intake import lines


def a_class(folder: Path) -> Intake:
    (folder / "roster.csv").write_text(
        downloads.ROSTER + '7,"Eve \x1b[2J",e@x,,A\n', encoding="utf-8"
    )
    late = downloads.canvas(LEARNERS, late=["20250001", "20250002"])
    stray = {f"stray \x1b[3{n}m.txt": b"" for n in range(25)} | {".DS_Store": b""}
    path = lay(folder / "d", late | stray)
    return intake.read(path, roster=roster.read(folder / "roster.csv"))


def test_it_counts_and_names(tmp_path: Path) -> None:
    shown = list(lines(a_class(tmp_path)))
    assert shown[:5] == [
        "Recognised: submissions 7, students 5. Layout: canvas",
        "  exercise-1  students 3, submissions 3, late 1",
        "  exercise-4  students 2, submissions 2, late 1",
        "  exercise-5  students 2, submissions 2, late 1",
        "",
    ]
    assert shown[5:7] == ["On the roster, and nothing found (1):", "  7 Eve \\x1b[2J"]
    assert shown[8] == "Not recognised, or to look at (26):"
    assert shown[9] == "  stray \\x1b[30m.txt: no Python file, no notebook"
    assert shown[-2:] == [
        "  … and 15 more for the same reason",
        "  .DS_Store: left behind by a system or a tool (1)",
    ]
    assert "\x1b" not in "".join(shown)


def test_everything_is_everything(tmp_path: Path) -> None:
    read = a_class(tmp_path)
    assert sum("stray" in line for line in lines(read, everything=True)) == 25
    assert list(lines(Intake("empty", (), (), ()))) == [
        "Recognised: submissions 0, students 0. Layout: empty"
    ]


def test_a_terminal_gets_a_table_and_a_pipe_does_not(tmp_path: Path) -> None:
    a_class(tmp_path)
    program = (
        "import sys; from pathlib import Path; from grader import intake; "
        "from grader.reports.intake import show; show(intake.read(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "d")]
    piped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert piped.splitlines() == list(lines(intake.read(tmp_path / "d")))
    ours, theirs = pty.openpty()
    subprocess.run(command, stdout=theirs, check=True)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # nobody has the other end open
        pass
    os.close(ours)
    text = shown.decode()
    assert "┃" in text and "exercise-5" in text
    assert "stray \\x1b[30m.txt" in text and "\x1b[30m" not in text
