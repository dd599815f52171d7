# expect: load.failed
# score: 0
import numpy as np

data = np.loadtxt("data.csv", delimiter=",")
x, y = data[:, 0], data[:, 1]

def mse(w, b, x, y):
    return np.mean((y - (w * x + b)) ** 2)
