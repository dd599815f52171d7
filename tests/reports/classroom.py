"""A class of real results: files that were graded in the real sandbox, handed in by students who
are drawn from a seed, unevenly, some in several attempts."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from grader import curriculum, grade, submission
from grader.answer_key import AnswerKey
from grader.records import Attempt, Graded, Student
from grader.reports.class_report import About
from grader.reports.document import document
from grader.sandbox.supervisor import Limits, Sandbox

ROOT = Path(__file__).parents[2]
EXERCISES = ("exercise-1", "exercise-2", "exercise-3", "exercise-4", "exercise-7")
START = datetime(2026, 10, 5, 9, tzinfo=UTC)

BY_NAME = {
    "exercise-1": ["wrong_exits", "wrong_never_ends", "wrong_syntax_error", "wrong_torch"],
}
"""Files that a class has to have beside a sample of the others."""

TAMPERING = """
import os
os.write(4, b"A" * 5000)
def sigmoid(x): return x
def sigmoid_derivative(x): return x
"""

HOSTILE = (
    "<script>alert(document.title)</script>",
    "</style></title><img src=x onerror=alert(1)>",
    "{{ 1234 * 5678 }} {% raw %} ${1234*5678}",
    "\u202eesrever\u202c and \u2066isolated",
    "nul\0and\x1b[31mred",
    '=HYPERLINK("http://example.org")',
    "\"onmouseover=alert(1) '",
)
NAMES = (
    *HOSTILE,
    "김서연",
    "محمد العلي",
    "می\u200cخواهم",
    "Zoë Håkansson 👩\u200d💻",
    "O'Brien",
)
# fmt: off
_FIRST = (
    "Minji", "Jonas", "Aisha", "Olu", "지훈", "Łukasz", "José", "Noor", "Ana", "Wei", "Fatima",
    "Ivan", "Chloé", "Yuki", "Priya",
)
_LAST = (
    "Kim", "Müller", "Okafor", "Nguyễn", "Lee", "박", "Håkansson", "García", "Smith", "Silva",
    "Novák", "Tanaka", "Patel",
)
# fmt: on


@dataclass(frozen=True)
class Handed:
    """One file and what came of it."""

    name: str
    text: str
    document: Mapping[str, Any]

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Classroom:
    """What a gradebook holds, and what the curriculum says."""

    students: tuple[Student, ...]
    graded: tuple[Graded, ...]
    sources: Mapping[str, str]
    about: Mapping[str, About]


def graded_files(
    key_of: Callable[[str], AnswerKey], sandbox: Sandbox, folder: Path
) -> dict[str, list[Handed]]:
    """By exercise, files graded as `grade batch` does it, the worst first."""
    found: dict[str, list[Handed]] = {}
    (folder / "exercise_1.py").write_text(TAMPERING, encoding="utf-8")
    for exercise in EXERCISES:
        files = ROOT / "tests" / "submissions" / curriculum.module_name(exercise)
        right = sorted(files.glob("right_*.py"))[:5]
        wrong = sorted(files.glob("wrong_*.py"))
        named = [files / f"{name}.py" for name in BY_NAME.get(exercise, [])]
        chosen = [*right, *wrong[:: max(1, len(wrong) // 12)], *named]
        if exercise == "exercise-1":
            chosen.append(folder / "exercise_1.py")
        graded = [_graded(path, exercise, key_of(exercise), sandbox) for path in chosen]
        found[exercise] = sorted(graded, key=lambda one: one.document["score"])
    return found


def _graded(path: Path, exercise: str, key: AnswerKey, sandbox: Sandbox) -> Handed:
    limits = Limits(cpu_seconds=0.5, wall_seconds=1.5)
    report = grade.grade(submission.read(path, exercise), key, sandbox, limits)
    return Handed(path.name, path.read_text(encoding="utf-8"), document(report))


def failed(one: Mapping[str, Any], message: str) -> dict[str, Any]:
    """The document of something that could not be graded, as a batch records it."""
    said = {
        "points": 0.0,
        "status": "failed",
        "feedback": "It could not be graded.",
        "message": {"id": message, "params": {"cause": {"id": "encoding.utf-16", "params": {}}}},
        "misconception": None,
        "evidence": None,
        "outcome": "not_run",
    }
    checks = [{**check, **said} for check in one["checks"]]
    return {**one, "checks": checks, "status": "error", "score": 0.0, "stdout": ""}


def draw(files: Mapping[str, list[Handed]], size: int, seed: int = 7) -> Classroom:
    """A class of `size`: some hand nothing in, some leave an exercise out, most try again."""
    rng = random.Random(seed)
    named = [Student(f"h{n}", name) for n, name in enumerate(NAMES)]
    others = (
        Student(f"s{n:04d}", f"{rng.choice(_FIRST)} {rng.choice(_LAST)}", f"s{n}@example.org")
        for n in range(size)
    )
    students = [*named, *others][:size]
    graded: list[Graded] = []
    sources: dict[str, str] = {}
    for student in students:
        if student.id.startswith("s") and rng.random() < 0.04:
            continue
        skill = rng.betavariate(5, 2)
        for week, exercise in enumerate(EXERCISES):
            if week and rng.random() < 0.05:
                continue
            drawn = _draw(rng, files[exercise], skill)
            at = START + timedelta(days=7 * week, minutes=rng.randrange(6000))
            for number, one in enumerate(drawn, 1):
                sources[one.digest] = one.text
                attempt = Attempt(
                    student.id, exercise, number, f"{student.id}/{one.name}", one.digest, at, False
                )
                whole = {**one.document, "student": student.id}
                counts = number == len(drawn)
                graded.append(Graded(student, attempt, whole, one.document["score"], counts))
                at += timedelta(minutes=rng.lognormvariate(3.5, 1.2))
    return Classroom(tuple(students), tuple(graded), sources, about())


def _draw(rng: random.Random, files: list[Handed], skill: float) -> list[Handed]:
    """One file for every attempt, mostly a better one each time."""
    attempts = 1 + min(4, int(rng.expovariate(0.9)))
    places = [min(1.0, skill * (0.7 + 0.15 * n) + rng.gauss(0, 0.2)) for n in range(attempts)]
    return [files[max(0, min(len(files) - 1, int(p * len(files))))] for p in places]


def about() -> dict[str, About]:
    found = {}
    for exercise in EXERCISES:
        declared = curriculum.load(exercise)
        name = f"{curriculum.module_name(exercise)}.py"
        given = tuple(
            (ROOT / folder / name).read_text(encoding="utf-8")
            for folder in ("exercises", "solutions")
        )
        functions = frozenset(function.name for function in declared.functions)
        found[exercise] = About(declared.topic, functions, given)
    return found
