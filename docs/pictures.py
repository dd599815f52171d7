"""The pictures of the class report in README.md and docs/instructors.md, from a real batch.

    .venv/bin/python docs/pictures.py        needs the `instructor` extra and Chromium

60 students, drawn from a seed, hand in files of tests/submissions, which `grade batch` grades.
"""

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEIGHTS = {360: 1260, 1280: 1450}
"""Pixels: how far down the page is shown, by its width."""


def hand_in(where: Path, student: str, skill: float, rng: random.Random) -> None:
    for number in range(1, 5):
        files = ROOT / "tests" / "submissions" / f"exercise_{number}"
        right, wrong = sorted(files.glob("right_*.py")), sorted(files.glob("wrong_*.py"))
        # Mistakes are not equally popular: a class makes the same few again and again.
        common = random.Random(number).sample(wrong, 6)
        chosen = right if rng.random() < skill else common if rng.random() < 0.8 else wrong
        folder = where / student
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(rng.choice(chosen), folder / f"exercise_{number}.py")


def main() -> None:
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for student in range(1, 61):
            hand_in(folder / "class", f"2026{student:04d}", rng.betavariate(3, 2), rng)
        for command in (["batch", "class", "--quiet"], ["report", "--out", "class.html"]):
            subprocess.run([sys.executable, "-m", "grader", *command], cwd=folder, check=True)
        for width, height in HEIGHTS.items():
            picture = ROOT / "docs" / f"class-report-{width}.png"
            subprocess.run(
                [
                    *("chromium", "--headless", "--no-sandbox", "--hide-scrollbars"),
                    *(f"--window-size={width},{height}", f"--screenshot={picture}"),
                    "class.html",
                ],
                cwd=folder,
                check=True,
                stderr=subprocess.DEVNULL,  # it misses a desktop
            )


if __name__ == "__main__":
    main()
