"""The nouns of a class: who handed in what, when, and what came of it.

They travel from a download to the gradebook and from there to exports and reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody of the class, as the roster or the download knows them."""

    id: str
    """Unique in the class: the roster's id, or what the download tells students apart by."""
    name: str = ""
    email: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Every other column of the roster as it stood there (an LMS's own ids, a section)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission of one student to one exercise."""

    student: str
    """The student's id."""
    exercise: str
    number: int
    """1 is the student's first to this exercise."""
    source: str
    """Where in the download it was found; inert text, for people."""
    digest: str
    """SHA-256 of the submission: its file and the neighbours it imports, names and bytes."""
    submitted: datetime | None = None
    """With its time zone; None where the download does not say."""
    late: bool | None = None
    """What the LMS says; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One attempt with its result document."""

    student: Student
    attempt: Attempt
    document: Mapping[str, Any]
    """The result document `grade/result/v1` with `student` filled in. An attempt that could
    not be read (a file that is no text, say) has one too: status "error", score 0."""
    score: float
    """What counts for the course: the document's score after penalties."""
    counts: bool = True
    """Whether this is the attempt that counts: the latest, unless the course says otherwise."""
