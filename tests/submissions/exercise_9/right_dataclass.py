# expect: passed
from dataclasses import dataclass, field

import numpy as np

@dataclass
class Perceptron:
    rate: float = 0.01
    niter: int = 10
    weight: np.ndarray = None
    errors: list = field(default_factory=list)

    def fit(self, X, y):
        self.weight = np.zeros(X.shape[1] + 1)
        self.errors = [self.epoch(X, y) for _ in range(self.niter)]
        return self

    def epoch(self, X, y):
        updates = 0
        for x, t in zip(X, y):
            error = t - self.predict(x)
            self.weight += self.rate * error * np.append(1, x)
            updates += abs(error) // 2
        return updates

    def net_input(self, X):
        bias, *w = self.weight
        return X @ np.array(w) + bias

    def predict(self, X):
        return np.where(self.net_input(X) >= 0, 1, -1)

def step(v):
    return 1 if v > 0 else 0

def AND(x1, x2):
    return step(x1 + x2 - 1.5)

def OR(x1, x2):
    return step(x1 + x2 - 0.5)

def NAND(x1, x2):
    return step(1.5 - x1 - x2)

def XOR(x1, x2):
    return AND(OR(x1, x2), NAND(x1, x2))
