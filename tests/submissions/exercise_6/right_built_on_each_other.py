# expect: passed
import numpy as np

# one function from the other

def sign(z):
    return np.sign(z)

def unit_step(z):
    return (sign(z) + 1) / 2

def relu(z):
    return np.asarray(z) * unit_step(z)

def piecewise_linear(z):
    z = np.asarray(z, float)
    return relu(z + 0.5) - relu(z - 0.5)

def leaky_relu(z, alpha=0.01):
    z = np.asarray(z, float)
    return relu(z) - alpha * relu(-z)

def elu(z, alpha=1.0):
    z = np.asarray(z, float)
    return relu(z) + alpha * (np.exp(-relu(-z)) - 1)

def sigmoid(z):
    z = np.clip(z, -700, 700)
    return 1 / (1 + np.exp(-z))

def tanh(z):
    return 2 * sigmoid(2 * np.asarray(z, float)) - 1

def tanh_derivative(z):
    s = sigmoid(2 * np.asarray(z, float))
    return 4 * s * (1 - s)

def relu_derivative(z):
    return unit_step(z)

def leaky_relu_derivative(z, alpha=0.01):
    return alpha + (1 - alpha) * relu_derivative(z)

def elu_derivative(z, alpha=1.0):
    # alpha e^z = elu + alpha on the left
    left = elu(z, alpha) + alpha
    return np.where(np.asarray(z) > 0, 1.0, left)
