"""Gradescope, "Export submissions": `submission_12345/` folders and submission_metadata.yml,
which says whose they are.

    submission_12345:
      :submitters:
      - :name: Min Kim
        :sid: '20250001'
        :email: min@school.edu
      :created_at: 2025-03-01 12:00:00.123456000 Z

The file also holds what students' programs printed. It is read event by event: nothing is
built from its tags or aliases, and all but the fields above goes by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NoReturn

import yaml

from grader.intake.download import File, Folder
from grader.intake.parts import Owner
from grader.model import Message, UsageError

NAMES = ("submission_metadata.yml", "submission_metadata.yaml")
METADATA_BYTES = 256 << 20

_WANTED = {":submitters", ":created_at"}
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,6})?)\d* ?(Z|UTC|[+-]\d\d:?\d\d)", re.ASCII
)


class Submission:
    """What is said about one folder."""

    def __init__(self) -> None:
        self.owners: list[Owner] = []
        self.created: datetime | None = None


def metadata(folder: Folder) -> File | None:
    return next((folder.files[name] for name in NAMES if name in folder.files), None)


def read(file: File) -> dict[str, Submission]:
    """What the metadata says, by the name of the folder. Raises UsageError: intake.metadata."""
    data = file.fetch(METADATA_BYTES, {})
    if len(data) > METADATA_BYTES:
        _refuse(None)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # six times as fast
    try:
        return _submissions(iter(yaml.parse(data, Loader=loader)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        _refuse(mark.line + 1 if mark else None)
    except (StopIteration, RecursionError, UnicodeDecodeError):
        _refuse(None)


def _refuse(line: int | None) -> NoReturn:
    raise UsageError(Message("intake.metadata", {"line": line or 1})) from None


def _submissions(events: Iterator[Any]) -> dict[str, Submission]:
    found: dict[str, Submission] = {}
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            for name, first in _mapping(events):
                if isinstance(first, yaml.MappingStartEvent):
                    # The name twice would be two answers to whose it is.
                    if name in found:
                        _refuse(first.start_mark.line + 1)
                    found[name] = _submission(events)
                else:
                    _skip(first, events)
            return found
    return found


def _mapping(events: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    """Each key of the mapping that has begun, with the first event of its value, which the
    caller takes to its end."""
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if not isinstance(key, yaml.ScalarEvent):
            _refuse(key.start_mark.line + 1)
        yield key.value, next(events)


def _skip(first: Any, events: Iterator[Any]) -> None:
    depth = int(isinstance(first, yaml.CollectionStartEvent))
    while depth:
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _submission(events: Iterator[Any]) -> Submission:
    submission = Submission()
    for key, first in _mapping(events):
        if key == ":submitters" and isinstance(first, yaml.SequenceStartEvent):
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                if not isinstance(item, yaml.MappingStartEvent):
                    _refuse(item.start_mark.line + 1)
                submission.owners.append(_owner(events))
        elif key == ":created_at" and isinstance(first, yaml.ScalarEvent):
            submission.created = _time(first.value)
        elif key in _WANTED:
            _refuse(first.start_mark.line + 1)
        else:
            _skip(first, events)
    return submission


def _owner(events: Iterator[Any]) -> Owner:
    fields: dict[str, str] = {}
    for key, first in _mapping(events):
        if isinstance(first, yaml.ScalarEvent):
            # An empty field is written as nothing, ~ or null.
            plain = first.implicit[0] and first.value in ("", "~", "null")
            fields[key] = "" if plain else first.value
        else:
            _skip(first, events)
    sid, email, name = (fields.get(f":{key}", "").strip() for key in ("sid", "email", "name"))
    return Owner(sid or email or name, name=name, email=email, number=sid)


def _time(text: str) -> datetime | None:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    zone = "+00:00" if match[3] in ("Z", "UTC") else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        return None
