import numpy as np

def mse(w, b, x, y):
    return np.square(y - (w * x + b)).mean()

def mse_gradients(w, b, x, y):
    minus_2r = -2 * (y - (w * x + b))
    return (minus_2r * x).mean(), minus_2r.mean()
