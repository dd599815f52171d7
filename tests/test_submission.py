"""What counts as a learner's file, and how it becomes text."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
import tokenize
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import submission
from grader.model import Message, UsageError
from grader.submission import exercise_of, find, read


def refused(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Message:
    """The message that a call is refused with."""
    with pytest.raises(UsageError) as caught:
        call(*args, **kwargs)
    message = caught.value.message
    json.dumps(dict(message.params))  # it can be printed and sent
    return Message(message.id.removeprefix("submission."), message.params)


def write(path: Path, content: str | bytes = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def notebook(path: Path, *cells: str, markdown: str = "# Title") -> Path:
    v4 = nbformat.v4
    nodes = [v4.new_markdown_cell(markdown), *map(v4.new_code_cell, cells)]
    nbformat.write(v4.new_notebook(cells=nodes), path)
    return path


# --- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filename", "exercise"),
    [
        ("exercise_1.py", "exercise-1"),
        ("exercise-1.py", "exercise-1"),
        ("exercise_01.py", "exercise-1"),
        ("exercise1.py", "exercise-1"),
        ("Exercise 1.ipynb", "exercise-1"),
        ("EXERCISE_1.PY", "exercise-1"),
        ("kim_min_123_exercise_1.py", "exercise-1"),
        ("김민_exercise_1.py", "exercise-1"),
        ("kimmin_LATE_123_456789_exercise_1-2.py", "exercise-1"),
        ("2024-03-01 - Kim, Min - exercise_1.py", "exercise-1"),
        ("exercise_1-2.py", "exercise-1"),
        ("exercise-01 (1).ipynb", "exercise-1"),
        ("exercise_1(1).py", "exercise-1"),
        ("exercise_1 - Copy.py", "exercise-1"),
        ("exercise_1 copy 2.py", "exercise-1"),
        ("exercise_1-Copy1.ipynb", "exercise-1"),
        ("exercise_1 - 복사본 (2).py", "exercise-1"),
        ("exercise_1 복사본 2.py", "exercise-1"),
        (unicodedata.normalize("NFD", "김민_exercise_1의 사본.ipynb"), "exercise-1"),
        ("exercise_12.py", "exercise-12"),
        ("exercise_12-1.py", "exercise-12"),
        ("exercise_10.ipynb", "exercise-10"),
        ("exercise_2_exercise_1.py", "exercise-1"),
        ("my_exercises.py", None),
        ("exercises_1.py", None),
        ("exercise_1_notes.txt", None),
        ("exercise_1_notes.py", None),
        ("exercise_1.py.txt", None),
        ("exercise_1", None),
        ("exercise.py", None),
        ("exercise_1.5.py", None),
        ("exercise_1_2.py", None),
        ("exercise_123456789.py", None),
        ("exercise_١.py", None),
        ("test_exercise_1.py", None),
        ("._exercise_1.py", None),
        ("exercise_1-checkpoint.ipynb", None),
        ("exercise_1.pyc", None),
        ("", None),
    ],
)
def test_a_file_name_says_which_exercise_it_is_for(filename: str, exercise: str | None) -> None:
    assert exercise_of(filename) == exercise


@given(st.text(), st.sampled_from(["", ".py", ".ipynb"]))
def test_any_name_may_be_asked_about(name: str, suffix: str) -> None:
    found = exercise_of(name + suffix)
    assert found is None or found.startswith("exercise-")


@given(st.integers(0, 9999), st.sampled_from(["", "kim_", "kim_1_"]), st.integers(1, 99))
def test_the_number_is_read_whole(number: int, before: str, again: int) -> None:
    assert exercise_of(f"{before}exercise_{number}-{again}.py") == f"exercise-{number}"


# --- finding -------------------------------------------------------------------------------


def test_the_file_with_the_plain_name_is_found(tmp_path: Path) -> None:
    wanted = write(tmp_path / "exercise_1.py")
    write(tmp_path / "kim_exercise_1.py")
    write(tmp_path / "exercise_12.py")
    write(tmp_path / "exercises" / "exercise_1.py")
    assert find("exercise-1", tmp_path) == wanted


def test_a_plain_name_in_exercises_comes_before_another_name(tmp_path: Path) -> None:
    write(tmp_path / "kim_exercise_1.py")
    wanted = write(tmp_path / "exercises" / "exercise_1.ipynb")
    assert find("exercise-1", tmp_path) == wanted


def test_another_name_that_counts_is_found(tmp_path: Path) -> None:
    wanted = write(tmp_path / "kim_min_123_exercise_1-2.py")
    write(tmp_path / "exercises" / "Exercise 1.ipynb")
    assert find("exercise-1", tmp_path) == wanted


def test_exercises_of_others_are_found_by_their_plain_name(tmp_path: Path) -> None:
    wanted = write(tmp_path / "fourier_series.py")
    assert find("fourier-series", tmp_path) == wanted


@pytest.mark.parametrize(
    "names",
    [("exercise_1.py", "exercise_1.ipynb"), ("a_exercise_1.py", "b_exercise_1.py")],
)
def test_two_that_are_alike_are_for_the_learner_to_choose_from(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    for name in names:
        write(tmp_path / "exercises" / name)
    message = refused(find, "exercise-1", tmp_path)
    assert message.id == "ambiguous"
    assert message.params["candidates"] == sorted(f"exercises/{name}" for name in names)


def test_nothing_found_says_what_it_may_be_called_and_what_is_there(tmp_path: Path) -> None:
    write(tmp_path / "sigmoid.py")
    write(tmp_path / "notes.txt")
    (tmp_path / "exercise_1.py").mkdir()
    message = refused(find, "exercise-1", tmp_path)
    assert message.id == "not-found"
    assert message.params["names"] == ["exercise_1.py", "exercise_1.ipynb"]
    assert message.params["found"] == ["sigmoid.py"]


def test_nothing_is_found_where_there_is_no_folder(tmp_path: Path) -> None:
    assert refused(find, "exercise-1", tmp_path / "none").id == "not-found"


# --- files that are none -------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    message = refused(read, tmp_path / "exercise_1.py", "exercise-1")
    assert message == Message("missing-file", {"file": str(tmp_path / "exercise_1.py")})
    beyond = write(tmp_path / "file.py") / "exercise_1.py"
    assert refused(read, beyond, "exercise-1").id == "missing-file"
    assert refused(read, tmp_path / "a\0b.py", "exercise-1").id == "missing-file"


@pytest.mark.timeout(20)
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "exercise_1.py")
    message = refused(read, tmp_path / "exercise_1.py", "exercise-1")
    assert message == Message("not-a-file", {"file": "exercise_1.py", "kind": "pipe"})


def test_a_pipe_that_takes_the_place_of_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "exercise_1.py")
    before = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda self, *, follow_symlinks=True: before)
    assert refused(read, path, "exercise-1").params["kind"] == "pipe"


def test_a_folder_a_device_and_a_socket_are_refused(tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").mkdir()
    assert refused(read, tmp_path / "exercise_1.py", "exercise-1").params["kind"] == "directory"
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    assert refused(read, tmp_path / "zero.py", "exercise-1").params["kind"] == "device"
    with socket.socket(socket.AF_UNIX) as server:
        path = os.path.relpath(tmp_path / "s.py")  # short enough to be the name of a socket
        server.bind(path if len(path) < 100 else str(tmp_path / "s.py"))
        assert refused(read, tmp_path / "s.py", "exercise-1").params["kind"] == "socket"


def test_a_link_is_followed_for_its_owner_only(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "mine.py", "x = 1\n")
    path = tmp_path / "exercise_1.py"
    path.symlink_to(tmp_path / "elsewhere" / "mine.py")
    assert read(path, "exercise-1").main.cells == ("x = 1\n",)
    message = refused(read, path, "exercise-1", follow_links=False)
    assert message == Message("not-a-file", {"file": "exercise_1.py", "kind": "link"})


def test_a_link_that_leads_nowhere_or_round_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to(tmp_path / "none.py")
    assert refused(read, tmp_path / "a.py", "exercise-1").id == "missing-file"
    (tmp_path / "b.py").symlink_to(tmp_path / "b.py")
    assert refused(read, tmp_path / "b.py", "exercise-1").id == "unreadable"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "exercise_1.py", "x = 1\n")
    path.chmod(0)
    if os.geteuid() == 0:  # root may read it all the same
        assert read(path, "exercise-1").main.cells == ("x = 1\n",)

    def denied(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    message = refused(read, path, "exercise-1")
    assert message.id == "unreadable"
    assert message.params == {"file": "exercise_1.py", "reason": "Permission denied"}


@pytest.mark.parametrize("name", ["exercise_1.txt", "exercise_1", "exercise_1.pyc", "py"])
def test_only_scripts_and_notebooks_are_read(tmp_path: Path, name: str) -> None:
    message = refused(read, write(tmp_path / name), "exercise-1")
    assert message == Message("suffix", {"file": name, "suffixes": [".py", ".ipynb"]})


def test_a_file_as_large_as_allowed_and_one_byte_more(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_1.py", b"#" * submission.SCRIPT_BYTES)
    assert len(read(path, "exercise-1").main.cells[0]) == submission.SCRIPT_BYTES
    write(path, b"#" * (submission.SCRIPT_BYTES + 1))
    message = refused(read, path, "exercise-1")
    assert message.id == "too-large"
    assert message.params == {"file": path.name, "limit": submission.SCRIPT_BYTES, "part": "file"}


def test_a_name_that_cannot_be_printed_is_made_printable(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\x1b[2J\xff_exercise_1.py")
    write(path, "x = 1")
    assert read(path, "exercise-1").main.filename == "\ufffd[2J\ufffd_exercise_1.py"
    write(path, b"\xff")
    assert refused(read, path, "exercise-1").params["file"] == "\ufffd[2J\ufffd_exercise_1.py"


# --- text ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("π = 3\n".encode(), "π = 3\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"\xef\xbb\xbf# coding: utf-8\n", "# coding: utf-8\n"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"# -*- coding: latin-1 -*-\n# \xe9", "# -*- coding: latin-1 -*-\n# é"),
        (b"#!/usr/bin/python\r\n# vim: fileencoding=cp1252 :\r\n# \x80", None),
        ("# coding: cp949\n# 시그모이드".encode("cp949"), "# coding: cp949\n# 시그모이드"),
        ("# coding: euc-kr\n# 미분".encode("euc-kr"), "# coding: euc-kr\n# 미분"),
        (b"# coding: utf-8-unix\n# \xc3\xa9", "# coding: utf-8-unix\n# é"),
        (b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n"),
        (b"# coding: latin-1\n# coding: cp949\n# \xe9", "# coding: latin-1\n# coding: cp949\n# é"),
    ],
)
def test_source_is_read_as_python_reads_it(tmp_path: Path, data: bytes, text: str | None) -> None:
    path = write(tmp_path / "exercise_1.py", data)
    got = read(path, "exercise-1").main
    with tokenize.open(path) as file:  # what Python itself makes of it
        assert got.cells == (file.read(),)
    assert text is None or got.cells == (text,)
    assert not got.is_notebook


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("johab", "미분"),
        ("cp1256", "مشتق"),
        ("cp1255", "נגזרת"),
        ("iso-8859-6", "مشتق"),
        ("tis-620", "อนุพันธ์"),
        ("cp866", "производная"),
        ("mac_cyrillic", "производная"),
        ("big5hkscs", "導數"),
        ("euc_jis_2004", "導関数"),
        ("iso-8859-16", "derivată"),
    ],
)
def test_an_encoding_of_anybodys_language_may_be_declared(
    tmp_path: Path, encoding: str, text: str
) -> None:
    source = f"# coding: {encoding}\nx = 1  # {text}\n"
    path = write(tmp_path / "exercise_1.py", source.encode(encoding))
    assert read(path, "exercise-1").main.cells == (source,)


@pytest.mark.parametrize(
    ("data", "problem", "encoding", "line"),
    [
        (b"x = 1\n# \xe9\n", "undecodable", "utf-8", 2),
        ("# 미분\r\n".encode("cp949"), "undecodable", "utf-8", 1),
        (b"# coding: cp949\n\n# \xff\xff", "undecodable", "cp949", 3),
        (b"x = 1\n# coding: latin-1\n# \xe9\n", "undecodable", "utf-8", 3),
        ("x = 1\n".encode("utf-16"), "utf-16", "utf-16", None),
        ("x = 1\n".encode("utf-16-le"), "utf-16", "utf-16", None),
        ("x = 1\n".encode("utf-32-be"), "utf-16", "utf-16", None),
        (b"# coding: utf-7\n+AHg-", "unsupported", "utf-7", None),
        (b"# coding: rot13\nk=1", "unsupported", "rot13", None),
        (b"# coding: unicode_escape\n", "unsupported", "unicode_escape", None),
        (b"# coding: nope\n", "unsupported", "nope", None),
        (b"# coding: ..\n", "unsupported", "..", None),
        (b"# coding: " + b"a" * 1000, "unsupported", "a" * 40, None),
        (b"\xef\xbb\xbf# coding: latin-1\n", "contradiction", "iso8859-1", None),
    ],
)
def test_text_in_no_encoding_says_what_is_wrong_with_it(
    tmp_path: Path, data: bytes, problem: str, encoding: str, line: int | None
) -> None:
    message = refused(read, write(tmp_path / "exercise_1.py", data), "exercise-1")
    assert message.id == "encoding"
    assert message.params == {
        "file": "exercise_1.py",
        "problem": problem,
        "encoding": encoding,
        "line": line,
    }


def test_a_nul_byte(tmp_path: Path) -> None:
    message = refused(read, write(tmp_path / "exercise_1.py", b"x = 1\ny\0 = 2\n"), "exercise-1")
    assert message == Message("nul", {"file": "exercise_1.py", "line": 2})


_lines = st.sampled_from(
    [b"", b"\t", b"# coding: cp949", b"#coding=latin-1", b"# coding: utf-8", b"x = 1", b"# \xe9",
     b"\xef\xbb\xbf", b"# coding: rot13", b"# -*- encoding: EUC_KR -*-", b"y = '\xc0\xbd'"]
)  # fmt: skip


@given(st.lists(_lines, max_size=4), st.sampled_from([b"\n", b"\r\n"]))
def test_what_is_read_is_what_python_would_read(lines: list[bytes], end: bytes) -> None:
    data = end.join([*lines, b"z = '\xc3\xa9'"])
    try:
        text = submission._decode(data, "f.py")
    except UsageError:
        return
    try:
        python = ast.parse(data)
    except SyntaxError:
        with pytest.raises(SyntaxError):
            ast.parse(text)
    else:
        assert ast.dump(ast.parse(text)) == ast.dump(python)


# --- notebooks -----------------------------------------------------------------------------


def test_a_notebook_is_its_code_cells_in_order(tmp_path: Path) -> None:
    path = notebook(tmp_path / "exercise_1.ipynb", "import numpy as np\n%time f()", "", "y = 2")
    main = read(path, "exercise-1").main
    assert main.is_notebook
    assert main.cells == ("import numpy as np\n%time f()", "", "y = 2")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_of_version_3(tmp_path: Path) -> None:
    v3 = nbformat.v3
    cells = [
        v3.new_heading_cell("T"),
        v3.new_code_cell("x = 1\ny = 2"),
        v3.new_text_cell("markdown", "text"),
        v3.new_code_cell("z = 3", outputs=[v3.new_output("stream", "printed")]),
    ]
    old = v3.new_notebook(worksheets=[v3.new_worksheet(cells=cells)])
    path = write(tmp_path / "exercise_1.ipynb", v3.writes_json(old))
    assert json.loads(path.read_text())["nbformat"] == 3
    assert read(path, "exercise-1").main.cells == ("x = 1\ny = 2", "z = 3")


def test_a_notebook_with_a_mark_plots_and_the_line_ends_of_windows(tmp_path: Path) -> None:
    cell = {
        "cell_type": "code",
        "source": ["x = 1\r\n", "y = 2"],
        "metadata": {"outputs": {"kept": "or not"}},
        "execution_count": 1,
        "outputs": [{"output_type": "display_data", "data": {"image/png": "A" * 3_000_000}}],
    }
    text = json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": [cell]})
    path = write(tmp_path / "Exercise 1.IPYNB", b"\xef\xbb\xbf" + text.encode())
    main = read(path, "exercise-1").main
    assert main.cells == ("x = 1\ny = 2",)
    assert main.is_notebook


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        "[]",
        "{}",
        "null",
        '{"nbformat": 4}',
        '{"nbformat": [4]}',
        '{"nbformat": 99, "cells": []}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}',
        '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}}]}',
        '{"nbformat": 4, "metadata": {}, "cells": '
        '[{"cell_type": "code", "metadata": {}, "source": 1}]}',
        '{"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [{"cell_type": "code"}]}]}',
        "[" * 100_000,
        '{"cells": ' * 100_000,
        "1" * 10_000,
    ],
    ids=lambda text: text[:30],
)
def test_json_that_is_no_notebook(tmp_path: Path, text: str) -> None:
    message = refused(read, write(tmp_path / "exercise_1.ipynb", text), "exercise-1")
    assert message == Message("bad-notebook", {"file": "exercise_1.ipynb"})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(1, 5) | st.sampled_from(["code", "x = 1"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["nbformat", "metadata", "cells", "worksheets", "cell_type", "source", "input"]
                ),
                inner,
                max_size=5,
            )
        ),
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        cells = submission._code_cells(json.dumps(value).encode(), "n.ipynb")
    except UsageError as error:
        assert error.message.id in ("submission.bad-notebook", "submission.no-code")
    else:
        assert all(isinstance(cell, str) for cell in cells)


def test_a_notebook_without_code(tmp_path: Path) -> None:
    message = refused(read, notebook(tmp_path / "exercise_1.ipynb"), "exercise-1")
    assert message == Message("no-code", {"file": "exercise_1.ipynb"})


def test_a_notebook_in_another_encoding(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_1.ipynb", "{}".encode("utf-16"))
    assert refused(read, path, "exercise-1").params["problem"] == "utf-16"
    write(path, '{"a": "é"}'.encode("latin-1"))
    assert refused(read, path, "exercise-1").params["problem"] == "undecodable"


def test_what_json_can_spell_and_text_cannot_hold(tmp_path: Path) -> None:
    path = notebook(tmp_path / "exercise_1.ipynb", "x\ny = MARK")
    text = path.read_text()
    write(path, text.replace("MARK", r"\u0000"))
    assert refused(read, path, "exercise-1") == Message("nul", {"file": path.name, "line": 2})
    write(path, text.replace("MARK", r"\ud800"))
    message = refused(read, path, "exercise-1")
    assert message.id == "encoding"
    assert message.params["line"] == 2


def test_a_notebook_that_is_too_large(tmp_path: Path) -> None:
    path = notebook(tmp_path / "exercise_1.ipynb", "#" * (submission.SCRIPT_BYTES + 1))
    assert refused(read, path, "exercise-1").params["part"] == "code"
    write(path, b" " * (submission.NOTEBOOK_BYTES + 1))
    assert refused(read, path, "exercise-1").params["part"] == "file"
    write(path, '{"cells": [' + "{}," * submission.NOTEBOOK_CONTAINERS + "{}]}")
    assert refused(read, path, "exercise-1").params["part"] == "outputs"


# --- neighbours ----------------------------------------------------------------------------


def neighbours(path: Path, **kwargs: Any) -> dict[str, str]:
    """The neighbours that are read with a file: the name of the file by the module."""
    found = read(path, "exercise-5", **kwargs).neighbours
    return {module: source.filename for module, source in found.items()}


@pytest.mark.parametrize(
    "text",
    [
        "import helper",
        "import numpy as np, helper as h",
        "from helper import f",
        "from helper.part import f",
        "from helper import (\n    f,\n)",
        "from \\\n    helper import f",
        "try: import helper\nexcept ImportError: pass",
        "x = 1; import helper; y = 2",
        "def f():\n\timport os,helper  # late\n",
        "import helper# here",
    ],
)
def test_what_a_file_imports_is_read_with_it(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "exercise_5.py", text)
    write(tmp_path / "helper.py", "f = 1\n")
    write(tmp_path / "other.py", "f = 2\n")
    found = read(path, "exercise-5").neighbours
    assert {module: source.cells for module, source in found.items()} == {"helper": ("f = 1\n",)}


@pytest.mark.parametrize(
    "text",
    ["# import helper", "x = 'import helper'", "from . import helper", "from .helper import f",
     "important helper", "import helpers", "reimport helper", "helper.f()", "import (helper)"],
)  # fmt: skip
def test_what_is_no_import_is_not(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "exercise_5.py", text)
    write(tmp_path / "helper.py")
    assert neighbours(path) == {}


def test_neighbours_of_neighbours_and_circles(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "from exercise_4 import backward")
    write(tmp_path / "exercise_4.py", "import exercise_3, exercise_5")
    notebook(tmp_path / "exercise_3.ipynb", "x = 1", "from exercise_4 import *\nimport gone")
    assert neighbours(path) == {
        "exercise_3": "exercise_3.ipynb",
        "exercise_4": "exercise_4.py",
        "exercise_5": "exercise_5.py",
    }


def test_a_neighbour_may_be_imported_by_a_call(tmp_path: Path) -> None:
    source = "import importlib\nu = importlib.import_module('utils')\nv = __import__( \"more\" )\n"
    path = write(tmp_path / "exercise_5.py", source)
    for name in ("utils", "more", "other"):
        write(tmp_path / f"{name}.py", "x = 1\n")
    assert neighbours(path) == {"more": "more.py", "utils": "utils.py"}


def test_the_standard_library_and_numpy_are_no_neighbours(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import random, numpy, torch.nn")
    for name in ("random", "numpy", "torch"):
        write(tmp_path / f"{name}.py")
    assert neighbours(path) == {}


@pytest.mark.parametrize(
    ("main", "beside", "wanted"),
    [
        ("exercise_5.py", ["exercise_4.py", "exercise_4.ipynb"], "exercise_4.py"),
        ("exercise_5.py", ["exercise_4.ipynb", "exercise-4.py"], "exercise_4.ipynb"),
        ("exercise_5.py", ["exercise-4.ipynb"], "exercise-4.ipynb"),
        ("exercise_5.py", ["Exercise 04.ipynb", "exercise_14.py"], "Exercise 04.ipynb"),
        ("exercise_5.py", ["exercise_4 (1).py", "exercise_4 (2).py"], "exercise_4 (2).py"),
        ("exercise_5.py", ["kim_exercise_4.py"], None),
        ("exercise_5-2.py", ["exercise_4.py", "exercise_4-2.py"], "exercise_4-2.py"),
        ("exercise_5-2.py", ["exercise_4.py", "exercise_4-3.py"], "exercise_4.py"),
        ("kim_1_exercise_5.py", ["kim_1_exercise_4.py", "exercise_4.py"], "kim_1_exercise_4.py"),
        ("kim_123_exercise_5.py", ["lee_456_exercise_4.py", "exercise_4.py"], "exercise_4.py"),
        ("kim_123_exercise_5.py", ["lee_456_exercise_4.py", "exercise_4-2.py"], None),
        ("kim_123_exercise_5-2.py", ["kim_123_exercise_4.ipynb"], "kim_123_exercise_4.ipynb"),
        ("kim_123_exercise_5.py", ["kim_123_exercise-4-2.py"], "kim_123_exercise-4-2.py"),
        ("sigmoid.py", ["exercise_4.py"], "exercise_4.py"),
    ],
)  # fmt: skip
def test_the_neighbour_is_of_the_same_submission(
    tmp_path: Path, main: str, beside: list[str], wanted: str | None
) -> None:
    path = write(tmp_path / main, "from exercise_4 import backward")
    for name in beside:
        (notebook if name.endswith(".ipynb") else write)(tmp_path / name, "x = 1")
    assert neighbours(path).get("exercise_4") == wanted


def test_a_module_of_the_learners_own_may_have_the_prefix_too(tmp_path: Path) -> None:
    path = write(tmp_path / "kim_1_exercise_5-2.py", "import tools, plots, maths")
    for name in ("kim_1_tools.py", "lee_2_tools.py", "tools.py", "kim_1_plots-2.py", "maths.py"):
        write(tmp_path / name)
    write(tmp_path / "lee_2_maths.py")
    assert neighbours(path) == {
        "tools": "kim_1_tools.py",
        "plots": "kim_1_plots-2.py",
        "maths": "maths.py",
    }


def test_where_the_submission_is_known_prefixes_do_not_count(tmp_path: Path) -> None:
    # Canvas numbers every file, so that no two of a learner have the same prefix.
    path = write(tmp_path / "kim_1_102_exercise_5.py", "import exercise_4, tools, exercise_3")
    own = [write(tmp_path / name) for name in ("kim_1_101_exercise_4.py", "kim_1_103_tools.py")]
    write(tmp_path / "exercise_3.py")
    assert neighbours(path) == {"exercise_3": "exercise_3.py"}
    assert neighbours(path, siblings=[path, *own]) == {
        "exercise_4": "kim_1_101_exercise_4.py",
        "tools": "kim_1_103_tools.py",
    }
    assert neighbours(path, siblings=[]) == {}


def test_a_korean_name_as_macos_writes_it(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import \ud55c\n")
    write(tmp_path / "\u1112\u1161\u11ab.py")
    assert list(neighbours(path)) == ["\ud55c"]


def test_a_neighbour_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import helper")
    write(tmp_path / "helper.py", b"\xff")
    message = refused(read, path, "exercise-5")
    assert (message.id, message.params["file"]) == ("encoding", "helper.py")


def test_neighbours_are_read_as_carefully_as_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import helper, pipe")
    (tmp_path / "helper.py").symlink_to(write(tmp_path / "elsewhere" / "secret.txt", "x = 1"))
    assert neighbours(path) == {"helper": "helper.py"}
    message = refused(read, path, "exercise-5", follow_links=False)
    assert message == Message("not-a-file", {"file": "helper.py", "kind": "link"})
    os.mkfifo(tmp_path / "pipe.py")
    assert refused(read, path, "exercise-5").params == {"file": "pipe.py", "kind": "pipe"}


def test_a_folder_is_no_neighbour(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import helper")
    (tmp_path / "helper.py").mkdir()
    assert neighbours(path) == {}


def test_fifty_neighbours_and_one_more(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import a1")
    for number in range(1, submission.NEIGHBOURS + 1):
        write(tmp_path / f"a{number}.py", f"import a{number + 1}")
    assert len(neighbours(path)) == submission.NEIGHBOURS
    write(tmp_path / f"a{submission.NEIGHBOURS + 1}.py")
    message = refused(read, path, "exercise-5")
    assert message == Message("too-many-neighbours", {"file": "a51.py", "limit": 50})


def test_four_mebibytes_of_neighbours_and_one_more(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import a1, a2, a3, a4")
    for number in range(1, 5):
        write(tmp_path / f"a{number}.py", b"#" * (1 << 20))
    assert len(neighbours(path)) == 4
    write(path, "import a1, a2, a3, a4, a5")
    write(tmp_path / "a5.py", "#")
    assert refused(read, path, "exercise-5").id == "neighbours-too-large"


@pytest.mark.timeout(30)
def test_a_file_of_nothing_but_imports_in_a_full_folder_is_read_in_time(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "".join(f"import a{n}\n" for n in range(70_000)))
    for number in range(300):
        write(tmp_path / f"kim_{number}_exercise_5.py")
    assert neighbours(path) == {}


# --- the whole -----------------------------------------------------------------------------


def test_a_submission_says_what_it_was_read_for(tmp_path: Path) -> None:
    got = read(write(tmp_path / "anything.py", "x = 1"), "exercise-7")
    assert (got.exercise, got.main.filename, got.neighbours) == ("exercise-7", "anything.py", {})


def test_nothing_that_is_read_is_run(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_5.py", "import helper\nraise SystemExit(3)")
    write(tmp_path / "helper.py", f"open({str(tmp_path / 'ran')!r}, 'w')")
    notebook(tmp_path / "n.ipynb", f"open({str(tmp_path / 'ran')!r}, 'w')")
    read(path, "exercise-5")
    read(tmp_path / "n.ipynb", "exercise-5")
    assert not (tmp_path / "ran").exists()


def test_a_script_is_read_without_loading_what_notebooks_need(tmp_path: Path) -> None:
    path = write(tmp_path / "exercise_1.py", "import numpy")
    program = (
        "import sys, pathlib; from grader.submission import read;"
        f"read(pathlib.Path({str(path)!r}), 'exercise-1');"
        "print(*sorted({'nbformat', 'zipfile', 'jsonschema'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""
