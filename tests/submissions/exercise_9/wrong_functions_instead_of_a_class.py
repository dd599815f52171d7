# expect: outcome.missing
import numpy as np


class perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.rate, self.niter = rate, niter

def AND(x1, x2):
    s = x1 * 0.5 + x2 * 0.5 - 0.7
    if s <= 0:
        return 0
    else:
        return 1

def OR(x1, x2):
    s = x1 * 0.5 + x2 * 0.5 - 0.2
    if s <= 0:
        return 0
    else:
        return 1

def NAND(x1, x2):
    s = x1 * -0.5 + x2 * -0.5 + 0.7
    if s <= 0:
        return 0
    else:
        return 1

def XOR(x1, x2):
    s1 = NAND(x1, x2)
    s2 = OR(x1, x2)
    return AND(s1, s2)
