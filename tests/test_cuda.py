"""The witnesses of a GPU: in numba's simulator everywhere, on a device where there is one."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.record_cuda import EXERCISES, asked, hear, on_gpu, worst
from grader import build_key, curriculum
from grader.answer_key import KeyedCase
from grader.model import Function, Tree, Witness
from grader.oracles import cuda, torch_reference
from grader.trees import map_leaves

ROOT = Path(__file__).parents[1]

needs_gpu = pytest.mark.skipif(not cuda.available(), reason="PyTorch sees no CUDA device")

# numba-cuda asks NVIDIA's runtime library for its version when it is imported, its simulator too;
# the library need not be there.
WITHOUT_TOOLKIT = """
from cuda.bindings import runtime
runtime.getLocalRuntimeVersion = lambda: (0, 0)
"""

CHECK = """
import numpy as np
from grader.oracles import kernels, network

rng = np.random.default_rng(1)
for sizes in ((3, 2), (5, 17, 4)):
    X = rng.uniform(-1, 1, (6, sizes[0]))
    layers = [
        (rng.uniform(-1, 1, (n, l)), rng.uniform(-1, 1, l)) for n, l in zip(sizes, sizes[1:])
    ]
    Y = rng.uniform(-1, 1, (6, sizes[-1]))
    a, inputs = X, []
    for i, (W, b) in enumerate(layers):
        inputs.append(a)
        z = a @ W + b
        a = z if i == len(layers) - 1 else 1 / (1 + np.exp(-z))
    got = kernels.trace(X, layers)[-1][1]
    assert got.shape == a.shape and np.allclose(got, a, atol=1e-6), got - a
    delta, want = (a - Y) / len(X), []
    for i in reversed(range(len(layers))):
        want.insert(0, (inputs[i].T @ delta, delta.sum(0)))
        if i:
            delta = delta @ layers[i][0].T * inputs[i] * (1 - inputs[i])
    for (dW, db), (eW, eb) in zip(kernels.backward(X, Y, layers), want):
        assert np.allclose(dW, eW, atol=1e-6) and np.allclose(db, eb, atol=1e-6)
assert kernels.sigmoid(np.array(0.5)).shape == ()
"""

WITNESS = """
import numpy as np
from grader import build_key, curriculum
from grader.oracles import cuda, kernels

cuda.launches = lambda: True  # in the simulator
asked = []
for name in ("sigmoid", "sigmoid_slope", "linear"):
    real = getattr(kernels, name)
    def noted(*args, real=real, name=name):
        asked.append(name)
        return real(*args)
    setattr(kernels, name, noted)
exercise = curriculum.load("exercise-1")
build_key.build(exercise, 0)
assert {"sigmoid", "sigmoid_slope"} <= set(asked), asked

real = kernels.sigmoid
kernels.sigmoid = lambda x: real(x) * (1 + 1e-5)
try:
    build_key.build(exercise, 0)
except build_key.WitnessesDisagreeError as error:
    assert "CUDA kernels" in str(error), error
else:
    raise AssertionError("a wrong kernel went unnoticed")
