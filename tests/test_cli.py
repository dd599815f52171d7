"""The command line as people and programs use it: words in, text and exit codes out."""

import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import cli, curriculum
from grader.gradebook import Gradebook

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.usefixtures("shared_cache")
SOLUTION = str(ROOT / "solutions" / "exercise_1.py")
GRADE = [sys.executable, "-m", "grader"]

Run = Callable[..., tuple[int, str, str]]


def one_line(text: str) -> bool:
    return text.startswith("grade: ") and text.count("\n") == 1 and "Traceback" not in text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("words", [("exercise-1", SOLUTION), ("exercise-1", SOLUTION, "--json"),
                                   ("list",), ("doctor",)])  # fmt: skip
@pytest.mark.parametrize("errors", ["heard", "lost"])
def test_where_the_output_does_not_fit_it_says_so(words: tuple[str, ...], errors: str) -> None:
    """And not that something was or was not marked."""
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*GRADE, *words],
            stdout=full,
            stderr=full if errors == "lost" else subprocess.PIPE,
            env={key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"},
            text=True,
        )
    assert ended.returncode == 3
    if errors == "heard":
        *building, said = ended.stderr.splitlines()
        assert said.startswith("grade: No space is left where the output goes. Make room")
        assert all(line.startswith("Building") for line in building)


def test_full_marks_end_with_0(grade: Run) -> None:
    status, out, _ = grade("exercise-1", SOLUTION)
    assert status == 0
    assert "Score 10 / 10" in out
    assert "Next: `grade exercise-2`" in out


def test_less_than_full_marks_ends_with_1(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").write_text("def sigmoid(x):\n    return x\n")
    status, out, _ = grade("exercise-1")
    assert status == 1
    assert "Score 0 / 10" in out


def test_the_file_is_found_in_the_folder_exercises(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "exercise_1.py").write_text(Path(SOLUTION).read_text())
    assert grade("exercise-1")[0] == 0


def test_a_file_name_alone_names_its_exercise(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "kim_exercise_1.py").write_text(Path(SOLUTION).read_text())
    assert grade("kim_exercise_1.py")[0] == 0


def test_a_command_that_is_proposed_can_be_copied(grade: Run, tmp_path: Path) -> None:
    name = "kim's exercise-02 (1).py"
    (tmp_path / name).write_text("")
    (tmp_path / "a file.py").write_text("")
    (tmp_path / "a class").mkdir()
    for words, ending in (
        (("exercise-3", name), ["exercise-2", name]),
        (("a file.py",), ["exercise-1", "a file.py"]),
        (("batch", "a class"), ["batch", "a class", "--dry-run"]),
    ):
        status, _, err = grade(*words)
        [proposed] = re.findall("`grade ([^`]*)`", err)
        assert (status, shlex.split(proposed)) == (2, ending)
    _, out, _ = grade("init", "my exercises")
    [proposed] = re.findall("`grade (.*)`", out)
    assert shlex.split(proposed) == ["exercise-1", "my exercises/exercise_1.py"]


@pytest.mark.parametrize("word", ["exercise_1", "exercise-01", "Exercise-1", "1", "01"])
def test_other_spellings_of_an_id_are_understood(grade: Run, word: str) -> None:
    assert grade(word, SOLUTION)[0] == 0


@pytest.mark.parametrize("exercise", ["exercise-99", "exercise_99", "99", "Exercise 99"])
@pytest.mark.parametrize(
    "words",
    [
        [],
        ["hint"],
        ["verify"],
        ["batch", "class", "--exercise"],
        ["report", "--exercise"],
        ["export", "csv", "--exercise"],
        ["package", "github", "--install", "grade"],
    ],
)
def test_every_command_says_the_same_of_an_exercise_that_there_is_not(
    grade: Run, words: list[str], exercise: str
) -> None:
    with Gradebook.open("gradebook.db", create=True):
        pass
    status, out, err = grade(*words, exercise)
    assert (status, out) == (2, "")
    said = "There is no exercise-99; did you mean exercise-9? `grade list` shows them all."
    assert err == f"grade: {said}\n"


def test_a_gradebooks_own_exercises_are_known_beside_those_of_the_curriculum() -> None:
    assert curriculum.named("Exercise_77", ["exercise-77"]) == "exercise-77"
    assert curriculum.named("Essay_1", ["essay-1"]) == "essay-1"
    assert curriculum.named("1", ["exercise-77"]) == "exercise-1"


@pytest.mark.parametrize("word", ["exercise-2", "1", "exercise_01", "exercise_1.py"])
def test_the_usage_of_an_exercise_is_as_it_is_called(grade: Run, word: str) -> None:
    status, out, _ = grade(word, "--help")
    name = "exercise-2" if word == "exercise-2" else "exercise-1"
    assert status == 0
    assert out.startswith(f"Usage: grade {name} [OPTIONS] [")
    assert "exercise}" not in out and "EXERCISE" not in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["exercise-99"], "exercise-"),
        (["exercse-1"], "exercise-1"),
        (["exercise-1"], "grade init"),
        (["exercise-1", "nowhere.py"], "nowhere.py"),
        (["exercise-1", "."], "directory"),
        (["exercise-1", "notes.txt"], ".py"),
        (["frobnicate"], "--help"),
        (["--frobnicate"], "--frobnicate. `grade --help`"),
        (["exercise-1", "--frobnicate"], "--frobnicate. `grade exercise-1 --help`"),
        (["3", "--frobnicate"], "--frobnicate. `grade exercise-3 --help`"),
        (["exercise-1", SOLUTION, "--timeout", "0"], "--timeout"),
        (["exercise-1", SOLUTION, "--timeout", "nan"], "--timeout"),
        (["exercise-1", SOLUTION, "--seed", "-1"], "--seed"),
        (["exercise-1", SOLUTION, "--seed", "x"], "--help"),
        (["exercise-1", SOLUTION, "another.py"], "another.py"),
        (["hint", "exercise-99"], "exercise-"),
        (["hint"], "`grade hint --help`"),
        (["batch"], "`grade batch --help`"),
        (["init", SOLUTION], "folder"),
        (["verify", "exercise-99"], "exercise-"),
        (["verify", "--seeds", "-1"], "--seeds"),
    ],
)
def test_wrong_usage_is_one_line_that_helps_and_ends_with_2(
    grade: Run, tmp_path: Path, words: list[str], says: str
) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    status, out, err = grade(*words)
    assert (status, out) == (2, "")
    assert one_line(err), err
    assert says in err


