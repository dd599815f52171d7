"""A check that needs a GPU: shown and not run where there is none; with a stand-in, what happens
where there is one. On a GPU itself: test_cuda.py."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from junitparser import JUnitXml

from grader import cli
from grader.answer_key import AnswerKey
from grader.build_key import build
from grader.compare import within
from grader.curriculum import exercise_11
from grader.grade import grade
from grader.model import CheckResult, GraderError, Message, Report, Source, Submission
from grader.oracles import cuda
from grader.reports.words import render
from grader.sandbox import levels, portable
from grader.sandbox.portable import PortableSandbox
from grader.sandbox.supervisor import Limits, NoDevice, Sandbox
from grader.sandbox.wire import unpack_call

ROOT = Path(__file__).parents[1]
SOLUTION = ROOT / "solutions" / "exercise_11.py"
TRAINED = SOLUTION.read_text(encoding="utf-8").partition('if __name__ == "__main__"')[0]
SCHEMA = json.loads((ROOT / "grader" / "reports" / "result.schema.json").read_text("utf-8"))
LIMITS = Limits(cpu_seconds=5, wall_seconds=60)

without_gpu = pytest.mark.skipif(levels.has_gpu(), reason="there is a driver here")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run(*words)` in an empty folder: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for number, name in ((1, "stdout"), (2, "stderr")):
        monkeypatch.setattr(sys, name, os.fdopen(os.dup(number), "w", buffering=1))

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.run(words)
        return status, *capfd.readouterr()

    return run


def gpu_check(report: Report) -> CheckResult:
    [found] = [check for check in report.checks if check.id == "gpu"]
    return found


# --- where there is none ------------------------------------------------------------------------


@without_gpu
@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize("words", [(), ("--device", "cuda")])
def test_without_a_gpu_it_is_shown_and_costs_nothing(run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run("exercise-11", str(SOLUTION), *words)
    assert status == 0 and "Score 10 / 10" in out
    skipped = out[out.index("  – ") :].split("\n")
    assert skipped[0].split("  ")[1:][0] == "– train: on a GPU, in float32"
    assert skipped[0].endswith("  no points") and len(skipped[0]) <= 80
    assert skipped[1].strip() == "Not run: there is no GPU here."
    assert "limits" not in err


@pytest.mark.usefixtures("shared_cache")
def test_device_cpu_leaves_it_out_in_every_format(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "_DRIVERS", (str(SOLUTION),))  # any file there is
    files = {name: tmp_path / name for name in ("junit", "gradescope", "html")}
    words = [word for name, path in files.items() for word in (f"--{name}", str(path))]
    status, out, _ = run("exercise-11", str(SOLUTION), "--device", "cpu", "--json", *words)
    said = "Not run: `--device cpu` asks for the CPU alone."
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    [check] = [c for c in document["checks"] if c["status"] != "passed"]
    assert (status, document["score"], document["status"]) == (0, 10.0, "passed")
    assert check["message"] == {"id": "gpu.cpu-asked", "params": {}}
    assert (check["status"], check["points"], check["max_points"]) == ("skipped", 0, 0)
    assert (check["feedback"], check["outcome"]) == (said, "not_run")
    [suite] = JUnitXml.fromfile(str(files["junit"]))
    assert (suite.tests, suite.skipped, suite.failures, suite.errors) == (9, 1, 0, 0)
    gradescope = json.loads(files["gradescope"].read_text())
    assert {test["status"] for test in gradescope["tests"]} == {"passed"}
    assert gradescope["output"].endswith(f"train: on a GPU, in float32: {said}")
    page = files["html"].read_text()
    assert page.count("Not checked") == 1 and "asks for the CPU alone" in page
    assert "0 of 0" not in page


@pytest.mark.usefixtures("shared_cache")
def test_where_nothing_needs_a_gpu_cuda_is_refused_and_cpu_is_not(run: Run) -> None:
    solution = str(ROOT / "solutions" / "exercise_1.py")
    status, _, err = run("exercise-1", solution, "--device", "cuda")
    assert (status, err.count("\n")) == (2, 1)
    assert "exercise-1 has nothing that runs on a GPU" in err
    for device in ("cpu", "auto"):
        assert run("exercise-1", solution, "--device", device)[0] == 0


def test_another_device_is_refused(run: Run) -> None:
    status, _, err = run("exercise-11", str(SOLUTION), "--device", "gpu")
    assert (status, err.count("\n")) == (2, 1)
    assert "'auto', 'cpu', 'cuda'" in err


@without_gpu
@pytest.mark.usefixtures("shared_cache")
def test_a_driver_that_torch_cannot_use_costs_nothing_either(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "_DRIVERS", (str(SOLUTION),))  # any file there is
    cuda = ("exercise-11", str(SOLUTION), "--device", "cuda")
    status, out, err = run(*cuda)
    assert status == 0 and "Score 10 / 10" in out
    assert "PyTorch cannot use the GPU here" in out and "CUDA" in out
    assert "limits" not in err
    status, out, _ = run(*cuda, "--require-isolation", "3")
    assert status == 0 and "held less than `--require-isolation 3` asks" in " ".join(out.split())


@pytest.mark.usefixtures("shared_cache")
def test_a_gpu_is_never_used_unasked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "_DRIVERS", (str(SOLUTION),))
    monkeypatch.setattr(portable, "_start", lambda *_: pytest.fail("started"))
    for words in ((), ("--device", "auto")):
        status, out, _ = run("exercise-11", str(SOLUTION), *words)
        assert status == 0 and "Score 10 / 10" in out
        assert "`grade exercise-11 --device cuda` runs it" in out


@pytest.mark.usefixtures("shared_cache")
def test_what_is_missing_comes_first(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process is started for a GPU while there is something else to mend."""
    monkeypatch.setattr(levels, "_DRIVERS", (str(SOLUTION),))
    monkeypatch.setattr(portable, "_start", lambda *_: pytest.fail("started"))
    stub = (ROOT / "exercises" / "exercise_11.py").read_text(encoding="utf-8")
    (tmp_path / "exercise_11.py").write_text(stub, encoding="utf-8")
    status, out, _ = run("exercise-11", "--device", "cuda")
    assert status == 1 and "Not run yet: it comes when all else is right." in out


