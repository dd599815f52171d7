# expect: passed
from math import exp

def product_gradients(x, y, z):
    # f = xz + yz
    return [z, z, x + y]

def slope(a):
    return 1 / (2 + exp(a) + exp(-a))

def neuron_gradients(w, x):
    a = w[0]*x[0] + w[1]*x[1] + w[2]
    return ((slope(a)*x[0], slope(a)*x[1], slope(a)),
            (slope(a)*w[0], slope(a)*w[1]))

def chain_gradients(x, y, params):
    p = params
    E1 = exp(-(p["w1"]*x + p["b1"]))
    s1 = 1/(1 + E1)
    E2 = exp(-(p["w2"]*s1 + p["b2"]))
    s2 = 1/(1 + E2)
    result = {"b3": 1, "w3": s2}
    result["b2"] = p["w3"]*E2*s2*s2
    result["w2"] = result["b2"]/(1 + E1)
    result["b1"] = result["b2"]*p["w2"]*E1/(1 + E1)**2
    result["w1"] = result["b1"]*x
    return result
