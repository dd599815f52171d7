"""The bytes of an archive in, its files by name out: .zip, .tar and .tar.gz, all in memory.

Nothing is written to disk, so no path leads anywhere; names are checked all the same, because
whoever gets them may write. Every limit counts bytes as they come out, never what a header says.

What is refused is a `UsageError`; `entry` in its params is the name at fault, made printable:

    archive.unreadable  file                archive.kind        file
    archive.too-large   file, limit         archive.too-many    file, limit
    archive.encrypted   file, entry         archive.not-a-file  file, entry, kind
    archive.path        file, entry         archive.reserved    file, entry
    archive.collision   file, entry, other  archive.nested      file, entry, limit
"""

from __future__ import annotations

import io
import re
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, Self, TypeAlias

from grader.model import Message, UsageError

ENTRIES = 10_000
ENTRY_BYTES = 16 << 20
"""As large as a notebook may be."""
TOTAL_BYTES = 256 << 20
PATH_LENGTH = 1000
FOLDERS = 16
NESTED = 1
"""A download of a whole class is an archive of archives; one of those in one is a bomb."""

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")

_RESERVED = re.compile(
    # What Windows takes for devices, with any ending.
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?",
    re.IGNORECASE,
)
_Names: TypeAlias = dict[str, str]
"""How a file system that ignores case would file them: paths of files, and of folders with a
slash behind them; and the names as they stand in the archive."""

_FORBIDDEN = frozenset('\\:*?"<>|')


def read(data: bytes, name: str, *, nested: int = NESTED) -> dict[str, bytes]:
    """The files of the archive called `name`, by path, in its order.

    Archives in it are opened too, up to `nested` deep, their files under `inner.zip/`.
    """
    reading = _Reading(_printable(name))
    reading.take(data, name, "", nested)
    return reading.files


