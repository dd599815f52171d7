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

from .syscalls import prctl, syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_PR_SET_NO_NEW_PRIVS = 38

_SYSTEM_FILES = (
    "/etc/ld.so.cache",  # finding shared libraries
    "/etc/localtime",  # the datetime module
    "/usr/share/zoneinfo",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
)


def abi() -> int:
    """The version the kernel offers; 0 where there is none or it is switched off."""
    try:
        return syscall(_CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


def build(version: int, files: Iterable[str], folders: Iterable[str]) -> int:
    """A file descriptor of rules: `files` (and what is below) can be read, `folders` listed."""
    # Handled is what is forbidden unless granted: all of what this version knows.
    file_rights = (
        1 << (13 if version == 1 else 14 if version == 2 else 15 if version < 5 else 16)
    ) - 1
    tcp = 0b11 if version >= 4 else 0  # bind, connect
    scope = 0b11 if version >= 6 else 0  # abstract sockets and signals of other processes
    attributes = struct.pack("=QQQ", file_rights, tcp, scope)
    attributes = attributes[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = syscall(_CREATE_RULESET, ctypes.c_char_p(attributes), len(attributes), 0)
    for path in files:
        _grant(ruleset, path, _READ_FILE | _READ_DIR)
    for path in folders:
        _grant(ruleset, path, _READ_DIR)
    return ruleset


def apply(ruleset: int) -> None:
    syscall(_RESTRICT_SELF, ruleset, 0)


def no_new_privileges() -> None:
    """No setuid program raises privileges again; without it nobody but root may use Landlock."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _grant(ruleset: int, path: str, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - pathlib costs the start 5 ms
            rights &= _READ_FILE
        rule = struct.pack("=Qi", rights, beneath)
        syscall(_ADD_RULE, ruleset, 1, ctypes.c_char_p(rule), 0)
    finally:
        os.close(beneath)


# --- what a worker may read ----------------------------------------------------------------


def readable(packages: Sequence[str], sites: Sequence[str]) -> Iterator[str]:
    """The standard library, the libraries it is linked with, and the allowed packages."""
    yield from _SYSTEM_FILES
    for folder in sys.path:
        # Third-party packages of every kind are installed inside the standard library's folder.
        yield from _entries(folder, lambda name: not name.endswith("-packages"))
        if folder.endswith(".zip"):  # where there is one
            yield folder
    for folder in _library_folders():
        # A folder of libraries may hold a whole Python (/opt/conda/lib, /usr/lib).
        if any(name.startswith("python") for name in _names(folder)):
            yield from _entries(folder, lambda name: ".so" in name)
        else:
            yield folder
    for folder in sites:
        yield from _entries(folder, lambda name: _project(name) in packages)


def listable(packages: Sequence[str], sites: Sequence[str]) -> Iterator[str]:
    """Import looks for a module by listing the folders that may hold it."""
    yield from sys.path
    for folder in sites:  # among which may be the grader's own, or the learner's
        if any(_project(name) in packages for name in _names(folder)):
            yield folder


def _entries(folder: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    return (f"{folder}/{name}" for name in _names(folder) if wanted(name))


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []


def _project(name: str) -> str:
    """numpy, numpy.libs, numpy-2.4.6.dist-info and numpy.py all belong to numpy."""
    return re.split(r"[-.]", name, maxsplit=1)[0]


def _library_folders() -> set[str]:
    """Where the shared libraries lie that this process has loaded already, packages aside."""
    with open("/proc/self/maps") as maps:  # noqa: PTH123
        paths = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line}
    return {os.path.dirname(path) for path in paths if "-packages/" not in path}  # noqa: PTH120
