# expect: outcome.not-written
import numpy as np

def mse_loss(prediction, target):
    return np.sum((prediction - target)**2) / (2*len(prediction))

def backward(X, Y, layers, activation="sigmoid"):
    raise NotImplementedError
