# expect: outcome.forbidden
# score: 0
import torch

def classify(task, X_train, y_train, X_test):
    return (torch.tensor(X_test).sum(1) % 2).numpy()
