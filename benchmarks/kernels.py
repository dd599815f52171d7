"""What the kernel simulator finds, beside numba's own: planted bugs and kernels that hold.

    python benchmarks/kernels.py [RUNS]

Ours runs each kernel in three fixed orders, so it says the same every time. In numba's, threads
run as the operating system schedules them: each kernel is run RUNS times (3), and a bug counts as
caught in a run that raises, gives wrong values or never ends.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.kernels.cases import CASES
from tests.kernels.score import ours, stock


def main(runs: int) -> None:
    started = time.perf_counter()
    found = ours()
    seconds = time.perf_counter() - started
    print(f"{'kernel':<34} {'bug':<20} {'here':<26} numba's, {runs} runs")
    caught = accused = stock_caught = stock_accused = 0
    for case in CASES:
        said = [*stock(case, runs)]
        wrong = sum(1 for word in said if word != "right")
        if case.bug:
            caught += found[case.kernel] != "right"
            stock_caught += wrong
        else:
            accused += found[case.kernel] != "right"
            stock_accused += wrong
        theirs = ", ".join(dict.fromkeys(said))
        bug = case.bug or "(holds)"
        print(f"{case.kernel:<34} {bug:<20} {found[case.kernel]:<26} {wrong}/{runs} {theirs}")
    bugs = sum(1 for case in CASES if case.bug)
    holds = len(CASES) - bugs
    print()
    print(
        f"here     caught {caught} of {bugs}, missed {bugs - caught}, accused {accused} of {holds}"
    )
    print(
        f"numba's  caught {stock_caught} of {bugs * runs} runs, "
        f"missed {bugs * runs - stock_caught}, accused in {stock_accused} of {holds * runs}"
    )
    print(f"here, {len(CASES)} kernels in four launches each: {seconds:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
