# expect: passed
import numpy as np
import matplotlib.pyplot as plt
import torch

def sigmoid(x): return 1/(1+np.exp(-x))
def sigmoid_derivative(x): return sigmoid(x)*(1-sigmoid(x))

if __name__ == "__main__":
    xs = np.linspace(-5, 5)
    plt.plot(xs, sigmoid(xs))
    plt.plot(xs, sigmoid_derivative(xs))
    plt.show()
    t = torch.tensor(xs)
    print(torch.sigmoid(t) - torch.tensor(sigmoid(xs)))
