# expect: passed
import numpy as np
from collections import Counter, defaultdict

# everything learned by counting: bins of one number

def learn(keys, labels):
    votes = defaultdict(Counter)
    for k, l in zip(keys, labels):
        votes[k][int(l)] += 1
    return {k: c.most_common(1)[0][0] for k, c in votes.items()}

def key(task, row):
    if task == "parity":
        return int(sum(row))
    return int(10 * (row[0] ** 2 + row[1] ** 2) ** 0.5)

def classify(task, X_train, y_train, X_test):
    if task == "modes":
        # share of ones among all training points within 0.5
        out = []
        for z in X_test:
            near = ((X_train - z) ** 2).sum(axis=1) < 0.25
            out.append(int(near.any() and y_train[near].mean() > 0.5))
        return tuple(out)
    table = learn([key(task, r) for r in X_train], y_train)

    def look_up(k):
        nearest = min(table, key=lambda t: abs(t - k))
        # a count that never came up: its neighbour has the other parity
        if task == "parity" and nearest != k:
            return (table[nearest] + k - nearest) % 2
        return table[nearest]

    return tuple(look_up(key(task, r)) for r in X_test)
