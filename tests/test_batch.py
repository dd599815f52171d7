"""A class from its download to the gradebook: every result as expected, whatever is in it and
whatever is killed meanwhile."""

import fcntl
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import jsonschema
import pytest
from sqlalchemy import Engine, event

from grader import answer_key, batch, course, submission
from grader.answer_key import AnswerKey
from grader.batch import Grading, Task, Work, Worker
from grader.gradebook import Gradebook, Run
from grader.model import GraderError, Submission
from grader.records import Attempt, Student
from grader.reports import live
from grader.reports.words import catalogue
from grader.sandbox import launch, levels
from grader.sandbox.supervisor import Limits, Sandbox

pytestmark = pytest.mark.usefixtures("shared_cache")

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "grader" / "reports" / "result.schema.json").read_text())
EXERCISE = "exercise-1"
LIMITS = Limits(cpu_seconds=1.0, wall_seconds=3.0)

RIGHT = (ROOT / "solutions" / "exercise_1.py").read_text()
DERIVATIVE = RIGHT.replace("def sigmoid(", "def other(")
CLASS: dict[str, tuple[str | bytes, str]] = {
    # what is handed in, and what its result has to show
    "right": (RIGHT, "passed"),
    "negated": (
        "import numpy as np\ndef sigmoid(x): return -1 / (1 + np.exp(-x))\n"
        "def sigmoid_derivative(x): return sigmoid(x) * (1 - sigmoid(x))",
        "value.mismatch",
    ),
    "stub": ((ROOT / "exercises" / "exercise_1.py").read_text(), "outcome.not-written"),
    "nothing": ("", "outcome.missing"),
    "half": (DERIVATIVE, "outcome.missing"),
    "syntax": ("def sigmoid(x:\n", "load.syntax-error"),
    "deep": ("(" * 5000, "load.syntax-error"),
    "binary": (b"\x7fELF\0\0\xff", "submission.nul"),
    "large": (b"#" * 2_000_000, "submission.too-large"),
    "utf-16": (RIGHT.encode("utf-16"), "submission.encoding"),
    "김민준 '); DROP": (RIGHT + "print('김', '\\x1b[2J')", "passed"),
    "=HYPERLINK(1)": (RIGHT, "passed"),
    "hangs": ("def sigmoid(x):\n    while True: pass\n", "outcome.timed-out"),
    "exits": ("import os; os._exit(0)", "outcome.killed-exited"),
    "memory": ("x = [0] * 10**12", "outcome.out-of-memory"),
    "forks": ("import os\nwhile True: os.fork()", "outcome.raised"),
    "kills": ("import os, signal\nos.kill(os.getppid(), 9)", "outcome"),
    "floods": ("while True: print('a' * 10**6)", "outcome.killed-output"),
}


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    for name, (text, _) in CLASS.items():
        file = folder / name / "exercise_1.py"
        file.parent.mkdir(parents=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Twenty submissions that take no time."""
    folder = tmp_path / "small"
    for n in range(20):
        (folder / f"s{n:02}").mkdir(parents=True)
        text = RIGHT if n % 3 else CLASS["negated"][0]
        (folder / f"s{n:02}" / "exercise_1.py").write_text(f"{text}\n# {n}")
    return folder


Run_ = Callable[..., tuple[int, str, str]]


@pytest.fixture
def grade(grade: Run_) -> Run_:
    """`grade batch *words` in a folder of its own: (exit code, standard output, error)."""
    return lambda *words, command="batch": grade(command, *words)


def documents(where: str | Path) -> dict[str, dict[str, Any]]:
    """By student and attempt, apart from times."""
    with Gradebook.open(where) as gradebook:
        return {
            f"{g.student.id} {g.attempt.number} {g.attempt.digest}": {
                **g.document,
                "seconds": 0,
            }
            for g in gradebook.graded()
        }


def of(where: str | Path) -> dict[str, dict[str, Any]]:
    return {d["student"]: d for d in documents(where).values()}


# --- results ------------------------------------------------------------------------------------


def test_everybody_gets_the_result_that_is_theirs(grade: Run_, class_: Path) -> None:
    status, out, err = grade(class_, "--timeout", 1)
    assert status == 0
    assert f"students {len(CLASS)}, submissions {len(CLASS)}" in out
    assert f"{len(CLASS)} of {len(CLASS)} done" in out
    assert "3 with full marks" in out
    assert "Traceback" not in err
    found = of("gradebook.db")
    assert set(found) == set(CLASS)
    for name, (_, wanted) in CLASS.items():
        result = found[name]
        jsonschema.validate(result, SCHEMA)
        text = json.dumps(result)
        if wanted == "passed":
            assert result["score"] == result["max_score"], name
        else:
            assert f'"{wanted}' in text, (name, text[:2000])
            assert result["score"] < result["max_score"]
        unreadable = wanted.startswith("submission.")
        assert result["status"] == ("error" if unreadable else result["status"])
        assert unreadable == (result["status"] == "error"), name
        if unreadable:
            assert result["score"] == 0
            assert "could not be read" in result["checks"][0]["feedback"]


def _work(sources: dict[str, str | bytes]) -> Iterator[Work]:
    for name, text in sources.items():
        data = text if isinstance(text, bytes) else text.encode()

        def load(data: bytes = data) -> Submission:
            return submission.read_unpacked({"exercise_1.py": data}, "exercise_1.py", EXERCISE)

        digest = hashlib.sha256(data).hexdigest()
        yield Work(Attempt(name, EXERCISE, 1, name, digest), 0, load)


def _grading(where: Path, work: list[Work]) -> Grading:
    gradebook = Gradebook.open(where, create=True)
    run = Run(0, 1)
    gradebook.start(run)
    gradebook.enroll([Student(w.attempt.student) for w in work], [w.attempt for w in work], run)
    return Grading(gradebook, run, batch.Keys(), LIMITS)


def test_neither_the_order_nor_the_number_of_workers_changes_a_result(tmp_path: Path) -> None:
    sources = {name: text for name, (text, _) in CLASS.items() if name != "hangs"}
    work = list(_work(sources))
    results = []
    for workers, order in ((1, work), (3, work), (2, work[::-1])):
        where = tmp_path / f"{len(results)}.db"
        grading = _grading(where, work)
        with closing(batch.graded_here(order, grading, workers=workers)) as steps:
            assert len(list(steps)) == len(work)
        results.append(documents(where))
    assert results[0] == results[1] == results[2]


def test_a_submission_that_sleeps_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    sources = {f"quick {n}": f"{RIGHT}# {n}" for n in range(20)}
    work = list(_work({"first": RIGHT, "asleep": SLEEPS, **sources}))
    with closing(batch.graded_here(work, _grading(tmp_path / "g.db", work), workers=1)) as steps:
        came = [step.attempt.student for step in steps]
    assert came[0] == "first"
    assert came[-1] == "asleep"


def test_work_is_not_taken_faster_than_it_is_done(tmp_path: Path) -> None:
    """So that memory does not grow with the size of a class."""
    taken = 0
    work = list(_work({f"s{n}": f"# {n}" for n in range(600)}))

    def counted() -> Iterator[Work]:
        nonlocal taken
        for one in work:
            taken += 1
            yield one

    ahead = []
    grading = _grading(tmp_path / "g.db", work)
    with closing(batch.graded_here(counted(), grading, workers=2)) as steps:
        for done, _ in enumerate(steps):
            ahead.append(taken - done)
            if done == 40:
                break
    assert max(ahead) <= 200 + 1
    assert taken == 200


# --- again --------------------------------------------------------------------------------------


def test_what_is_done_is_not_done_again_while_nothing_has_changed(grade: Run_, small: Path) -> None:
    def printed(*words: object) -> int:
        status, out, _ = grade(small, "--json-lines", "--quiet", *words)
        assert status == 0
        return len([json.loads(line) for line in out.splitlines()])

    assert printed() == 20
    before = documents("gradebook.db")
    assert printed() == 0
    assert documents("gradebook.db") == before
    (small / "s03" / "exercise_1.py").write_text(RIGHT + "# changed")
    assert printed() == 1
    assert printed("--seed", 1) == 20
    assert printed("--timeout", 4) == 20
    assert printed("--regrade") == 20
    with Gradebook.open("gradebook.db") as gradebook:
        runs = list(gradebook.runs())
        counting = [g.attempt.student for g in gradebook.graded() if g.counts]
        assert len(list(gradebook.graded())) == 21
    assert sorted(counting) == sorted(p.name for p in small.iterdir())
    assert [run.seed for run in runs] == [0, 0, 0, 1, 0, 0]
    assert all(run.finished and run.keys and run.versions["grade"] for run in runs)


def test_what_was_graded_otherwise_meanwhile_does_not_stay_in_the_way(
    grade: Run_, tmp_path: Path
) -> None:
    """A run with a wrong option and then the right command again: the right results count."""
    (tmp_path / "class" / "kim").mkdir(parents=True)
    slow = "import time\nt = time.process_time()\nwhile time.process_time() - t < 0.5: pass\n"
    (tmp_path / "class" / "kim" / "exercise_1.py").write_text(slow + RIGHT)
    scores = []
    for words in ((), ("--timeout", 0.1), ()):
        assert grade("class", "--quiet", *words)[0] == 0
        scores.append(of("gradebook.db")["kim"]["score"])
    assert scores == [10, 0, 10]


def test_everything_that_makes_a_document_is_part_of_what_it_is_filed_under() -> None:
    program = (
        "import sys, grader.grade, grader.submission, grader.reports.document, grader.build_key\n"
        "print(*{m.__file__ for n, m in sys.modules.items() if n.startswith('grader.')})"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    hashed = {*batch._JUDGES, *answer_key._MADE_BY}
    for file in ran.stdout.split():
        name = str(Path(file).relative_to(ROOT / "grader"))
        covered = any(name == part or name.startswith(part + "/") for part in hashed)
        # Of the curriculum, the exercise's own module; of the reports, an empty one. What writes
        # files writes what it is given.
        others = ("curriculum/__init__.py", "reports/__init__.py", "whole.py")
        assert covered or name in others, name


def test_what_could_not_be_graded_is_tried_again(grade: Run_, tmp_path: Path) -> None:
    file = tmp_path / "class" / "kim" / "exercise_1.py"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\0")
    for _ in range(2):
        status, out, _ = grade("class", "--json-lines")
        assert status == 0
        assert json.loads(out)["status"] == "error"


def test_a_regrade_that_is_interrupted_goes_on(
    grade: Run_, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def printed(*words: object) -> int:
        status, out, _ = grade(small, "--json-lines", "--quiet", *words)
        assert status in (0, 130)
        return len(out.splitlines())

    def interrupted_after(results: int, *words: object) -> None:
        really, left = Gradebook.record, results

        def record(*more: Any) -> None:
            nonlocal left
            if not left:
                raise KeyboardInterrupt
            left -= 1
            really(*more)

        with monkeypatch.context() as context:
            context.setattr(Gradebook, "record", record)
            assert printed(*words) == results

    assert printed() == 20
    interrupted_after(7, "--regrade")
    interrupted_after(5, "--regrade")
    assert "Going on with" in grade(small, "--regrade", "--shard", "1/19")[2]
    interrupted_after(4, "--regrade")
    assert printed("--regrade") == 16  # a part of it that was finished ended it
    assert printed("--regrade") == 20
    # Not where something else was graded in between, nor what an interrupted run graded first.
    interrupted_after(7, "--regrade")
    assert printed() == 0
    assert printed("--regrade") == 20
    interrupted_after(3, "--timeout", 4)
    assert printed("--regrade", "--timeout", 4) == 20


def batch_process(folder: Path, *words: object, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "batch", str(folder), *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        **more,
    )


def _read_line(stream: IO[str]) -> None:
    """To its end and no further."""
    while os.read(stream.fileno(), 1) not in (b"\n", b""):
        pass


def test_killed_at_any_moment_and_run_again_it_ends_with_the_same_results(
    grade: Run_, class_: Path, small: Path, tmp_path: Path
) -> None:
    for folder in (class_ / "hangs", class_ / "memory"):  # not to wait for them so often
        (folder / "exercise_1.py").unlink()
    for folder in small.iterdir():
        folder.rename(class_ / folder.name)
    alone, killed = tmp_path / "alone.db", tmp_path / "killed.db"
    options = ("--timeout", 1, "--workers", 2)
    assert grade(class_, "--gradebook", alone, *options)[0] == 0
    moments = random.Random(5)
    ends = []
    while len(ends) < 8 and 0 not in ends:
        process = batch_process(
            class_, "--gradebook", killed, "--json-lines", *options,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        # It cannot be more than a document or two ahead of what is read here.
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        if len(ends) == 2:  # before anything is graded
            time.sleep(moments.uniform(0.1, 1))
        else:
            for _ in range(moments.randint(2, 6)):
                _read_line(process.stdout)
            time.sleep(moments.uniform(0, 0.03))
        process.kill()
        process.stdout.close()
        ends.append(process.wait())
    assert ends[:4] == [-signal.SIGKILL] * 4, ends
    assert grade(class_, "--gradebook", killed, *options)[0] == 0
    assert documents(killed) == documents(alone)


def test_an_interrupt_ends_it_at_once_and_keeps_what_is_done(small: Path, tmp_path: Path) -> None:
    hanging = small / "s20" / "exercise_1.py"
    hanging.parent.mkdir()
    hanging.write_text("import time\ntime.sleep(1000)")
    where = tmp_path / "g.db"
    process = batch_process(
        small, "--gradebook", where, "--timeout", 300, "--json-lines",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    for _ in range(20):
        assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert "20 of 21 are done and kept" in err
    assert "Traceback" not in err
    assert len(documents(where)) == 20


@pytest.fixture
def full_after() -> Iterator[Callable[[int], None]]:
    """`full_after(pages)`: SQLite itself takes the disk for full once a file has so many pages of
    4 KiB; `full_after(0)`: no more."""
    pages = 0

    def limit(connection: Any, _: object) -> None:
        if pages:
            connection.execute(f"PRAGMA max_page_count = {pages}")

    def full_after(count: int) -> None:
        nonlocal pages
        pages = count

    event.listen(Engine, "connect", limit)
    yield full_after
    event.remove(Engine, "connect", limit)


def test_a_full_disk_is_told_and_what_is_done_is_kept(
    grade: Run_, small: Path, tmp_path: Path, full_after: Callable[[int], None]
) -> None:
    full_after(30)
    status, _, err = grade(small, "--gradebook", tmp_path / "g.db", "--quiet")
    kept = len(documents(tmp_path / "g.db"))
    assert status == 3 and 0 < kept < 20
    told = (
        f"grade: No space is left for the gradebook {tmp_path}/g.db. Stopped: {kept} of 20 are "
        f"done and kept in {tmp_path}/g.db. The same command goes on from there.\n"
    )
    assert err == told
    full_after(1)
    status, _, err = grade(small, "--gradebook", tmp_path / "g.db", "--quiet")
    assert (status, err) == (3, told)
    full_after(0)
    status, out, _ = grade(small, "--gradebook", tmp_path / "g.db")
    assert status == 0 and f"20 of 20 done ({kept} of them before)" in out


def test_a_full_disk_where_there_is_no_gradebook_yet(
    grade: Run_, small: Path, tmp_path: Path, full_after: Callable[[int], None]
) -> None:
    full_after(2)
    status, _, err = grade(small, "--gradebook", tmp_path / "g.db", "--quiet")
    assert (status, err.count("\n")) == (3, 1)
    assert err.startswith(f"grade: No space is left for the gradebook {tmp_path}/g.db. Make room")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_documents_that_do_not_fit_are_told_and_what_is_done_is_kept(
    small: Path, tmp_path: Path
) -> None:
    where = tmp_path / "g.db"
    with Path("/dev/full").open("w") as full:
        process = batch_process(
            small, "--gradebook", where, "--json-lines", "--quiet",
            stdout=full, stderr=subprocess.PIPE,
        )  # fmt: skip
        _, err = process.communicate()
    assert process.returncode == 3
    *building, said = err.splitlines()
    assert said.startswith("grade: No space is left where the output goes. Stopped: 1 of 20 are")
    assert not building or building[0].startswith("Building")
    assert documents(where)


@pytest.mark.parametrize("debug", [False, True])
def test_what_nobody_foresaw_is_not_said_to_have_marked_nothing(
    grade: Run_, small: Path, monkeypatch: pytest.MonkeyPatch, debug: bool
) -> None:
    really, seen = Gradebook.record, []

    def record(*words: Any) -> None:
        seen.append(words)
        if len(seen) == 4:
            raise RuntimeError("unforeseen")
        really(*words)

    monkeypatch.setattr(Gradebook, "record", record)
    if debug:
        monkeypatch.setenv("GRADE_DEBUG", "1")
        with pytest.raises(RuntimeError):
            grade(small, "--quiet")
        return
    status, _, err = grade(small, "--quiet")
    assert status == 3
    assert "RuntimeError: unforeseen. Stopped: 3 of 20 are done and kept" in err
    assert "nothing was marked" not in err


def test_a_reader_that_has_enough_ends_it_and_what_is_done_is_kept(
    small: Path, tmp_path: Path
) -> None:
    where = tmp_path / "g.db"
    process = batch_process(
        small, "--gradebook", where, "--json-lines", "--quiet",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait() == 141  # as of a program that SIGPIPE ends
    assert err.splitlines() == [
        f"Stopped: 1 of 20 are done and kept in {where}. The same command goes on from there."
    ]
    assert len(documents(where)) == 1


def test_a_reader_that_is_gone_before_it_starts(small: Path, tmp_path: Path) -> None:
    process = batch_process(
        small, "--gradebook", tmp_path / "g.db", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert (process.wait(), process.stderr.read()) == (141, "")


# --- the grader's own failures ------------------------------------------------------------------

SLEEPS = "import time\ndef sigmoid(x):\n    time.sleep(1000)\n"


def task(text: str, name: str = "kim") -> Task:
    [work] = _work({name: text})
    return Task(work.attempt, 0, work.load())


def _kill_zygote(sandbox: Sandbox) -> None:
    """At work on a submission that sleeps, or about to be."""
    os.kill(sandbox._zygote.pid, signal.SIGKILL)


@pytest.mark.parametrize("times", [1, 2])
def test_a_zygote_that_dies_is_replaced_and_nobody_is_blamed(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(batch.Keys(), Limits(cpu_seconds=1.0, wall_seconds=5.0))
    really = batch.grade
    tries = 0

    def grade(submission: Submission, key: AnswerKey, sandbox: Sandbox, *more: Any, **most: Any):  # type: ignore[no-untyped-def]
        nonlocal tries
        tries += 1
        if tries <= times:
            threading.Timer(0.3, _kill_zygote, [sandbox]).start()
        return really(submission, key, sandbox, *more, **most)

    with closing(worker):
        first = worker.grade(task(RIGHT))
        assert (first.status, first.kind) == ("passed", None)
        monkeypatch.setattr(batch, "grade", grade)
        done = worker.grade(task(SLEEPS))
        assert tries == 2
        last = worker.grade(task(RIGHT, "lee"))
    assert last.status == "passed"
    if times == 1:
        assert (done.status, done.kind) == ("failed", "outcome.timed-out")
        return
    document = json.loads(done.document)
    assert (done.status, done.score, done.kind) == ("error", 0.0, "batch.failed")
    jsonschema.validate(document, SCHEMA)
    assert {check["message"]["id"] for check in document["checks"]} == {"batch.failed"}
    assert "not its author's fault" in document["checks"][0]["feedback"]


def test_where_nothing_can_be_graded_nobody_is_marked(
    grade: Run_, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grade(small, "--gradebook", "other.db", "--shard", "1/19")[0] == 0  # the key is there
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(launch, "FOLDER", str(tmp_path / "empty"))
    status, _, err = grade(small)
    assert status == 3
    assert err.splitlines()[-1].startswith("grade: The grader failed, not you")
    assert documents("gradebook.db") == {}


def test_a_disk_that_fills_up_ends_it_and_what_is_done_is_named(
    small: Path, tmp_path: Path
) -> None:
    import resource  # which Windows does not have

    where, limit = tmp_path / "g.db", 250_000
    process = batch_process(
        small, "--gradebook", where, "--quiet", stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    _, err = process.communicate(timeout=60)
    done = len(documents(where))
    assert 0 < done < 20
    assert process.returncode == 3
    assert f"{done} of 20 are done and kept" in err
    assert "nothing was marked" not in err and "Traceback" not in err


def test_a_file_that_vanishes_is_no_fault_of_the_students(tmp_path: Path) -> None:
    def gone() -> Submission:
        raise FileNotFoundError("no longer there")

    work = [Work(Attempt("kim", EXERCISE, 1, "x", "d"), 0, gone)]
    with closing(batch.graded_here(work, _grading(tmp_path / "g.db", work), workers=1)) as steps:
        assert [(s.status, s.kind) for s in steps] == [("error", "batch.failed")]


def test_a_key_that_does_not_hold_stops_it_before_anybody_is_graded(
    grade: Run_, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADE_CACHE", str(tmp_path / "no keys"))
    monkeypatch.setattr(batch, "_build", _refuse)
    status, _, err = grade(small)
    assert status == 3
    assert "do not agree" in err
    assert documents("gradebook.db") == {}


def _refuse(exercise: str, seed: int) -> AnswerKey:
    raise GraderError(f"the witnesses of {exercise} do not agree")


def test_where_isolation_is_weak_it_asks_for_trust_in_so_many_words(
    grade: Run_, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = levels.Missing("seccomp", "not there", "another kernel")
    monkeypatch.setattr(levels, "_seccomp", lambda: missing)
    status, _, err = grade(small)
    assert status == 3
    assert "--trust-submissions" in err
    assert not Path("gradebook.db").exists()
    assert grade(small, "--trust-submissions")[0] == 0
    with Gradebook.open("gradebook.db") as gradebook:
        assert [run.isolation for run in gradebook.runs()] == [levels.NOTHING]


# --- the command --------------------------------------------------------------------------------


def test_a_dry_run_lists_and_grades_nothing(grade: Run_, class_: Path) -> None:
    (class_ / "right" / "notes.txt").write_text("hello")
    Path("roster.csv").write_text("id,name,email\nright,R. Ight,r@example.org\nlee,Lee \x1b[2J,\n")
    status, out, _ = grade(class_, "--dry-run", "--roster", "roster.csv")
    assert status == 0
    assert "students 1, submissions 1" in out
    assert "right R. Ight  exercise-1  1  right/exercise_1.py" in out
    assert "right/notes.txt" in out
    assert "nobody on the roster is negated" in out
    assert "lee Lee" in out
    assert "\x1b" not in out
    assert not Path("gradebook.db").exists()


# --- the same people under other ids ------------------------------------------------------------


@pytest.fixture
def rostered(small: Path) -> Path:
    """A roster on which the twenty of `small` have other ids, and one of them the same."""
    roster = small.parent / "roster.csv"
    rows = [f"{n + 1001},Student {n},s{n:02}@example.org\n" for n in range(19)]
    roster.write_text("id,name,email\n" + "".join(rows) + "s19,Nineteen,\n")
    for n in range(19):
        (small / f"s{n:02}").rename(small / f"s{n:02}@example.org")
    for stub in ("s03@example.org", "s04@example.org"):  # what several hand in proves nothing
        shutil.copy(ROOT / "exercises" / "exercise_1.py", small / stub)
    return roster


def test_a_class_that_comes_back_under_other_ids_is_told_in_a_line(
    grade: Run_, small: Path, rostered: Path
) -> None:
    assert grade(small, "--quiet") == (0, "", "")
    assert grade(small, "--quiet") == (0, "", "")
    for _ in range(2):  # it stays so
        status, out, err = grade(small, "--quiet", "--roster", rostered)
        assert (status, out) == (0, "")
        [line] = err.splitlines()
        assert "gradebook.db holds under other ids: 17 of 20 (" in line
        assert "1001 is s00@example.org there" in line
        assert "--gradebook FILE" in line
    with Gradebook.open("gradebook.db") as gradebook:  # nothing is merged, nothing left out
        assert len(list(gradebook.students())) == 39
    part = ("--roster", rostered, "--shard", "1/2")
    assert grade(small, "--quiet", "--gradebook", "new.db", *part) == (0, "", "")
    assert grade(small, "--quiet", "--gradebook", "new.db", "--roster", rostered)[2] == ""


def test_another_class_with_the_same_stub_is_no_class_under_other_ids(
    grade: Run_, tmp_path: Path
) -> None:
    for term, people in (("spring", "ab"), ("autumn", "cde")):
        for name in people:
            (tmp_path / term / name).mkdir(parents=True)
            (tmp_path / term / name / "exercise_1.py").write_text("def sigmoid(x): ...\n")
        assert grade(term, "--quiet") == (0, "", "")


# --- policies of a course ------------------------------------------------------------------------


def test_a_course_says_which_exercises_which_seeds_and_which_limits(
    grade: Run_, small: Path
) -> None:
    (small / "s00" / "exercise_2.py").write_text("def f(): pass\n")
    (small / "s01" / "exercise_1.py").write_text("while True: pass\n")
    Path("course.toml").write_text(
        'seeds = "student"\nsecret = "x"\n[limits]\nseconds = 1\n[exercises.exercise-1]\n'
    )
    for name in ("s00", "s01", "s02"):
        small.joinpath(name).rename(Path(name))
    for other in small.iterdir():
        (other / "exercise_1.py").unlink()
    for name in ("s00", "s01", "s02"):
        Path(name).rename(small / name)
    status, out, _ = grade(small, "--course", "course.toml")
    assert status == 0
    assert "exercise-2, which is not asked for" in out
    results = of("gradebook.db")
    expected = course.read(Path("course.toml"))
    assert {name: d["seed"] for name, d in results.items()} == {
        name: expected.seed("exercise-1", name, 0) for name in ("s00", "s01", "s02")
    }
    assert len({d["seed"] for d in results.values()}) == 3
    assert results["s02"]["status"] == "passed"
    told = results["s01"]["checks"][0]["message"]["params"]["cause"]
    # Of computing, or on a machine that is busy three times that of waiting.
    assert told["id"] == "outcome.timed-out"
    assert told["params"]["seconds"] in (1, 3)


def test_shards_that_are_merged_are_the_whole(grade: Run_, small: Path) -> None:
    assert grade(small, "--gradebook", "whole.db")[0] == 0
    for n in (1, 2, 3):
        assert grade(small, "--gradebook", f"{n}.db", "--shard", f"{n}/3", "--quiet")[1] == ""
    parts = [len(documents(f"{n}.db")) for n in (1, 2, 3)]
    assert sum(parts) == 20
    assert min(parts) > 0
    status, out, _ = grade("1.db", "2.db", "3.db", "--gradebook", "merged.db", command="merge")
    assert status == 0
    assert "3.db is in merged.db." in out
    assert documents("merged.db") == documents("whole.db")
    status, _, err = grade("1.db", "none.db", "--gradebook", "new.db", command="merge")
    assert (status, Path("new.db").exists()) == (2, False)
    assert "none.db" in err


def test_postgresql_gets_the_same_results(
    grade: Run_, class_: Path, postgres: Callable[..., str]
) -> None:
    (class_ / "hangs" / "exercise_1.py").unlink()
    address = postgres()
    assert grade(class_, "--timeout", 1)[0] == 0
    assert grade(class_, "--timeout", 1, "--gradebook", address)[0] == 0
    assert documents(address) == documents("gradebook.db")


@pytest.mark.parametrize(
    "words",
    [
        ["--shard", "3/2"],
        ["--shard", "0/2"],
        ["--shard", "a"],
        ["--seed", "-1"],
        ["--timeout", "0"],
        ["--exercise", "exercise-99"],
        ["--exercise", "../../x"],
        ["--roster", "none.csv"],
        ["--course", "none.toml"],
        ["--scheduler", "nowhere"],
        ["--gradebook", "none/g.db"],
        ["--gradebook", ""],
    ],
)
def test_wrong_usage_is_one_line_and_2(grade: Run_, small: Path, words: list[str]) -> None:
    status, _, err = grade(small, "--quiet", *words)
    assert status == 2
    assert err.startswith("grade: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", ["batch", "merge"])
def test_help_speaks_of_what_is_to_be_given(grade: Run_, command: str) -> None:
    status, out, _ = grade("--help", command=command)
    assert status == 0
    assert not set("{}<>") & set(out.replace("1<=x<=1000", ""))
    assert {"batch": "[OPTIONS] SUBMISSIONS\n", "merge": "[OPTIONS] GRADEBOOK...\n"}[command] in out


def test_a_gradebook_without_a_name_is_told_so(grade: Run_, small: Path) -> None:
    assert "name of the gradebook is empty" in grade(small, "--quiet", "--gradebook", "")[2]


def test_a_download_that_is_not_there(grade: Run_) -> None:
    assert grade("nowhere")[0] == 2
    assert not Path("gradebook.db").exists()


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_a_download_in_which_nothing_is_recognised(
    grade: Run_, tmp_path: Path, quiet: tuple[str, ...]
) -> None:
    (tmp_path / "class" / "kim").mkdir(parents=True)
    (tmp_path / "class" / "kim" / "essay.txt").write_text("...")
    status, _, err = grade("class", *quiet)
    assert status == 2
    assert err.count("\n") == 1 and "--dry-run" in err
    assert not Path("gradebook.db").exists()
    assert grade("class", "--dry-run")[0] == 0


# --- what is shown ------------------------------------------------------------------------------


def test_a_terminal_shows_how_far_it_is(small: Path, tmp_path: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    out = tmp_path / "out.jsonl"
    with out.open("w") as file:
        process = batch_process(small, "--json-lines", cwd=tmp_path, stderr=follower, stdout=file)
    os.close(follower)
    shown = b""
    while True:
        try:
            shown += os.read(leader, 1 << 16)
        except OSError:
            break
    os.close(leader)
    assert process.wait() == 0
    assert b"of 20 done" in shown
    assert len({json.loads(line)["student"] for line in out.read_text().splitlines()}) == 20


def test_progress_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(live.time, "monotonic", lambda: now[0])
    tally = live.Tally(1000)
    assert "0 of 1000 done" in tally.line()
    for _ in range(100):
        tally.add("passed", None, fresh=False)
    for n in range(300):
        now[0] += 0.1
        passed = n % 3 == 0
        kind = ("derivative-of-output", "value.mismatch")[n % 3 - 1]
        tally.add("passed" if passed else "failed", None if passed else kind, fresh=True)
    assert tally.line() == (
        "400 of 1000 done, 10.0/s, 1 min 0 s left; 200 with full marks; "
        "failed: derivative of output: 100, wrong values: 100"
    )
    tally.add("error", "batch.failed", fresh=True)
    assert tally.summary().startswith(
        "401 of 1000 done (100 of them before) in 30 s: 200 with full marks, 200 with less, "
        "1 that could not be graded."
    )
    assert live.duration(7260) == "2 h 1 min"


def test_every_way_to_fail_has_words_of_its_own() -> None:
    """Whatever a check, a file or the grader itself can say: no ids on the display."""
    groups = (
        *("value", "precision", "shape", "structure", "type", "returned", "purity"),
        *("outcome", "cuda", "load", "submission", "archive"),
    )
    ids = [id_ for id_ in catalogue() if id_.partition(".")[0] in groups]
    assert len(ids) > 60
    for id_ in (*ids, "batch.failed"):
        tally = live.Tally(1)
        tally.add("failed", id_, fresh=True)
        assert id_ not in tally.line() and "failed: " in tally.line()


def test_lines_for_a_log_come_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(live.time, "monotonic", lambda: now[0])
    with live.display(100, quiet=False) as display:
        assert isinstance(display, live.Lines)
        for _ in range(25):
            now[0] += 1
            display.add("passed", None, fresh=True)
    assert capsys.readouterr().err.count("\n") == 2


def test_waiting_for_workers_is_said_once_in_a_log_and_counted_down_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rich.console import Console

    lines = live.Lines(live.Tally(10))
    for left in (300.0, 290.0, None, None, 300.0):
        lines.wait(left)
    said = capsys.readouterr().err.splitlines()
    assert said == ["The cluster has no workers: waiting 5 min 0 s more for one to come."] * 2
    console = Console(width=100)
    moving = live.Live(live.Tally(10), console)
    shown = []
    for left in (290.0, 250.0, None):
        moving.wait(left)
        with console.capture() as captured:
            console.print(moving._shown())
        shown.append(captured.get())
    assert "waiting 4 min 50 s more" in shown[0] and "waiting 4 min 10 s more" in shown[1]
    assert "waiting" not in shown[2]
