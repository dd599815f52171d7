"""The checks of exercise-1 as a plain pytest file would have them, to time `grade` against."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[1] / "solutions" / "exercise_1.py"
spec = importlib.util.spec_from_file_location("exercise_1", PATH)
learner = importlib.util.module_from_spec(spec)
spec.loader.exec_module(learner)

RNG = np.random.default_rng(0)
ORDINARY = [
    0.83,
    -2.1,
    RNG.uniform(-3, 3, (2, 3)),
    np.array([0.0, 4.5, -4.5, 9.0]),
    RNG.normal(size=17),
]
LARGE = [800.0, -800.0, np.array([-1e4, -720.0, -36.5, 36.5, 720.0, 1e4])]
FORMS = [2, np.array(-1.25), np.array([-3, -1, 0, 2]), RNG.uniform(-2, 2, (4, 6))[:, ::2]]


def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1, e) / (1 + e)


EXPECTED = {
    "sigmoid": sigmoid,
    "sigmoid_derivative": lambda x: sigmoid(x) * sigmoid(np.negative(x)),
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("rtol", [1e-6, 1e-13])
@pytest.mark.parametrize("x", ORDINARY)
def test_values(name, rtol, x):
    np.testing.assert_allclose(getattr(learner, name)(x), EXPECTED[name](x), rtol=rtol)


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("x", LARGE + FORMS)
def test_large_and_forms(name, x):
    np.testing.assert_allclose(
        getattr(learner, name)(x), EXPECTED[name](x), rtol=1e-12, atol=1e-300
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_purity(name):
    x = RNG.uniform(-3, 3, (3, 2))
    before = x.copy()
    first = getattr(learner, name)(x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(getattr(learner, name)(x), first)
