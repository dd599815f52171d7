# expect: passed
import numpy as np
from exercise_1 import sigmoid, sigmoid_derivative

def unit_step(z):
    return np.heaviside(z, 0.5)

def sign(z):
    return 2 * unit_step(z) - 1

def piecewise_linear(z):
    return np.clip(0.5 + z, 0.0, 1.0)

# tanh is a stretched sigmoid
def tanh(z):
    return 2 * sigmoid(2 * np.asarray(z)) - 1

def tanh_derivative(z):
    return 4 * sigmoid_derivative(2 * np.asarray(z))

def relu(z):
    return np.fmax(z, 0)

def relu_derivative(z):
    return np.ceil(np.clip(z, 0, 1))

def leaky_relu(z, alpha=0.01):
    return np.fmax(z, 0) + alpha * np.fmin(z, 0)

def leaky_relu_derivative(z, alpha=0.01):
    d = relu_derivative(z)
    return d + (1 - d) * alpha

def elu(z, alpha=1.0):
    return np.fmax(z, 0) + alpha * np.expm1(np.fmin(z, 0))

def elu_derivative(z, alpha=1.0):
    d = relu_derivative(z)
    return d + (1 - d) * alpha * np.exp(np.fmin(z, 0))
