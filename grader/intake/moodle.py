"""Moodle, "Download all submissions": `Min Kim_12345_assignsubmission_file_/exercise_1.py`, or
`Min Kim_12345_assignsubmission_file_exercise_1.py` without folders.

The number is the student's in this one assignment ("Participant 12345" in its grading
worksheet); the full name is what a roster is joined by.
"""

from __future__ import annotations

import re

from grader.intake.parts import Claim, Owner

_NAME = re.compile(
    r"(?P<name>[^/]+?)_(?P<number>\d{1,20})_assignsubmission_(?P<kind>file|onlinetext)_?(?P<rest>.*)",
    re.ASCII,
)


def claim(name: str) -> Claim | None:
    """What the name of a file or folder says, or None where Moodle did not give it."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    number = match["number"]
    rest = match["rest"] or match["kind"]
    return Claim(Owner(number, name=match["name"], number=number), rest)
