"""The loss that records its calls: which of them an iteration is, whatever else was called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.curriculum.exercise_5 import RECORDED, sgd_step, train, train_on_made_up_loss

X = np.array([[0.5], [-1.25], [2.0]])
Y = np.array([[1.0], [0.25], [-0.75]])
LAYERS = [(np.array([[0.75]]), np.array([-0.5]))]
SETTINGS = {"learning_rate": 0.25, "epochs": 2, "batch_size": 2}


def path_of(loop: Any) -> Any:
    return train_on_made_up_loss(loop, X, Y, LAYERS, RECORDED, **SETTINGS)


def flat(path: Any) -> np.ndarray[Any, Any]:
    return np.array([[W.item(), b.item()] for [(W, b)] in path], dtype=float)


def test_the_path_is_the_layers_of_every_iteration_and_the_last() -> None:
    seen = []

    def loop(X: Any, Y: Any, layers: Any, loss: Any, **settings: Any) -> Any:
        def watched(X: Any, Y: Any, layers: Any) -> Any:
            seen.append(layers)
            return loss(X, Y, layers)

        after, losses = train(X, Y, layers, watched, **settings)
        seen.append(after)
        return after, losses

    path = flat(path_of(loop))
    assert path.shape == (5, 2)
    assert len(np.unique(path, axis=0)) == 5
    np.testing.assert_array_equal(path, flat(seen))


def test_calls_beside_the_iterations_do_not_matter() -> None:
    def loop(X: Any, Y: Any, layers: Any, loss: Any, **settings: Any) -> Any:
        def nosy(X_batch: Any, Y_batch: Any, layers: Any) -> Any:
            loss(X, Y, layers)
            loss(X_batch, Y_batch, [(W + 0.125, b) for W, b in layers])
            value, gradients = loss(X_batch, Y_batch, layers)
            loss(X_batch, Y_batch, sgd_step(layers, gradients, 0.5))
            return float(value), gradients

        after, losses = train(X, Y, layers, nosy, **settings)
        return after, [np.float32(value) for value in losses]

    np.testing.assert_array_equal(flat(path_of(loop)), flat(path_of(train)))


def test_layers_changed_in_place_are_recorded_as_they_were() -> None:
    def loop(X: Any, Y: Any, layers: Any, loss: Any, **settings: Any) -> Any:
        mine = [(W.copy(), b.copy()) for W, b in layers]
        losses = []
        for _ in range(settings["epochs"]):
            for rows in (slice(0, 2), slice(2, 3)):
                value, [(dW, db)] = loss(X[rows], Y[rows], mine)
                mine[0][0][...] -= settings["learning_rate"] * dW
                mine[0][1][...] -= settings["learning_rate"] * db
                losses.append(value)
        return mine, losses

    np.testing.assert_allclose(flat(path_of(loop)), flat(path_of(train)), rtol=1e-14)


def test_a_later_step_that_differs_shows_from_there_on() -> None:
    def loop(X: Any, Y: Any, layers: Any, loss: Any, **settings: Any) -> Any:
        count = 0

        def tired(X: Any, Y: Any, layers: Any) -> Any:
            nonlocal count
            count += 1
            value, gradients = loss(X, Y, layers)
            return value, [(dW * (count < 3), db) for dW, db in gradients]

        return train(X, Y, layers, tired, **settings)

    same = (flat(path_of(loop)) == flat(path_of(train))).all(axis=1)
    assert same.tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("loop", "says"),
    [
        (lambda X, Y, layers, loss, **_: (layers, [0.5]), "never called"),
        (lambda X, Y, layers, loss, **_: loss(X, Y, layers)[0], "two things"),
    ],
)
def test_what_cannot_be_told_is_said(loop: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        path_of(loop)
