"""A small class, and its work as each LMS would give it for download."""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Files: TypeAlias = dict[str, bytes]
"""By path."""


@dataclass(frozen=True)
class Learner:
    id: str
    first: str
    last: str
    number: int
    """What the LMS knows them by."""
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        return f"{self.login}@school.edu"

    @property
    def login(self) -> str:
        return f"s{self.number}"


def notebook(*cells: str) -> str:
    nodes = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": c}
        for c in cells
    ]
    return json.dumps({"cells": nodes, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


SIGMOID = "import numpy as np\n\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"

LEARNERS = (
    Learner("20250001", "Min-ju", "Kim", 1001, {"exercise_1.py": SIGMOID}),
    Learner(
        "20250002",
        "서연",
        "이",
        1002,
        {
            "exercise_5.py": "from exercise_4 import layer\nimport mine\n",
            "exercise_4.py": "import mine\nlayer = 2\n",
            "mine.py": "ours = False\n",
        },
    ),
    Learner(
        "20250003",
        "Pat",
        "O'Brien",
        1003,
        {"exercise_5.py": "from exercise_4 import layer\n", "exercise_4.py": "layer = 3\n"},
    ),
    Learner("20250004", "José", "García Márquez", 1004, {"exercise_1.ipynb": notebook("x = 1")}),
    Learner("20250005", "نور", "الدين", 1005, {"Exercise 01 (1).py": SIGMOID}),
)


def folders(learners: Iterable[Learner]) -> Files:
    return {f"{s.id}/{n}": c.encode() for s in learners for n, c in s.files.items()}


def named_folders(learners: Iterable[Learner]) -> Files:
    return {f"{s.last}, {s.first}/{n}": c.encode() for s in learners for n, c in s.files.items()}


def flat(learners: Iterable[Learner]) -> Files:
    return {f"{s.id}_{n}": c.encode() for s in learners for n, c in s.files.items()}


def canvas(learners: Iterable[Learner], late: Iterable[str] = ()) -> Files:
    files = {}
    for s in learners:
        squeezed = re.sub(r"[^\w]", "", f"{s.last}, {s.first}").lower()
        mark = "LATE_" if s.id in late else ""
        for count, (n, c) in enumerate(s.files.items()):
            files[f"{squeezed}_{mark}{s.number}_{s.number * 10 + count}_{n}"] = c.encode()
    return files


def moodle(learners: Iterable[Learner]) -> Files:
    return {
        f"{s.name}_{s.number}_assignsubmission_file_/{n}": c.encode()
        for s in learners
        for n, c in s.files.items()
    }


def moodle_flat(learners: Iterable[Learner]) -> Files:
    return {
        f"{s.name}_{s.number}_assignsubmission_file_{n}": c.encode()
        for s in learners
        for n, c in s.files.items()
    }


def gradescope(learners: Iterable[Learner]) -> Files:
    top = "assignment_4711_export"
    files: Files = {}
    said = "---\n"
    for s in learners:
        said += (
            f"submission_{s.number}:\n"
            f"  :submitters:\n  - :name: {json.dumps(s.name, ensure_ascii=False)}\n"
            f"    :sid: '{s.id}'\n    :email: {s.email}\n"
            f"  :created_at: 2025-03-01 12:00:{s.number % 60:02}.123456789 Z\n"
            "  :score: 10.0\n  :status: processed\n  :results:\n    tests:\n"
            "    - score: 1.0\n      output: |\n        :submitters:\n        - :sid: evil\n"
            "  :history:\n  - :id: 1\n    :created_at: 2025-02-01 12:00:00.000000000 Z\n"
        )
        files |= {f"{top}/submission_{s.number}/{n}": c.encode() for n, c in s.files.items()}
    return files | {f"{top}/submission_metadata.yml": said.encode()}


def classroom(learners: Iterable[Learner]) -> Files:
    return {
        f"exercise-1-{s.login}/{n}": c.encode() for s in learners for n, c in s.files.items()
    } | {f"exercise-1-{s.login}/.git/HEAD": b"ref: refs/heads/main\n" for s in learners}


def clones(learners: Iterable[Learner]) -> Files:
    return {f"{s.login}/{n}": c.encode() for s in learners for n, c in s.files.items()} | {
        f"{s.login}/.git/HEAD": b"ref: refs/heads/main\n" for s in learners
    }


def archives(learners: Iterable[Learner]) -> Files:
    """Each student's own zip, as macOS packs it."""
    files = {}
    for s in learners:
        inside = {f"hw/{n}": c.encode() for n, c in s.files.items()}
        junk = {f"__MACOSX/hw/._{n}": b"\0\5\x16\7" for n in s.files}
        files[f"{s.id}.zip"] = zipped(inside | junk)
    return files


def moodle_archives(learners: Iterable[Learner]) -> Files:
    return {
        f"{s.name}_{s.number}_assignsubmission_file_/my work.zip": zipped(
            {n: c.encode() for n, c in s.files.items()}
        )
        for s in learners
    }


def canvas_archives(learners: Iterable[Learner]) -> Files:
    return {
        re.sub(r"[^\w]", "", f"{s.last}{s.first}").lower()
        + f"_{s.number}_{s.number}_work-1.tar.gz": tarred(
            {n: c.encode() for n, c in s.files.items()}
        )
        for s in learners
    }


LAYOUTS: dict[str, Callable[[Iterable[Learner]], Files]] = {
    f.__name__: f
    for f in (
        folders, named_folders, flat, canvas, moodle, moodle_flat, gradescope, classroom, clones,
        archives, moodle_archives, canvas_archives,
    )
}  # fmt: skip


# --- containers ----------------------------------------------------------------------------


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as file:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def lay(top: Path, files: Mapping[str, bytes | str]) -> Path:
    """Writes files below a folder."""
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return top


def packed(top: Path, files: Mapping[str, bytes], container: str) -> Path:
    """The download as a folder, or as an archive with this ending."""
    top.mkdir(parents=True, exist_ok=True)
    if container == "folder":
        return lay(top / "download", files)
    path = top / f"download{container}"
    match container:
        case ".zip":
            path.write_bytes(zipped(files))
        case ".tar":
            path.write_bytes(tarred(files, "w:"))
        case _:
            path.write_bytes(tarred(files))
    return path


ROSTER = "id,name,email,login,Section\n" + "".join(
    f"{s.id},{s.name},{s.email},{s.login},A\n" for s in LEARNERS
)
