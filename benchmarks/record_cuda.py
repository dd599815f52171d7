"""What a GPU says about the public answer keys, written down for machines without one.

    .venv/bin/python benchmarks/record_cuda.py

Needs a CUDA device, a PyTorch built for it, `pip install '.[cuda]'`, and NVIDIA's compiler for
the kernels: `pip install 'numba-cuda[cu13]'`, or `[cu12]`, whichever PyTorch was built with. Writes
grader/oracles/recorded_cuda.json: the device, its driver, the versions, and for every case of
exercises 1, 3, 4 and 7 what PyTorch in float64 and the kernels of exercise 15 in float32 gave
there, with the largest error in units of the bound. tests/test_cuda.py holds the keys of today
against it. There is no such file until somebody has run this on a GPU.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from grader import curriculum, whole
from grader.answer_key import KeyedCase, versions
from grader.build_key import build
from grader.model import Function, Tree, Witness
from grader.oracles import cuda
from grader.sandbox import wire
from grader.trees import leaves, map_leaves

EXERCISES = ("exercise-1", "exercise-3", "exercise-4", "exercise-7")
SEED = 0
FILE = Path(__file__).parents[1] / "grader" / "oracles" / "recorded_cuda.json"


def hear(exercise: str, witnesses: Callable[[Function], list[Witness]]) -> list[dict[str, Any]]:
    """What `witnesses` of every function say in every case of the public key of `exercise`."""
    declared = curriculum.load(exercise)
    functions = {f.name: f for f in declared.functions}
    said = []
    for check in build(declared, SEED).checks:
        for case in check.cases:
            call = wire.unpack_call(case.request)
            for witness in witnesses(functions[case.function]):
                answer, _ = witness.values(*call.args, **call.kwargs)
                if answer is None:
                    continue
                plain = map_leaves(lambda x: np.asarray(x, dtype=np.float64).tolist(), answer)
                said.append(
                    {
                        "exercise": exercise,
                        "check": check.id,
                        "case": case.id,
                        "asked": asked(case),
                        "witness": witness.name,
                        "float32": witness.single,
                        "values": plain,
                        "error_in_bounds": worst(answer, case, single=witness.single),
                    }
                )
    return said


def asked(case: KeyedCase) -> str:
    """Tells a case from what later stands under the same id."""
    return hashlib.sha256(case.request).hexdigest()[:16]


def worst(answer: Tree, case: KeyedCase, *, single: bool) -> float:
    """The largest error of `answer`, in units of the bound: at most 1 where all is well."""
    bounds = case.single if single else case.exact
    ratios = [0.0]
    for got, want, bound in zip(leaves(answer), leaves(case.expected), leaves(bounds), strict=True):
        error = np.abs(np.asarray(got, dtype=np.float64).reshape(want.shape) - want)
        known = np.where(np.isfinite(error), error / bound, np.inf)  # NaN is never the largest
        ratios.append(float(np.max(known, initial=0.0)))
    return max(ratios)


def on_gpu(function: Function) -> list[Witness]:
    return [witness for witness in function.witnesses if witness.on_gpu]


def why_not() -> str | None:
    """What keeps this machine from answering."""
    if not cuda.available():
        return "PyTorch computes on no CUDA device"
    if os.environ.get("NUMBA_ENABLE_CUDASIM") == "1":
        return "NUMBA_ENABLE_CUDASIM=1 has numba simulate a device"
    if not cuda.launches():
        return "numba launches no kernel (see the top of this file)"
    return None


def main() -> int:
    if why := why_not():
        print(f"{why}; nothing was recorded.", file=sys.stderr)
        return 2
    import torch

    # TF32 keeps 10 bits of 23, and is no float32.
    torch.backends.cuda.matmul.allow_tf32 = False
    said = [one for exercise in EXERCISES for one in hear(exercise, on_gpu)]
    recorded = {
        "device": torch.cuda.get_device_name(0),
        "capability": list(torch.cuda.get_device_capability(0)),
        "driver": Path("/proc/driver/nvidia/version").read_text(encoding="utf-8").splitlines()[0],
        "cuda": torch.version.cuda,
        "versions": versions() | {name: version(name) for name in ("numba", "numba-cuda")},
        "seed": SEED,
        "said": said,
    }
    with whole.file(FILE) as file:
        file.write((json.dumps(recorded, indent=1) + "\n").encode())
    largest = max(one["error_in_bounds"] for one in said)
    print(f"{FILE}: {len(said)} answers, the largest error is {largest:.2f} of its bound")
    return 0


if __name__ == "__main__":
    sys.exit(main())
