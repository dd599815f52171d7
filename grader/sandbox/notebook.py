"""One code cell of a notebook comes in, Python goes out, with every line where it was.

Jupyter accepts more than Python: `%magic`, `!shell`, `name?`. This takes such lines out, so
that the rest can run. It runs in the worker, before the learner's code, and needs nothing but
the standard library.

A line is only ever touched where a statement begins, outside strings, brackets and
continued lines: no Python statement begins with `%`, `!` or `?`, so what is found there is
not the learner's Python. Following the statements takes one pass, where trying to compile
after each replacement would take as many as there are magics.
"""

from __future__ import annotations

import ast
import re
import warnings

# fmt: off
_KEEPS_BODY = frozenset({
    "time", "timeit", "capture", "grade", "prun", "debug", "memit", "mprun", "wandb",
})
"""Cell magics whose body is Python that runs in the notebook."""

_FOREIGN = frozenset({
    "!", "bash", "sh", "script", "cmd", "system", "sx", "writefile", "file",
    "html", "HTML", "svg", "SVG", "latex", "markdown", "javascript", "js",
    "perl", "ruby", "R", "julia", "sql", "bigquery", "cpp", "cuda", "cu", "cython",
    "python", "python2", "python3", "pypy",
})
"""Cell magics whose body runs elsewhere, or not at all. `%%writefile` defines nothing here."""
# fmt: on

_CELL_MAGIC = re.compile(r"(?:[ \t\f]*\n)*[ \t]*%%[ \t]*(?P<name>!|[^\W\d]\w*)[^\n]*(?:\n|\Z)")

_TARGET = r"""[^\W\d]\w*(?:\.[^\W\d]\w*|\[(?:-?\w+|'[^'\n]*'|"[^"\n]*")\])*+"""
_ASSIGNMENT = re.compile(
    rf"(?P<indent>[ \t]*)(?P<target>{_TARGET}(?:[ \t]*,[ \t]*{_TARGET})*+)[ \t]*=[ \t]*"
    r"(?P<value>%{1,2}[^\W\d].*|!(?!=).*)",
)
_TIME = re.compile(r"(?P<indent>[ \t]*)(?:%{1,2}[ \t]*time(?!\w)[ \t]*)++(?P<timed>.*)")
_ESCAPE = re.compile(
    r"(?P<indent>[ \t]*)"
    r"(?:%{1,2}[ \t]*[^\W\d].*"
    r"|![^=\s].*|!(?=[ \t]+\S).*"
    r"|\?{1,2}[ \t]*[\w%*].*"
    # Jupyter takes a line that begins with the name of a magic for the magic; this one, which
    # can be nothing else, is in half of all notebooks.
    r"|(?:pip|conda|mamba)[ \t]+(?:un)?install\b.*)"
)
_HELP = re.compile(
    r"(?P<indent>[ \t]*)(?:[^\W\d]\w*[ \t]*=[ \t]*)?"
    r"%{0,2}(?![0-9])[\w*]+(?:\.[\w*]+|\[[^\]\s#]+\])*\?{1,2}[ \t]*;?[ \t]*"
)

_LEXEME = re.compile(
    # Possessive, so that a string of a megabyte leaves nothing to go back to. One that is not
    # closed ends with the line, or the text: Python will say so.
    r'"""(?:[^"\\]|\\.?|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^'\\]|\\.?|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.?)*+"?'
    r"|'(?:[^'\\\n]|\\.?)*+'?"
    r"|\#[^\n]*"
    r"|\\\n?"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<newline>\n)"
    r"""|[^"'\#\\()\[\]{}\n]++""",
    re.DOTALL,
)


def clean_cell(text: str) -> str:
    """The cell as Python, with as many lines, each statement on the line it was on.

    A cell that is Python comes back unchanged. A line of IPython becomes `pass`, with its
    indentation; `%time f()` becomes `f()`; `x = !ls` becomes `x = None`, so that a later
    mention of x is no mistake. A cell magic is taken off (`%%time`) or takes the cell with it
    (`%%bash`). What is no Python even then is left to fail where the learner wrote it. Never
    raises.
    """
    if _is_python(text):
        return text
    text = _without_indent(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n" * text.count("\n")
    begin = 0
    certain = True
    while (magic := _CELL_MAGIC.match(text, begin)) is not None:
        if magic["name"] in _FOREIGN:
            return lines
        certain = certain and magic["name"] in _KEEPS_BODY
        begin = magic.end()
    cleaned = _clean_statements(_without_indent(text[begin:]))
    if not certain and not _is_python(cleaned):
        # A magic that is unknown here: of another language, as it seems.
        return lines
    return "\n" * text.count("\n", 0, begin) + cleaned


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" is warned of when the cell is compiled
            compile(text, "<cell>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def _without_indent(text: str) -> str:
    """Takes off what the first line is indented by, as Jupyter does for pasted cells."""
    first = re.match(r"(?:[ \t\f]*\n)*(?P<indent>[ \t]+)\S", text)
    if first is None:
        return text
    return "\n".join(line.removeprefix(first["indent"]) for line in text.split("\n"))


def _clean_statements(text: str) -> str:
    cleaned: list[str] = []
    at = 0
    while at < len(text):
        end = _end_of_line(text, at)
        if _as_python(text[at:end].removesuffix("\\")) is None:
            end = _end_of_statement(text, at)
            cleaned.append(text[at:end])
        else:
            while text.startswith("\\", end - 1) and end < len(text):  # `!ls \` goes on below
                end = _end_of_line(text, end + 1)
            line = text[at:end]
            python = _as_python(line.replace("\\\n", " ").removesuffix("\\"))
            cleaned.append((python or "pass") + "\n" * line.count("\n"))
        if end < len(text):
            cleaned.append("\n")
        at = end + 1
    return "".join(cleaned)


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _end_of_statement(text: str, at: int) -> int:
    """Where the logical line that begins at `at` ends: at its newline, or the end of the text."""
    depth = 0
    for lexeme in _LEXEME.finditer(text, at):
        match lexeme.lastgroup:
            case "open":
                depth += 1
            case "close":
                depth -= 1
            case "newline" if depth <= 0:
                return lexeme.start()
    return len(text)


def _as_python(line: str) -> str | None:
    """What stands for a line of IPython in Python, or None for any other line."""
    time = _TIME.fullmatch(line)
    if time is not None and not line.rstrip().endswith("?"):  # `%time?` asks for help
        return str(time["indent"] + (_as_python(time["timed"]) or time["timed"] or "pass"))
    if (other := _ESCAPE.fullmatch(line) or _HELP.fullmatch(line)) is not None:
        return str(other["indent"] + "pass")
    if (assignment := _ASSIGNMENT.fullmatch(line)) is not None:
        indent, target, value = assignment["indent"], assignment["target"], assignment["value"]
        if timed := re.fullmatch(r"%time[ \t]+(\S.*)", value):
            return f"{indent}{target} = {timed[1]}"
        # Nothing is known of how many values there would have been.
        return indent + ("pass" if "," in target else f"{target} = None")
    return None
