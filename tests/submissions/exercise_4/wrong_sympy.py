# expect: outcome.forbidden
# score: 2
import numpy as np

def mse_loss(prediction, target):
    return float(((prediction - target)**2).sum() / (2*len(prediction)))

def backward(X, Y, layers, activation="sigmoid"):
    import sympy
    w = sympy.Symbol("w")
    J = (w*X[0, 0] - Y[0, 0])**2/2
    return [(float(sympy.diff(J, w)), 0.0)]