@pytest.mark.usefixtures("shared_cache")
def test_a_default_of_cuda_is_told_in_words(run: Run, tmp_path: Path) -> None:
    if cuda.available():
        pytest.skip("it can be used, though not where the file is locked in")
    (tmp_path / "exercise_11.py").write_text(TRAINED.replace('device="cpu"', 'device="cuda"'))
    _, out, _ = run("exercise-11")
    assert out.count("There is no GPU for these calls.") == 1


# --- with a stand-in ----------------------------------------------------------------------------
# The processor, or torch's device without numbers, in the place of a GPU. What is only different
# on a GPU (its driver in the process, its arithmetic) is not tested by this.


@pytest.fixture(scope="module")
def standing_in() -> Iterator[Callable[[str], AnswerKey]]:
    """The key for `device` in the place of a GPU, with the check that needs one alone."""
    built: dict[str, AnswerKey] = {}

    def key(device: str) -> AnswerKey:
        if device not in built:
            only = [check for check in exercise_11.EXERCISE.checks if check.on_gpu]
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(exercise_11, "GPU", device)
                patch.setattr(cuda, "available", lambda: False)
                patch.setattr("grader.build_key._prove_misconceptions", lambda *_: None)
                built[device] = build(replace(exercise_11.EXERCISE, checks=tuple(only)), 0)
        return built[device]

    yield key


@pytest.fixture(scope="module")
def locked() -> Iterator[Sandbox]:
    with Sandbox.launch(exercise_11.EXERCISE.packages) as sandbox:
        yield sandbox


Graded = Callable[..., CheckResult]


@pytest.fixture
def graded(locked: Sandbox, standing_in: Callable[[str], AnswerKey]) -> Graded:
    def graded(source: str, device: str = "cpu") -> CheckResult:
        submission = Submission("exercise-11", Source("exercise_11.py", (source,)))
        key = standing_in(device)
        gpu = PortableSandbox(key.packages, device="cpu")
        report = grade(submission, key, locked, LIMITS, gpu=gpu)
        assert "gpu:level-5" in report.isolation
        assert (report.score, report.max_score, report.status) == (0, 0, "passed")
        return gpu_check(report)

    return graded


def with_train(*changes: tuple[str, str]) -> str:
    source = TRAINED
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    return source


def test_the_worked_answer_passes_through_the_command_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_cpu(packages: tuple[str, ...], *, device: str) -> PortableSandbox:
        assert device == "cuda"
        return PortableSandbox(packages, device="cpu")

    monkeypatch.setattr(exercise_11, "GPU", "cpu")
    monkeypatch.setattr(levels, "_DRIVERS", (str(SOLUTION),))
    monkeypatch.setattr(portable, "PortableSandbox", on_cpu)
    status, out, err = run("exercise-11", str(SOLUTION), "--device", "cuda")
    assert status == 0 and "Score 10 / 10" in out
    assert "✓ train: on a GPU, in float32" in out
    assert "in a process of its own with limits, and nothing else held it" in err


