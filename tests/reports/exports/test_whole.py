"""A file is there whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from grader.model import UsageError
from grader.reports.exports.whole import folder, output


def test_half_a_file_is_none_and_what_was_there_stays(tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.write_text("before")
    for path in (there, tmp_path / "new.csv"):
        with pytest.raises(RuntimeError), output(path) as file:
            file.write(b"half")
            raise RuntimeError
    assert [p.name for p in tmp_path.iterdir()] == ["there.csv"]
    assert there.read_text() == "before"


def test_a_file_is_replaced_with_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    there, link = tmp_path / "there.csv", tmp_path / "link.csv"
    there.write_text("before")
    there.chmod(0o640)
    link.symlink_to(there)
    with output(link) as file:
        file.write(b"after")
    assert link.is_symlink() and there.read_text() == "after"
    assert stat.S_IMODE(there.stat().st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with output(pipe) as file:
        file.write(b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)


@pytest.mark.parametrize("name", ["no/such/folder.csv", ".", "x" * 300])
def test_what_cannot_be_written_is_said_in_a_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught, output(tmp_path / name):
        pass
    assert caught.value.message.id == "usage.unwritable"


def test_a_folder_appears_whole_and_never_over_another(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), folder(tmp_path / "out") as files:
        (files / "a.json").write_text("{}")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").mkdir()  # an empty one is as good as none
    with folder(tmp_path / "out") as files:
        (files / "a.json").write_text("{}")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["a.json"]
    with pytest.raises(UsageError) as caught, folder(tmp_path / "out"):
        pass
    assert caught.value.message.id == "export.folder-there"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
