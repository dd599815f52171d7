"""Canvas, "Download submissions": `kimmin_LATE_12345_67890_exercise_1-2.py`.

The family name and the first name run together, LATE where it was, the user's id, the file's
id, and the name that the student gave the file; -2 where they handed it in again. As in
Canvas's lib/content_zipper.rb; where names are hidden, `anon_` and five characters stand for
name and id.
"""

from __future__ import annotations

import re

from grader.intake.parts import Claim, Owner

_NAME = re.compile(
    # The first numbers that fit: what follows them is of the student's choosing.
    r"(?P<name>[^/]+?)_(?P<late>late_)?(?P<user>\d{1,20})_(?P<file>\d{1,20})_(?P<rest>.+)",
    re.IGNORECASE | re.ASCII,
)
_ANONYMOUS = re.compile(
    r"(?P<late>late_)?(?P<name>anon_[a-z0-9]{5})_(?P<file>\d{1,20})_(?P<rest>.+)",
    re.IGNORECASE | re.ASCII,
)
_TYPED = re.compile(
    r"(?P<name>[^/]+?)_(?P<late>late_)?(?P<user>\d{1,20})_(?P<rest>(?:text|link)\.html)",
    re.IGNORECASE | re.ASCII,
)
"""Typed into Canvas, not uploaded."""


def claim(name: str) -> Claim | None:
    """What the name of a file says, or None where Canvas did not give it."""
    if match := _ANONYMOUS.fullmatch(name):
        owner = Owner(match["name"])
    elif match := _TYPED.fullmatch(name) or _NAME.fullmatch(name):
        owner = Owner(match["user"], name=match["name"], number=match["user"])
    else:
        return None
    # Canvas marks whatever is late.
    return Claim(owner, match["rest"], late=match["late"] is not None)
