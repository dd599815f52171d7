"""Takes each rule of the lock-down out of the source, one at a time: some test has to fail.

    .venv/bin/python -m tests.sandbox.mutation [WORD]      all, or those with WORD in their name

Works on copies; three minutes with two at a time. Ends with 1 where a mutant lives that is not
explained in SURVIVORS.
"""

# ruff: noqa: E501 - one mutant a line

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TESTS = ["tests/sandbox/test_seccomp.py", "tests/sandbox/test_policy.py", "tests/sandbox/test_lifecycle.py"]  # fmt: skip


class Mutant(NamedTuple):
    """One change of one file."""

    name: str
    file: str
    old: str
    new: str


SURVIVORS = {
    "end: os.kill(pid, 9)": "their death signal ends them as well; this is for the moment between "
    "the fork and that signal being asked for",
}


def lines(file: str, pattern: str, what: str) -> Iterator[Mutant]:
    """Leaves out every line that matches."""
    for line in (ROOT / "grader/sandbox" / file).read_text().splitlines(keepends=True):
        if re.search(pattern, line):
            bare = line.lstrip()
            indent = line[: len(line) - len(bare)]
            yield Mutant(f"{what}: {bare.strip()[:60]}", file, line, f"{indent}pass\n")


def mutants() -> Iterator[Mutant]:
    # The order of the lock-down.
    for step in ("os.setsid()", "prctl(_PR_SET_PDEATHSIG", "signal.signal(number", "_limit(limits)",
                 "signal.pthread_sigmask", "_drop_capabilities()", "prctl(_PR_SET_NO_NEW_PRIVS",
                 "landlock.apply(", "os.close(policy", "policy.seccomp.apply", "prctl(_PR_CAPBSET_DROP",
                 "capset(struct", "        os._exit(1)", "signal.signal(signal.SIGPIPE",
                 "signal.signal(signal.SIGXFSZ"):  # fmt: skip
        yield from lines("lockdown.py", "^ +" + re.escape(step.lstrip()), "step")
    yield Mutant("zygote: undumpable", "zygote.py", "        lockdown.undumpable()\n", "")
    yield from lines("zygote.py", r"^    close_range\(", "step")
    yield from lines("zygote.py", r"^            os.chdir\(", "step")
    yield from lines("zygote.py", r"^            os.killpg\(", "reap")
    yield from lines("zygote.py", r"^            os.kill\(pid, 9", "end")
    for limit in ("CPU", "AS", "FSIZE", "CORE", "NOFILE", "NPROC", "MEMLOCK", "MSGQUEUE"):
        text = (ROOT / "grader/sandbox/lockdown.py").read_text()
        (found,) = re.findall(rf"^ +\(resource\.RLIMIT_{limit}, .*\),\n", text, re.MULTILINE)
        yield Mutant(f"limit: {limit}", "lockdown.py", found, "")
    # Landlock: each right, each scope, and what is granted.
    from grader.sandbox import landlock

    for table in ("FILE_RIGHTS", "NETWORK_RIGHTS", "SCOPES"):
        for since, bits in getattr(landlock, table).items():
            for bit in range(bits.bit_length()):
                if bits >> bit & 1:
                    old = "    fields = [known(FILE_RIGHTS)]\n"
                    change = f"    {table}[{since}] &= ~{1 << bit}\n"
                    yield Mutant(
                        f"landlock: {table} {since} bit {bit}", "landlock.py", old, change + old
                    )
    yield Mutant("landlock: reading allows writing", "landlock.py", "path, READ_FILE | READ_DIR)", "path, READ_FILE | READ_DIR | 2)")  # fmt: skip
    yield Mutant("landlock: all packages", "landlock.py", "project(name) in packages)\n\n\ndef listable", "True)\n\n\ndef listable")  # fmt: skip
    yield Mutant("landlock: site-packages of Python", "landlock.py", 'lambda name: not name.endswith("-packages")', "lambda name: True")  # fmt: skip
    # seccomp: each special rule allows all it is asked.
    yield Mutant("seccomp: architecture", "seccomp.py", "_do(_EQUAL, ARCHITECTURES[machine], 1, 0)", "_do(_EQUAL, ARCHITECTURES[machine], 1, 1)")  # fmt: skip
    yield Mutant("seccomp: x32", "seccomp.py", "_do(_AT_LEAST, 0x40000000, 0, 1)", "_do(_AT_LEAST, 0x40000000, 1, 1)")  # fmt: skip
    yield Mutant("seccomp: default", "seccomp.py", "code.append(_do(_RETURN, _ERRNO | errno.EPERM))", "code.append(_do(_RETURN, _ALLOW))")  # fmt: skip
    from grader.sandbox import seccomp

    head = "    numbers = NUMBERS[machine]\n"
    for table in ("OPEN_FLAGS", "ONLY_ITSELF", "ITSELF_OR_0", "COMMANDS", "ANSWERED"):
        for name in getattr(seccomp, table):
            change = f"    ALLOWED.insert(0, {name!r})\n"
            yield Mutant(f"seccomp: {name} in {table}", "seccomp.py", head, change + head)
    for flag in (
        "os.O_WRONLY | ",
        "os.O_RDWR | ",
        "os.O_CREAT | ",
        "os.O_TRUNC | ",
        " | os.O_PATH",
    ):
        yield Mutant(f"seccomp: {flag}", "seccomp.py", flag, "")
    for old, name in (("[opening=ruleset is not None]", "opens without Landlock"),):
        yield Mutant(f"seccomp: {name}", "lockdown.py", old[1:-1], "opening=True")
    for name in ("socket", "fork", "execve", "ptrace", "readlink", "statfs", "getpriority"):
        change = f"    NUMBERS[machine].setdefault({name!r}, 999); ALLOWED.append({name!r})\n"
        yield Mutant(f"seccomp: {name} added", "seccomp.py", head, change + head)


def survives(mutant: Mutant) -> bool | None:
    """Whether all tests pass; None where the change does not apply."""
    source = (ROOT / "grader/sandbox" / mutant.file).read_text()
    if mutant.old not in source:
        return None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for name in ("grader", "exercises"):
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
        changed = source.replace(mutant.old, mutant.new, 1)
        Path(folder, "grader/sandbox", mutant.file).write_text(changed)
        environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        pytest = str(Path(sys.executable).with_name("pytest"))
        words = [pytest, "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--timeout=60"]
        done = subprocess.run(
            [*words, *TESTS], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1, 2):
            raise RuntimeError(f"{mutant.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.returncode == 0


def main() -> int:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutant for mutant in mutants() if word in mutant.name]
    if survives(Mutant("none", "wire.py", "", "")) is not True:
        print("the tests fail without any change")
        return 1
    with ThreadPoolExecutor(2) as pool:
        fates = [*zip(chosen, pool.map(survives, chosen), strict=True)]
    counted = {True: 0, False: 0, None: 0}
    unexplained = 0
    for mutant, alive in fates:
        counted[alive] += 1
        if alive is not False:
            why = SURVIVORS.get(mutant.name) if alive else "the change does not apply"
            unexplained += why is None or alive is None
            print(f"{'LIVES ' if alive else 'STALE '} {mutant.name}: {why or 'NOT EXPLAINED'}")
    print(f"{len(fates)} mutants: {counted[False]} killed, {counted[True]} live")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
