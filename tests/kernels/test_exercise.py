"""The bound of exercise 15's linear layer, and what its checks are made of."""

import needs
import numpy as np

from grader.curriculum import exercise_15
from grader.oracles.tracked import errors, lift, values


def test_the_bound_of_a_product_is_that_of_tracked_numbers() -> None:
    """`dot` computes for all entries at once what adding up products of Tracked ones gives."""
    rng = np.random.default_rng(0)
    X, W, b = exercise_15._layer(rng, 3, 5, 2)
    for rounded in (False, True):
        x, w, bias = lift([X, W, b], rounded=rounded)
        ours, theirs = exercise_15.linear(x, w, bias), x @ w + bias
        assert np.array_equal(values(ours), values(theirs))
        assert np.array_equal(errors(ours), errors(theirs))


def test_orders_are_those_of_the_simulator() -> None:
    needs.package("greenlet", "cuda")
    from grader.sandbox.kernels import block

    assert block.ORDERS == exercise_15._ORDERS
