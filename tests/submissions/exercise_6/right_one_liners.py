# expect: passed
import numpy as np

unit_step = lambda z: np.heaviside(z, 0.5)
sign = np.sign
piecewise_linear = lambda z: np.minimum(np.maximum(np.asarray(z) + 0.5, 0), 1)
tanh = np.tanh
relu = lambda z: np.maximum(0, z)
leaky_relu = lambda z, alpha=0.01: np.maximum(alpha * np.asarray(z), z)
elu = lambda z, alpha=1.0: np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)
tanh_derivative = lambda z: 1 - np.tanh(z) ** 2
relu_derivative = lambda z: (np.asarray(z) > 0) * 1.0
leaky_relu_derivative = lambda z, alpha=0.01: np.where(np.asarray(z) >= 0, 1, alpha)
elu_derivative = lambda z, alpha=1.0: np.where(np.asarray(z) >= 0, 1, alpha * np.exp(z))
