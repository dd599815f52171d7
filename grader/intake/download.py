"""A download comes in, a folder or an archive; its files go out as a tree, none of them read.

Bytes are read when they are asked for, so that 50,000 submissions take no more memory than
one. A zip gives its members in any order. A tar does once it is unpacked: what gzip holds
goes to a file without a name, which is gone when nobody has it open, however we end.
"""

from __future__ import annotations

import gzip
import os
import stat
import tarfile
import tempfile
import threading
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn, TypeAlias

from grader import archive, submission
from grader.model import Message, UsageError
from grader.sandbox.inert import inert

ENTRIES = 1_000_000
"""Files and folders in the download of a class: 50,000 submissions of 20."""
FOLDERS = 24
"""As deep as an archive may be (16), below what an instructor has put around it."""
UNPACKED_BYTES = 8 << 30
"""Of a .tar.gz, on disk, while it is graded. A folder and a .zip may have any size."""
PACKED_BYTES = 64 << 20
"""A student's own archive inside the download; what it may unpack to, grader.archive says."""

Opened: TypeAlias = dict[int, dict[str, bytes]]
"""Students' archives that are unpacked at the moment, so that one load unpacks each once."""

_WINDOWS = 0
_JUNK_FOLDERS = frozenset({
    "__MACOSX", "__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache",
    ".ruff_cache", ".idea", ".vscode", ".github", ".venv", "venv", "node_modules",
    "site-packages", ".Trash", ".Spotlight-V100", ".fseventsd",
})  # fmt: skip
_JUNK_FILES = frozenset({
    ".DS_Store", ".localized", "Thumbs.db", "desktop.ini", ".gitignore", ".gitattributes",
    ".gitkeep", ".keep", ".python-version",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """One file of the download."""

    path: str
    """From the top of the download, as it stands there: for people, made inert first."""
    fetch: Callable[[int, Opened], bytes]
    """Its bytes, cut off one after so many. Raises UsageError."""


@dataclass(slots=True)
class Folder:
    path: str = ""
    files: dict[str, File] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    clone: bool = False
    """It has a .git, which nobody looks into."""

    def below(self, name: str) -> str:
        return f"{self.path}/{name}" if self.path else name


@dataclass
class Download:
    """The tree, and what did not get into it: (path, why)."""

    root: Folder = field(default_factory=Folder)
    refused: list[tuple[str, Message]] = field(default_factory=list)
    junk: Counter[str] = field(default_factory=Counter)
    entries: int = 0

    def refuse(self, path: str, id: str, **params: object) -> None:
        self.refused.append((path, Message(f"intake.{id}", params)))

    def count(self) -> None:
        self.entries += 1
        if self.entries > ENTRIES:
            raise UsageError(Message("intake.too-many", {"limit": ENTRIES}))

    def add(
        self, path: str, fetch: Callable[[int, Opened], bytes], at: Folder | None = None
    ) -> None:
        """Puts the file of an archive into the tree, or says why not."""
        at = at or self.root
        full = at.below(path)
        *parents, name = path.split("/")
        for part in (*parents, name):
            if part in ("", ".", "..") or "\\" in part or "\0" in part or len(part) > 255:
                return self.refuse(full, "path")
        if len(parents) > FOLDERS:
            return self.refuse(full, "too-deep", limit=FOLDERS)
        for part in parents:
            if part == ".git":
                at.clone = True
                return None
            if part in _JUNK_FOLDERS:
                self.junk[part] += 1
                return None
            at = at.folders.setdefault(part, Folder(at.below(part)))
        if is_junk(name):
            self.junk["._*" if name.startswith("._") else name] += 1
        elif name == ".git":
            at.clone = True
        elif name in at.files:
            self.refuse(full, "twice")
        else:
            at.files[name] = File(full, fetch)
        return None


def is_junk(name: str) -> bool:
    """What systems and tools leave behind, and nobody has handed in."""
    return name in _JUNK_FILES or name.startswith("._")


def shown(path: str, limit: int = 300) -> str:
    """A path or a name as a person may see it, on one line."""
    return inert(path, limit).replace("\n", "\\n").replace("\t", "\\t")


def is_archive(name: str) -> bool:
    return name.lower().endswith(archive.SUFFIXES)


def stem(name: str) -> str:
    """The name of an archive or a file without its ending."""
    for suffix in reversed(archive.SUFFIXES):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name.rpartition(".")[0] or name


def open_(path: Path) -> Download:
    """The tree of a folder, a .zip, a .tar or a .tar.gz.

    Raises UsageError: intake.missing, intake.kind, intake.unreadable, intake.damaged,
    intake.too-many, intake.too-large.
    """
    name = shown(str(path))
    try:
        found = path.stat()  # the instructor may well name a link
        if stat.S_ISDIR(found.st_mode):
            return _folder(path)
        if not stat.S_ISREG(found.st_mode) or not is_archive(path.name):
            raise UsageError(Message("intake.kind", {"path": name}))
        return _zip(path) if path.name.lower().endswith(".zip") else _tar(path)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(Message("intake.missing", {"path": name})) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(Message("intake.unreadable", {"path": name, "reason": reason})) from None
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, ValueError):
        raise UsageError(Message("intake.damaged", {"file": name})) from None


# --- folders -------------------------------------------------------------------------------


def _folder(top: Path) -> Download:
    download = Download()
    waiting = [(top, download.root, 0)]
    while waiting:
        place, at, depth = waiting.pop()
        try:
            with os.scandir(place) as entries:
                listing = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if place == top:
                raise
            why = Message("intake.unreadable", {"path": shown(at.path), "reason": error.strerror})
            download.refused.append((at.path, why))
            continue
        for entry in listing:
            download.count()
            name, full = entry.name, at.below(entry.name)
            if name == ".git":
                at.clone = True
            elif entry.is_dir(follow_symlinks=False):
                if name in _JUNK_FOLDERS:
                    download.junk[name] += 1
                elif depth == FOLDERS:
                    download.refuse(full, "too-deep", limit=FOLDERS)
                else:
                    at.folders[name] = Folder(full)
                    waiting.append((place / name, at.folders[name], depth + 1))
            elif is_junk(name):
                download.junk["._*" if name.startswith("._") else name] += 1
            elif entry.is_file(follow_symlinks=False):
                at.files[name] = File(full, _on_disk(place / name))
            else:
                mode = entry.stat(follow_symlinks=False).st_mode
                download.refuse(full, "not-a-file", kind=archive.kind_of(stat.S_IFMT(mode)))
    return download


def _on_disk(path: Path) -> Callable[[int, Opened], bytes]:
    # Not the link that a file may have been exchanged for since it was listed.
    return lambda limit, _: submission.read_file(path, follow_links=False, limit=limit)


# --- archives ------------------------------------------------------------------------------


def _zip(path: Path) -> Download:
    download = Download()
    opened = zipfile.ZipFile(path)
    # zipfile counts who has the file open without a lock of its own.
    lock = threading.Lock()
    for info in opened.infolist():
        download.count()
        name = _zip_name(info)
        if info.create_system == _WINDOWS:  # whose PowerShell 5 separated folders its own way
            name = name.replace("\\", "/")
        name = name.removeprefix("./")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if name.endswith("/"):
            continue
        if kind not in (0, stat.S_IFREG):
            download.refuse(name, "not-a-file", kind=archive.kind_of(kind))
        elif info.flag_bits & 0x2041:
            download.refuse(name, "encrypted")
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            download.refuse(name, "damaged", file=shown(name))
        else:
            download.add(name, _in_zip(opened, info, lock))
    return download


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of an entry, in UTF-8 where its writer forgot to say so, as macOS does."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return info.orig_filename


def _in_zip(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, lock: threading.Lock
) -> Callable[[int, Opened], bytes]:
    def fetch(limit: int, _: Opened) -> bytes:
        try:
            with lock, opened.open(info) as file:
                return file.read(limit + 1)
        except Exception:
            # Not a list of types: zipfile and zlib fail in a dozen ways over damaged bytes.
            _damaged(info.orig_filename)

    return fetch


def _damaged(name: str) -> NoReturn:
    raise UsageError(Message("intake.damaged", {"file": shown(name)})) from None


def _tar(path: Path) -> Download:
    download = Download()
    file: IO[bytes] = path.open("rb")
    if not path.name.lower().endswith(".tar"):
        file = _unpacked(file)
    lock = threading.Lock()
    with tarfile.open(fileobj=file, mode="r:", tarinfo=archive.TarHeader) as opened:
        for member in _members(opened):
            download.count()
            name = member.name.removeprefix("./")
            if member.isdir():
                continue
            if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.sparse is not None:
                download.refuse(name, "not-a-file", kind=archive.tar_kind(member))
            else:
                download.add(name, _in_tar(file, member, lock))
    return download


def _members(opened: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := opened.next()) is not None:
        opened.members = []  # type: ignore[attr-defined]  # or it keeps them all
        yield member


def _unpacked(packed: IO[bytes]) -> IO[bytes]:
    """What a gzip file holds, in a file without a name."""
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as it is read
    size = 0
    with packed, gzip.GzipFile(fileobj=packed) as stream:
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            if size > UNPACKED_BYTES:
                raise UsageError(Message("intake.too-large", {"limit": UNPACKED_BYTES}))
            out.write(chunk)
    out.seek(0)
    return out


def _in_tar(
    file: IO[bytes], member: tarfile.TarInfo, lock: threading.Lock
) -> Callable[[int, Opened], bytes]:
    name, start, size = member.name, member.offset_data, member.size

    def fetch(limit: int, _: Opened) -> bytes:
        with lock:
            file.seek(start)
            data = file.read(min(size, limit + 1))
        if len(data) < min(size, limit + 1):
            _damaged(name)
        return data

    return fetch


# --- students' own archives ----------------------------------------------------------------


class Packed:
    """A student's archive inside the download."""

    def __init__(self, file: File) -> None:
        self.file = file

    def unpack(self, opened: Opened) -> dict[str, bytes]:
        """Its files by path; kept in `opened`. Raises UsageError."""
        if id(self) not in opened:
            data = self.file.fetch(PACKED_BYTES, opened)
            name = self.file.path.rpartition("/")[2]
            if len(data) > PACKED_BYTES:
                params = {"file": shown(name), "limit": PACKED_BYTES}
                raise UsageError(Message("archive.too-large", params))
            opened[id(self)] = archive.read(data, name)
        return opened[id(self)]

    def tree(self, opened: Opened) -> Download:
        """Its files as a tree, found again whenever they are asked for. Raises UsageError."""
        inside = Download()
        at = Folder(self.file.path)
        inside.root = at
        for path in self.unpack(opened):
            inside.add(path, self._inside(path), at)
        return inside

    def _inside(self, path: str) -> Callable[[int, Opened], bytes]:
        def fetch(limit: int, opened: Opened) -> bytes:
            try:
                return self.unpack(opened)[path][: limit + 1]
            except KeyError:
                _damaged(path)

        return fetch
