"""A class's download and its roster come in; who handed in what goes out, and what nobody can
place, with the reason.

Read from the download, in this order: whose a part is (`layout`, a module for each LMS),
which student that is (`identity`), which exercises are in it and in what order (here). Nothing
is run, compiled or parsed, and nothing is guessed: what could mean two things is listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from grader import curriculum, submission
from grader.intake import identity, layout
from grader.intake.download import (
    Download,
    File,
    Folder,
    Opened,
    Packed,
    is_archive,
    open_,
    shown,
    stem,
)
from grader.intake.parts import Part
from grader.model import Message, Submission, UsageError
from grader.records import Attempt, Student
from grader.roster import Roster, folded

ATTEMPTS = 50
"""Files for one exercise that one student hands in at once. Every one of them is graded, and
an archive has room for ten thousand."""
CODE_FILES = 500
"""Python files and notebooks in one folder of a student's: each exercise looks through them for
what it imports."""
_TYPED = ("text.html", "link.html", "onlinetext.html", "onlinetext")
"""What a learner has typed into an LMS instead of uploading a file."""


@dataclass(frozen=True, slots=True)
class Found:
    """One submission that was recognised."""

    student: Student
    attempt: Attempt
    load: Callable[[], Submission]
    """Reads it from the download; raises UsageError where it cannot be read, or is no longer
    what it was."""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Something of the download that nothing is done with, or that a person should look at."""

    source: str
    """Where it is; inert."""
    why: Message


@dataclass(frozen=True)
class Intake:
    """What a download holds."""

    layout: str
    """How it is arranged: canvas, moodle, gradescope, github, clones, folders, archives or
    flat; several joined by " + "."""
    found: tuple[Found, ...]
    """By student, exercise and number of the attempt."""
    unrecognised: tuple[Unrecognised, ...]
    missing: tuple[Student, ...]
    """Those of the roster of whom nothing was found."""


def read(
    path: Path, *, roster: Roster | None = None, exercises: Sequence[str] | None = None
) -> Intake:
    """Recognises the submissions in a folder or an archive.

    Every one is read once for its digest and let go again. With a roster, what is nobody's
    of it is not recognised; `exercises` are those that are wanted, all of them if None.
    Raises UsageError where there is no such download, or it is none.
    """
    download = open_(path)
    taking = _Taking(download, roster, exercises)
    for part in layout.parts(download, taking.knows):
        taking.take(part)
    return taking.intake()


# --- what a student handed in --------------------------------------------------------------


class _Main(NamedTuple):
    """A file for an exercise, before it has a number among the student's."""

    student: Student
    exercise: str
    source: str
    order: tuple[object, ...]
    stems: tuple[str, ...]
    """What of the order is no number and no time: where that differs, it says nothing."""
    digest: str
    late: bool | None
    submitted: datetime | None
    load: Callable[[], Submission]


