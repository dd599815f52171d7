"""What two simulators find in the kernels of `planted`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from grader.compare import explain
from grader.model import Outcome, Returned, Source, Submission
from grader.sandbox.supervisor import Limits, Request, Sandbox
from grader.sandbox.wire import pack_call

from .cases import CASES, SOURCE, Planted

_DRIVER = """
def launched(kernel, *inputs, shape, grid, threads, watch):
    from _sandbox.kernels import check

    return check.judged(kernel, inputs, shape, grid, threads, watch)
"""


def ours() -> dict[str, str]:
    """By kernel, the id of the message about it; "right" where there is none.

    In the sandbox, as a learner's file is: what it gives in one order, with the compiler's word,
    and what it gives in each of the others.
    """
    submission = Submission("exercise-15", Source(SOURCE.name, (SOURCE.read_text("utf-8"),)))
    limits = Limits(cpu_seconds=60, wall_seconds=300)
    requests = [
        Request(f"{case.kernel} {watch}", _packed(case, watch))
        for case in CASES
        for watch in ("values", "orders")
    ]
    with Sandbox.launch(("numpy", "numba")) as sandbox:
        execution = sandbox.execute(
            submission, requests, drivers={"launched": _DRIVER}, limits=limits
        )
    assert execution.load is None, execution.load
    pairs = zip(execution.outcomes[::2], execution.outcomes[1::2], strict=True)
    return {
        case.kernel: next((said for o in pair if (said := _said(case, o)) != "right"), "right")
        for case, pair in zip(CASES, pairs, strict=True)
    }


def _packed(case: Planted, watch: str) -> bytes:
    launch = {"shape": case.shape, "grid": case.grid, "threads": case.threads, "watch": watch}
    return pack_call(case.kernel, tuple(case.inputs()), launch, driver="launched")


def _said(case: Planted, outcome: Outcome) -> str:
    if not isinstance(outcome, Returned):
        return explain(outcome).id
    values = outcome.value
    outputs = list(values.values()) if isinstance(values, dict) else [values]
    want = np.asarray(case.right(*case.inputs()))
    near = all(out.shape == want.shape and np.allclose(out, want, atol=1e-4) for out in outputs)
    return "right" if near else "wrong values"


_STOCK = """
import sys
import numpy as np
from tests.kernels import planted
from tests.kernels.cases import CASES

print("started", flush=True)
case = next(case for case in CASES if case.kernel == sys.argv[1])
inputs = [np.float32(x) for x in case.inputs()]
out = np.zeros(case.shape, np.float32)
getattr(planted, case.kernel)[case.grid, case.threads](*inputs, out)
want = np.asarray(case.right(*case.inputs()))
print("right" if np.allclose(out, want, atol=1e-4) else "wrong values")
"""


def stock(case: Planted, runs: int, seconds: float = 30) -> Iterator[str]:
    """What numba's simulator says, run by run; threads run as the system schedules them.

    Raises RuntimeError where it does not start.
    """
    environment = dict(os.environ) | {"NUMBA_ENABLE_CUDASIM": "1"}
    for _ in range(runs):
        try:
            run = subprocess.run(
                [sys.executable, "-c", _STOCK, case.kernel],
                env=environment,
                cwd=Path(__file__).parents[2],
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            yield "never ends"
            continue
        if not run.stdout.startswith("started"):  # it needs NVIDIA's runtime to be imported
            raise RuntimeError(f"numba's simulator does not start: {run.stderr.strip()[-300:]}")
        if run.returncode == 0:
            yield run.stdout.split("\n")[-2]
        else:
            yield run.stderr.strip().split("\n")[-1].partition(":")[0]
