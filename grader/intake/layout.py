"""The tree of a download comes in; its parts go out, each with whose it is.

Only the names at the top of a download say whose something is: the instructor or the LMS gave
them. Below, names are of the student's choosing, and nobody hands in for somebody else by
calling a file `lee_123_456_exercise_1.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from grader import submission
from grader.intake import canvas, gradescope, moodle, repositories
from grader.intake.download import Download, File, Folder, is_archive, shown, stem
from grader.intake.parts import Owner, Part
from grader.model import UsageError


def parts(download: Download, known: Callable[[str], bool]) -> Iterator[Part]:
    """The parts of a download; what belongs to nobody is put among what was refused.

    `known` says whether a roster has somebody of this name.
    """
    yield from _survey(_Survey(download, known), download.root, None)


class _Survey:
    def __init__(self, download: Download, known: Callable[[str], bool]) -> None:
        self.download = download
        self.known = known


def _survey(survey: _Survey, folder: Folder, exercise: str | None) -> Iterator[Part]:
    folder = _unwrapped(survey, folder)
    if file := gradescope.metadata(folder):
        yield from _gradescope(survey, folder, file, exercise)
        return
    for name, inner in sorted(folder.folders.items()):
        if claim := moodle.claim(name):
            yield Part("moodle", inner.path, (claim.owner,), inner, exercise=exercise)
        elif claim := repositories.claim(name, inner):
            yield Part("github", inner.path, (claim.owner,), inner, exercise=claim.exercise)
        elif own := _exercise_alone(name):
            yield from _survey(survey, inner, own)
        else:
            layout = "clones" if inner.clone else "folders"
            yield Part(layout, inner.path, (Owner(name),), inner, exercise=exercise)
    yield from _files(survey, folder, exercise)


def _unwrapped(survey: _Survey, folder: Folder) -> Folder:
    """The folder below those that only hold one other (`submissions/`, `class/week 1/`), and
    perhaps a roster. One that could be a student's is listed, with what it is taken for."""
    while len(folder.folders) == 1 and not any(map(_could_be_work, folder.files)):
        name, inner = next(iter(folder.folders.items()))
        if inner.clone or _exercise_alone(name) or _somebodys(survey, name, inner):
            break
        around = _around_a_class(survey, inner)
        if around is None:
            parts = [*_by_whom(inner)]
            # Several are rather of a class; one is what a student has put around their files.
            around = len(parts) > 1
            survey.download.refuse(
                inner.path, "around" if around else "one-student",
                name=shown(name, 100), part=shown(min(parts or inner.folders), 100),
            )  # fmt: skip
        if not around:
            break
        for file in folder.files.values():
            survey.download.refuse(file.path, "stray")
        folder = inner
    return folder


def _somebodys(survey: _Survey, name: str, folder: Folder) -> bool:
    """Whether a folder is a student's by its name."""
    claimed = moodle.claim(name) or repositories.claim(name, folder)
    return bool(claimed) or survey.known(name)


def _around_a_class(survey: _Survey, folder: Folder) -> bool | None:
    """Whether what is in it is of several students, rather than of the one it names; None where
    it could be either."""
    claims = (moodle.claim(name) or canvas.claim(name) for name in folder.files)
    if gradescope.metadata(folder) or any(claims):
        return True
    if any(_exercise_alone(_without_ending(name)) for name in folder.files):
        return False
    parts = _by_whom(folder)
    if any(_somebodys(survey, name, part) for name, part in parts.items()):
        return True
    # Folders for an exercise each, and one that stands alone, say of this one what they are.
    exercises = [inner for name, inner in folder.folders.items() if _exercise_alone(name)]
    told = {_around_a_class(survey, inner) for inner in exercises}
    if told - {None}:
        return True in told
    if len(parts) > 1:
        return None if _apart(parts.values()) else True
    if any(_around_a_class(survey, part) for name, part in parts.items() if name in folder.folders):
        return True
    return None if parts or exercises else False


def _by_whom(folder: Folder) -> dict[str, Folder]:
    """What would be each student's, by what would be their names, if `folder` is around a class."""
    found: dict[str, Folder] = {}
    for name, file in sorted(folder.files.items()):
        before = submission.prefix_of(f"{_without_ending(name)}.py")
        whose = stem(name) if before is None and is_archive(name) else before or ""
        if whose := whose.strip("_- "):
            found.setdefault(whose, Folder(folder.path)).files[name] = file
    own = {n: inner for n, inner in sorted(folder.folders.items()) if not _exercise_alone(n)}
    return found | own


