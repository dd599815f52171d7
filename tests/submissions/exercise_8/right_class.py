# expect: passed
import numpy as np

class Line:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, x):
        return self.w * x + self.b

    def error(self, x, y):
        return self(x) - y

    def loss(self, x, y):
        return float(np.mean(self.error(x, y) ** 2))

    def slopes(self, x, y):
        e = self.error(x, y)
        return float(2 * np.mean(e * x)), float(2 * np.mean(e))

    def step(self, x, y, eta):
        dw, db = self.slopes(x, y)
        return Line(self.w - eta * dw, self.b - eta * db)

def mse(w, b, x, y):
    return Line(w, b).loss(x, y)

def mse_gradients(w, b, x, y):
    return Line(w, b).slopes(x, y)

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    line, losses = Line(w, b), []
    for _ in range(steps):
        losses.append(line.loss(x, y))
        line = line.step(x, y, learning_rate)
    return line.w, line.b, losses

def largest_stable_learning_rate(x):
    H = np.zeros((2, 2))
    for v in x:
        H += 2 * np.outer([v, 1], [v, 1])
    H /= len(x)
    return 2 / np.linalg.norm(H, 2)   # the spectral norm
