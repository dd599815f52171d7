"""What a layout makes of a download: whose each part of it is, in the download's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grader.intake.download import Folder


@dataclass(frozen=True, slots=True)
class Owner:
    """A student as a download knows them."""

    key: str
    """What tells students of this download apart; their id where there is no roster."""
    name: str = ""
    email: str = ""
    number: str = ""
    """The LMS's own: Canvas's user id, Moodle's participant."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the name of a file or folder says."""

    owner: Owner
    rest: str
    """The name that the student gave the file."""
    late: bool | None = None
    exercise: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one student, or a group, handed in at one time."""

    layout: str
    source: str
    owners: tuple[Owner, ...]
    folder: Folder
    late: bool | None = None
    submitted: datetime | None = None
    exercise: str | None = None
    """What the folder is for, where its name says so."""

    @property
    def sources(self) -> list[str]:
        """The folder, or the files that lie among those of others."""
        if self.folder.path == self.source:
            return [self.source]
        return [file.path for file in self.folder.files.values()]
