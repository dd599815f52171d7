"""Paths that may be read in, a Landlock ruleset out: everything else of the disk is closed.

Built once in the zygote; a fork only applies it. Landlock cannot see `stat`, so that a file
exists, and how large it is, stays visible.
"""

from __future__ import annotations

import ctypes
import os
import re
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from .syscalls import syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture

# --- the policy ----------------------------------------------------------------------------

READ_FILE, READ_DIR = 1 << 2, 1 << 3

FILE_RIGHTS: Final = {
    # By the version of Landlock that brought them. All are taken away; reading is given back
    # for the paths of `readable`. Running a program is not: nothing here needs it.
    1: 0b1_1111_1111_1111,  # run, write, read, list, remove (2), make (7 kinds)
    2: 1 << 13,  # link or move a file into another folder
    3: 1 << 14,  # cut off
    5: 1 << 15,  # commands to devices
}
NETWORK_RIGHTS: Final = {4: 0b11}  # bind and connect TCP
SCOPES: Final = {6: 0b11}  # abstract sockets of other processes, signals to them

SYSTEM_FILES: Final = (
    "/etc/ld.so.cache",  # finding shared libraries
    "/etc/localtime",  # the datetime module
    "/usr/share/zoneinfo",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
)

# --- the ruleset ---------------------------------------------------------------------------


def probe() -> tuple[int, int]:
    """The version the kernel offers, or 0 and the error that says why there is none."""
    try:
        return syscall(_CREATE_RULESET, 0, 0, 1), 0
    except OSError as error:
        return 0, error.errno or 0


def abi() -> int:
    return probe()[0]


def attributes(version: int) -> bytes:
    """What the ruleset takes away, as that version of the kernel reads it: an older one refuses
    both rights and fields that it does not know."""

    def known(rights: dict[int, int]) -> int:
        return sum(bits for since, bits in rights.items() if since <= version)

    fields = [known(FILE_RIGHTS)]
    if version >= min(NETWORK_RIGHTS):
        fields.append(known(NETWORK_RIGHTS))
    if version >= min(SCOPES):
        fields.append(known(SCOPES))
    return struct.pack(f"={len(fields)}Q", *fields)


def build(version: int, files: Iterable[str], folders: Iterable[str]) -> int:
    """A file descriptor of rules: `files` (and what is below) can be read, `folders` listed."""
    taken = attributes(version)
    ruleset = syscall(_CREATE_RULESET, ctypes.c_char_p(taken), len(taken), 0)
    for path in files:
        _grant(ruleset, path, READ_FILE | READ_DIR)
    for path in folders:
        _grant(ruleset, path, READ_DIR)
    return ruleset


def apply(ruleset: int) -> None:
    syscall(_RESTRICT_SELF, ruleset, 0)


def _grant(ruleset: int, path: str, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - pathlib costs the start 5 ms
            rights &= READ_FILE
        rule = struct.pack("=Qi", rights, beneath)
        syscall(_ADD_RULE, ruleset, 1, ctypes.c_char_p(rule), 0)
    finally:
        os.close(beneath)


# --- what a worker may read ----------------------------------------------------------------


def readable(packages: Sequence[str], sites: Sequence[str]) -> Iterator[str]:
    """The standard library, the libraries it is linked with, and the allowed packages."""
    yield from SYSTEM_FILES
    for folder in sys.path:
        # Third-party packages of every kind are installed inside the standard library's folder.
        yield from _entries(folder, lambda name: not name.endswith("-packages"))
        if folder.endswith(".zip"):  # where there is one
            yield folder
    for folder in library_folders():
        # A folder of libraries may hold a whole Python (/opt/conda/lib, /usr/lib).
        if any(name.startswith("python") for name in _names(folder)):
            yield from _entries(folder, lambda name: ".so" in name)
        else:
            yield folder
    for folder in sites:
        yield from _entries(folder, lambda name: project(name) in packages)


def listable(packages: Sequence[str], sites: Sequence[str]) -> Iterator[str]:
    """Import looks for a module by listing the folders that may hold it."""
    yield from sys.path
    for folder in sites:  # among which may be the grader's own, or the learner's
        if any(project(name) in packages for name in _names(folder)):
            yield folder


def _entries(folder: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    return (f"{folder}/{name}" for name in _names(folder) if wanted(name))


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []


def project(name: str) -> str:
    """numpy, numpy.libs, numpy-2.4.6.dist-info and numpy.py all belong to numpy."""
    return re.split(r"[-.]", name, maxsplit=1)[0]


def library_folders() -> set[str]:
    """Where the shared libraries lie that this process has loaded already, packages aside."""
    with open("/proc/self/maps") as maps:  # noqa: PTH123
        paths = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line}
    return {os.path.dirname(path) for path in paths if "-packages/" not in path}  # noqa: PTH120
