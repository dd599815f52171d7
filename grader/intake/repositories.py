"""GitHub Classroom: `exercise-1-octocat/`, and plain clones: any folder with a .git.

A commit's date is not taken for that of the submission. It is whatever the learner's clock
said, or the learner (`git commit --date`), and to read it git would have to run in a
stranger's repository, whose configuration can name programs.
"""

from __future__ import annotations

import re

from grader.intake.download import Folder
from grader.intake.parts import Claim, Owner

_NAME = re.compile(
    r"(?P<exercise>exercise[ _-]?[0-9]{1,4})-(?P<login>[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,38})",
    re.IGNORECASE | re.ASCII,
)


def claim(name: str, folder: Folder) -> Claim | None:
    """What the name of a folder says, or None where it is no clone of GitHub Classroom's."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    # -2 is how a browser or Canvas names a second download.
    if match["login"].isdigit() and not folder.clone:
        return None
    from grader.submission import exercise_of

    return Claim(Owner(match["login"]), "", exercise=exercise_of(match["exercise"] + ".py"))
