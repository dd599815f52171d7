"""What isolation costs: one submission with and without it, and a class with hostile files in it.

    .venv/bin/python benchmarks/sandbox.py [RUNS]

A submission is the fork, the lock-down, loading the file, three calls and the end of the
process. The variants run in turn, so that all meet the same noise; medians, and the median of
the ratios run by run. Without lock-down is a copy of the sandbox whose `lock_down` does nothing.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from grader.model import Returned, Source, Submission
from grader.sandbox import launch, levels
from grader.sandbox.supervisor import Limits, Request, Sandbox
from grader.sandbox.wire import pack_call

HONEST = "import numpy as np\ndef f(x):\n    return 1 / (1 + np.exp(-x))\n"
HOSTILE = "def f(x):\n    while True: pass\n"
TORCH = "import torch\ndef f(x):\n    return torch.sigmoid(torch.tensor(x)).numpy()\n"
CALLS = [Request("f", pack_call("f", (np.linspace(-3, 3, 50),), {}))] * 3
CLASS, LIMIT = 200, 1.0


@contextmanager
def without_lock_down() -> Iterator[None]:
    """Zygotes that are launched here run workers that keep all rights."""
    before = launch.FOLDER
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "sandbox")
        shutil.copytree(before, copy)
        lockdown = copy / "lockdown.py"
        head = "def lock_down(policy: Policy, limits: Limits) -> None:\n"
        text = lockdown.read_text()
        assert head in text
        lockdown.write_text(text.replace(head, head + "    return\n"))
        launch.FOLDER = str(copy)
        try:
            yield
        finally:
            launch.FOLDER = before


def submit(sandbox: Sandbox, source: str, limits: Limits) -> float:
    start = time.perf_counter()
    submission = Submission("e", Source("e.py", (source,)))
    outcomes = sandbox.execute(submission, CALLS, limits=limits).outcomes
    if source != HOSTILE:
        assert all(isinstance(outcome, Returned) for outcome in outcomes), outcomes
    return time.perf_counter() - start


def one_submission(runs: int, packages: tuple[str, ...], source: str) -> None:
    with ExitStack() as stack:
        with without_lock_down():
            bare = stack.enter_context(Sandbox.launch(packages))
            # It has started, from the copy, when this is over; and may do what others may not.
            submit(bare, f"open('/etc/passwd').read()\n{source}", Limits())
        variants = {"none": bare, "level 2": stack.enter_context(Sandbox.launch(packages))}
        if levels.survey().level == 1:
            variants["level 1"] = stack.enter_context(Sandbox.launch(packages, strangers=True))
        times: dict[str, list[float]] = {name: [] for name in variants}
        for _ in range(5):
            for sandbox in variants.values():
                submit(sandbox, source, Limits())
        for _ in range(runs):
            for name, sandbox in variants.items():
                times[name].append(submit(sandbox, source, Limits()))
    for name, seconds in times.items():
        ratio = statistics.median(a / b for a, b in zip(seconds, times["none"], strict=True))
        median, least = 1e3 * statistics.median(seconds), 1e3 * min(seconds)
        print(
            f"{packages[-1]:<6} lock-down: {name:<8} median {median:6.1f} ms"
            f"   least {least:6.1f} ms   {ratio:.2f} x none"
        )


def _worker(sources: list[str]) -> None:
    limits = Limits(cpu_seconds=LIMIT, wall_seconds=LIMIT)
    with Sandbox.launch(strangers=True) as sandbox:
        for source in sources:
            submit(sandbox, source, limits)


def a_class(every: int | None, workers: int) -> float:
    """Seconds for the class, one in `every` of which never ends."""
    sources = [HOSTILE if every and n % every == 0 else HONEST for n in range(CLASS)]
    start = time.perf_counter()
    with ProcessPoolExecutor(workers) as pool:
        # Dealt out so that each worker gets its share of both.
        dealt = sorted(range(CLASS), key=lambda n: sources[n] == HONEST)
        parts = [[sources[n] for n in dealt[worker::workers]] for worker in range(workers)]
        list(pool.map(_worker, parts))
    return time.perf_counter() - start


def start_up(runs: int) -> None:
    """What a learner would wait for bubblewrap: from the launch to the first answer."""
    times: dict[str, list[float]] = {"level 2": [], "level 1": []}
    for _ in range(runs):
        for name, seconds in times.items():
            start = time.perf_counter()
            with Sandbox.launch(strangers=name == "level 1") as sandbox:
                submit(sandbox, HONEST, Limits())
                seconds.append(time.perf_counter() - start)
    for name, seconds in times.items():
        print(f"start to first answers, {name}: median {1e3 * statistics.median(seconds):.0f} ms")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 41
    one_submission(runs, ("numpy",), HONEST)
    one_submission(max(5, runs // 3), ("numpy", "torch"), TORCH)
    start_up(max(5, runs // 4))
    workers = min(2, os.cpu_count() or 1)
    honest = a_class(None, workers)
    mixed = a_class(10, workers)
    allowed = honest + CLASS / 10 * LIMIT / workers
    print(
        f"{CLASS} submissions on {workers} workers: honest {honest:.1f} s; one in ten hostile "
        f"{mixed:.1f} s; honest and their limits {allowed:.1f} s"
    )


if __name__ == "__main__":
    main()
