# expect: passed
import numpy as np

# a perceptron that never sees its weights: it counts the mistakes made on each sample

def similar(A, B):
    return np.exp(-2 * ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=-1))

def kernel_perceptron(A, t, epochs=8):
    K = similar(A, A)
    mistakes = np.zeros(len(A))
    score = np.zeros(len(A))
    for _ in range(epochs):
        wrong = 0
        for i in range(len(A)):
            if t[i] * score[i] <= 0:
                mistakes[i] += 1
                score += t[i] * K[i]
                wrong += 1
        if wrong == 0:
            break
    return lambda B: similar(B, A) @ (mistakes * t)

def classify(task, X_train, y_train, X_test):
    t = np.where(y_train == 1, 1, -1)
    if task == "parity":
        # once around the circle for every two pixels
        turn = lambda X: np.exp(1j * np.pi * X.sum(axis=1)).real[:, None]
        score = kernel_perceptron(turn(X_train), t)(turn(X_test))
    else:
        score = kernel_perceptron(X_train, t)(X_test)
    return np.array(score > 0, dtype=int)
