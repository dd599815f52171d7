"""What Jupyter accepts beside Python is taken out of a cell, and nothing else is."""

from __future__ import annotations

import ast
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.notebook import clean_cell


def test_a_cell_of_python_is_unchanged() -> None:
    cell = 'x = 7 % 3\ns = """\n%matplotlib inline\n!ls\n"""\ny = (x\n% 2)\nz = x \\\n%y;\r\n'
    assert clean_cell(cell) == cell


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        # lines of their own
        ("%matplotlib inline", "pass"),
        ("%matplotlib inline;", "pass"),
        ("%%time_it", ""),
        ("%load_ext grader\nx = 1", "pass\nx = 1"),
        ("x = 1\n% cd data\n!pip install numpy\n!!ls\n! ls", "x = 1\npass\npass\npass\npass"),
        ("!echo 'it\nx = 1", "pass\nx = 1"),
        ("!echo '''\nx = 1", "pass\nx = 1"),
        ("!echo :( [\nx = (1)", "pass\nx = (1)"),
        ("%cd C:\\new\nx = 1", "pass\nx = 1"),
        ("pip install numpy\nx = 1", "pass\nx = 1"),
        ("np?", "pass"),
        ("np.array??\nx = 1", "pass\nx = 1"),
        ("x['a'].b?", "pass"),
        ("?np.array", "pass"),
        ("??np", "pass"),
        ("np.*load*?", "pass"),
        ("%time?", "pass"),
        # where they stand
        ("if True:\n    !ls\n    %pwd\nelse:\n\tx?", "if True:\n    pass\n    pass\nelse:\n\tpass"),
        ("x = 1  # really?\n!ls", "x = 1  # really?\npass"),
        ("s = '''\n%a\n!b\nc?\n'''\n%d", "s = '''\n%a\n!b\nc?\n'''\npass"),
        ('s = "\\""; t = """\\"""\n%a\n"""\n%d', 's = "\\""; t = """\\"""\n%a\n"""\npass'),
        ("y = [x\n%z,\n]\n%d", "y = [x\n%z,\n]\npass"),
        ("y = x \\\n%z\n%d", "y = x \\\n%z\npass"),
        ("s = 'a\\\n%b'\n%d", "s = 'a\\\n%b'\npass"),
        ("# (\n%d", "# (\npass"),
        ("print('x = %d' % 3)\n%d", "print('x = %d' % 3)\npass"),
        ("print(f'{x!r}', \"x = !ls\")\n%d", "print(f'{x!r}', \"x = !ls\")\npass"),
        ("x != 3\n!ls", "x != 3\npass"),
        # lines that go on
        ("!pip install \\\n  numpy \\\n  scipy\nx = 1", "pass\n\n\nx = 1"),
        ("%time f(1, \\\n  2)\nx = 1", "f(1,    2)\n\nx = 1"),
        ("!ls \\", "pass"),
        # assignments
        ("files = !ls", "files = None"),
        ("  \nx = %pwd", "  \nx = None"),
        ("a.b['c'][0] = !ls", "a.b['c'][0] = None"),
        ("a, b = !ls", "pass"),
        ("if 1:\n  x=!ls", "if 1:\n  x = None"),
        ("x = %time f(2)", "x = f(2)"),
        ("x = %timeit -o f(2)", "x = None"),
        # timing
        ("%time f()", "f()"),
        ("  %time x = f()\n  y = 1", "x = f()\ny = 1"),
        ("%time", "pass"),
        ("%time %time f()", "f()"),
        ("%time !ls", "pass"),
        ("%timeit f()", "pass"),
        # cells
        ("%%time\nx = 1\n%pwd", "\nx = 1\npass"),
        ("\n\n%%capture out\n%%time\nx = 1", "\n\n\n\nx = 1"),
        ("%%time\n  x = 1\n  %pwd", "\nx = 1\npass"),
        ("%%timeit -n 10\nx = 1\n", "\nx = 1\n"),
        ("%%grade exercise-1\ndef f():\n    pass\n", "\ndef f():\n    pass\n"),
        ("%%bash\nls\n\necho 'a\n", "\n\n\n\n"),
        ("%%html\n<b>x</b>", "\n"),
        ("%%javascript\nx = 1", "\n"),
        ("%%writefile helper.py\nx = 1\n", "\n\n"),
        ("%%!\nls\n", "\n\n"),
        ("%%bash", ""),
        ("%%time\n%%bash\nls", "\n\n"),
        ("%%unheard_of\nx = 1", "\nx = 1"),
        ("%%unheard_of\nSELECT * FROM x\nWHERE 1", "\n\n"),
        ("# timed\n%%time\nx = 1", "# timed\npass\nx = 1"),
        # pasted with an indentation
        ("    x = 1\n    !ls\n", "x = 1\npass\n"),
        # other ends of lines
        ("%pwd\r\nx = 1\r", "pass\nx = 1\n"),
    ],
)  # fmt: skip
def test_what_is_no_python_is_taken_out(cell: str, python: str) -> None:
    assert clean_cell(cell) == python
    ast.parse(python)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("%pwd\nx = = 1\n!ls", 2),
        ("def f(:\n    pass\n!ls", 1),
        ("%pwd\nx = (1\n!ls\ny = 2", 2),
        ("%pwd\nx = 'a?\n", 2),
        ('%pwd\nx = """a\n!ls\n', 2),
        ("x = 100\n% 7", 2),
        ("x = 100\n  %y", 2),
        ("!ls\nwhat is this?", 2),
        ("def f():\n%pwd", 2),
        ("%%time\nx = = 1", 2),
        ("%time f(", 1),
        ("if True: !ls", 1),
    ],
)
def test_a_mistake_of_the_learners_is_reported_where_it_is(cell: str, line: int) -> None:
    with pytest.raises(SyntaxError) as caught:
        ast.parse(clean_cell(cell))
    assert caught.value.lineno == line


