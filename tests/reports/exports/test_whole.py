"""What somebody names to be written: pipes, folders, and what cannot be."""

import os
from pathlib import Path

import pytest

from grader.model import UsageError
from grader.reports.exports.whole import folder, output


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
