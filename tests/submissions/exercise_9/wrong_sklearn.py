# expect: outcome.forbidden
import numpy as np
from sklearn.linear_model import Perceptron


# done

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
