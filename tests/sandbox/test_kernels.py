"""Kernels, run and watched: arrays as NumPy has them, orders, barriers, words for every fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import PathFinder
from typing import Any

import needs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare import explain
from grader.model import (
    Message,
    Opaque,
    Raised,
    Returned,
    Source,
    Submission,
    UsageError,
)
from grader.reports.words import render
from grader.sandbox import packages
from grader.sandbox.kernels import faults
from grader.sandbox.launch import launch
from grader.sandbox.supervisor import Execution, Limits, Request, Sandbox
from grader.sandbox.wire import pack_call

needs.package("numba_cuda", "cuda")

from grader.sandbox.kernels import memory  # noqa: E402 - not without what it needs

DRIVER = """
def launched(kernel, *inputs, shape, grid, threads, watch, reads=()):
    from _sandbox.kernels import check

    return check.judged(kernel, inputs, shape, grid, threads, watch, reads)
"""
HEAD = "from numba import cuda, float32\n"
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def cuda_sandbox() -> Iterator[Sandbox]:
    with Sandbox.launch(("numpy", "numba")) as sandbox:
        yield sandbox


def execute(
    sandbox: Sandbox,
    source: str,
    *inputs: Any,
    shape: Sequence[int] = (8,),
    grid: Sequence[int] = (1,),
    threads: Sequence[int] = (8,),
    watch: str = "memory",
    reads: Sequence[int] = (),
) -> Execution:
    kwargs = {"shape": tuple(shape), "grid": tuple(grid), "threads": tuple(threads)}
    kwargs |= {"reads": tuple(reads)}
    body = pack_call("kernel", inputs, {**kwargs, "watch": watch}, driver="launched")
    return sandbox.execute(
        Submission("exercise-15", Source("exercise_15.py", (source,))),
        [Request("kernel", body)],
        drivers={"launched": DRIVER},
        limits=Limits(cpu_seconds=20, wall_seconds=120),
    )


@pytest.fixture
def run(cuda_sandbox: Sandbox) -> Run:
    """What comes of the kernel in a file: its output, or the message about it."""

    def run(source: str, *inputs: Any, **launch: Any) -> Any:
        execution = execute(cuda_sandbox, HEAD + source, *inputs, **launch)
        assert execution.load is None, execution.load
        [outcome] = execution.outcomes
        return outcome.value if isinstance(outcome, Returned) else explain(outcome)

    return run


# --- arrays -------------------------------------------------------------------------------------


def kernel_array(array: Any) -> memory.KernelArray:
    watch = memory.Watch([(0, 0, 0)], 1)
    read = memory.Input(watch, "x", array.dtype, array.shape)
    read.values = list(array.ravel())
    return memory.KernelArray(read)


@st.composite
def indexed(draw: st.DrawFn) -> tuple[Any, tuple[Any, ...]]:
    """An array, and an index of whole numbers and slices that is inside it."""
    shape = tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)))
    index = [
        draw(st.one_of(st.integers(0, n - 1), st.slices(n)))
        for n in shape[: draw(st.integers(1, len(shape)))]
    ]
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape), tuple(index)


def as_numpy(part: Any) -> Any:
    if not isinstance(part, memory.KernelArray):
        return part
    return np.array([as_numpy(item) for item in part], np.float32).reshape(part.shape)


@given(indexed())
def test_indexing_is_numpys(case: tuple[Any, tuple[Any, ...]]) -> None:
    array, index = case
    assert np.array_equal(as_numpy(kernel_array(array)[index]), array[index])


@given(indexed())
def test_a_transposed_array_and_its_sizes_are_numpys(case: tuple[Any, Any]) -> None:
    array, _ = case
    ours = kernel_array(array)
    assert np.array_equal(as_numpy(ours.T), array.T)
    assert (ours.shape, ours.size, ours.ndim, len(ours)) == (
        array.shape,
        array.size,
        array.ndim,
        len(array),
    )


@pytest.mark.parametrize("index", [-1, 3, (0, 0), 2**70])
def test_what_is_outside_is_a_fault(index: Any) -> None:
    with pytest.raises(faults.KernelFault):
        kernel_array(np.zeros(3, np.float32))[index]


def test_a_number_with_a_fraction_is_no_index() -> None:
    with pytest.raises(TypeError):
        kernel_array(np.zeros(3, np.float32))[1.0]


# --- threads ------------------------------------------------------------------------------------

X = np.arange(8.0)


def test_threads_and_blocks_know_where_they_are(run: Run) -> None:
    out = run(
        "@cuda.jit\ndef kernel(x, out):\n"
        "    i, j, k = cuda.grid(3)\n"
        "    here = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x\n"
        "    assert i == here and cuda.gridsize(3) == (4, 4, 2)\n"
        "    assert cuda.gridDim.x == 2 and cuda.gridDim.y == 1 and cuda.blockDim.z == 2\n"
        "    out[i, j, k] = 100 * i + 10 * j + k\n",
        X,
        shape=(4, 4, 2),
        grid=(2, 1, 1),
        threads=(2, 4, 2),
    )
    want = [[[100 * i + 10 * j + k for k in range(2)] for j in range(4)] for i in range(4)]
    assert np.array_equal(out, want)


def test_names_imported_one_by_one_are_the_same(run: Run) -> None:
    source = (
        "import numba\nfrom numba.cuda import jit, syncthreads\n"
        "@jit\ndef kernel(x, out):\n"
        "    line = numba.cuda.shared.array(8, numba.float32)\n"
        "    line[numba.cuda.threadIdx.x] = x[numba.cuda.threadIdx.x]\n"
        "    syncthreads()\n"
        "    out[numba.cuda.grid(1)] = line[7 - numba.cuda.threadIdx.x]\n"
    )
    assert np.array_equal(run(source, X, watch="values"), X[::-1])


def test_every_order_is_another_and_each_is_the_same_again(run: Run) -> None:
    """The order shows where threads ask for numbers; atomics do not collide."""
    source = (
        "@cuda.jit\ndef kernel(x, out):\n"
        "    turn = cuda.shared.array(1, float32)\n"
        "    t = cuda.threadIdx.x\n"
        "    if t == 3:\n        turn[0] = 0\n"
        "    cuda.syncthreads()\n"
        "    out[t] = cuda.atomic.add(turn, 0, 1)\n"
    )
    first, second = (run(source, X, watch="orders") for _ in range(2))
    assert np.array_equal(first["forward"], X)
    assert np.array_equal(first["reverse"], X[::-1])
    assert not np.array_equal(first["shuffled"], X)
    assert np.array_equal(np.sort(first["shuffled"]), X)
    assert all(np.array_equal(first[order], second[order]) for order in first)


def test_barriers_that_vote(run: Run) -> None:
    source = (
        "@cuda.jit\ndef kernel(x, out):\n"
        "    t = cuda.threadIdx.x\n"
        "    few = cuda.syncthreads_count(1 if x[t] > 4 else 0)\n"
        "    all_ = cuda.syncthreads_and(1 if x[t] >= 0 else 0)\n"
        "    none = cuda.syncthreads_or(1 if x[t] > 7 else 0)\n"
        "    out[t] = 100 * few + 10 * all_ + none\n"
    )
    assert np.array_equal(run(source, X), np.full(8, 310))
    assert np.array_equal(run(source, X, watch="values"), np.full(8, 310))


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ("add(total, 0, x[t])", 28 + 1),
        ("sub(total, 0, x[t])", 1 - 28),
        ("max(total, 0, x[t])", 7),
        ("min(total, 0, x[t] - 3)", -3),
        ("exch(total, 0, 5)", 5),
        ("cas(total, 0, 1, 6)", 6),
    ],
)
def test_atomic_operations(run: Run, operation: str, left: float) -> None:
    source = (
        "@cuda.jit\ndef kernel(x, out):\n"
        "    t = cuda.threadIdx.x\n"
        "    total = cuda.shared.array(1, float32)\n"
        "    if t == 0:\n        total[0] = 1\n"
        "    cuda.syncthreads()\n"
        f"    cuda.atomic.{operation}\n"
        "    cuda.syncthreads()\n"
        "    out[t] = total[0]\n"
    )
    for out in run(source, X, watch="orders").values():
        assert np.array_equal(out, np.full(8, left))


def test_a_kernel_that_never_ends_is_stopped(cuda_sandbox: Sandbox) -> None:
    source = HEAD + "@cuda.jit\ndef kernel(x, out):\n    while True:\n        cuda.syncthreads()\n"
    body = pack_call(
        "kernel",
        (X,),
        {"shape": (8,), "grid": (1,), "threads": (8,), "watch": "memory"},
        driver="launched",
    )
    execution = cuda_sandbox.execute(
        Submission("exercise-15", Source("exercise_15.py", (source,))),
        [Request("kernel", body)],
        drivers={"launched": DRIVER},
        limits=Limits(cpu_seconds=1, wall_seconds=60),
    )
    assert explain(execution.outcomes[0]).id == "outcome.timed-out"


@pytest.mark.parametrize("how", ["x[3 - t]", "x[1:][2 - t]", "x.T[3 - t]"])
@pytest.mark.parametrize("watch", ["values", "orders"])
def test_reads_of_an_input_are_counted(run: Run, how: str, watch: str) -> None:
    """8 threads read 16 times: each element twice, on average."""
    source = (
        "@cuda.jit\ndef kernel(x, b, out):\n    t = cuda.threadIdx.x % 3\n"
        f"    out[cuda.threadIdx.x] = {how} + {how} + b[0]\n"
    )
    message = run(source, X, X, watch=watch, reads=[1])
    assert message.id == "cuda.read-by-everybody"
    assert (message.params["array"], message.params["times"]) == ("x", 2)
    for enough in ([2], [2, 1], []):
        assert not isinstance(run(source, X, X, watch=watch, reads=enough), Message)


# --- what the compiler says ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "why", "line"),
    [
        ("found = []; found.append(x[0])", "append", 5),
        ("undefined(x[0])", "undefined", 5),
        ("out[0] = x[0, 0]", "getitem(array(float32, 1d, C)", 5),
        ("cuda.shared.array(x.size, float32)", "the size of an array is", 5),
        ("cuda.shared.array(4 * SIZE, float32)", "the size of an array is", 5),
        ("cuda.local.array(shape=(SIZE, SIZE + 1), dtype=float32)", "the size of an array is", 5),
        ("cuda.shared.array((SIZE, SIZE), float)", "Function(<class 'float'>)", 5),
        ("out[0] = x", "setitem(array(float32, 1d, C)", 5),
        ("import math", "IMPORT_NAME", 5),
    ],
)
def test_a_refusal_has_a_reason_and_a_line(run: Run, body: str, why: str, line: int) -> None:
    """Of a line that no thread comes to: it would say so itself."""
    source = f"@cuda.jit\ndef kernel(x, out):\n    if x.size < 0:\n        {body}\n"
    message = run(source + "    out[cuda.threadIdx.x] = 1\nSIZE = 4\n", X, watch="values")
    assert message.id == "cuda.types"
    assert message.params["line"] == line
    assert why in message.params["why"]


def test_a_slip_in_a_device_function_is_told_with_its_own_line(run: Run) -> None:
    source = (
        "@cuda.jit(device=True)\ndef help(v):\n    if v < 0:\n        v = {}\n    return v + 1\n"
        "@cuda.jit\ndef kernel(x, out):\n    out[cuda.grid(1)] = help(x[cuda.grid(1)])\n"
    )
    message = run(source, -X, watch="values")
    assert message.id == "outcome.raised" and message.params["line"] == 6
    message = run(source, X, watch="values")
    assert message.id == "cuda.types" and message.params["line"] in (5, 6)


# --- what crosses the border --------------------------------------------------------------------


def test_every_fault_has_words() -> None:
    samples: dict[str, Any] = {"how": "read", "shape": [3, 4], "index": [0, 1]}
    samples |= {name: [1, 0] for name in ("first", "second", "thread", "block")}
    for id_, params in faults.KNOWN.items():
        for how in ("read-after-write", "beside-atomic") if id_.startswith("race") else ("read",):
            values = {name: samples.get(name, 7) for name in params}
            if "how" in values:
                values["how"] = how
            text = json.dumps([id_, values])
            message = explain(Raised("KernelFault", text, "exercise_15.py", 3))
            assert message.id == f"cuda.{id_}"
            assert render(Message(message.id, {**message.params, "source": "  x = 1"}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[" * 100_000,
        '["race"]',
        '["race", {}]',
        '["nonsense", {}]',
        '["not-a-kernel", {"name": {}}]',
        '["not-a-kernel", {"name": null}]',
        '["not-a-kernel", {"name": true}]',
        '["not-a-kernel", {"name": "f", "more": 1}]',
        json.dumps(["not-a-kernel", {"name": [1] * 9}]),
    ],
)
def test_a_made_up_fault_is_an_exception_like_others(text: str) -> None:
    assert explain(Raised("KernelFault", text)).id == "outcome.raised"


def test_names_in_a_fault_are_harmless() -> None:
    text = json.dumps(["not-a-kernel", {"name": "\x1b[31m\u202e"}])
    message = explain(Raised("KernelFault", text))
    assert message.params["name"].isprintable()


def test_a_fault_that_the_kernel_swallows_is_known_all_the_same(run: Run) -> None:
    source = (
        "@cuda.jit\ndef kernel(x, out):\n    i = cuda.grid(1)\n"
        "    try:\n        out[i + 1] = x[i]\n    except Exception:\n        out[i] = 0\n"
    )
    assert run(source, X, watch="values").id.startswith("cuda.")


# --- packages -----------------------------------------------------------------------------------


def test_numba_is_stood_in_for_where_an_exercise_does_not_allow_it(sandbox: Sandbox) -> None:
    source = Source("exercise_1.py", ("import numba\ndef f():\n    return numba.njit\n",))
    body = pack_call("f", (), {})
    execution = sandbox.execute(Submission("exercise-1", source), [Request("f", body)])
    [outcome] = execution.outcomes
    assert outcome == Returned(Opaque("Placeholder"), [(), {}])


@pytest.mark.parametrize("module", ["numba", "numba_cuda", "greenlet"])
def test_without_a_package_it_says_how_to_get_it(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Without:
        @staticmethod
        def find_spec(name: str, path: Any) -> Any:
            return None if name == module else PathFinder.find_spec(name, path)

    monkeypatch.setattr(packages, "PathFinder", Without)
    with pytest.raises(UsageError) as error:
        launch(("numpy", "numba"))
    assert error.value.message.params == {"module": module, "extra": "cuda"}
    launch(("numpy",)).close()


@pytest.mark.parametrize("options", [(), ("without-landlock",)])
def test_kernels_run_at_every_level(options: tuple[str, ...]) -> None:
    strangers = not options
    zygote = launch(("numpy", "numba"), strangers=strangers, options=options)
    with Sandbox(zygote) as sandbox:
        source = HEAD + (
            "@cuda.jit\ndef kernel(x, out):\n"
            "    s = cuda.shared.array(8, float32)\n"
            "    s[cuda.threadIdx.x] = x[cuda.threadIdx.x]\n"
            "    cuda.syncthreads()\n"
            "    out[cuda.threadIdx.x] = s[7 - cuda.threadIdx.x]\n"
        )
        [outcome] = execute(sandbox, source, X, watch="values").outcomes
        assert isinstance(outcome, Returned), outcome
        assert np.array_equal(outcome.value, X[::-1])
