"""Exercise 12: hard cases for a linear classifier.

A linear classifier weighs its inputs, adds them up and compares the sum with a threshold. So does
a single perceptron. In the plane that is a straight line with the ones on one side, and there is
much that no line can separate. XOR was the smallest case; here are three larger ones. On each of
them the best linear classifier gets less than 70 % of the labels right.

It builds on exercise-5 and exercise-9.

Write one function, `classify(task, X_train, y_train, X_test)`. It gets samples with their labels,
0 or 1, and samples without, and it returns a label for each of the latter: an array (or a list)
of as many zeros and ones as X_test has rows. `task` says what the data are:

  "parity"  Each row is a pattern of 6 to 8 pixels, 0.0 (dark) or 1.0 (lit). Its label is 1
            where the number of lit pixels is odd. Half of all patterns are in the training
            set; the others are asked for as well.

                0 0 0 0 0 0 → 0        0 1 0 0 0 0 → 1        0 1 0 0 1 0 → 0

  "ring"    Each row is a point x = (x₁, x₂). Its label is 1 in the ring between two circles
            around the origin, 1 ≤ ‖x‖₂ ≤ 2 with ‖x‖₂ = √(x₁² + x₂²), and 0 in the hole and
            outside. No point lies within 0.1 of a circle, where rounding or luck would decide.

                (0.3, −0.4) → 0        (−1.2, 0.9) → 1        (1.5, 2.0) → 0

  "modes"   Each row is a point. Its label is 1 inside one of three round clusters, which lie
            apart from each other; zeros lie around them, with a little empty space between.
            Each call has other clusters: only X_train and y_train say where they are. With
            clusters around (−2, 1), (1, 2) and (1, −2), for example,

                (−1.7, 0.6) → 1        (0.0, 0.0) → 0         (1.1, −2.4) → 1

Ones and zeros are equally frequent. What counts is how many labels are right, on data that were
not in the training set: at least 90 % in each test set. How you get there is up to you: a rule,
neighbours, features of your own with a linear model on top, or a network with a hidden layer. A
rule that you know is as good as one that was learned, and not every task is suited to every way.

X_train is (m, n), y_train (m,) holds the integers 0 and 1, X_test is (k, n); k may be 1. "ring"
and "modes" come with 400 training samples and up to 200 test samples. If you train something:
the grader makes twelve calls for these two, and all calls together have 5 seconds
(`grade exercise-12 --timeout 30` allows more), so a training should take at most a third of a
second. Start from a seed (`np.random.default_rng(0)`), so that every run gives the same.

Use NumPy; do not use a library that has classifiers. Check your work with

    grade exercise-12
"""

import numpy as np


def classify(task, X_train, y_train, X_test):
    """The labels, 0 or 1, of the rows of X_test.

    task      "parity", "ring" or "modes"
    X_train   array (m, n), samples whose labels are known
    y_train   array (m,), their labels
    X_test    array (k, n), samples whose labels are asked for

    >>> classify("ring", X_train, y_train, np.array([[0.3, -0.4], [-1.2, 0.9]]))
    array([0, 1])
    """
    raise NotImplementedError