"""


def simulated(program: str) -> None:
    """Runs `program` where numba simulates a device: that is decided when it is imported."""
    environment = dict(os.environ) | {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TOOLKIT + program],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_a_network_of_kernels_goes_forward_and_back() -> None:
    simulated(CHECK)


def test_kernels_witness_a_key_and_a_wrong_one_refuses_it() -> None:
    simulated(WITNESS)


def test_the_kernels_are_those_of_the_worked_answer() -> None:
    def kernels(path: Path) -> dict[str, str]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        return {f.name: ast.dump(f) for f in functions if f.decorator_list}

    worked = kernels(ROOT / "solutions" / "exercise_15.py")
    assert len(worked) == 3
    assert kernels(ROOT / "grader" / "oracles" / "kernels.py") == worked


def test_where_there_is_no_device_nobody_asks_one() -> None:
    if cuda.available():
        pytest.skip("there is one")
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"}
    program = (
        "import sys; from grader import build_key, curriculum;"
        "build_key.build(curriculum.load('exercise-1'), 0);"
        "assert not {m for m in sys.modules if m.startswith('numba.')}"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_a_witness_in_torch_can_be_asked_on_a_device() -> None:
    """The processor stands for the device here; on which one it ran, the tensors say."""
    seen = []

    def double(x):  # type: ignore[no-untyped-def]
        seen.append(x.device.type)
        return 2 * x

    there = cuda.on_device(torch_reference.elementwise(double), "cpu")
    assert there.name == "torch on cpu" and there.on_gpu
    answer, _ = there.values(np.array([1.0, 2.0]))
    assert isinstance(answer, np.ndarray) and answer.tolist() == [2, 4]
    # A device without numbers: as one that fails, it has nothing to say.
    failing = cuda.on_device(torch_reference.elementwise(double), "meta")
    assert failing.values(np.ones(2)) == (None, None)
    assert seen == ["cpu", "meta"]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_witnesses_for_a_device_answer_like_the_others(exercise: str) -> None:
    """The processor stands for the device. Every function has one, and it answers every case."""

    def standing_in(function: Function) -> list[Witness]:
        pairs = pairwise(function.witnesses)
        return [cuda.on_device(a, "cpu") for a, b in pairs if b.name == f"{a.name} on cuda"]

    declared = curriculum.load(exercise)
    assert all(standing_in(function) for function in declared.functions)
    cases = {c.id for check in build_key.build(declared, 0).checks for c in check.cases}
    heard = hear(exercise, standing_in)
    assert {one["case"] for one in heard} == cases
    assert max(one["error_in_bounds"] for one in heard) <= 1


@pytest.mark.parametrize(
    "there",
    [
        "cuda.available = lambda: True; sys.modules['numba'] = None",  # not installed
        "cuda.available = lambda: True",  # no driver, no toolkit
        "torch.cuda.is_available = lambda: True",  # torch sees a device and cannot use it
    ],
)
def test_a_device_that_cannot_be_used_has_nothing_to_say(there: str) -> None:
    """As with the torch that `pip install` brings on a machine with a GPU."""
    program = (
        "import sys, torch; from grader import build_key, curriculum;"
        f"from grader.oracles import cuda; {there};"
        "build_key.build(curriculum.load('exercise-3'), 0); assert not cuda.launches()"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"}
        | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_kernels_abstain_where_float32_ends() -> None:
    def never(gpu: object) -> None:
        raise AssertionError("asked")

    assert cuda.kernels(never).values(np.array([1.0, 90.0])) == (None, None)


RECORDED = ROOT / "grader" / "oracles" / "recorded_cuda.json"


@pytest.mark.skipif(not RECORDED.exists(), reason="nobody has recorded a GPU yet")
def test_what_a_gpu_said_holds_for_the_keys_of_today() -> None:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    by_case: dict[tuple[str, str, str], KeyedCase] = {}
    for exercise in {one["exercise"] for one in recorded["said"]}:
        for check in build_key.build(curriculum.load(exercise), recorded["seed"]).checks:
            by_case |= {(exercise, check.id, case.id): case for case in check.cases}
    same = []
    for one in recorded["said"]:
        case = by_case.get((one["exercise"], one["check"], one["case"]))
        if case is None or asked(case) != one["asked"]:
            continue  # a case that was changed since
        same.append(case)
        answer = in_shape_of(one["values"], case.expected)
        assert worst(answer, case, single=one["float32"]) <= 1, one
    assert len(same) > len(recorded["said"]) / 2, "most cases have changed: record them again"


def in_shape_of(values: Any, expected: Tree) -> Tree:
    """JSON has lists for arrays, tuples and lists: the leaves as the expected tree has them."""
    if isinstance(expected, dict):
        return {k: in_shape_of(values[k], v) for k, v in expected.items()}
    if isinstance(expected, list | tuple):
        return [in_shape_of(v, e) for v, e in zip(values, expected, strict=True)]
    return np.asarray(values, dtype=np.float64)


def test_what_is_recorded_tells_right_from_wrong() -> None:
    """With PyTorch on the processor in the place of a device."""
    here = hear("exercise-3", lambda f: [w for w in f.witnesses if w.name == "torch"])
    assert len(here) > 20 and {one["witness"] for one in here} == {"torch"}
    assert max(one["error_in_bounds"] for one in here) <= 1

    def off(function: Function) -> list[Witness]:
        [torch] = [w for w in function.witnesses if w.name == "torch"]

        def values(*args: Any, **kwargs: Any) -> tuple[Tree, None]:
            return map_leaves(lambda x: x * (1 + 1e-9), torch.values(*args, **kwargs)[0]), None

        return [Witness("torch", values)]

    assert max(one["error_in_bounds"] for one in hear("exercise-3", off)) > 1

    case = build_key.build(curriculum.load("exercise-3"), 0).checks[0].cases[0]
    assert worst(map_leaves(lambda x: x * np.nan, case.expected), case, single=False) == np.inf


@needs_gpu
@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_device_agrees(exercise: str) -> None:
    """All that is asked there answers: PyTorch for every case, kernels where there are some."""
    declared = curriculum.load(exercise)
    build_key.build(declared, 0)
    for function in declared.functions:
        for witness in on_gpu(function):
            if witness.name == "CUDA kernels" and not cuda.launches():
                pytest.skip("numba launches no kernel here: is NVIDIA's compiler installed?")

            def heard(
                f: Function, asked: Function = function, w: Witness = witness
            ) -> list[Witness]:
                return [w] if f is asked else []

            answers = hear(exercise, heard)
            assert answers, (function.name, witness.name)
            assert max(one["error_in_bounds"] for one in answers) <= 1


@needs_gpu
@pytest.mark.parametrize(
    ("change", "status", "misconception"),
    [
        (("", ""), "passed", None),
        (("model.to(device)", "model.to('cpu' if 'cuda' in device else device)"), "failed", None),
        (
            ("return losses", "model.to('cpu' if 'cuda' in device else device)\n    return losses"),
            "failed",
            "device-ignored",
        ),
    ],
    ids=["right", "only the data moved", "moved back"],
)
def test_training_is_judged_on_a_device(
    tmp_path: Path, change: tuple[str, str], status: str, misconception: str | None
) -> None:
    """Through the command line. Whether a GPU uses the TF32 that it may use is up to its library,
    so that is not asked here."""
    source = (ROOT / "solutions" / "exercise_11.py").read_text(encoding="utf-8")
    (tmp_path / "exercise_11.py").write_text(source.replace(*change), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "grader", "exercise-11", "--device", "cuda", "--json"],
        cwd=tmp_path,
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT), "GRADE_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
    )
    document = json.loads(run.stdout)
    assert (document["score"], document["status"], run.returncode) == (10, "passed", 0), run.stderr
    check = document["checks"][-1]
    assert (check["id"], check["status"]) == ("gpu", status), check
    assert misconception in (None, check["misconception"]), check
    assert "gpu:level-5" in document["isolation"]
