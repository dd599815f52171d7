# expect: passed
import math

# a very small tape: every node knows its parents and the local slopes


class Node:
    def __init__(self, value, parents=()):
        self.value = float(value)
        self.parents = parents
        self.grad = 0.0

    def __add__(self, other):
        return Node(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return Node(self.value * other.value, [(self, other.value), (other, self.value)])

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.value))
        return Node(s, [(self, s * (1 - s))])

    def backward(self, grad=1.0):
        self.grad += grad
        for parent, slope in self.parents:
            parent.backward(grad * slope)


def product_gradients(x, y, z):
    x, y, z = Node(x), Node(y), Node(z)
    ((x + y) * z).backward()
    return x.grad, y.grad, z.grad


def neuron_gradients(w, x):
    w = [Node(v) for v in w]
    x = [Node(v) for v in x]
    (w[0] * x[0] + w[1] * x[1] + w[2]).sigmoid().backward()
    return [n.grad for n in w], [n.grad for n in x]


def chain_gradients(x, y, params):
    p = {k: Node(v) for k, v in params.items()}
    h1 = (p["w1"] * Node(x) + p["b1"]).sigmoid()
    h2 = (p["w2"] * h1 + p["b2"]).sigmoid()
    loss = p["w3"] * h2 + p["b3"] + Node(-y)
    loss.backward()
    return {k: n.grad for k, n in p.items()}
