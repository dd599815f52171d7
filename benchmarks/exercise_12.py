"""How many labels of exercise-12 each approach gets right, over many draws.

    .venv/bin/python benchmarks/exercise_12.py [SEEDS]

For every task: the best straight line there is (of all that pass through two test points, either
side), and every submission in tests/submissions/exercise_12 that takes part in this task. The
share that the exercise asks for stands between what the linear ones and the right ones reach.
"""

import importlib.util
import sys
from pathlib import Path

import numpy as np

from grader.curriculum import exercise_12 as exercise

ROOT = Path(__file__).parents[1]
SUBMISSIONS = ROOT / "tests" / "submissions" / "exercise_12"
LINEAR = ("least_squares", "logistic_regression", "perceptron", "two_linear_layers")
DRAWS = {
    **{f"parity, {n} pixels": lambda rng, n=n: exercise.parity_data(rng, n) for n in (6, 7, 8)},
    "ring": exercise.ring_data,
    "modes": exercise.modes_data,
}


def classifier(path):
    """The function `classify` in a file of our own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.classify


def best_of_all_lines(data):
    """Every way to divide the test points by a line is one of those across a direction in which
    two of them change places; a little to either side of each is enough."""
    X = data.X_test
    i, j = np.triu_indices(len(X), 1)
    across = np.unique(np.arctan2(*(X[i] - X[j]).T[::-1]) + np.pi / 2) % np.pi
    between = np.concatenate([across - 1e-7, across + 1e-7])
    return max(
        exercise.best_line(X, data.y_test, some)
        for some in np.array_split(between, 1 + len(between) // 4000)
    )


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    linear = [SUBMISSIONS / f"wrong_{name}.py" for name in LINEAR]
    right = sorted(SUBMISSIONS.glob("right_*.py"))
    paths = [*linear, ROOT / "solutions" / "exercise_12.py", *right]
    approaches = {path.stem: classifier(path) for path in paths}
    print(f"{seeds} draws each: smallest, median and largest share of right labels")
    for title, draw in DRAWS.items():
        task = title.partition(",")[0]
        datasets = [draw(np.random.default_rng([seed, len(title)])) for seed in range(seeds)]
        print(f"\n{title}")
        if task != "parity":
            show("best line of all", [best_of_all_lines(data) for data in datasets])
        for name, classify in approaches.items():
            if task == "parity" and name == "wrong_logistic_regression":
                continue  # it counts the pixels there
            show(name, [share_right(classify, task, data) for data in datasets])


def share_right(classify, task, data):
    labels = classify(task, data.X_train.copy(), data.y_train.copy(), data.X_test.copy())
    return float(np.mean(np.asarray(labels) == data.y_test))


def show(name, shares):
    low, middle, high = min(shares), np.median(shares), max(shares)
    print(f"  {name:<34} {low:.3f}  {middle:.3f}  {high:.3f}", flush=True)


if __name__ == "__main__":
    main()
