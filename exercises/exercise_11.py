"""Exercise 11: training with PyTorch.

You have written the forward pass, backpropagation and the training loop by hand. PyTorch has all
three; here you put them together. What there is to learn: which line does what, and in which
order.

The course's problem: noisy samples of a parabola,

    y = 8x² + 7x + 3 + noise,    x uniform in [−15, 15],

and a network that is to find the curve from them:

    Linear(1, 10) → ReLU → Linear(10, 6) → ReLU → Linear(6, 1)

`build_model()` gives this network as an `nn.Sequential`, a new one at every call. Leave the
initial values as PyTorch draws them.

`train(model, x, y, epochs=..., learning_rate=..., device=...)` trains a given model:

  - on the whole set at once: one epoch is one prediction for all of x, one loss, one update
  - on `nn.L1Loss()`, the mean of |ŷ − y| over all samples
  - with stochastic gradient descent, `torch.optim.SGD`, and nothing beside the learning rate
  - in place: afterwards the model that was given is the one that has learned
  - on the device that is named: the model, x and y are moved there, and the model stays there

and returns a list with one plain number (a Python float, no tensor) for every epoch: the loss of
the model as it was before the update of that epoch.

x and y are tensors of shape (samples, 1). The model is an `nn.Sequential` like yours; the grader
gives one with fewer units, weights of its own, and everything in float64. Let model, x and y keep
the dtype they have, and x and y the values they have.

    >>> model = nn.Sequential(nn.Linear(1, 1))          # the smallest there is
    >>> nn.init.constant_(model[0].weight, 2.0)
    >>> nn.init.constant_(model[0].bias, 0.5)
    >>> train(model, torch.tensor([[1.0], [2.0]]), torch.tensor([[4.0], [6.0]]),
    ...       epochs=2, learning_rate=0.1)
    [1.5, 1.175]
    >>> model[0].weight.item(), model[0].bias.item()    # up to float32
    (2.3, 0.7)

You may use PyTorch and NumPy. It builds on exercise-5. Check your work with

    grade exercise-11

It judges the model you build, every loss and every parameter after a few epochs on the CPU, and
whether the model is then on the device that was named (it asks for "meta", which every torch has:
shapes without numbers). These checks are worth all points. Where there is a GPU,

    grade exercise-11 --device cuda

runs `train` on it too, in float32 and for no points; otherwise that check is shown as not run.

How far the loss comes down on the course's own problem is not graded: it depends on the initial
values, and about one correct run in 25 gets stuck there, far from the parabola. Look at it
yourself: what stands at the end of this file, under `if __name__ == "__main__":`, runs with

    python exercise_11.py

and not while grading. It takes a quarter of a minute or more, and uses a GPU where there is one.
"""

import torch
from torch import nn


def build_model():
    """A new nn.Sequential of Linear(1, 10), ReLU, Linear(10, 6), ReLU, Linear(6, 1)."""
    raise NotImplementedError


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    """Trains `model` in place; the loss of every epoch, before its update, as a list of floats."""
    raise NotImplementedError


if __name__ == "__main__":
    device = "cuda" if torch.cuda.is_available() else "cpu"
    x = torch.empty(1000, 1).uniform_(-15, 15)
    y = 8 * x**2 + 7 * x + 3 + torch.randn(1000, 1)
    losses = train(build_model(), x, y, epochs=5000, device=device)
    for epoch in range(0, 5000, 500):
        print(f"epoch {epoch:4}: {losses[epoch]:8.2f}")
    # The loss goes up and down at the end, so a mean tells more than the last one. The first loss
    # is near 600. 30 to 60 is what a run usually comes to; above 250 it got stuck: run it again.
    print(f"mean of the last 200: {sum(losses[-200:]) / 200:.2f} on {device}")
