"""What a zygote may see in, the start of a bwrap command line out: a machine with nothing else.

Landlock closes files; here they are not there, so that not even their names can be asked for,
and no other process, no network and no shared memory of the machine is in sight.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

NOT_INSTALLED: Final = "not installed"
_PROBE_SECONDS = 10

_OPTIONS: Final = (
    "--unshare-all",  # users, processes, network, shared memory, host name, mounts
    "--cap-drop", "ALL",
    "--die-with-parent",  # a grader that is killed takes it along, whatever it is doing
    "--new-session",  # no terminal to type into
    "--proc", "/proc",  # of its own processes only
    "--chdir", "/",
)  # fmt: skip


def python() -> str:
    """The interpreter itself, not the link to it in a virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)


def command(folder: str, packages: Sequence[str], sites: Sequence[str]) -> list[str]:
    """`bwrap OPTIONS --`; `folder` is the sandbox's own code, `sites` hold the packages."""
    found = shutil.which("bwrap")
    if found is None:
        raise FileNotFoundError("bwrap")
    words = [found, *_OPTIONS]
    for device in ("null", "zero", "urandom"):
        words += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    for option, *paths in _mounts(folder, packages, sites):
        words += [option, *paths]
    empty = [words[place + 1] for place, word in enumerate(words) if word == "--tmpfs"]
    for path in ("/", *empty):
        words += ["--remount-ro", path]
    return [*words, "--"]


def failure() -> str | None:
    """Why no zygote starts in it here; None where one does. Tried with the real thing."""
    try:
        words = command(os.path.dirname(__file__), [], [])  # noqa: PTH120
    except FileNotFoundError:
        return NOT_INSTALLED
    try:
        tried = subprocess.run(
            [*words, python(), "-S", "-s", "-P", "-c", "import encodings, ctypes"],
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not run ({type(error).__name__})"
    if tried.returncode == 0:
        return None
    said = tried.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"not allowed here ({said[-1][:200] if said else f'exit code {tried.returncode}'})"


def _mounts(
    folder: str, packages: Sequence[str], sites: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """Later ones lie on top of earlier ones."""
    from .landlock import SYSTEM_FILES, library_folders, project

    for path in SYSTEM_FILES:
        if not path.startswith("/dev/"):
            yield "--ro-bind-try", path, path
    for folder_of_links in ("/lib", "/lib64", "/bin"):
        if os.path.islink(folder_of_links):  # noqa: PTH114
            yield "--symlink", os.readlink(folder_of_links), folder_of_links  # noqa: PTH115
    for loader in ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"):
        if os.path.exists(loader):  # noqa: PTH110
            name = os.path.basename(loader)  # noqa: PTH119
            place = os.path.realpath(os.path.dirname(loader))  # noqa: PTH120
            yield "--ro-bind", os.path.realpath(loader), f"{place}/{name}"
    standard = os.path.dirname(os.__file__)  # noqa: PTH120
    for libraries in sorted(library_folders()):
        if not libraries.startswith(standard):
            yield "--ro-bind", libraries, libraries
            yield from _hidden(libraries, lambda name: name.startswith("python"))
    yield "--ro-bind", python(), python()
    yield "--ro-bind", standard, standard
    yield from _hidden(standard, lambda name: name.endswith("-packages"))
    for site in sites:
        for name in _names(site):
            if project(name) in packages:
                yield "--ro-bind", f"{site}/{name}", f"{site}/{name}"
    yield "--ro-bind", folder, folder


def _hidden(folder: str, unwanted: object) -> Iterator[tuple[str, ...]]:
    assert callable(unwanted)
    for name in _names(folder):
        if unwanted(name) and os.path.isdir(f"{folder}/{name}"):  # noqa: PTH112
            yield "--tmpfs", f"{folder}/{name}"


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return []