def _apart(parts: Iterable[Folder]) -> bool:
    """Whether no two hold the same exercise, as those of one student would not."""
    seen: set[str] = set()
    for part in parts:
        exercises = set(_exercises(part))
        if not exercises or exercises & seen:
            return False
        seen |= exercises
    return True


def _exercises(folder: Folder) -> Iterator[str]:
    """What names say, at any depth; what is packed is not looked into."""
    for name in folder.files:
        if exercise := submission.exercise_of(f"{_without_ending(name)}.py"):
            yield exercise
    for name, inner in folder.folders.items():
        if exercise := _exercise_alone(name):
            yield exercise
        yield from _exercises(inner)


def _without_ending(name: str) -> str:
    """The name of code or an archive without what says so; whole, where it is neither."""
    return stem(name) if is_archive(name) or submission.exercise_of(name) else name


def _could_be_work(name: str) -> bool:
    return (
        is_archive(name)
        or name.lower().endswith(tuple(submission.LIMITS))
        or (name in gradescope.NAMES or moodle.claim(name) is not None)
    )


def _exercise_alone(name: str) -> str | None:
    """The exercise that a name without an ending is for, if that is all it says."""
    alone = submission.prefix_of(name + ".py") == ""
    return submission.exercise_of(name + ".py") if alone else None


def _gradescope(
    survey: _Survey, folder: Folder, file: File, exercise: str | None
) -> Iterator[Part]:
    try:
        said = gradescope.read(file)
    except UsageError as error:
        survey.download.refused.append((file.path, error.message))
        said = {}
    for name, inner in sorted(folder.folders.items()):
        about = said.pop(name, None)
        if about is None or not about.owners:
            survey.download.refuse(inner.path, "no-metadata", name=shown(name, 100))
        else:
            owners = tuple(dict.fromkeys(about.owners))
            yield Part(
                "gradescope", inner.path, owners, inner, submitted=about.created, exercise=exercise
            )
    for name in said:
        survey.download.refuse(folder.below(name), "no-folder", name=shown(name, 100))
    for name, other in folder.files.items():
        if name not in gradescope.NAMES:
            survey.download.refuse(other.path, "stray")


def _files(survey: _Survey, folder: Folder, exercise: str | None) -> Iterator[Part]:
    """The files at the top: each student's own, told apart by what stands before their names."""
    students: dict[tuple[str, Owner, bool | None], Folder] = {}
    others: dict[str, File] = {}

    def put(layout: str, owner: Owner, late: bool | None, name: str, file: File) -> None:
        theirs = students.setdefault((layout, owner, late), Folder(folder.path))
        # Two files of one name: the second keeps its own, whole.
        theirs.files[name if name not in theirs.files else file.path.rpartition("/")[2]] = file

    for name, file in sorted(folder.files.items()):
        for layout, claim in (("moodle", moodle.claim(name)), ("canvas", canvas.claim(name))):
            if claim:
                put(layout, claim.owner, claim.late, claim.rest, file)
                break
        else:
            before = submission.prefix_of(f"{stem(name)}.py" if is_archive(name) else name)
            if before and before.strip("_- "):
                put("flat", Owner(before.strip("_- ")), None, name[len(before) :], file)
            elif is_archive(name) and before is None:
                packed = Folder(file.path, {name: file})
                yield Part("archives", file.path, (Owner(stem(name)),), packed, exercise=exercise)
            else:
                others[name] = file
    flat = {owner.key for layout, owner, _ in students if layout == "flat"}
    for name, file in others.items():
        if submission.exercise_of(name) or is_archive(name):
            survey.download.refuse(file.path, "whose", name=shown(name, 100))
        elif own := _longest_of(flat, name):
            put("flat", Owner(own), None, name[len(own) + 1 :], file)
        else:
            survey.download.refuse(file.path, "stray")
    for (layout, owner, late), theirs in students.items():
        first = next(iter(theirs.files.values())).path
        yield Part(layout, first, (owner,), theirs, late=late, exercise=exercise)


def _longest_of(keys: set[str], name: str) -> str | None:
    """`kim_min` rather than `kim` of `kim_min_util.py`, where both are somebody's."""
    ends = [at for at, character in enumerate(name) if character in "_- "]
    return next((name[:at] for at in reversed(ends) if name[:at] in keys), None)
