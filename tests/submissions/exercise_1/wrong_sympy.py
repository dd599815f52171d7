# expect: forbidden
# score: 4.75
import numpy as np
import sympy as sp

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    t = sp.Symbol("t")
    d = sp.lambdify(t, sp.diff(1 / (1 + sp.exp(-t)), t), "numpy")
    return d(x)
