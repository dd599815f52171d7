# expect: passed
import numpy as np

def mse_loss(prediction, target):
    d = np.array(prediction, dtype=float)
    d -= target
    d *= d
    return d.sum() / (2 * len(d))

def backward(X, Y, layers, activation="sigmoid"):
    Ws = [np.array(W, dtype=float) for W, b in layers]
    bs = [np.array(b, dtype=float) for W, b in layers]
    cache = [np.array(X, dtype=float)]
    for i in range(len(Ws)):
        z = cache[-1] @ Ws[i]
        z += bs[i]
        if i < len(Ws) - 1:
            if activation == "sigmoid":
                np.negative(z, out=z)
                np.exp(z, out=z)
                z += 1
                np.reciprocal(z, out=z)
            elif activation == "tanh":
                np.tanh(z, out=z)
            else:
                z[z < 0] = 0
        cache.append(z)
    delta = cache[-1]
    delta -= Y
    delta /= len(delta)
    for i in range(len(Ws) - 1, -1, -1):
        W = Ws[i].copy()
        Ws[i] = cache[i].T @ delta
        bs[i] = delta.sum(axis=0)
        delta = delta @ W.T
        a = cache[i]
        if activation == "sigmoid":
            delta *= a
            delta *= 1 - a
        elif activation == "tanh":
            delta *= 1 - a * a
        else:
            delta[a == 0] = 0
    return list(zip(Ws, bs))

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    print(backward(rng.normal(size=(5, 2)), rng.normal(size=(5, 1)), [(rng.normal(size=(2, 1)), np.zeros(1))]))
