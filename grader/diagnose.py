"""Names the misunderstanding behind a wrong answer: calls and what they led to in, an id out."""

from __future__ import annotations

from collections.abc import Sequence

from grader.answer_key import KeyedCase
from grader.compare import UnfitError, fit, share_within
from grader.model import Outcome, Returned

Calls = Sequence[tuple[KeyedCase, Outcome, bool]]
"""What was called, what it led to, and whether that was passed."""


def misconception(calls: Calls) -> str | None:
    """The one misconception that gives, in every call, what the learner's function gave.

    `calls` are those of one check. None where no wrong answer of the catalogue fits, or more
    than one does: a guess is worse than no name. What fits exactly goes before one that is
    recognised by a share of its entries.
    """
    candidates = sorted({id_ for case, _, passed in calls if not passed for id_ in case.wrong})
    matching = [id_ for id_ in candidates if _explains(id_, calls, exactly=True)]
    if not matching:
        matching = [id_ for id_ in candidates if _explains(id_, calls)]
    return matching[0] if len(matching) == 1 else None


def _explains(id_: str, calls: Calls, *, exactly: bool = False) -> bool:
    for case, outcome, _ in calls:
        wrong = case.wrong.get(id_)
        if wrong is None:  # the wrong formula gives nothing there; neither is it contradicted
            continue
        if not isinstance(outcome, Returned):
            return False
        try:
            got = fit(outcome.value, wrong.values)
        except UnfitError:
            return False
        enough = 1.0 if exactly else wrong.share
        if share_within(got, wrong.values, wrong.tolerances) < enough:
            return False
    return True
