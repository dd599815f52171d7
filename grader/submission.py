"""A path comes in, a `Submission` goes out: a learner's file, as text, and what it imports.

Runs on the trusted side over strangers' files, so nothing here executes, compiles or parses
what it reads: names are matched, bytes are decoded, notebooks are taken apart as JSON.

What a learner can put right is a `UsageError`. The ids, and what their params hold:

    submission.not-found            exercise, folder, names (what it may be called),
                                    found (other code that is there)
    submission.ambiguous            exercise, folder, candidates
    submission.missing-file         file
    submission.not-a-file           file, kind ("directory", "link", "pipe", "socket", "device")
    submission.unreadable           file, reason (the words of the operating system)
    submission.suffix               file, suffixes (the ones that are read)
    submission.too-large            file, part, limit: part is "file" or, in a notebook, "code"
                                    (limit in bytes) or "outputs" (limit in JSON containers)
    submission.encoding             file, problem ("undecodable", "unsupported", "contradiction",
                                    "utf-16"), encoding, line (None where there is no telling)
    submission.nul                  file, line
    submission.bad-notebook         file
    submission.no-code              file
    submission.too-many-neighbours  file (that is imported too), limit
    submission.neighbours-too-large file (that is imported too), limit (bytes)

`file` is the name of the learner's file or of the neighbour that is at fault, made printable;
for a missing file it is the path as it was given.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, NoReturn

from grader.model import Message, Source, Submission, UsageError

SCRIPT_BYTES = 1 << 20
NOTEBOOK_BYTES = 16 << 20
"""A notebook carries its plots; the code in it may be no longer than a script."""
NOTEBOOK_CONTAINERS = 1 << 20
"""As Python objects, 16 MiB of `{},{},` would be two gigabytes and a quarter of a minute."""
NEIGHBOURS = 50
NEIGHBOUR_CODE_BYTES = 4 << 20
NEIGHBOUR_FILE_BYTES = 64 << 20
"""Fifty notebooks full of plots would take minutes to take apart."""

LIMITS = {".py": SCRIPT_BYTES, ".ipynb": NOTEBOOK_BYTES}
"""The kinds of files that are read, and how many bytes one may have."""

# fmt: off
_ENCODINGS = frozenset({
    # What editors save text as, by the name that codecs.lookup gives. Python also knows
    # "encodings" that disguise text (rot13, utf-7, unicode_escape): the code that a person
    # sees in the file is to be the code that runs.
    "ascii", "utf-8", "utf-8-sig",
    *(f"iso8859-{n}" for n in range(1, 17) if n != 12), *(f"cp{n}" for n in range(1250, 1259)),
    "cp437", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861", "cp862", "cp863",
    "cp865", "cp866", "cp869", "cp720", "cp737", "cp775", "cp874", "cp1006", "cp1125",
    "koi8-r", "koi8-t", "koi8-u", "kz1048", "ptcp154", "tis-620", "hp-roman8",
    "mac-roman", "mac-cyrillic", "mac-greek", "mac-iceland", "mac-latin2", "mac-turkish",
    "mac-croatian", "mac-romanian",
    "euc_kr", "cp949", "johab", "euc_jp", "euc_jis_2004", "euc_jisx0213", "shift_jis", "cp932",
    "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950",
})
# fmt: on

# --- names ---------------------------------------------------------------------------------


class _Name(NamedTuple):
    """`kim_123_exercise_1-2` as its parts: "kim_123_", 1, "-2"."""

    before: str
    number: int
    after: str


_NAME = re.compile(
    r"(?P<before>(?:.*[^a-z])?)exercise[ _-]{0,3}(?P<number>[0-9]{1,4})"
    # What tools put behind a name: -2 (Canvas, resubmitted), (1) (browsers), copies.
    r"(?P<after>(?:-[0-9]{1,3}|[ _]?\([0-9]{1,3}\)|(?: - |[ _-])(?:copy|복사본) ?[0-9]{0,3}"
    r"|의 사본)*)",
    re.IGNORECASE | re.ASCII,
)


def _parts(stem: str) -> _Name | None:
    match = _NAME.fullmatch(_composed(stem, "NFC"))
    # A leading dot marks what macOS and editors leave behind; test_ is what pytest runs.
    if match is None or stem.startswith(".") or match["before"].lower() in ("test_", "tests_"):
        return None
    return _Name(match["before"], int(match["number"]), match["after"])


def _split(filename: str) -> tuple[str, str]:
    """The stem and the suffix in lower case."""
    stem, dot, suffix = filename.rpartition(".")
    return (stem, "." + suffix.lower()) if dot else (filename, "")


def exercise_of(filename: str) -> str | None:
    """The id of the exercise that a file of this name is for, or None.

    Takes the name without its folder: `exercise_1.py`, `Exercise 01 (1).ipynb` and
    `kim_min_123_exercise_1-2.py` are all for "exercise-1". Never raises.
    """
    stem, suffix = _split(filename)
    if suffix not in LIMITS:
        return None
    parts = _parts(stem)
    return None if parts is None else f"exercise-{parts.number}"


def prefix_of(filename: str) -> str | None:
    """What a tool put before the name of an exercise: "kim_123_" of `kim_123_exercise_1.py`,
    nothing of `exercise_1.py`; None where `exercise_of` gives None."""
    stem, suffix = _split(filename)
    parts = _parts(stem) if suffix in LIMITS else None
    return None if parts is None else parts.before


def _printable(name: object) -> str:
    # A file name may hold terminal escapes, or bytes that are no text and cannot be printed.
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(name))


def _refuse(id: str, **params: object) -> NoReturn:
    raise UsageError(Message(f"submission.{id}", params))


# --- finding -------------------------------------------------------------------------------


def find(exercise: str, folder: Path) -> Path:
    """The learner's file for an exercise id, in `folder` or in `folder/exercises`.

    The plain name (`exercise_1.py` or `exercise_1.ipynb`) wins over other names that count,
    and, among names alike, `folder` over `folder/exercises`.

    Raises UsageError: submission.not-found, submission.ambiguous where two or more are
    equally good, submission.unreadable.
    """
    stem = exercise.replace("-", "_")
    plain = [stem + suffix for suffix in LIMITS]
    places = {place: _listing(place) for place in (folder, folder / "exercises")}

    for exact in (True, False):
        for place, names in places.items():
            fitting = [
                name
                for name in names
                if (name in plain if exact else exercise_of(name) == exercise)
            ]
            if len(fitting) == 1:
                return place / fitting[0]
            if fitting:
                _refuse(
                    "ambiguous",
                    exercise=exercise,
                    folder=_printable(folder),
                    candidates=[_printable((place / name).relative_to(folder)) for name in fitting],
                )
    code = [name for names in places.values() for name in names if _split(name)[1] in LIMITS]
    _refuse(
        "not-found",
        exercise=exercise,
        folder=_printable(folder),
        names=plain,
        found=[_printable(name) for name in code[:10]],
    )


def _listing(folder: Path) -> list[str]:
    """The names of the regular files in a folder, sorted; none where there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_file())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        _refuse("unreadable", file=_printable(folder), reason=error.strerror)