class _Taking:
    def __init__(
        self, download: Download, roster: Roster | None, exercises: Sequence[str] | None
    ) -> None:
        self.download = download
        self.roster = roster
        self.exist = set(curriculum.ids())
        self.wanted = self.exist if exercises is None else set(exercises)
        self.layouts: Counter[str] = Counter()
        self.mains: list[_Main] = []
        self.parts: dict[str, list[tuple[str, str]]] = {}
        """Without a roster: the keys that are one where case does not count, and where."""

    def knows(self, name: str) -> bool:
        found = self.roster and identity.known(name, self.roster)
        return bool(found)

    def take(self, part: Part) -> None:
        self.layouts[part.layout] += 1
        students = []
        for owner in part.owners:
            match identity.student(owner, part.layout, self.roster):
                case Student() as student:
                    students.append(student)
                case Message() as why:
                    self.download.refused += [(source, why) for source in part.sources]
        if not students:
            return
        if self.roster is None:
            for student in students:
                places = self.parts.setdefault(folded(student.id), [])
                places += [(student.id, source) for source in part.sources]
        found: Counter[str] = Counter()
        before = len(self.download.refused)
        opened: Opened = {}
        for at in self._walk(part.folder, opened):
            self._take_folder(at, part, students, opened, found)
        told = {path for path, _ in self.download.refused[before:]}
        if not found and part.source not in told:
            self.download.refuse(part.source, "nothing")

    def _walk(self, folder: Folder, opened: Opened) -> Iterator[Folder]:
        """The folders of a part, with a student's archives as folders."""
        yield folder
        for name, file in sorted(folder.files.items()):
            if not is_archive(name):
                continue
            packed = Packed(file)
            try:
                inside = packed.tree(opened)
            except UsageError as error:
                folder.folders[name] = _broken(file, name, error)
                if not folder.folders[name].files:
                    self.download.refused.append((file.path, error.message))
                continue
            self.download.refused += inside.refused
            self.download.junk += inside.junk
            yield from self._walk(inside.root, opened)
            opened.pop(id(packed), None)
        for _, inner in sorted(folder.folders.items()):
            yield from self._walk(inner, opened)

    def _take_folder(
        self,
        at: Folder,
        part: Part,
        students: list[Student],
        opened: Opened,
        found: Counter[str],
    ) -> None:
        """Takes the exercises directly in a folder, and counts them."""
        code = {n: f for n, f in at.files.items() if n.lower().endswith(tuple(submission.LIMITS))}
        if len(code) > CODE_FILES:
            return self.download.refuse(at.path, "crowded", limit=CODE_FILES)
        mains = {name: e for name in code if (e := submission.exercise_of(name))}
        if not mains and part.exercise and len(code) == 1 and at is part.folder:
            mains = dict.fromkeys(code, part.exercise)
        used: set[str] = set()
        for name, exercise in sorted(mains.items()):
            file = code[name]
            found[exercise] += 1
            if found[exercise] > ATTEMPTS:
                self.download.refuse(file.path, "attempts", exercise=exercise, limit=ATTEMPTS)
                continue
            if exercise not in self.exist:
                self.download.refuse(file.path, "no-such-exercise", exercise=exercise)
                continue
            if exercise not in self.wanted:
                self.download.refuse(file.path, "not-wanted", exercise=exercise)
                continue
            reading = _Reading(exercise, name, code)
            _, digest, read = reading.read(opened)
            used |= read
            load = _Load(reading, digest)
            stems, numbers = _order(file.path)
            order = (part.submitted or datetime.min.replace(tzinfo=UTC), numbers, stems)
            for student in students:
                self.mains.append(
                    _Main(student, exercise, shown(file.path), order, stems,
                          digest, part.late, part.submitted, load)
                )  # fmt: skip
        for name, file in at.files.items():
            if name in mains or name in used or is_archive(name):
                continue
            typed = part.layout in ("canvas", "moodle") and name in _TYPED
            self.download.refuse(
                file.path, "unused" if name in code else "typed" if typed else "stray"
            )
        return None

    # --- together --------------------------------------------------------------------------

    def intake(self) -> Intake:
        self._refuse_alike()
        self.mains.sort(key=lambda m: (m.student.id, m.exercise, m.order, m.source))
        found: list[Found] = []
        before: _Main | None = None
        number = 0
        for main in self.mains:
            again = before and (before.student.id, before.exercise) == (
                main.student.id,
                main.exercise,
            )
            number = number + 1 if again else 1
            if before and again and before.order[0] == main.order[0] and before.stems != main.stems:
                self.download.refuse(
                    main.source, "order", exercise=main.exercise, other=before.source
                )
            attempt = Attempt(
                main.student.id, main.exercise, number, main.source, main.digest,
                main.submitted, main.late,
            )  # fmt: skip
            found.append(Found(main.student, attempt, main.load))
            before = main
        have = {f.student.id for f in found}
        return Intake(
            " + ".join(sorted(self.layouts)) or "empty",
            tuple(found),
            tuple(self._unrecognised()),
            tuple(s for s in self.roster or () if s.id not in have),
        )

    def _refuse_alike(self) -> None:
        """`Kim/` and `kim/` are two students here and one on another system: neither counts."""
        alike = set()
        for places in self.parts.values():
            if len({key for key, _ in places}) > 1:
                for key, source in places:
                    alike.add(key)
                    other = next(k for k, _ in places if k != key)
                    self.download.refuse(source, "alike", name=shown(key), other=shown(other))
        if alike:
            self.mains = [main for main in self.mains if main.student.id not in alike]

    def _unrecognised(self) -> Iterator[Unrecognised]:
        for source, why in sorted(self.download.refused, key=lambda refused: refused[0]):
            yield Unrecognised(shown(source), why)
        for name, count in sorted(self.download.junk.items()):
            yield Unrecognised(shown(name), Message("intake.junk", {"count": count}))


