"""Tensors at the border: what a learner's function gets, and what becomes of what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.model import Killed, Opaque, Outcome, Raised, Returned, Source, Submission
from grader.sandbox.supervisor import Limits, Request, Sandbox
from grader.sandbox.wire import pack_call, unpack_call

LIMITS = Limits(cpu_seconds=2, wall_seconds=10, memory_mb=300)
HEAD = "import numpy as np\nimport torch\n"

Call = Callable[..., Outcome]


@pytest.fixture(scope="module")
def call() -> Iterator[Call]:
    """`call(code, *arguments)`: what comes of `f` in the code, called with tensors for arrays."""
    with Sandbox.launch(("numpy", "torch")) as sandbox:

        def call(code: str, *args: Any, driver: str | None = None, **kwargs: Any) -> Outcome:
            named = "drive" if driver else None
            body = pack_call("f", args, kwargs, driver=named, tensors=True)
            file = Source("exercise_14.py", (HEAD + code,))
            submission = Submission("exercise-14", file)
            drivers = {"drive": driver} if driver else {}
            request = [Request("f", body)]
            execution = sandbox.execute(submission, request, drivers=drivers, limits=LIMITS)
            return execution.outcomes[0]

        yield call


def value(outcome: Outcome) -> Any:
    assert isinstance(outcome, Returned), outcome
    return outcome.value


# --- arguments ---------------------------------------------------------------------------------

MATRIX = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.mark.parametrize(
    ("array", "described"),
    [
        (np.array(2.5), "torch.float64 () () True"),
        (MATRIX, "torch.float32 (2, 3) (3, 1) True"),
        (MATRIX.T, "torch.float32 (3, 2) (1, 3) False"),
        (np.arange(8)[::2], "torch.int64 (4,) (2,) False"),
        (np.array([True, False]), "torch.bool (2,) (1,) True"),
    ],
)
def test_an_array_arrives_as_a_tensor_of_its_dtype_shape_and_strides(
    call: Call, array: np.ndarray, described: str
) -> None:
    code = (
        "def f(x):\n"
        "    return f'{x.dtype} {tuple(x.shape)} {x.stride()} {x.is_contiguous()}', type(x), x\n"
    )
    words, kind, back = value(call(code, array))
    assert words == described and kind == Opaque("_TensorMeta")
    assert back.dtype == array.dtype and np.array_equal(back, array)


def test_arrays_inside_lists_tuples_and_dicts_are_tensors_and_nothing_else_is(call: Call) -> None:
    code = (
        "def f(*a, **k): return [type(v).__name__ for v in (*a[0], *a[1], a[2], *k['k'].values())]"
    )
    found = call(code, [MATRIX, 1], (MATRIX, "x"), 2.5, k={"a": MATRIX, "b": None})
    assert value(found) == ["Tensor", "int", "Tensor", "str", "float", "Tensor", "NoneType"]


def test_arguments_come_back_as_they_were_after_the_call(call: Call) -> None:
    code = "def f(x, y, z):\n    x *= 2\n    y.unsqueeze_(0)\n"
    outcome = call(code, MATRIX.T, MATRIX, MATRIX)
    assert isinstance(outcome, Returned)
    (x, y, z), _ = outcome.arguments
    assert np.array_equal(x, 2 * MATRIX.T) and np.array_equal(z, MATRIX)
    assert y.shape == (1, 2, 3)


def test_a_driver_gets_tensors_as_well(call: Call) -> None:
    driver = "def drive(f, x):\n    return f(x), x.dim()\n"
    doubled, rank = value(call("def f(x): return x + x", MATRIX, driver=driver))
    assert np.array_equal(doubled, MATRIX * 2) and rank == 2


def test_the_trusted_side_reads_the_arguments_as_arrays() -> None:
    read = unpack_call(pack_call("f", (MATRIX.T,), {}, tensors=True))
    assert read.tensors and type(read.args[0]) is np.ndarray


# --- what is returned --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("torch.tensor(3)", np.array(3)),
        ("torch.arange(3)", np.arange(3)),
        ("torch.ones(2, 3).T", np.ones((3, 2), np.float32)),
        ("torch.arange(6)[::2]", np.array([0, 2, 4])),
        ("torch.arange(3.0).flip(0)", np.array([2, 1, 0], np.float32)),
        ("torch.ones(1).expand(2, 3)", np.ones((2, 3), np.float32)),
        ("torch.zeros(2, 0)", np.zeros((2, 0), np.float32)),
        ("torch.tensor([True])", np.array([True])),
        ("torch.tensor([1.5], dtype=torch.float16)", np.array([1.5], np.float16)),
        ("torch.tensor([1.5], dtype=torch.bfloat16)", np.array([1.5], np.float32)),
        ("torch.tensor([1.5]).to(torch.float8_e4m3fn)", np.array([1.5], np.float32)),
        ("torch.tensor([7], dtype=torch.uint16)", np.array([7], np.uint16)),
        ("torch.tensor([1.5], requires_grad=True) * 2", np.array([3], np.float32)),
        ("torch.nn.Parameter(torch.ones(2))", np.ones(2, np.float32)),
        ("torch.tensor([1 + 2j]).conj()", np.array([1 - 2j], np.complex64)),
        ("torch.tensor([1 + 2j]).conj().imag", np.array([-2], np.float32)),
        ("torch.tensor([1 + 2j], dtype=torch.complex32)", np.array([1 + 2j], np.complex64)),
    ],
)
def test_a_returned_tensor_is_its_numbers(
    call: Call, expression: str, expected: np.ndarray
) -> None:
    got = value(call(f"def f(): return {expression}"))
    assert type(got) is np.ndarray and got.dtype == expected.dtype
    assert np.array_equal(got, expected)


def test_tensors_inside_a_tree_are_arrays(call: Call) -> None:
    got = value(call("def f(): return {'a': [torch.ones(2), 1.0], 'b': (torch.tensor(5),)}"))
    assert got["a"][0].tolist() == [1.0, 1.0] and got["b"][0].item() == 5


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("torch.ones(3, device='meta')", "Tensor on meta"),
        ("torch.eye(3).to_sparse()", "Tensor of layout torch.sparse_coo"),
        ("torch.eye(3).to_sparse_csr()", "Tensor of layout torch.sparse_csr"),
        (
            "torch.sparse_coo_tensor(torch.zeros(2, 1).long(), torch.ones(1), (10**9, 10**9))",
            "Tensor of layout torch.sparse_coo",
        ),
        (
            "torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)",
            "Tensor of torch.qint8",
        ),
        ("torch.zeros(1).expand(10**12)", "Tensor of shape (1000000000000,), too large to send"),
        (
            "torch.zeros(1).bfloat16().expand(10**12)",
            "Tensor of shape (1000000000000,), too large to send",
        ),
        ("torch.zeros(1 << 23)", "Tensor of shape (8388608,), too large to send"),
        ("torch.ones(*[1] * 9)", "Tensor of dtype <f4"),
        ("torch.float32", "dtype"),
        ("torch.Tensor", "_TensorMeta"),
    ],
)
def test_a_tensor_whose_numbers_are_not_at_hand_is_opaque(
    call: Call, expression: str, name: str
) -> None:
    assert value(call(f"def f(): return {expression}")) == Opaque(name)


LIES = {
    "its own conversions": """