# --- reading -------------------------------------------------------------------------------


def read(
    path: Path,
    exercise: str,
    *,
    follow_links: bool = True,
    siblings: Iterable[Path] | None = None,
) -> Submission:
    """Reads a learner's file, and the files of the same submission that it imports.

    `follow_links=False` is for strangers' files: a symbolic link in the place of a file is
    refused (the folders above it are the caller's to vouch for). `siblings` are the files
    of the same submission, where the caller knows them; else they are looked for beside the
    file, where a prefix or suffix that a tool added to the file's name (`kim_123_`) tells
    them from those of others.

    Raises UsageError, with the ids at the top of this module (all but not-found and
    ambiguous), for the file and its neighbours alike.
    """

    def fetch(path: Path) -> bytes:
        return read_file(path, follow_links=follow_links)

    main, _ = _read_source(path, fetch)
    neighbours = _read_neighbours(path, main, fetch, siblings)
    return Submission(exercise, main, neighbours)


def read_unpacked(files: Mapping[str, bytes], main: str, exercise: str) -> Submission:
    """Reads the file `main` of a submission that arrived as an archive (`archive.read`).

    `files` are those of this one submission, by path; nothing of the disk is looked at.
    Raises UsageError as `read` does.
    """
    by_path = {Path(name): data for name, data in files.items()}

    def fetch(path: Path) -> bytes:
        if path not in by_path:
            _refuse("missing-file", file=_printable(path))
        return checked(by_path[path], path.name)

    return read_with(fetch, Path(main), exercise, by_path)


def read_with(
    fetch: Callable[[Path], bytes], main: Path, exercise: str, siblings: Iterable[Path]
) -> Submission:
    """Reads a submission whose bytes `fetch` gives, wherever they are.

    `fetch` is asked once for `main`, then once for every neighbour, in the order of
    `Submission.neighbours`; it raises what `checked` and `read_file` raise. `siblings` are the
    files of this one submission. Raises UsageError as `read` does.
    """
    source, _ = _read_source(main, fetch)
    return Submission(exercise, source, _read_neighbours(main, source, fetch, siblings))


