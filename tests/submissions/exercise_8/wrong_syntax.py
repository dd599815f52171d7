# expect: load.failed
# score: 0
import numpy as np

def mse(w, b, x, y)
    return np.mean((y - (w * x + b)) ** 2)