def test_numbers_rounded_as_tf32_has_them_are_too_coarse(graded: Graded) -> None:
    """Ten bits after the first instead of 23, as the products of a GPU are with TF32 on."""
    rounded = "x = ((x.view(torch.int32) + 0x1000) & ~0x1FFF).view(torch.float32)\n    "
    check = graded(with_train(("loss_function = nn", rounded + "loss_function = nn")))
    assert (check.status, check.message.id) == ("failed", "value.approximate")


def test_losses_left_on_the_device_are_named(graded: Graded) -> None:
    check = graded(with_train(("loss.item()", "loss.detach()")))
    assert (check.status, check.misconception) == ("failed", "losses-are-tensors")


def test_a_device_that_is_ignored_is_named(graded: Graded) -> None:
    staying = ("model.to(device)", "model.to('cpu')"), ("x.to(device), y.to(device)", "x, y")
    check = graded(with_train(*staying), "meta")
    assert (check.status, check.misconception) == ("failed", "device-ignored")


def test_what_needs_a_gpu_never_changes_the_score(
    locked: Sandbox, standing_in: Callable[[str], AnswerKey], built_key: Callable[[str], AnswerKey]
) -> None:
    """A file that is right on the processor and wrong on the device."""
    key, other = built_key("exercise-11"), standing_in("meta")
    key = replace(key, checks=(*(c for c in key.checks if not c.on_gpu), *other.checks))
    source = with_train(("model.to(device)", "model.to('cpu' if epochs > 1 else device)"))
    submission = Submission("exercise-11", Source("exercise_11.py", (source,)))
    gpu = PortableSandbox(key.packages, device="cpu")
    report = grade(submission, key, locked, LIMITS, gpu=gpu)
    assert (report.score, report.max_score, report.status) == (10, 10, "passed")
    assert gpu_check(report).status == "failed"


def test_by_default_nothing_is_run_on_a_gpu(
    locked: Sandbox, built_key: Callable[[str], AnswerKey]
) -> None:
    """Which is how `grade batch` and `grade verify` grade."""
    submission = Submission("exercise-11", Source("exercise_11.py", (TRAINED,)))
    report = grade(submission, built_key("exercise-11"), locked, LIMITS)
    assert (report.score, report.status) == (10, "passed")
    assert gpu_check(report).message == Message("gpu.own-file-only")


class _Broken(PortableSandbox):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def execute(self, *_: Any, **__: Any) -> Any:
        raise self.error


@pytest.mark.parametrize("error", [NoDevice("out of\norder"), GraderError("out of order")])
def test_a_gpu_that_fails_is_not_the_learners_fault(
    locked: Sandbox, standing_in: Callable[[str], AnswerKey], error: Exception
) -> None:
    submission = Submission("exercise-11", Source("exercise_11.py", (TRAINED,)))
    report = grade(submission, standing_in("cpu"), locked, LIMITS, gpu=_Broken(error))
    check = gpu_check(report)
    assert check.status == "skipped" and not [n for n in report.isolation if "gpu" in n]
    assert render(check.message) == "Not run: PyTorch cannot use the GPU here (out of order)."


def test_the_witness_on_a_gpu_answers_in_float32(
    monkeypatch: pytest.MonkeyPatch, standing_in: Callable[[str], AnswerKey]
) -> None:
    [check] = standing_in("cpu").checks
    [function] = [f for f in exercise_11.EXERCISE.functions if f.name == "train"]
    [witness] = [w for w in function.witnesses if w.on_gpu]
    monkeypatch.setattr(exercise_11, "GPU", "cpu")
    for case in check.cases:
        call = unpack_call(case.request)
        monkeypatch.setattr(cuda, "available", lambda: False)
        assert witness.values(*call.args, **call.kwargs) == (None, None)
        monkeypatch.setattr(cuda, "available", lambda: True)
        answer, bound = witness.values(*call.args, **call.kwargs)
        assert bound is None
        assert within(answer, case.expected, case.single)
        if call.kwargs.get("ask") != "kinds":
            assert answer["0.weight"].dtype == np.float32
            assert not within(answer, case.expected, case.exact)