def test_await_is_left_to_fail() -> None:
    assert clean_cell("await f()") == "await f()"


def test_nothing_is_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert clean_cell(r'x = "\d"') == r'x = "\d"'


def lines(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


_scraps = st.sampled_from(
    ["%", "%%", "!", "?", "%time ", "%%time\n", "%%bash\n", "x", " = ", "(", ")", "[", "]", "{",
     "'", '"', '"""', "'''", "\\", "\n", "\r", "    ", "#", "\f", "f()", "def f():\n", ",", "\0",
     "\ud800", "pip install ", "if x:\n  ", ";", "é", "\u2028", "x = 1\n", "\t"]
)  # fmt: skip


@given(st.text() | st.lists(_scraps, max_size=25).map("".join))
def test_any_text_keeps_its_lines_and_raises_nothing(text: str) -> None:
    cleaned = clean_cell(text)
    assert lines(cleaned) == lines(text)
    assert clean_cell(cleaned) == cleaned or "%" in cleaned or "!" in cleaned or "?" in cleaned


_python = st.sampled_from(
    ["x = 1", "def f(a):\n    return a % 2", "s = '''\n%x\n'''", "y = (1\n%2)", "# why?", "",
     "if x:\n    y = 2\nelse:\n    y = 3", "z = x \\\n%y", "class A:\n    b = '!'"]
)  # fmt: skip
_magic = st.sampled_from(
    ["%pwd", "!ls (", "np?", "?np", "%timeit f('", "!echo '''", "%cd [", "!a \\\n b"]
)


@given(st.lists(st.tuples(st.booleans(), _python, _magic), max_size=10))
def test_magics_between_statements_change_no_statement(parts: list[tuple[bool, str, str]]) -> None:
    cell = "\n".join(magic if is_magic else python for is_magic, python, magic in parts)
    wanted = "\n".join(
        "pass" + "\n" * magic.count("\n") if is_magic else python
        for is_magic, python, magic in parts
    )
    assert clean_cell(cell) == wanted
    ast.parse(wanted)


@pytest.mark.parametrize(
    "cell",
    ["!ls\n" * 200_000, "%time " * 150_000, "%%time\n" * 150_000, "# \\\n" * 200_000 + "!ls",
     "(\n" * 400_000 + "!ls", "x = y \\\n" * 100_000 + "!ls", '"""' + '\\"' * 400_000,
     " \n" * 400_000 + " !ls", "a." * 400_000 + "?", "%m \\\n" * 200_000],
    ids=lambda cell: repr(cell[:10]),
)  # fmt: skip
def test_a_megabyte_takes_no_more_than_a_few_seconds(cell: str) -> None:
    began = time.process_time()
    clean_cell(cell)
    assert time.process_time() - began < 10
