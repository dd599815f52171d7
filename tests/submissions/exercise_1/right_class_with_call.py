# expect: passed
import numpy as np


class Sigmoid:
    """forward and backward, as in a layer"""

    def __call__(self, x):
        self.y = 1.0 / (1.0 + np.exp(np.negative(x)))
        return self.y

    def slope(self, x):
        y = self(x)
        return y * (1 - y)


layer = Sigmoid()
sigmoid = layer.__call__


def sigmoid_derivative(x):
    return layer.slope(x)