def _order(path: str) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """The words and the numbers of a path.

    `hw/exercise_1-2.py` comes after `hw/exercise_1.py`, `try 10/` after `try 9/`. The words
    come last in the order: nothing follows from them.
    """
    words, numbers = [], []
    for name in path.split("/"):
        plain = (
            stem(name)
            if is_archive(name) or name.lower().endswith(tuple(submission.LIMITS))
            else name
        )
        again = re.fullmatch(r"(.*?)(?:-(\d{1,3})|[ _]?\((\d{1,3})\))", plain, re.ASCII)
        base = again[1] if again else plain
        words.append(re.sub(r"\d+", "#", base, flags=re.ASCII) + name[len(plain) :].lower())
        counted = [int(n) for n in re.findall(r"\d{1,18}", base, re.ASCII)]
        numbers.append((*counted, int(again[2] or again[3]) if again else 0))
    return tuple(words), tuple(numbers)


# --- reading -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """One exercise of one student, wherever its bytes are."""

    exercise: str
    main: str
    files: Mapping[str, File]
    """The code that lies beside it, and it."""

    def read(self, opened: Opened) -> tuple[Submission | Message, str, set[str]]:
        """The submission, or what is wrong with it; the digest; the names of what was read.

        The digest is the same for the same work in any layout: the main file is called after
        its exercise and a neighbour after the module it is imported as, whatever an LMS has
        put before it. What cannot be read has one too, of what can be.
        """
        fetched: list[tuple[str, bytes]] = []

        def fetch(path: Path) -> bytes:
            name = path.name
            limit = submission.LIMITS[Path(name).suffix.lower()]
            fetched.append((name, self.files[name].fetch(limit, opened)))
            return submission.checked(fetched[-1][1], name)

        result: Submission | Message
        names = [self.exercise]
        try:
            result = submission.read_with(
                fetch, Path(self.main), self.exercise, [Path(name) for name in self.files]
            )
            names += [m for m, source in result.neighbours.items() if source is not result.main]
        except UsageError as error:
            result = error.message
        hashed = sha256(b"" if isinstance(result, Submission) else result.id.encode())
        for index, (name, data) in enumerate(fetched):
            called = names[index] if index < len(names) else f"?{index}"
            suffix = Path(name).suffix.lower()
            hashed.update(f"\n{called}{suffix} {len(data)}\n".encode())
            hashed.update(data)
        return result, hashed.hexdigest(), {name for name, _ in fetched}


@dataclass(frozen=True, slots=True)
class _Load:
    reading: _Reading
    digest: str

    def __call__(self) -> Submission:
        result, digest, _ = self.reading.read({})
        if digest != self.digest:
            params = {"file": shown(self.reading.main)}
            raise UsageError(Message("intake.changed", params))
        if isinstance(result, Message):
            raise UsageError(result)
        return result


def _broken(file: File, name: str, error: UsageError) -> Folder:
    """In the place of an archive that cannot be opened: the exercise that its name says, if it
    says one, which then cannot be read either. Somebody handed that in."""
    folder = Folder(file.path)
    main = f"{stem(name)}.py"
    if submission.exercise_of(main):

        def fetch(limit: int, opened: Opened) -> bytes:
            raise UsageError(error.message)

        folder.files[main] = File(file.path, fetch)
    return folder
