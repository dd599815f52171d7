"""A command in, the command that runs it as nobody: with the interpreter in sight of nobody.

Python and the checkout may lie below a folder that only root may enter (/root/.pyenv). In a
mount namespace of its own, such a folder is covered by an empty one that holds just these.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NOBODY = 65534
_ROOT = Path(__file__).parents[2]


def command(words: Sequence[str]) -> list[str]:
    """To be run by root."""
    needed = {_ROOT, Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve()}
    closed = {path: _closed(path.resolve()) for path in needed}
    lines = ["set -e", "store=$(mktemp -d)", "mount -t tmpfs -o mode=755 tmpfs $store"]
    hidden = {path.resolve(): folder for path, folder in closed.items() if folder is not None}
    hidden = {p: f for p, f in hidden.items() if not any(o in p.parents for o in hidden)}
    for number, path in enumerate(hidden):
        make = "mkdir" if path.is_dir() else "touch"
        lines += [
            f"{make} $store/{number}",
            f"mount --bind {shlex.quote(str(path))} $store/{number}",
        ]
    for folder in set(hidden.values()):
        lines += [f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(folder))}"]
    for number, path in enumerate(hidden):
        quoted = shlex.quote(str(path))
        make = "mkdir -p" if path.is_dir() else "touch"
        lines += [f"mkdir -p {shlex.quote(str(path.parent))}; {make} {quoted}"]
        lines += [f"mount --bind $store/{number} {quoted}"]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--", *words]
    lines += [f"cd /; exec {shlex.join(drop)}"]
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join(lines)]


def unavailable() -> str | None:
    """Why it cannot be done here; None where it can."""
    if not all(map(shutil.which, ("unshare", "setpriv", "mount"))):
        return "unshare, setpriv or mount is not installed"
    words = command([sys.executable, "-c", "import numpy"])
    tried = subprocess.run(words, capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else tried.stderr.strip()[-300:]


def _closed(path: Path) -> Path | None:
    """The topmost folder on the way to `path` that others may not enter."""
    for folder in [*path.parents][::-1][1:]:
        if not folder.stat().st_mode & 1:
            return folder
    return None
