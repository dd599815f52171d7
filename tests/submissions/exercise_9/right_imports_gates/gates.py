import numpy as np

def _perceptron(w, b):
    def gate(x1, x2):
        return int(np.dot([x1, x2], w) + b >= 0)
    return gate

AND = _perceptron([1, 1], -2)
OR = _perceptron([1, 1], -1)
NAND = _perceptron([-1, -1], 1)

def XOR(x1, x2):
    return AND(OR(x1, x2), NAND(x1, x2))
