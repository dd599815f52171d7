"""What the documentation shows is what happens: its files are written, its commands run."""

import ast
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from grader import curriculum

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.usefixtures("shared_cache")
PAGES = ["README.md", "docs/learners.md", "docs/instructors.md", "docs/authors.md"]
ANYTHING = "[...]"


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def console(page: str) -> list[tuple[str, str]]:
    """(command, output) of every `$ command` in the page's console blocks."""
    found = []
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def as_pattern(shown: str) -> str:
    lines = re.escape(shown).replace(re.escape(ANYTHING + "\n"), r"(?s:.*)")
    return lines.replace(re.escape(ANYTHING), ".+")


@pytest.mark.parametrize("page", ["README.md", "docs/learners.md", "docs/instructors.md"])
def test_shown_commands_print_what_is_shown(page: str, tmp_path: Path) -> None:
    for source in blocks(page, "python"):
        if named := re.match(r"# (\w+\.py)\n", source):
            (tmp_path / named[1]).write_text(source, encoding="utf-8")
    environment = dict(os.environ) | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "GRADE_STATE": str(tmp_path / ".state"),
        "COLUMNS": "80",
    }
    commands = console(page)
    assert commands
    for command, shown in commands:
        run = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert "Traceback" not in run.stderr and run.returncode in (0, 1), run.stderr
        assert re.fullmatch(as_pattern(shown), run.stdout), f"$ {command}\n{run.stdout}{run.stderr}"


def test_the_course_that_is_shown_is_one(tmp_path: Path) -> None:
    from grader import course

    [shown] = blocks("docs/instructors.md", "toml")
    (tmp_path / "course.toml").write_text(shown, encoding="utf-8")
    read = course.read(tmp_path / "course.toml")
    assert read.best and read.secret and read.late.at_most == 0.5
    assert read.exercises["exercise-1"].hidden == {"sigmoid-stability"}


def exercise_table() -> str:
    """The curriculum as the README shows it: statement, lecture topic, what comes before."""
    rows = ["| exercise | lecture topic | builds on |", "|---|---|---|"]
    for exercise in map(curriculum.load, curriculum.ids()):
        number = exercise.id.removeprefix("exercise-")
        before = ", ".join(id_.removeprefix("exercise-") for id_ in exercise.builds_on)
        statement = f"[{number} · {exercise.title}](exercises/exercise_{number}.py)"
        rows.append(f"| {statement} | {exercise.topic} | {before} |")
    return "\n".join(rows)


def test_the_readme_has_the_map_of_the_course() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- exercises.*?-->\n(.*?)\n?<!-- /exercises -->", readme, re.DOTALL)
    assert shown
    assert shown[1].strip() == exercise_table(), "README.md: the table of exercises is to be\n" + (
        exercise_table()
    )


def test_every_command_is_documented() -> None:
    from grader.cli import app

    text = "".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    for command in app.registered_commands:
        if not command.hidden:
            name = command.name or command.callback.__name__  # type: ignore[union-attr]
            assert f"grade {name}" in text, name


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    ]
    assert {ROOT / page for page in PAGES} <= {*pages} and links
    broken = [link for link in links if not link[0].parent.joinpath(link[1]).exists()]
    assert not broken


def test_every_message_id_of_the_engine_has_words() -> None:
    from grader.reports.words import catalogue

    sentences = catalogue()
    sections = {id_.partition(".")[0] for id_ in sentences}
    for file, tree in parsed().items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(ast.Name("Message"), [ast.Constant(str(id_)), *_]):
                    assert id_ in sentences, (file.name, node.lineno, id_)
                case ast.Constant(str(id_)) if re.fullmatch(r"[a-z-]+\.[a-z-]*[a-z]", id_):
                    is_one = id_.partition(".")[0] in sections and id_ not in NO_SENTENCES
                    assert not is_one or id_ in sentences, (file.name, node.lineno, id_)


NO_SENTENCES = {"submission.py", "batch.py", "doctor.py", "grader.reports", "report.html"}
NO_SENTENCES |= {"outcome.killed"}
"""Files and a package, which look like ids, and what several ids begin with."""


@cache
def parsed() -> dict[Path, ast.Module]:
    """Every file of the grader, by its path from there."""
    root = ROOT / "grader"
    files = root.rglob("*.py")
    return {f.relative_to(root): ast.parse(f.read_text(encoding="utf-8")) for f in files}


