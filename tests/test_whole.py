"""A file is there whole or not at all, whoever writes it and whatever ends them."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader import progress, whole
from grader.progress import Standing
from grader.verify import Finding

_HALF = """
import sys, time
from pathlib import Path
from grader import whole
with whole.file(Path(sys.argv[1]), lasting={lasting}) as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("lasting", [True, False])
def test_a_writer_killed_half_way_leaves_what_was_there(tmp_path: Path, lasting: bool) -> None:
    there = tmp_path / "there"
    there.write_text("before")
    words = [sys.executable, "-c", _HALF.format(lasting=lasting), str(there)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "half\n"
        writer.kill()
    assert there.read_text() == "before"
    with whole.file(there, lasting=lasting) as file:  # what it left is in nobody's way
        file.write(b"after")
    assert there.read_text() == "after"


def test_an_error_half_way_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("before")
    with pytest.raises(RuntimeError), whole.file(there) as file:
        file.write(b"half")
        raise RuntimeError
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("there", "before")]


def test_a_file_keeps_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("before")
    there.chmod(0o640)
    link.symlink_to(there)
    with whole.file(link) as file:
        file.write(b"after")
    assert link.is_symlink() and there.read_text() == "after"
    assert stat.S_IMODE(there.stat().st_mode) == 0o640


def test_of_many_writers_at_once_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def write(letter: str) -> str:
        with whole.file(path, lasting=False) as file:
            file.write(letter.encode() * 100_000)
        return path.read_text()

    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(write, "abcdefgh" * 8))
    assert all(len(text) == 100_000 and len({*text}) == 1 for text in read)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def _bests(folder: Path) -> None:
    progress.record(folder, "exercise-1", Standing(10.0, 10.0))


def _junit(folder: Path) -> None:
    from grader.reports import verification

    verification.write_junit([Finding("exercise-1")], folder / "progress.json")


def _stubs(folder: Path) -> None:
    from grader import exercises

    exercises.copy_to(folder)


@pytest.mark.parametrize("write", [_bests, _junit, _stubs])
def test_whoever_writes_leaves_what_was_there_when_the_disk_is_full(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit on the size of files stands for a full disk: the system itself refuses."""
    resource = pytest.importorskip("resource")
    import signal

    from grader.model import UsageError

    monkeypatch.setenv("GRADE_STATE", str(tmp_path))
    there = tmp_path / "progress.json"
    there.write_text(json.dumps({"before": {}}))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        write(tmp_path)
    except UsageError as error:  # the learner's best scores are a convenience and say nothing
        assert error.message.id in ("usage.unwritable", "usage.init-unwritable")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert [p.name for p in tmp_path.iterdir()] == ["progress.json"]
    assert json.loads(there.read_text()) == {"before": {}}
