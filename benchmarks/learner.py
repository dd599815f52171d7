"""What a learner waits for: `grade exercise-1` beside `import numpy` and a plain pytest file.

    .venv/bin/python benchmarks/learner.py [RUNS]

Whole processes, in turn, so that all of them meet the same noise; medians, and the ratio to
`import numpy` run by run. The answer key is in the cache.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
GRADE = str(Path(PYTHON).with_name("grade"))
# Without the plug-ins that happen to be installed, and with modules compiled once, as they are
# wherever nobody has said otherwise.
ENVIRONMENT = dict(os.environ) | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
COMMANDS = {
    "import numpy": [PYTHON, "-c", "import numpy"],
    "grade exercise-1": [GRADE, "exercise-1", "solutions/exercise_1.py"],
    "pytest, same checks": [
        PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
        "benchmarks/plain_pytest.py",
    ],
}  # fmt: skip


def wall(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        wall(command)
    for _ in range(runs):
        for name, command in COMMANDS.items():
            seconds[name].append(wall(command))
    base = seconds["import numpy"]
    for name, times in seconds.items():
        ratio = statistics.median(a / b for a, b in zip(times, base, strict=True))
        print(f"{name:<20} {1e3 * statistics.median(times):6.0f} ms   {ratio:.2f} x import numpy")


if __name__ == "__main__":
    main()