class T(torch.Tensor):
    numpy = detach = tolist = cpu = __array__ = lambda self, *a, **k: np.zeros(9)
    dtype = property(lambda self: torch.int8)
    shape = property(lambda self: (9,))
    is_contiguous = lambda self: True
""",
    "a torch function of its own": """
class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        raise SystemExit
""",
    "a torch function that never ends": """
class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        while True: pass
""",
    "replaced methods of all tensors": """
T = torch.Tensor
def replace():
    for name in ('numpy', 'detach', 'dtype', 'shape', 'numel', 'to'):
        setattr(torch.Tensor, name, property(lambda self: 7))
    torch.from_numpy = torch.float32 = torch.strided = None
""",
    "a mode left on": """
T = torch.Tensor
class Mode(torch.overrides.TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        raise SystemExit
def replace():
    Mode().__enter__()
""",
}


@pytest.mark.parametrize("how", LIES)
def test_what_a_tensor_says_of_itself_is_not_asked(call: Call, how: str) -> None:
    code = LIES[how] + (
        "def f():\n"
        "    x = torch.arange(3.0).as_subclass(T)\n"
        "    globals().get('replace', int)()\n"
        "    return x\n"
    )
    got = value(call(code))
    assert got.dtype == np.float32 and got.tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "head",
    [
        "class T: numpy = detach = lambda self: np.ones(3)\nT.dtype = torch.float32",
        "class T: __class__ = property(lambda self: torch.Tensor)",
        "class T:\n    def __array__(self, *a, **k): return np.ones(3)",
    ],
)
def test_what_only_looks_like_a_tensor_is_none(call: Call, head: str) -> None:
    assert value(call(f"{head}\ndef f(): return T()")) == Opaque("T")


WRAPPER = """
class T(torch.Tensor):
    @staticmethod
    def __new__(cls): return torch.Tensor._make_wrapper_subclass(cls, (3,))
    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None): {body}
def f(): return T()
"""


def test_a_tensor_without_memory_of_its_own_gives_data_or_nothing(call: Call) -> None:
    assert value(call(WRAPPER.format(body="return torch.ones(2)"))).tolist() == [1.0, 1.0]
    assert value(call(WRAPPER.format(body="return 'x'"))) == Opaque("T of torch.float32")
    assert value(call(WRAPPER.format(body="raise ValueError"))) == Opaque("T of torch.float32")
    assert isinstance(call(WRAPPER.format(body="raise SystemExit")), Raised)


@pytest.mark.parametrize("size", [1000, 1 << 20])
def test_memory_given_back_is_the_worker_s_own_trouble(call: Call, size: int) -> None:
    code = (
        f"def f():\n    x = torch.ones({size})\n    x.untyped_storage().resize_(0)\n    return x\n"
    )
    # Where it was, there may be something else of the worker's, or nothing.
    assert isinstance(call(code), Returned | Killed)
    assert value(call("def f(): return torch.ones(1)")).tolist() == [1.0]


def test_starting_torch_is_not_the_learner_s_time() -> None:
    """torch takes longer to import than this learner has."""
    request = Request("f", pack_call("f", (MATRIX,), {}, tensors=True))
    file = Source("exercise_14.py", ("import torch\ndef f(x): return torch.linspace(0, 1, 3)\n",))
    limits = Limits(cpu_seconds=1, wall_seconds=1)
    with Sandbox.launch(("numpy", "torch")) as sandbox:
        execution = sandbox.execute(Submission("exercise-14", file), [request], limits=limits)
    assert value(execution.outcomes[0]).tolist() == [0.0, 0.5, 1.0]