def beginnings() -> Iterator[tuple[Path, str, str, int]]:
    """(file, function, beginning of an id, the argument that ends it), of each
    function that makes `Message(f"beginning.{argument}")`."""
    for file, tree in parsed().items():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = [argument.arg for argument in function.args.args if argument.arg != "self"]
            for node in ast.walk(function):
                match node:
                    case ast.Call(
                        ast.Name("Message"),
                        [
                            ast.JoinedStr(
                                [ast.Constant(str(start)), ast.FormattedValue(ast.Name(name))]
                            ),
                            *_,
                        ],
                    ) if name in names:
                        yield file, function.name, start, names.index(name)


def ends(call: ast.Call, place: int) -> list[str]:
    """What may stand at that place of a call: a literal, or either of two."""
    given = call.args[place] if place < len(call.args) else None
    either = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
    return [x.value for x in either if isinstance(x, ast.Constant) and isinstance(x.value, str)]


def test_every_id_that_is_put_together_has_words() -> None:
    from grader.reports.words import catalogue

    sentences = catalogue()
    made: dict[str, set[str]] = {}
    for own, function, start, place in beginnings():
        about = 2 if function.startswith("_") else 1  # a file or a part of the grader
        trees = [t for file, t in parsed().items() if file.parts[:about] == own.parts[:about]]
        for node in itertools.chain.from_iterable(map(ast.walk, trees)):
            match node:
                case ast.Call(ast.Name(name) | ast.Attribute(attr=name)) if name == function:
                    made.setdefault(start, set()).update(ends(node, place))
    starts = {"submission.", "course.", "roster.", "archive.", "usage.gradebook-", "intake."}
    assert starts <= {start for start, found in made.items() if len(found) > 2}
    for start, found in made.items():
        assert not {end for end in found if f"{start}{end}" not in sentences}, start


def test_every_sentence_is_said_somewhere() -> None:
    """By its id, or by one that is put together: its beginning (`f"class.need-{need}"`) and its
    end, in quotation marks, stand in one part of the grader."""
    from grader.reports.words import catalogue

    sentences = catalogue()
    begun = re.compile(r"""["'`]([a-z-]+\.(?:[a-z-]*-)?)(?:\{|["'] ~)""")
    root = ROOT / "grader"
    files = [file for file in root.rglob("*") if file.suffix in (".py", ".jinja")]

    def quoted(part: str) -> set[str]:
        found: set[str] = set()
        for file in files:
            if file.relative_to(root).as_posix().startswith(part):
                text = file.read_text(encoding="utf-8")
                found.update(re.findall(r"""["'`]([a-z][a-z0-9.-]*)["'`]""", text))
        return found

    elsewhere = {  # ends that are not written where their beginnings are
        "encoding.": quoted("submission.py"),
        "kind.": {*sentences, *(id_.partition(".")[0] for id_ in sentences)},
        "phrases.access-": quoted("sandbox/kernels/"),
        "phrases.argument-": {"1", "2", "3"},
    }
    ends = dict(elsewhere)
    for file in files:
        for beginning in begun.findall(file.read_text(encoding="utf-8")):
            if beginning not in elsewhere:
                part = quoted(file.relative_to(root).parts[0])
                ends[beginning] = ends.get(beginning, set()) | part
    said = quoted("")

    def is_said(id_: str) -> bool:
        return id_ in said or any(
            id_.startswith(beginning) and id_.removeprefix(beginning) in found
            for beginning, found in ends.items()
        )

    shortened = {id_: id_.removesuffix("-one").removesuffix("-means") for id_ in sentences}
    unsaid = [id_ for id_, short in shortened.items() if not (is_said(id_) or is_said(short))]
    assert not unsaid


def test_no_sentence_stands_in_the_code_that_shows_them() -> None:
    """But for docstrings, which are typer's help, the help of options, and Moodle's own words."""
    root = ROOT / "grader"
    shown = [root / "cli.py", root / "doctor.py"]
    shown += [*(root / "commands").glob("*.py"), *(root / "reports").rglob("*.py")]
    for file in shown:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        helps: list[ast.expr] = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ]
        helps += [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) in ("typer.Option", "typer.Argument")
        ]
        allowed = {id(inner) for node in helps for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in allowed:
                allowed |= {id(inner) for inner in ast.walk(node)}
                parts = node.values if isinstance(node, ast.JoinedStr) else [node]
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "x" for p in parts)
                sentence = re.search(r"[a-z]{2,} [a-z]{2,}[ ,][a-z`]{2,}", text)
                assert not sentence or text == "Grade can be changed", (file.name, text)
