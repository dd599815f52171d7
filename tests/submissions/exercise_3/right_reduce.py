# expect: passed
from functools import partial, reduce
from itertools import accumulate

import numpy as np

F = {
    "sigmoid": lambda z: np.exp(-np.logaddexp(0, -z)),
    "tanh": lambda z: np.expm1(2 * z) / (np.exp(2 * z) + 1),
    "relu": lambda z: np.fmax(z, 0),
}

linear = lambda X, W, b: b + np.dot(X, W)


def step(f, h, layer):
    return linear(f(h), *layer)


def forward(X, layers, activation="sigmoid"):
    first, *rest = layers
    return reduce(partial(step, F[activation]), rest, linear(X, *first))


def forward_trace(X, layers, activation="sigmoid"):
    first, *rest = layers
    zs = list(accumulate(rest, partial(step, F[activation]), initial=linear(X, *first)))
    return tuple((z, F[activation](z) if z is not zs[-1] else z) for z in zs)