def checked(data: bytes, name: str) -> bytes:
    """`data`, of a file called `name`, if it is of a kind and a size that are read.

    Raises UsageError: submission.suffix, submission.too-large.
    """
    suffix = _split(name)[1]
    if suffix not in LIMITS:
        _refuse("suffix", file=_printable(name), suffixes=list(LIMITS))
    if len(data) > LIMITS[suffix]:
        _refuse("too-large", file=_printable(name), limit=LIMITS[suffix], part="file")
    return data


def _read_source(path: Path, fetch: Callable[[Path], bytes]) -> tuple[Source, int]:
    """The file as text, and the number of bytes it takes."""
    data = fetch(path)
    stem, suffix = _split(path.name)
    # In lower case, because that is how Source tells a notebook.
    filename = _printable(stem + suffix)
    cells = _code_cells(data, filename) if suffix == ".ipynb" else (_decode(data, filename),)
    return Source(filename, cells), len(data)


def read_file(path: Path, *, follow_links: bool, limit: int | None = None) -> bytes:
    """The bytes of a .py or .ipynb file, within its limit; with `limit`, those of any regular
    file, cut off one byte after it. Raises UsageError as `read` does.

    A hard link is a regular file like any other. Only whoever can write to this disk can make
    one (no archive that is unpacked here may hold any), so it leads a stranger nowhere, and
    backups and tools that save space make them of honest files.
    """
    name = _printable(path.name)
    suffix = _split(path.name)[1]
    flags = os.O_RDONLY
    # Not every system has all of these. NONBLOCK: opening a pipe that nobody writes to would
    # wait for ever; NOCTTY, BINARY: no terminal taken over, no bytes changed.
    for flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    if not follow_links:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        # Looked at before it is opened, because opening a device can already do something,
        # and again once it is open, because it may have been exchanged in between.
        _check_regular(path.stat(follow_symlinks=follow_links), name)
        if limit is None and suffix not in LIMITS:
            _refuse("suffix", file=name, suffixes=list(LIMITS))
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            _check_regular(os.fstat(descriptor), name)
            data = file.read((LIMITS[suffix] if limit is None else limit) + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: NUL in the path
        _refuse("missing-file", file=_printable(path))
    except OSError as error:
        _refuse("unreadable", file=name, reason=error.strerror)
    return data if limit is not None else checked(data, path.name)


def _check_regular(found: os.stat_result, name: str) -> None:
    match stat.S_IFMT(found.st_mode):
        case stat.S_IFREG:
            return
        case stat.S_IFDIR:
            kind = "directory"
        case stat.S_IFLNK:
            kind = "link"
        case stat.S_IFIFO:
            kind = "pipe"
        case stat.S_IFSOCK:
            kind = "socket"
        case _:
            kind = "device"
    _refuse("not-a-file", file=name, kind=kind)


# --- text ----------------------------------------------------------------------------------

_UNICODE_MARKS = (
    codecs.BOM_UTF16_LE,  # also begins UTF-32, little end first
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
)

_COOKIE = re.compile(
    # PEP 263: a comment in the first line, or in the second after nothing but a comment.
    rb"(?:[ \t\f]*(?:#[^\n]*)?\n)??[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)"
)


def _decode(data: bytes, name: str) -> str:
    """The text of Python source, decoded as Python does, with "\\n" as the end of lines.

    Raises UsageError: submission.encoding, submission.nul.
    """
    _check_bytes(data, name)
    # Before decoding, so that lines mean the same to the cookie; no allowed encoding uses
    # these bytes inside a character.
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    marked = data.startswith(codecs.BOM_UTF8)
    data = data.removeprefix(codecs.BOM_UTF8)
    cookie = _COOKIE.match(data)
    encoding = "utf-8"
    if cookie is not None:
        declared = cookie[1].decode("ascii")
        encoding = _codec(declared) or _refuse(
            "encoding", file=name, problem="unsupported", encoding=declared[:40], line=None
        )
        if marked and not encoding.startswith("utf-8"):
            _refuse("encoding", file=name, problem="contradiction", encoding=encoding, line=None)
    return _decode_as(encoding, data, name)


def _check_bytes(data: bytes, name: str) -> None:
    if data.startswith(_UNICODE_MARKS):
        _refuse("encoding", file=name, problem="utf-16", encoding="utf-16", line=None)
    at = data.find(b"\0")
    if at < 0:
        return
    if data.count(b"\0") * 3 > len(data):  # UTF-16 without its mark: every other byte is NUL
        _refuse("encoding", file=name, problem="utf-16", encoding="utf-16", line=None)
    _refuse("nul", file=name, line=data.count(b"\n", 0, at) + 1)


def _codec(declared: str) -> str | None:
    """The codec that a declaration means, or None where it is none that is read."""
    plain = declared[:40].lower().replace("_", "-")
    # As Python has it, Emacs' utf-8-unix is utf-8; what follows the name is ignored.
    if plain.startswith("utf-8-"):
        return "utf-8"
    if plain.startswith(("latin-1-", "iso-8859-1-", "iso-latin-1-")):
        return "iso8859-1"
    try:
        encoding = codecs.lookup(plain).name
    except (LookupError, ValueError):
        return None
    return encoding if encoding in _ENCODINGS else None


def _decode_as(encoding: str, data: bytes, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _refuse("encoding", file=name, problem="undecodable", encoding=encoding, line=line)


def _code_cells(data: bytes, name: str) -> tuple[str, ...]:
    """The source of each code cell of a notebook of any version, in order.

    Raises UsageError: submission.encoding, .nul, .bad-notebook, .no-code, .too-large.
    """
    _check_bytes(data, name)
    text = _decode_as("utf-8", data.removeprefix(codecs.BOM_UTF8), name)

    if text.count("{") + text.count("[") > NOTEBOOK_CONTAINERS:
        _refuse("too-large", file=name, limit=NOTEBOOK_CONTAINERS, part="outputs")

    import nbformat  # 60 to 110 ms, paid for by notebooks only

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cell ids, which nobody here looks at
            # Not nbformat.reads, which also validates, and tells a log of what is not by the book.
            loaded = nbformat.reader.reads(text, object_hook=_without_outputs)
            notebook = nbformat.convert(loaded, 4)
        sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    except Exception:
        # Not a list of types: in JSON that is no notebook the library trips over whatever is
        # missing (KeyError, AttributeError, TypeError ...), or over the depth of it.
        _refuse("bad-notebook", file=name)
    if not all(isinstance(source, str) for source in sources):
        _refuse("bad-notebook", file=name)
    if not sources:
        _refuse("no-code", file=name)

    cells = tuple(source.replace("\r\n", "\n").replace("\r", "\n") for source in sources)
    if sum(map(len, cells)) > SCRIPT_BYTES:
        _refuse("too-large", file=name, limit=SCRIPT_BYTES, part="code")
    for cell in cells:
        at = cell.find("\0")  # JSON can spell what the bytes above may not hold
        if at >= 0:
            _refuse("nul", file=name, line=cell.count("\n", 0, at) + 1)
        try:
            cell.encode()
        except UnicodeEncodeError as error:  # half of a surrogate pair
            line = cell.count("\n", 0, error.start) + 1
            _refuse("encoding", file=name, problem="undecodable", encoding="utf-8", line=line)
    return cells


def _without_outputs(container: dict[str, object]) -> dict[str, object]:
    """Drops the plots while the JSON is read, rather than have them copied and converted."""
    if "outputs" in container:
        container["outputs"] = []
    return container


# --- neighbours ----------------------------------------------------------------------------

# These win over a file of the same name, unlike in Python: a learner's random.py would break
# NumPy in a way that nobody could explain from their exercise.
_NOT_NEIGHBOURS = sys.stdlib_module_names | {"numpy", "torch", "numba"}

_IMPORT = re.compile(
    r"(?:^|[;:])[ \t\f]*"
    r"(?:import[ \t]+(?P<modules>[^\n#;]+)|from[ \t]+(?P<module>[^\W\d][\w.]*)[ \t]+import\b)",
    re.MULTILINE,
)
_CALLED = re.compile(r"\b(?:import_module|__import__)\([ \t\n]*['\"](?P<module>[^\W\d]\w*)")


def _imported(source: Source) -> list[str]:
    """The top-level modules that a file may import, as far as its text shows.

    What only looks like an import, inside a string say, does no harm: a file that is there
    is then read and not used. A relative import finds nothing, in Python too.
    """
    modules: set[str] = set()
    for cell in source.cells:
        for match in _IMPORT.finditer(cell.replace("\\\n", " ")):
            for words in (match["module"] or match["modules"]).split(","):
                module = words.split(".")[0].split()[:1]  # `a.b as c` -> a
                if module and module[0].isidentifier():
                    modules.add(_composed(module[0], "NFKC"))
        modules.update(match["module"] for match in _CALLED.finditer(cell))
    return sorted(modules - _NOT_NEIGHBOURS)


def _composed(name: str, form: Literal["NFC", "NFKC"]) -> str:
    """The name in one Unicode spelling: macOS writes 한 as ㅎ, ㅏ and ㄴ."""
    if name.isascii():
        return name
    import unicodedata

    return unicodedata.normalize(form, name)


def _read_neighbours(
    path: Path, main: Source, fetch: Callable[[Path], bytes], siblings: Iterable[Path] | None
) -> Mapping[str, Source]:
    neighbours: dict[str, Source] = {}
    waiting = _imported(main)
    if not waiting:
        return neighbours
    files = _files_beside(path) if siblings is None else list(siblings)
    folder = _Folder(files, one_submission=siblings is not None)
    seen: set[str] = set()
    code_size = file_size = 0
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        file = folder.module(module, path.name)
        if file is None:
            continue
        # Two files that import each other: Python too would load the first a second time,
        # as a module.
        if file == path:
            neighbours[module] = main
            continue
        shown = _printable(file.name)
        if len(neighbours) == NEIGHBOURS:
            _refuse("too-many-neighbours", file=shown, limit=NEIGHBOURS)
        source, size = _read_source(file, fetch)
        code_size += sum(map(len, source.cells))
        file_size += size
        if code_size > NEIGHBOUR_CODE_BYTES or file_size > NEIGHBOUR_FILE_BYTES:
            _refuse("neighbours-too-large", file=shown, limit=NEIGHBOUR_CODE_BYTES)
        neighbours[module] = source
        waiting += _imported(source)
    return neighbours


def _files_beside(path: Path) -> list[Path]:
    """The files in the folder of a file that could be modules.

    Anything but a folder: a pipe, or a link that is not to be followed, is an error that
    names it rather than a module that is not there.
    """
    try:
        with os.scandir(path.parent) as entries:
            return sorted(
                path.parent / entry.name
                for entry in entries
                if entry.name.endswith(tuple(LIMITS)) and not entry.is_dir(follow_symlinks=False)
            )
    except OSError as error:
        _refuse("unreadable", file=_printable(path.parent), reason=error.strerror)


class _Folder:
    """The files that may be neighbours, by what an import can call them.

    Looking one up takes no longer for a folder with a whole class in it: a file of a megabyte
    has room for a hundred thousand imports.
    """

    def __init__(self, files: Iterable[Path], *, one_submission: bool) -> None:
        self._by_name: dict[str, Path] = {}
        self._spelt: dict[int, list[tuple[_Name, str]]] = {}
        self._by_ending: dict[str, list[str]] = {}
        for file in files:
            name = _composed(file.name, "NFC")
            stem, suffix = _split(name)
            if suffix not in LIMITS:
                continue
            self._by_name[name] = file
            if (parts := _parts(stem)) is not None:
                self._spelt.setdefault(parts.number, []).append((parts, name))
            if one_submission:
                for separator in re.finditer("[-_]", stem):
                    self._by_ending.setdefault(stem[separator.end() :], []).append(name)
        self._one_submission = one_submission

    def module(self, module: str, main: str) -> Path | None:
        """The file that the import of `module` in the file named `main` means, or None.

        `kim_123_exercise_5-2.py` means, by exercise_4: kim_123_exercise_4-2,
        kim_123_exercise_4, the last of kim_123_exercise_4-*, and then exercise_4, each also
        spelt exercise-4 or Exercise 4; never lee_456_exercise_4. Only where all files are
        known to be of one submission does a prefix not count.
        """
        own = _parts(_split(_composed(main, "NFC"))[0]) or _Name("", 0, "")
        for before, after in dict.fromkeys(
            [(own.before, own.after), (own.before, ""), (own.before, None), ("", "")]
        ):
            if after is None:
                if others := self._spellings(module, before, None):
                    return self._by_name[others[-1]]  # -3 is later than -2
                continue
            for suffix in LIMITS:
                if file := self._by_name.get(f"{before}{module}{after}{suffix}"):
                    return file
            if others := self._spellings(module, before, after):
                return self._by_name[others[0]]
        if self._one_submission:
            others = self._spellings(module, None, None) or self._by_ending.get(module, [])
            if len(others) == 1:
                return self._by_name[others[0]]
        return None

    def _spellings(self, module: str, before: str | None, after: str | None) -> list[str]:
        """The names of files for the exercise that `module` is, whatever their spelling.

        .py before .ipynb, as Python would have it, and the plainest first. None: any.
        """
        asked = _parts(module)
        if asked is None:
            return []
        return sorted(
            (
                name
                for parts, name in self._spelt.get(asked.number, [])
                if before in (None, parts.before) and after in (None, parts.after)
            ),
            key=lambda name: (name.endswith(".ipynb"), len(name), name),
        )
