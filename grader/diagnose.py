"""Names the misunderstanding behind a wrong answer: calls and what they led to in, an id out."""

from __future__ import annotations

from collections.abc import Sequence

from grader.answer_key import KeyedCase
from grader.compare import UnfitError, fit, within
from grader.model import Outcome, Returned


def misconception(calls: Sequence[tuple[KeyedCase, Outcome, bool]]) -> str | None:
    """The one misconception that gives, in every call, what the learner's function gave.

    `calls` are those of one check, each with whether it was passed. None where no wrong
    answer of the catalogue fits, or more than one does: a guess is worse than no name.
    """
    candidates = {id_ for case, _, passed in calls if not passed for id_ in case.wrong}
    matching = [id_ for id_ in sorted(candidates) if _explains(id_, calls)]
    return matching[0] if len(matching) == 1 else None


def _explains(id_: str, calls: Sequence[tuple[KeyedCase, Outcome, bool]]) -> bool:
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
        if not within(got, wrong.values, wrong.tolerances):
            return False
    return True
