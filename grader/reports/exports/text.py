"""Text of students and submissions in, text that a format can hold out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from grader.model import Message
from grader.reports.words import catalogue, place_in_result, render
from grader.sandbox.inert import csv_cell, inert

_SURROGATES = re.compile("[\ud800-\udfff]")


def one_line(text: str) -> str:
    """For a name or an id: no line breaks, nothing that only shows as something else."""
    return inert(" ".join(text.split()))


def cell(text: str) -> str:
    """For a cell of a table that a spreadsheet may open: one line, and no formula."""
    return csv_cell(" ".join(text.split()))


def encodable(text: str) -> str:
    """`text` without the half characters that UTF-8 cannot hold."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def points(number: float) -> str:
    """7, 7.5, 7.33: at most two digits, for people."""
    return f"{round(number, 2):g}"


def two_decimals(number: float) -> str:
    """7.50: as gradebooks keep and compare them."""
    return f"{number:.2f}"


def earned(check: Mapping[str, Any]) -> str:
    """7 / 10, or that nothing can be earned."""
    if not check["max_points"]:
        return catalogue()["report.no-points"]
    return f"{points(check['points'])} / {points(check['max_points'])}"


def scored(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The checks for a format that knows passed and failed alone: without those that were not run
    and are worth nothing, which are neither."""
    return [c for c in document["checks"] if c["status"] != "skipped" or c["max_points"]]


def explanation(check: Mapping[str, Any]) -> str:
    """What a learner reads about one check of a result document, in plain lines."""
    # A hidden check comes without feedback.
    lines = [check["feedback"] or render(Message(**check["message"]))]
    evidence = check["evidence"]
    if evidence:
        words = catalogue()
        lines.append(f"{words['report.call']} {evidence['call']}")
        if evidence["expected"] is not None:
            if evidence["at"]:
                lines.append(f"{words['report.at']} {place_in_result(evidence['at'])}")
            lines.append(f"{words['report.expected']} {evidence['expected']}")
            lines.append(f"{words['report.got']} {evidence['got']}")
    return inert("\n".join(lines))


def feedback(document: Mapping[str, Any], score: float) -> str:
    """What a learner reads about a whole result, in plain lines; `score` is what counts."""
    words = catalogue()
    total = f"{points(score)} / {points(document['max_score'])}"
    lines = [f"{words['report.score']} {total}"]
    if round(score, 2) != round(document["score"], 2):
        lines.append(words["export.adjusted"].format(points=points(document["score"])))
    for check in document["checks"]:
        lines.append(f"{inert(check['title'])}: {earned(check)}")
        if check["status"] != "passed":
            lines += [f"    {line}" for line in explanation(check).split("\n")]
    return "\n".join(lines)