@dataclass
class _Reading:
    """One archive with those inside it: they share limits."""

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    entries: int = 0
    left: int = TOTAL_BYTES

    def refuse(self, id: str, **params: object) -> NoReturn:
        raise UsageError(Message(f"archive.{id}", {"file": self.name, **params}))

    def take(self, data: bytes, name: str, prefix: str, nested: int) -> None:
        if len(data) > TOTAL_BYTES:
            self.refuse("too-large", limit=TOTAL_BYTES)
        suffix = next((s for s in reversed(SUFFIXES) if name.lower().endswith(s)), "")
        if not suffix:
            self.refuse("kind")
        opened = self._zip(data) if suffix == ".zip" else self._tar(data, suffix)
        try:
            for path, content in opened:
                self._keep(prefix, path, content, nested)
        except UsageError:
            raise
        except Exception:
            # Not a list of types: over damaged archives zipfile, tarfile and zlib fail in a
            # dozen ways, none of which tells a person more.
            self.refuse("unreadable")

    def _keep(self, prefix: str, path: str, content: bytes, nested: int) -> None:
        full = prefix + path
        if not path.lower().endswith(SUFFIXES):
            self.files[full] = content
        elif nested:
            self.take(content, path, f"{full}/", nested - 1)
        else:
            self.refuse("nested", entry=_printable(full), limit=NESTED)

    # --- names -----------------------------------------------------------------------------

    def _count(self) -> None:
        self.entries += 1
        if self.entries > ENTRIES:
            self.refuse("too-many", limit=ENTRIES)

    def _check_name(self, names: _Names, path: str, *, folder: bool) -> None:
        shown = _printable(path)
        parts = path.split("/")
        if len(path) > PATH_LENGTH or len(parts) > FOLDERS or not path.isprintable():
            self.refuse("path", entry=shown)
        for part in parts:
            if part in ("", ".", "..") or len(part.encode()) > 255 or _FORBIDDEN & {*part}:
                self.refuse("path", entry=shown)
            if part[-1] in ". " or _RESERVED.fullmatch(part):
                self.refuse("reserved", entry=shown)
        same = [unicodedata.normalize("NFKC", part).casefold() for part in parts]
        for depth in range(1, len(same)):
            self._claim(names, "/".join(same[:depth]), shown, folder=True)
        self._claim(names, "/".join(same), shown, folder=folder)

    def _claim(self, names: _Names, path: str, shown: str, *, folder: bool) -> None:
        """A path is one file or any number of times the same folder."""
        other = names.get(path) or (None if folder else names.get(path + "/"))
        if other is not None:
            self.refuse("collision", entry=shown, other=other)
        names.setdefault(path + "/" if folder else path, shown)

    def _content(self, read: object) -> bytes:
        assert callable(read)
        content: bytes = read(min(ENTRY_BYTES, self.left) + 1)
        if len(content) > min(ENTRY_BYTES, self.left):
            self.refuse("too-large", limit=ENTRY_BYTES if self.left >= ENTRY_BYTES else TOTAL_BYTES)
        self.left -= len(content)
        return content

    # --- formats ---------------------------------------------------------------------------

    def _zip(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        names: _Names = {}
        # Before its table is read, which takes 500 bytes of memory for 46 of the archive.
        if data.count(b"PK\1\2") > 4 * ENTRIES:
            self.refuse("too-many", limit=ENTRIES)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                self._count()
                # zipfile cuts names off at a NUL.
                path = info.orig_filename
                shown = _printable(path)
                self._check_name(names, path.removesuffix("/"), folder=path.endswith("/"))
                kind = stat.S_IFMT(info.external_attr >> 16)
                if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    self.refuse("not-a-file", entry=shown, kind=kind_of(kind))
                if info.flag_bits & 0x2041:  # encrypted, strongly, or with the table hidden
                    self.refuse("encrypted", entry=shown)
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    # Of the others one may ask for gigabytes before the first byte is out.
                    self.refuse("unreadable")
                if not path.endswith("/"):
                    with archive.open(info) as file:
                        content = self._content(file.read)
                    yield path, content

    def _tar(self, data: bytes, suffix: str) -> Iterator[tuple[str, bytes]]:
        names: _Names = {}
        if suffix != ".tar":
            data = self._gunzip(data)
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", tarinfo=TarHeader) as archive:
            for member in archive:
                self._count()
                path = member.name.removeprefix("./")
                shown = _printable(path)
                if member.isdir() and path in (".", ""):
                    continue
                self._check_name(names, path.removesuffix("/"), folder=member.isdir())
                if not (member.isdir() or member.type in (tarfile.REGTYPE, tarfile.AREGTYPE)):
                    self.refuse("not-a-file", entry=shown, kind=tar_kind(member))
                if member.isdir():
                    continue
                file = archive.extractfile(member)
                if member.sparse is not None or file is None:
                    self.refuse("not-a-file", entry=shown, kind="file with holes")
                content = self._content(file.read)
                if len(content) != member.size:
                    self.refuse("unreadable")
                yield path, content

    def _gunzip(self, data: bytes) -> bytes:
        limit = self.left + 1024 * ENTRIES  # headers and padding are no files
        out = bytearray()
        while data.strip(b"\0"):  # there may be several streams, one after the other
            stream = zlib.decompressobj(wbits=31)
            try:
                out += stream.decompress(data, limit + 1 - len(out))
            except zlib.error:
                self.refuse("unreadable")
            if len(out) > limit:
                self.refuse("too-large", limit=TOTAL_BYTES)
            if not stream.eof:
                self.refuse("unreadable")
            data = stream.unused_data
        return bytes(out)


class TarHeader(tarfile.TarInfo):
    """Of an entry whose size may be a lie: a negative one made tarfile read in circles."""

    def _block(self, count: int) -> int:
        if count < 0:
            raise tarfile.ReadError("negative size")
        return super()._block(count)  # type: ignore[misc,no-any-return]  # private, untyped

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        found = super().fromtarfile(tarfile)
        found.name = found.name.rstrip("/") if found.isdir() else found.name
        return found


def kind_of(mode: int) -> str:
    names = {stat.S_IFLNK: "link", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return names.get(mode, "device")


def tar_kind(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "link"
    if member.issparse():
        return "file with holes"
    return "pipe" if member.isfifo() else "device"


def _printable(name: str) -> str:
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return shown if len(shown) <= 200 else shown[:200] + "…"