def test_two_candidates_are_named_and_none_is_graded(grade: Run, tmp_path: Path) -> None:
    for name in ("a_exercise_1.py", "b_exercise_1.py"):
        (tmp_path / name).write_text(Path(SOLUTION).read_text())
    status, out, err = grade("exercise-1")
    assert (status, out) == (2, "")
    assert one_line(err)
    assert "a_exercise_1.py" in err and "b_exercise_1.py" in err


def test_json_is_the_result_document_and_nothing_else(grade: Run) -> None:
    from jsonschema import Draft202012Validator

    status, out, _ = grade("exercise-1", SOLUTION, "--json")
    schema = json.loads((ROOT / "grader/reports/result.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(out))
    assert status == 0


def test_every_kind_of_submission_gives_a_valid_document(grade: Run, tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((ROOT / "grader/reports/result.schema.json").read_text())
    validator = Draft202012Validator(schema)
    files = sorted((ROOT / "tests" / "submissions" / "exercise_1").glob("wrong_*.py"))
    assert len(files) >= 20
    for file in files:
        if "never_ends" in file.name:
            continue
        status, out, _ = grade("exercise-1", str(file), "--json")
        document = json.loads(out)
        validator.validate(document)
        assert status == 1, file.name
        assert document["score"] == pytest.approx(sum(c["points"] for c in document["checks"]))


def test_a_seed_changes_the_cases_and_is_reported(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").write_text("def sigmoid(x): return 7\n")
    calls = set()
    for seed in ("0", "77"):
        document = json.loads(grade("exercise-1", "--json", "--seed", seed)[1])
        assert document["seed"] == int(seed)
        calls.add(document["checks"][0]["evidence"]["call"])
    assert len(calls) == 2


def test_a_syntax_error_shows_the_line_and_a_caret(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").write_text("import numpy as np\n\ndef sigmoid(x)\n    return x\n")
    status, out, _ = grade("exercise-1")
    assert status == 1
    assert out.count("SyntaxError") == 1, "what befell the whole file is told once"
    lines = out.split("\n")
    [at] = [i for i, line in enumerate(lines) if line.strip() == "def sigmoid(x)"]
    assert lines[at + 1].index("^") == lines[at].index(")") + 1
    assert "line 3" in out


def test_the_time_limit_can_be_set(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").write_text("while True: pass\n")
    status, out, _ = grade("exercise-1", "--timeout", "0.5")
    assert status == 1
    assert "stopped after" in out


def test_escape_sequences_of_a_learner_reach_no_terminal(grade: Run, tmp_path: Path) -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\u202egnp"
    (tmp_path / "exercise_1.py").write_text(
        f"print({hostile!r})\ndef sigmoid(x): raise ValueError({hostile!r})  # \x1b[31m\n"
    )
    _, out, _ = grade("exercise-1")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)
    assert "\\x1b[2J" in out


def test_markup_of_a_learner_is_text(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").write_text("def sigmoid(x): raise ValueError('[/b][red]{x}%s')\n")
    assert "[/b][red]{x}%s" in grade("exercise-1")[1]


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_line_is_wider_than_the_terminal(
    grade: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    (tmp_path / "exercise_1.py").write_text(
        "print('x' * 300)\ndef sigmoid(x): raise ValueError('word ' * 60)\n"
    )
    _, out, _ = grade("exercise-1")
    assert max(map(len, out.split("\n"))) <= width


def test_a_pipe_gets_no_colour_and_a_terminal_does(tmp_path: Path) -> None:
    import pty

    def through_terminal(*options: str) -> str:
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [*GRADE, "exercise-1", SOLUTION, *options], stdout=follower, stderr=follower
        )
        os.close(follower)
        shown = b""
        while chunk := _read(leader):
            shown += chunk
        process.wait()
        return shown.decode()

    assert "\x1b[" in through_terminal()
    assert "\x1b[" not in through_terminal("--no-color")
    piped = subprocess.run([*GRADE, "exercise-1", SOLUTION], capture_output=True, text=True)
    assert "\x1b[" not in piped.stdout
    assert "Score 10 / 10" in piped.stdout


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -m grader exercise-1 {SOLUTION} | head -c 1"
    subprocess.run([*GRADE, "exercise-1", SOLUTION], capture_output=True, check=True)
    run = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert run.stderr == ""


def test_an_ascii_terminal_gets_a_report(tmp_path: Path) -> None:
    environment = dict(os.environ) | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    run = subprocess.run([*GRADE, "exercise-1", SOLUTION], capture_output=True, env=environment)
    assert run.returncode == 0
    assert b"Score 10 / 10" in run.stdout


def test_a_closed_cache_folder_costs_time_and_not_marks(
    grade: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file where the cache should be")
    monkeypatch.setenv("GRADE_CACHE", str(tmp_path / "taken"))
    assert grade("exercise-1", SOLUTION)[0] == 0


def test_a_fault_of_ours_ends_with_3_and_blames_nobody(
    grade: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import grader.grade
    from grader.model import GraderError

    def broken(*_: object, **__: object) -> None:
        raise GraderError("the zygote died")

    assert grade("exercise-1", SOLUTION)[0] == 0
    monkeypatch.setattr(grader.grade, "grade", broken)
    status, out, err = grade("exercise-1", SOLUTION)
    assert (status, out) == (3, "")
    assert one_line(err)
    assert "not you" in err and "the zygote died" in err


def test_init_copies_every_stub_and_keeps_what_is_there(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    mine = tmp_path / "exercises" / "exercise_1.py"
    mine.write_text("# my work\n")
    status, out, _ = grade("init")
    assert status == 0
    assert mine.read_text() == "# my work\n"
    assert "kept  exercises/exercise_1.py" in out
    names = sorted(path.stem for path in (tmp_path / "exercises").iterdir())
    assert names == sorted(curriculum.module_name(id_) for id_ in curriculum.ids())
    before = {p: p.read_bytes() for p in (tmp_path / "exercises").iterdir()}
    assert grade("init")[0] == 0
    assert before == {p: p.read_bytes() for p in (tmp_path / "exercises").iterdir()}


def test_a_notebook_from_init_is_graded_as_not_written(grade: Run, tmp_path: Path) -> None:
    import nbformat

    assert grade("init", "work", "--notebook")[0] == 0
    path = tmp_path / "work" / "exercise_1.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
    status, out, _ = grade("exercise-1", str(path))
    assert status == 1
    assert "Not written yet." in out


def test_a_solved_notebook_gets_full_marks(grade: Run, tmp_path: Path) -> None:
    import nbformat.v4 as v4

    cells = [
        v4.new_markdown_cell("# my work"),
        v4.new_code_cell("%matplotlib inline\n!ls\nimport numpy as np"),
        v4.new_code_cell(Path(SOLUTION).read_text()),
        v4.new_code_cell("%%bash\nrm -rf nothing"),
        v4.new_code_cell("sigmoid(2)  # to see"),
    ]
    (tmp_path / "exercise_1.ipynb").write_text(v4.writes(v4.new_notebook(cells=cells)))
    assert grade("exercise-1")[0] == 0


def test_hints_come_one_by_one_and_end(grade: Run) -> None:
    hints = curriculum.load("exercise-1").hints
    for number in range(1, len(hints) + 1):
        status, out, _ = grade("hint", "exercise-1")
        assert status == 0
        assert max(map(len, out.splitlines())) <= 80
        out = " ".join(out.split())
        assert hints[number - 1] in out
        assert all(later not in out for later in hints[number:])
    assert "last one" in grade("hint", "exercise-1")[1]


def test_hints_go_on_after_the_file_was_graded(grade: Run, tmp_path: Path) -> None:
    hints = curriculum.load("exercise-1").hints
    grade("hint", "exercise-1")
    (tmp_path / "exercise_1.py").write_text("x = 1\n")
    grade("exercise-1")
    assert hints[1] in " ".join(grade("hint", "exercise-1")[1].split())


def test_status_shows_the_best_score_and_what_is_next(grade: Run, tmp_path: Path) -> None:
    assert "Next: `grade exercise-1`" in grade()[1]
    mine = tmp_path / "exercise_1.py"
    mine.write_text(Path(SOLUTION).read_text())
    grade("exercise-1")
    mine.write_text("x = 1\n")
    grade("exercise-1")
    status, out, _ = grade()
    assert status == 0
    assert re.search(r"exercise-1 +10 / 10", out)
    assert "Next: `grade exercise-2`" in out


def test_damaged_progress_is_not_a_traceback(grade: Run, tmp_path: Path) -> None:
    state = Path(os.environ["GRADE_STATE"])
    state.mkdir(parents=True, exist_ok=True)
    strange = json.dumps({str(tmp_path): {"exercise-1": {"score": "x"}}})
    for content in ("{", "[]", strange, "\x00"):
        (state / "progress.json").write_text(content)
        status, out, err = grade()
        assert (status, err) == (0, ""), content
        assert "exercise-1" in out


def test_list_names_every_exercise(grade: Run) -> None:
    out = grade("list")[1]
    assert [line.split()[0] for line in out.splitlines()] == list(curriculum.ids())
    listed = json.loads(grade("list", "--json")[1])
    assert [e["id"] for e in listed] == list(curriculum.ids())


def test_doctor_says_what_isolates_a_file(grade: Run) -> None:
    status, out, _ = grade("doctor")
    assert status == 0
    assert re.search(r"isolation +.*rlimits", out)
    assert "cuda" in out and "torch" in out


def test_completion_knows_the_exercise_ids() -> None:
    environment = dict(os.environ) | {
        "_GRADE_COMPLETE": "complete_bash",
        "COMP_WORDS": "grade exer",
        "COMP_CWORD": "1",
    }
    program = Path(sys.executable).with_name("grade")
    run = subprocess.run([program], capture_output=True, text=True, env=environment)
    assert set(curriculum.ids()) <= set(run.stdout.split())


def test_an_id_is_never_the_name_of_a_command() -> None:
    commands = {
        command.name or command.callback.__name__ for command in cli.app.registered_commands
    }
    assert not commands & set(curriculum.ids())


def test_a_warm_run_imports_no_oracle() -> None:
    subprocess.run([*GRADE, "exercise-1", SOLUTION], capture_output=True, check=True)
    program = (
        "import sys; from grader import cli; status = cli.run(['exercise-1', sys.argv[1]]);"
        "print(status, *sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, SOLUTION], capture_output=True, text=True, check=True
    )
    status, *modules = run.stderr.split()
    assert status == "0"
    assert not {"sympy", "mpmath", "torch", "rich", "pydantic", "nbformat", "jinja2"} & set(modules)


def test_an_interrupt_leaves_no_process_behind(tmp_path: Path) -> None:
    import signal

    file = tmp_path / "exercise_1.py"
    file.write_text("import time\ntime.sleep(60)\n")
    process = subprocess.Popen(
        [*GRADE, "exercise-1", str(file), "--timeout", "30"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    children = _wait_for_worker(process.pid)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err
    # A second for init to hear of orphans that are dead already.
    import time

    deadline = time.monotonic() + 1
    while alive := [child for child in children if _is_alive(child)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait_for_worker(pid: int) -> list[int]:
    """The pids of the zygote of `pid` and of the worker that it has forked."""
    import time

    for _ in range(1000):
        zygotes = _children(pid)
        workers = [worker for zygote in zygotes for worker in _children(zygote)]
        if workers:
            return zygotes + workers
        time.sleep(0.02)
    raise AssertionError("no worker was started")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def test_a_result_for_other_programs(
    grade: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"):
        monkeypatch.setenv(name, "submit/x")
    files = ["--junit", "j.xml", "--gradescope", "g.json", "--classroom50", "c.json"]
    status, out, _ = grade("exercise-1", SOLUTION, *files)
    assert status == 0 and "Score 10 / 10" in out
    suite = ElementTree.parse(tmp_path / "j.xml").getroot()[0]
    assert (suite.attrib["name"], suite.attrib["failures"]) == ("exercise-1", "0")
    gradescope = json.loads((tmp_path / "g.json").read_text())
    assert gradescope["score"] == sum(test["score"] for test in gradescope["tests"]) == 10
    assert json.loads((tmp_path / "c.json").read_text())["max-score"] == 1000


def test_a_result_is_not_written_over_the_file_that_was_graded(grade: Run, tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").write_text("def sigmoid(x):\n    return x\n")
    status, _, err = grade("exercise-1", "--junit", "./exercise_1.py")
    assert status == 2 and one_line(err)
    assert (tmp_path / "exercise_1.py").read_text().startswith("def sigmoid")


def test_outside_of_classroom_50_there_is_no_result_for_it(grade: Run, tmp_path: Path) -> None:
    status, _, err = grade("exercise-1", SOLUTION, "--classroom50", "c.json")
    assert status == 2 and one_line(err)
    assert not (tmp_path / "c.json").exists()


def test_without_the_package_of_an_exercise_it_says_how_to_get_it(
    grade: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.machinery import PathFinder

    from grader.sandbox import packages

    class WithoutNumba:
        @staticmethod
        def find_spec(name: str, path: list[str]) -> object:
            return None if name == "numba_cuda" else PathFinder.find_spec(name, path)

    monkeypatch.setattr(packages, "PathFinder", WithoutNumba)
    status, out, err = grade("exercise-15", str(ROOT / "solutions" / "exercise_15.py"))
    assert (status, out) == (2, "")
    assert one_line(err.splitlines(keepends=True)[-1])
    assert "pip install 'grade[cuda]'" in err
    assert grade("list")[0] == 0
