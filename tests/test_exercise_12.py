"""The test sets of exercise-12 over 100 draws: hard for every line, no hazard for what is right."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.curriculum import exercise_12 as exercise

ROOT = Path(__file__).parents[1]
SUBMISSIONS = ROOT / "tests" / "submissions" / "exercise_12"
DRAWS: dict[str, Callable[[np.random.Generator], exercise.Data]] = {
    "parity of 6": lambda rng: exercise.parity_data(rng, 6),
    "parity of 7": lambda rng: exercise.parity_data(rng, 7),
    "parity of 8": lambda rng: exercise.parity_data(rng, 8),
    "ring": exercise.ring_data,
    "modes": exercise.modes_data,
}


@cache
def draw(name: str, seed: int) -> exercise.Data:
    return DRAWS[name](np.random.default_rng([seed, len(name)]))


def drawn(name: str, seeds: int = 100) -> Iterator[exercise.Data]:
    return (draw(name, seed) for seed in range(seeds))


def classifier(path: Path) -> Callable[..., Any]:
    """The function `classify` in a file of our own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classify: Callable[..., Any] = module.classify
    return classify


def share_right(classify: Callable[..., Any], name: str, data: exercise.Data) -> float:
    labels = classify(name.split()[0], data.X_train, data.y_train, data.X_test)
    return float(np.mean(np.asarray(labels) == data.y_test))


@pytest.mark.parametrize("name", DRAWS)
def test_no_linear_classifier_gets_70_percent_and_the_worked_answer_gets_97(name: str) -> None:
    worked = classifier(ROOT / "solutions" / "exercise_12.py")
    fitted = classifier(SUBMISSIONS / "wrong_least_squares.py")
    for data in drawn(name):
        assert share_right(worked, name, data) > 0.97
        assert share_right(fitted, name, data) < 0.70
        if data.X_test.shape[1] == 2:
            assert exercise.best_line(data.X_test, data.y_test) < 0.70
        else:
            # All pixels weighed alike, with the best threshold: a parity has no better line.
            lit = data.X_test.sum(axis=1)
            cuts = [np.mean((lit > k) == data.y_test) for k in range(data.X_test.shape[1])]
            assert max(*cuts, *(1 - share for share in cuts)) < 0.66


@pytest.mark.parametrize("name", ["logistic_regression", "perceptron", "two_linear_layers"])
@pytest.mark.parametrize("task", ["ring", "modes"])
def test_learned_lines_stay_below_70_percent(name: str, task: str) -> None:
    classify = classifier(SUBMISSIONS / f"wrong_{name}.py")
    assert max(share_right(classify, task, data) for data in drawn(task, 20)) < 0.70


@pytest.mark.parametrize("path", sorted(SUBMISSIONS.glob("right_*.py")), ids=lambda p: p.stem)
def test_what_is_right_has_a_margin(path: Path) -> None:
    classify = classifier(path)
    for name in DRAWS:
        shares = [share_right(classify, name, data) for data in drawn(name, 5)]
        assert min(shares) >= exercise.SHARE + 0.02


@pytest.mark.parametrize("name", DRAWS)
def test_the_data_are_what_the_statement_says(name: str) -> None:
    for data in drawn(name, 20):
        for X, y in ((data.X_train, data.y_train), (data.X_test, data.y_test)):
            assert X.dtype == np.float64
            assert y.dtype == np.int64
            assert len(X) == len(y) == 2 * y.sum()
        known, asked = ({*map(tuple, X.tolist())} for X in (data.X_train, data.X_test))
        assert len(asked) == len(data.X_test) or name in ("ring", "modes")
        if name.startswith("parity"):
            assert len(known) == len(asked) / 2 == 2 ** data.X_test.shape[1] / 2
        else:
            assert not known & asked
        if name == "ring":
            distance = np.linalg.norm(np.concatenate([data.X_train, data.X_test]), axis=1)
            assert np.abs(distance - 1).min() > 0.1
            assert np.abs(distance - 2).min() > 0.1


@pytest.mark.parametrize("name", ["ring", "modes"])
def test_every_witness_finds_the_labels_that_were_drawn(name: str) -> None:
    for data in drawn(name, 10):
        for witness in exercise.WITNESSES:
            labels, _ = witness.values(name, data.X_train, data.y_train, data.X_test)
            np.testing.assert_array_equal(labels, data.y_test)


def test_a_line_is_found_where_there_is_one() -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (60, 2))
    assert exercise.best_line(X, (X @ [1, 2] > 0.3).astype(int)) > 0.98
    assert exercise.best_line(X, (X @ [1, 2] < 0.3).astype(int)) > 0.98
    assert exercise.best_line(X, np.ones(60)) == exercise.best_line(X, np.zeros(60)) == 1
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert exercise.best_line(corners, np.array([0, 1, 1, 0])) == 0.75
