"""Copies are found however they are dressed; right answers by different people are not."""

import ast
import random
import re
from pathlib import Path

import pytest

from grader import curriculum
from grader.reports import similarity
from grader.reports.similarity import Comparison

ROOT = Path(__file__).parents[2]


def functions(exercise: str) -> frozenset[str]:
    return frozenset(function.name for function in curriculum.load(exercise).functions)


def given(exercise: str) -> list[str]:
    name = f"{curriculum.module_name(exercise)}.py"
    folders = (ROOT / "exercises", ROOT / "solutions")
    return [(folder / name).read_text(encoding="utf-8") for folder in folders]


def right(exercise: str) -> dict[str, str]:
    folder = ROOT / "tests" / "submissions" / curriculum.module_name(exercise)
    return {p.stem: p.read_text(encoding="utf-8") for p in sorted(folder.glob("right_*.py"))}


def compare(exercise: str, sources: dict[str, str]) -> Comparison:
    return similarity.compare(sources, given(exercise), functions(exercise))


def together(comparison: Comparison) -> set[frozenset[str]]:
    return {frozenset(group.members) for group in comparison.groups}


def renamed(source: str, keep: frozenset[str]) -> str:
    """Every name that the file gives is another."""
    tree = ast.parse(source)
    names = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    names |= {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    names |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)} - keep
    new = {name: f"z{place}" for place, name in enumerate(sorted(names))}
    return re.sub(r"(?<![.\w\"'])[A-Za-z_]\w*", lambda m: new.get(m[0], m[0]), source)


def reordered(source: str) -> str:
    tree = ast.parse(source)
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    tree.body = [node for node in tree.body if node not in defined] + defined[::-1]
    return ast.unparse(tree)


def commented(source: str) -> str:
    lines = source.split("\n")
    return "\n".join(f"{line}  # mine" if line.startswith("    return") else line for line in lines)


def edited(source: str) -> str:
    """Three statements more that do nothing."""
    rng = random.Random(1)
    lines = source.split("\n")
    places = [n for n, line in enumerate(lines) if re.match(r" +\w+ = ", line)]
    for place in sorted(rng.sample(places, min(3, len(places))), reverse=True):
        indent = re.match(r" *", lines[place])[0]  # type: ignore[index]
        lines.insert(place, f"{indent}done = 0")
    return "\n".join(lines)


ORIGINAL = right("exercise-4")["right_tuples"]


@pytest.mark.parametrize(
    "copy",
    [
        ORIGINAL,
        renamed(ORIGINAL, functions("exercise-4")),
        reordered(ORIGINAL),
        commented(ORIGINAL),
        ast.unparse(ast.parse(ORIGINAL)),
        reordered(renamed(edited(ORIGINAL), functions("exercise-4"))),
        ORIGINAL.replace("import numpy as np", "import numpy").replace("np.", "numpy."),
        '"""By somebody else."""\n'
        + ORIGINAL
        + '\nif __name__ == "__main__":\n    print("hello")\n',
    ],
    ids=["same", "renamed", "reordered", "commented", "layout", "all", "import", "main"],
)
def test_a_copy_is_found_however_it_is_dressed(copy: str) -> None:
    ast.parse(copy)
    sources = right("exercise-4") | {"copy": copy}
    [group] = compare("exercise-4", sources).groups
    assert set(group.members) == {"right_tuples", "copy"}
    assert group.pairs[0].share >= similarity.ALIKE


@pytest.mark.parametrize("exercise", ["exercise-2", "exercise-3", "exercise-4", "exercise-7"])
def test_right_answers_by_different_roads_are_not_alike(exercise: str) -> None:
    comparison = compare(exercise, right(exercise))
    assert comparison.compared >= 10
    assert comparison.telling
    assert comparison.groups == ()


def test_an_exercise_of_a_few_lines_tells_nothing() -> None:
    short = "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"
    short += "def sigmoid_derivative(x):\n    s = sigmoid(x)\n    return s * (1 - s)\n"
    sources = {str(n): short.replace("s", f"s{n}") if n % 2 else short for n in range(6)}
    comparison = compare("exercise-1", sources)
    assert not comparison.telling
    assert comparison.compared == 0
    assert comparison.groups == ()


def test_what_was_given_is_nobodys_own() -> None:
    stub, answer = given("exercise-4")
    comparison = compare("exercise-4", {"a": stub, "b": stub, "c": answer, "d": answer})
    assert comparison.compared == 0


def test_what_many_of_the_class_write_is_taken_away() -> None:
    sources = {f"same{n}": ORIGINAL for n in range(15)} | right("exercise-4")
    assert compare("exercise-4", sources).groups == ()


def test_a_group_is_held_together_by_the_fewest_pairs() -> None:
    sources = {f"copy{n}": ORIGINAL + f"\nextra{n} = {n}\n" for n in range(6)}
    others = right("exercise-4")
    del others["right_tuples"]
    [group] = compare("exercise-4", sources | others).groups
    assert group.members == tuple(sources)
    assert len(group.pairs) == 5


def test_every_group_is_found_among_several() -> None:
    by_name = right("exercise-4")
    originals = list(by_name)[:3]
    copies = {f"of_{name}": edited(by_name[name]) for name in originals}
    found = together(compare("exercise-4", by_name | copies))
    assert found == {frozenset({name, f"of_{name}"}) for name in originals}


def test_blocks_of_rows_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "_ROWS", 2)
    sources = right("exercise-4") | {"aa_first": ORIGINAL, "zz_last": ORIGINAL}
    assert together(compare("exercise-4", sources)) == {
        frozenset({"aa_first", "zz_last", "right_tuples"})
    }


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        "-" * 100_000 + "1",
        "x" + ".a" * 100_000,
        "1" + "+1" * 200_000,
        "nul\0",
        "\ud800",
        "(" * 5_000,
        "def f():\n    return 1\n\treturn 2\n",
    ],
    ids=["syntax", "minus", "dots", "sum", "nul", "surrogate", "parentheses", "tabs"],
)
def test_what_cannot_be_parsed_is_counted_and_nothing_else(text: str) -> None:
    comparison = compare("exercise-4", right("exercise-4") | {"odd": text})
    assert comparison.unreadable == 1
    assert comparison.submissions == len(right("exercise-4")) + 1


def test_nothing_to_compare() -> None:
    assert compare("exercise-4", {}).groups == ()
    assert compare("exercise-4", {"a": ""}).groups == ()
