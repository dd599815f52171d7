# expect: passed
class Perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.rate, self.niter = rate, niter

    def fit(self, X, y):
        n = len(X[0])
        self.weight = [0.0] * (n + 1)
        self.errors = []
        for epoch in range(self.niter):
            count = 0
            for i in range(len(X)):
                guess = self._one(X[i])
                if guess > 0 and self.sign(guess) == y[i] or guess <= 0 and self.sign(guess) == y[i]:
                    continue
                count += 1
                d = self.rate * (y[i] - self.sign(guess))
                self.weight[0] += d
                for j in range(n):
                    self.weight[j + 1] += d * X[i][j]
            self.errors.append(count)
        return self

    def sign(self, z):
        return 1 if z >= 0 else -1

    def _one(self, x):
        total = self.weight[0]
        for w, v in zip(self.weight[1:], x):
            total += w * v
        return total

    def net_input(self, X):
        if X.ndim == 1:
            return self._one(X)
        return [self._one(row) for row in X]

    def predict(self, X):
        if X.ndim == 1:
            return self.sign(self._one(X))
        return [self.sign(self._one(row)) for row in X]

def AND(x1, x2):
    return 1 if x1 + x2 >= 2 else 0

def OR(x1, x2):
    return 1 if x1 + x2 >= 1 else 0

def NAND(x1, x2):
    return 1 if -x1 - x2 >= -1 else 0

def XOR(x1, x2):
    return AND(NAND(x1, x2), OR(x1, x2))
