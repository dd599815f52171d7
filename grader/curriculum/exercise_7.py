"""Softmax and cross-entropy: scores into probabilities, probabilities into a loss, and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import cuda, finite_difference, symbolic, torch_reference
from grader.oracles.network import decimals
from grader.oracles.numbers import plain
from grader.oracles.tracked import Tracked, whole

if TYPE_CHECKING:
    import torch

Formula = Callable[..., Any]

# --- softmax: what is right -------------------------------------------------------------------


def softmax(z: Any) -> Any:
    """As defined. Numbers in raised precision have no largest exponent, so nothing overflows."""
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def largest(z: Any) -> Any:
    """The largest entry along the last axis, which is kept. Ties are no kink here: whichever
    entry is taken, what it is subtracted from and added to again stays the same."""
    rows = z.reshape(-1, z.shape[-1])
    top = np.empty((len(rows), 1), dtype=object)
    for i, row in enumerate(rows):
        top[i, 0] = max(row, key=lambda x: Tracked.of(x).value)
    return top.reshape(*z.shape[:-1], 1)


def softmax_shifted(z: Any) -> Any:
    return softmax(z - largest(z))


def log_softmax(z: Any) -> Any:
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def log_softmax_shifted(z: Any) -> Any:
    return log_softmax(z - largest(z))


def by_logarithms(log_softmax: Formula) -> Formula:
    return lambda z: np.exp(log_softmax(z))


SOFTMAXES = (by_logarithms(log_softmax), by_logarithms(log_softmax_shifted))
"""The accepted forms that lose most: what rounding takes from logits near 10⁴, and from their
logarithm of a sum. Shifting by the maximum alone, and log-sum-exp with a shift, stay below."""

# --- softmax_jacobian: what is right ----------------------------------------------------------


def jacobian_from(softmax: Formula) -> Formula:
    return lambda z: _diagonal_minus_outer(softmax(z))


def _diagonal_minus_outer(p: Any) -> Any:
    return np.eye(len(p)) * p - p[:, None] * p


def jacobian_by_quotient_rule(z: Any) -> Any:
    e = np.exp(z - largest(z))
    total = e.sum()
    return (np.eye(len(e)) * e * total - e[:, None] * e) / (total * total)


# --- one_hot: what is right -------------------------------------------------------------------


def one_hot(labels: Any, classes: Any) -> Any:
    return np.eye(whole(classes))[whole(labels)]


# --- cross_entropy and its gradient: what is right --------------------------------------------


def at_labels(rows: Any, labels: Any) -> Any:
    """The entry of each row that its label names."""
    return rows[np.arange(len(rows)), whole(labels)]


def coded(logits: Any, labels: Any) -> Any:
    """The labels as one row of 0 and 1 for each sample."""
    return np.eye(logits.shape[1])[whole(labels)]


def cross_entropy(logits: Any, labels: Any) -> Any:
    each = np.log(np.exp(logits).sum(axis=-1)) - at_labels(logits, labels)
    return each.sum() / len(logits)


def cross_entropy_from(log_softmax: Formula) -> Formula:
    return lambda z, labels: -at_labels(log_softmax(z), labels).sum() / len(z)


CROSS_ENTROPIES = (
    cross_entropy_from(log_softmax_shifted),
    cross_entropy_from(lambda z: np.log(softmax_shifted(z))),
)
"""The logarithm of a softmax is one of them: right as long as the probability is not 0."""


def gradient(logits: Any, labels: Any) -> Any:
    return (softmax(logits) - coded(logits, labels)) / len(logits)


def gradient_from(softmax: Formula) -> Formula:
    """Divided before the difference is taken, which loses a little more: 1/m is rounded too."""
    return lambda z, labels: softmax(z) / len(z) - coded(z, labels) * (Tracked(1) / len(z))


# --- witnesses ----------------------------------------------------------------------------------

_UNITS = mpmath.mpf(10) ** -28


def _others_last(row: Any, first: int) -> tuple[Any, list[int]]:
    """`row` with entry `first` moved to the front, and where each entry came from."""
    order = [first, *(j for j in range(len(row)) if j != first)]
    return row[order], order


def _loss_of_first(row: Any) -> Any:
    """The cross-entropy of one sample whose label is 0: one expression serves every label."""
    return np.log(np.exp(row).sum()) - row[0]


def _softmax_of_first(row: Any) -> Any:
    return np.exp(row[0]) / np.exp(row).sum()


def _row(row: Any) -> Any:
    return row


_symbolic_softmax = symbolic.values_of(softmax)
_symbolic_loss = symbolic.values_of(_loss_of_first)


def _softmax_by_sympy(z: Any) -> Any:
    rows = np.asarray(z).reshape(-1, np.shape(z)[-1])
    return np.stack([_symbolic_softmax(row) for row in rows]).reshape(np.shape(z))


def _cross_entropy_by_sympy(logits: Any, labels: Any) -> Any:
    each = [
        _symbolic_loss(_others_last(row, int(c))[0]) for row, c in zip(logits, labels, strict=True)
    ]
    mean = sum(np.asarray(x, dtype=object).item() for x in each) / len(each)
    return np.array(mean, dtype=object)


def _softmax_by_mpmath(z: Any) -> tuple[Any, Any]:
    """Entry by entry, 1 / Σ e^(zⱼ − zᵢ): no fraction of exponentials, no array."""
    entries = np.asarray(z)
    out = np.empty(entries.shape, dtype=object)
    for index in np.ndindex(entries.shape):
        row = [mpmath.mpf(v.item()) for v in entries[index[:-1]]]
        out[index] = 1 / mpmath.fsum(mpmath.exp(v - row[index[-1]]) for v in row)
    return out, plain(abs(out) * _UNITS)


Rows = Callable[[Any], tuple[Any, Any]]
"""Derivatives of something by every entry of a row, and their bounds."""


def _symbolically(scalar: Formula) -> Rows:
    derivatives = symbolic.gradient(scalar, _row)

    def rows(row: Any) -> tuple[Any, Any]:
        values = derivatives(row)
        return values, abs(values) * _UNITS

    return rows


def _by_differences(scalar: Formula) -> Rows:
    return finite_difference.gradient(scalar, _row)


def _back(derivatives: Rows, row: Any, first: int) -> tuple[Any, Any]:
    """Derivatives by the entries of `row`, of what is special about entry `first`."""
    moved, order = _others_last(row, first)
    values, bounds = derivatives(moved)
    back = np.argsort(order)
    return values[back], bounds[back]


def _jacobian_witness(name: str, derivatives: Rows) -> Witness:
    def values(z: Any) -> tuple[Tree, Tree]:
        rows = [_back(derivatives, z, i) for i in range(len(z))]
        return np.stack([v for v, _ in rows]), np.stack([b for _, b in rows])

    return Witness(name, values)


def _gradient_witness(name: str, derivatives: Rows) -> Witness:
    """Row by row: each sample's loss depends on its own logits alone."""

    def values(logits: Any, labels: Any) -> tuple[Tree, Tree]:
        rows = [_back(derivatives, row, int(c)) for row, c in zip(logits, labels, strict=True)]
        m = len(rows)
        return np.stack([v for v, _ in rows]) / m, np.stack([b for _, b in rows]) / m

    return Witness(name, values)


def _torch_softmax(z: Any) -> torch.Tensor:
    import torch

    return torch.softmax(z, dim=-1)


def _torch_softmax_by_logsumexp(z: Any) -> torch.Tensor:
    import torch

    return torch.exp(z - torch.logsumexp(z, dim=-1, keepdim=True))


def _torch_jacobian(z: Any) -> Any:
    import torch

    return torch.autograd.functional.jacobian(_torch_softmax, z)  # type: ignore[no-untyped-call]


def _torch_one_hot(labels: Any, classes: Any) -> torch.Tensor:
    import torch

    return torch.nn.functional.one_hot(labels.long(), int(classes))


def _one_hot_by_delta(labels: Any, classes: Any) -> tuple[Any, Any]:
    """Kronecker's δ of label and class, by sympy."""
    import sympy

    table = [
        [mpmath.mpf(int(sympy.KroneckerDelta(int(c), j))) for j in range(classes)] for c in labels
    ]
    return np.array(table, dtype=object), 0


def _one_hot_by_comparing(labels: Any, classes: Any) -> tuple[Any, Any]:
    return (np.asarray(labels)[:, None] == np.arange(classes)).astype(np.float64), 0


def _torch_cross_entropy(logits: Any, labels: Any) -> torch.Tensor:
    import torch

    return torch.nn.functional.cross_entropy(logits, labels.long())


def _torch_nll(logits: Any, labels: Any) -> Any:
    import torch

    picked = logits.gather(1, labels.long()[:, None])[:, 0]
    return (torch.logsumexp(logits, dim=1) - picked).mean()


def _logits(logits: Any, labels: Any) -> Any:
    return logits


# --- cases --------------------------------------------------------------------------------------


def scores(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Logits of two decimals, about as many below 0 as above."""
    return decimals(rng.normal(size=shape) * 1.3, 2)


def vector(rng: np.random.Generator, size: int) -> Array:
    """A few logits in which no two, and no two softmax values, are nearly alike."""
    spaced = np.linspace(-1.7, 1.4, size) + rng.uniform(-0.12, 0.12, size)
    return decimals(rng.permutation(spaced), 2)


def vectors(rng: np.random.Generator, m: int, k: int) -> Array:
    """A batch of them, each on a level of its own: where all rows have about the same sum of
    exponentials, it would not show that one is divided by another's."""
    levels = rng.permutation(np.linspace(-1, 1, m))
    return decimals(np.stack([vector(rng, k) for _ in range(m)]) + levels[:, None], 2)


def one_behind(logits: Array) -> Array:
    """The last logit of every row moved so far down that cutting it off costs a few digits."""
    last = np.arange(logits.shape[-1]) == logits.shape[-1] - 1
    return decimals(logits - 27.0 * last, 2)


def batch(rng: np.random.Generator, m: int, k: int) -> tuple[Array, Array]:
    """Logits and labels. No two classes are equally frequent by design, label 0 and another are
    there, and the first sample's label is not the class with the largest logit."""
    logits = vectors(rng, m, k)
    labels = np.resize(np.arange(k), m)  # 0, 1, 2, 0 ... as far as the samples go
    labels = rng.permutation(labels)
    top = int(np.argmax(logits[0]))
    if labels[0] == top:
        logits[0] = np.roll(logits[0], 1)
    return logits, labels


def softmax_values(rng: np.random.Generator) -> list[Case]:
    return [
        Case("softmax", (vector(rng, 3),), id="a vector"),
        Case("softmax", (vectors(rng, 2, 3),), id="a batch"),
        # As many rows as columns: here a forgotten keepdims raises nothing.
        Case("softmax", (vectors(rng, 3, 3),), id="a square batch"),
        Case("softmax", (vectors(rng, 4, 5),), id="more of both"),
        Case("softmax", (one_behind(vectors(rng, 2, 4)),), id="one far behind in every row"),
    ]


def softmax_large(rng: np.random.Generator) -> list[Case]:
    near = vector(rng, 3)
    levels = np.array([[9990.0], [-9990.0]]) + vectors(rng, 2, 3)
    # One above all: shifted by anything but the maximum, it overflows.
    wide = rng.permutation([1e4, -1e4, -9990 + float(near[0])])
    return [
        Case("softmax", (decimals(1000 + near, 2),), id="around 1000"),
        Case("softmax", (decimals(levels, 2),), id="one row high, one row low"),
        Case("softmax", (decimals(wide, 2),), id="from −10 000 to 10 000"),
    ]


def softmax_forms(rng: np.random.Generator) -> list[Case]:
    grid = scores(rng, (4, 6))
    arguments = {
        "integers": np.array([[2, -1, 0], [1, 3, -2]]),
        "a vector of integers": np.array([3, -2, 3, 0]),
        "one sample": scores(rng, (1, 4)),
        "one class": scores(rng, (3, 1)),
        "every other column": grid[:, ::2],
        "rows from the last": grid[::-1],
        "a transposed matrix": grid.T,
        "three axes": scores(rng, (2, 4, 3)),
    }
    return [Case("softmax", (z,), id=f"softmax of {what}") for what, z in arguments.items()]


def jacobian_values(rng: np.random.Generator) -> list[Case]:
    return [Case("softmax_jacobian", (vector(rng, k),), id=f"{k} classes") for k in (2, 3, 4)]


def jacobian_large(rng: np.random.Generator) -> list[Case]:
    return [
        Case("softmax_jacobian", (decimals(1000 + vector(rng, 3), 2),), id="around 1000"),
        Case("softmax_jacobian", (decimals(-9990 + vector(rng, 2), 2),), id="around −10 000"),
        Case("softmax_jacobian", (rng.permutation([1e4, 0.0, -1e4]),), id="far apart"),
    ]


def one_hot_values(rng: np.random.Generator) -> list[Case]:
    """Unsorted labels, one of them twice; once the last class of all does not occur."""
    few = np.array([2, 0, 2, 1])
    more = np.array([0, 1, 2, 3, 4, int(rng.integers(1, 5))])
    return [
        Case("one_hot", (rng.permutation([2, 0, 1]), 4), id="a class that does not occur"),
        Case("one_hot", (rng.permutation(few), 3), id="a class that occurs twice"),
        Case("one_hot", (rng.permutation(more), 5), id="five classes"),
        Case("one_hot", (rng.permutation(12), 12), id="twelve classes"),
    ]


def losses(name: str) -> Any:
    def cases(rng: np.random.Generator) -> list[Case]:
        logits, labels = batch(rng, 3, 4)
        return [
            *(Case(name, batch(rng, m, k)) for m, k in ((2, 3), (4, 3), (3, 5))),
            Case(name, (one_behind(logits), np.minimum(labels, 2)), id="one far behind"),
        ]

    return cases


def gaps(rng: np.random.Generator) -> list[Case]:
    """Samples that the network is sure about, and wrong: the right class is far behind."""
    cases = []
    for gap in (20, 40, 80):
        low = decimals(-gap / 2 + rng.uniform(-0.4, 0.4), 1)
        logits = np.array([[gap / 2, float(low), float(decimals(rng.uniform(1, 3), 1))]])
        order = rng.permutation(3)
        label = np.array([int(np.argmin(logits[0, order]))])
        cases.append(Case("cross_entropy", (logits[:, order], label), id=f"{gap} behind"))
    return cases


def loss_large(rng: np.random.Generator) -> list[Case]:
    high = decimals(1000 + vectors(rng, 2, 3), 2)
    low = decimals(-9990 + vectors(rng, 2, 3), 2)
    near = float(decimals(rng.uniform(0.5, 1.5), 1))
    labels = rng.permutation([0, 2])
    return [
        Case("cross_entropy", (high, labels), id="around 1000"),
        Case("cross_entropy", (low, labels), id="around −10 000"),
        # The next two tell apart what goes wrong where a probability comes out as 0: that of
        # the label, then that of another class.
        Case("cross_entropy", (np.array([[near, -1e4, 0.0]]), np.array([1])), id="far behind"),
        Case("cross_entropy", (np.array([[0.0, 1e4, near]]), np.array([1])), id="far ahead"),
        Case("cross_entropy", (np.array([[1e4, near, -1e4]]), np.array([2])), id="from end to end"),
    ]


def gradient_large(rng: np.random.Generator) -> list[Case]:
    levels = np.array([[9990.0], [-9990.0]]) + vectors(rng, 2, 3)
    name = "cross_entropy_gradient"
    return [
        Case(name, (decimals(1000 + vector(rng, 3)[None], 2), np.array([1])), id="around 1000"),
        Case(name, (decimals(levels, 2), rng.permutation([0, 2])), id="one row high, one row low"),
        Case(name, (np.array([[0.0, 1e4, -1e4]]), np.array([2])), id="far behind"),
    ]


def other_forms(rng: np.random.Generator) -> list[Case]:
    """Labels of every integer type up to int64, views, integers, one sample.

    uint64 is none of them: with int64, as np.arange has it, NumPy makes floats of it, so that
    right code with places like i·classes + label would have no integers left.
    """
    apart, backwards = np.repeat(vector(rng, 3), 2), vector(rng, 4)
    labels = rng.permutation([0, 3, 1, 2])
    doubled = np.repeat(labels, 2)
    jacobian = {
        "integers": np.array([1, -1, 1, 2]),
        "every other entry": apart[::2],
        "from the last": backwards[::-1],
    }
    coding = {
        "int32 labels": (labels.astype(np.int32), 5),
        "int8 labels": (np.array([100, 0, 30], dtype=np.int8), 101),
        "two classes": (np.array([1, 0, 1]), 2),
        "uint8 labels": (labels.astype(np.uint8), 4),
        "every other label": (doubled.astype(np.uint16)[::2], 5),
        "one label": (np.array([300], dtype=np.int16), 301),
        "one class": (np.array([0, 0], dtype=np.uint32), 1),
    }
    square, wide = scores(rng, (4, 8)), scores(rng, (5, 4))
    batches = {
        "integers": (np.array([[2, -1, 2], [1, 3, -2]]), np.array([1, 0], dtype=np.int16)),
        "two classes": (scores(rng, (3, 2)), np.array([1, 0, 1], dtype=np.int8)),
        "one sample": (scores(rng, (1, 4)), np.array([2], dtype=np.uint32)),
        "every other column": (square[:, ::2], labels.astype(np.uint16)[::-1]),
        "a transposed matrix": (wide.T, labels.astype(np.uint8)),
        "int32 labels": (wide[1:], doubled[::2].astype(np.int32)),
    }
    return [
        *(Case("softmax_jacobian", (z,), id=f"jacobian of {w}") for w, z in jacobian.items()),
        *(Case("one_hot", arguments, id=f"one_hot of {w}") for w, arguments in coding.items()),
        *(
            Case(name, arguments, id=f"{name} of {what}")
            for name in ("cross_entropy", "cross_entropy_gradient")
            for what, arguments in batches.items()
        ),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    """Once more with logits so large that they have to be shifted: not where they are."""
    labels = rng.permutation([2, 0])
    cases = [
        Case("one_hot", (np.array([2, 0, 1]), 3)),
        Case("one_hot", (np.array([1, 1, 2]), 3)),
    ]
    for far in (0, 702):  # no exponential is infinite yet
        logits, one = decimals(vectors(rng, 2, 3) + far, 2), decimals(vector(rng, 3) + far, 2)
        cases += [
            Case("softmax", (logits,)),
            Case("softmax", (one,)),
            Case("softmax_jacobian", (one,)),
            Case("cross_entropy", (logits, labels)),
            Case("cross_entropy_gradient", (logits, labels)),
        ]
    return cases


# --- what is misunderstood: softmax -----------------------------------------------------------


def _total(e: Any) -> Any:
    return e.sum(axis=-1, keepdims=True)


def _normalised(e: Any) -> Any:
    return e / _total(e)


def _softmax_over_columns(z: Any) -> Any:
    e = np.exp(z)
    return e / e.sum(axis=0)


def _softmax_over_everything(z: Any) -> Any:
    e = np.exp(z)
    return e / e.sum()


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _winner(z: Any) -> Any:
    """1 for the largest entry of each row, 0 for the others."""
    rows = z.reshape(-1, z.shape[-1])
    picks = [max(range(len(r)), key=lambda j, r=r: Tracked.of(r[j]).value) for r in rows]  # type: ignore[misc]
    return np.eye(z.shape[-1])[picks].reshape(z.shape)


def _clipped(z: Any) -> Any:
    return _normalised(np.exp(np.clip(z, -500, 500)))


def _shifted_by_all(z: Any) -> Any:
    return _normalised(np.exp(z - np.max(z)))


def _shifted_by_least(z: Any) -> Any:
    return _normalised(np.exp(z - np.min(z, axis=-1, keepdims=True)))


SOFTMAX_MISCONCEPTIONS = (
    Misconception(
        "softmax-axis",
        "Your columns sum to 1. One row is one sample, and its probabilities belong together: "
        "which axis runs along a row?",
        _softmax_over_columns,
    ),
    Misconception(
        "softmax-over-everything",
        "The whole array sums to 1. Every sample has probabilities of its own: what does each "
        "row of your result sum to?",
        _softmax_over_everything,
    ),
    Misconception(
        "softmax-keepdims",
        "One sum for each row has shape (m,), and NumPy lines that up with the columns: an error "
        "for most batches, wrong values for a square one. How can the sums stay a column?",
        lambda z: np.exp(z) / np.exp(z).sum(axis=-1),
    ),
    Misconception(
        "softmax-no-exponential",
        "The scores are divided by their sum as they are. A score below 0 then gives a negative "
        "probability. What makes every score positive first?",
        _normalised,
    ),
    Misconception(
        "softmax-not-normalised",
        "These are the exponentials alone. Probabilities sum to 1 in every row.",
        lambda z: np.exp(z),
    ),
    Misconception(
        "softmax-divided-by-max",
        "The largest entry of each row is 1, so a row sums to more than that. The shift keeps "
        "the exponential small; the division by the sum is still to come.",
        lambda z: np.exp(z - largest(z)),
    ),
    Misconception(
        "softmax-sigmoid",
        "This is the sigmoid of every score by itself. In a softmax the classes compete: one "
        "probability grows only as the others shrink.",
        _sigmoid,
    ),
    Misconception(
        "softmax-mean",
        "Each row averages to 1 instead of summing to 1: you divide by the mean of the "
        "exponentials.",
        lambda z: softmax(z) * z.shape[-1],
    ),
    Misconception(
        "softmax-log",
        "These are the logarithms of the probabilities. That is useful for the loss; `softmax` "
        "asks for the probabilities themselves.",
        log_softmax,
    ),
    Misconception(
        "softmax-negated",
        "The smallest score gets the largest probability. Check the sign in the exponent.",
        lambda z: softmax(-z),
    ),
    Misconception(
        "softmax-winner",
        "The winner takes all here. A softmax is soft: every class gets a share, the largest "
        "score only the largest one.",
        _winner,
    ),
    Misconception(
        "softmax-shift-above-only",
        "The shift by the maximum is in the numerator only. It changes nothing as long as both "
        "parts of the fraction get it.",
        lambda z: np.exp(z - largest(z)) / _total(np.exp(z)),
    ),
    Misconception(
        "softmax-shift-below-only",
        "The shift by the maximum is in the denominator only. It changes nothing as long as both "
        "parts of the fraction get it.",
        lambda z: np.exp(z) / _total(np.exp(z - largest(z))),
    ),
    Misconception(
        "softmax-shift-outside",
        "The maximum is subtracted after the exponential. What overflows is the exponential "
        "itself, so the shift belongs inside it.",
        lambda z: (np.exp(z) - np.exp(largest(z))) / _total(np.exp(z)),
    ),
    Misconception(
        "softmax-overflow",
        "np.exp(1000) is infinite and np.exp(-1000) is 0, so your fraction becomes ∞/∞ or 0/0. "
        "Adding a constant to a row changes no probability: which constant makes it harmless?",
        softmax,
        floating=True,
    ),
    Misconception(
        "softmax-shift-by-all",
        "One maximum for the whole array is subtracted. A row far below it becomes 0/0: each row "
        "needs a shift of its own.",
        _shifted_by_all,
        floating=True,
    ),
    Misconception(
        "softmax-shift-not-largest",
        "The shift leaves something large and positive in the exponent where a row is spread "
        "wide. After the right shift no exponent is above 0.",
        _shifted_by_least,
        floating=True,
    ),
    Misconception(
        "softmax-clipped",
        "Clipping makes large scores equal, and their differences are all that counts. There is "
        "a way to make them smaller that keeps the differences.",
        _clipped,
        floating=True,
    ),
)

# --- what is misunderstood: the Jacobian ------------------------------------------------------


def _jacobian_with(change: Formula) -> Formula:
    """What `change` makes of the right probabilities."""
    return lambda z: change(softmax(z))


def _square(p: Any) -> Any:
    return p[:, None] * p


JACOBIAN_MISCONCEPTIONS = (
    Misconception(
        "jacobian-diagonal-only",
        "The diagonal is right, and the rest is not 0: every probability depends on every logit, "
        "because all of them share one denominator.",
        _jacobian_with(lambda p: np.eye(len(p)) * (p * (1 - p))),
    ),
    Misconception(
        "jacobian-diagonal-vector",
        "This is the diagonal as a vector. A vector of k outputs has k·k derivatives by its k "
        "inputs: what does p₀ do when z₁ grows?",
        _jacobian_with(lambda p: p * (1 - p)),
    ),
    Misconception(
        "jacobian-sign",
        "Right size, wrong sign everywhere. When a logit grows, its own probability grows and "
        "the others shrink.",
        _jacobian_with(lambda p: _square(p) - np.eye(len(p)) * p),
    ),
    Misconception(
        "jacobian-plus",
        "A plus stands where a minus belongs: here every row sums to more than 0, yet the "
        "probabilities always sum to 1, whatever the logits do.",
        _jacobian_with(lambda p: np.eye(len(p)) * p + _square(p)),
    ),
    Misconception(
        "jacobian-off-diagonal-sign",
        "The diagonal is right; beside it the sign is not. When one logit grows, what happens to "
        "the probability of another class?",
        _jacobian_with(lambda p: np.eye(len(p)) * p + _square(p) * (1 - 2 * np.eye(len(p)))),
    ),
    Misconception(
        "jacobian-diagonal-missing",
        "Beside the diagonal this is right. On the diagonal the logit is in the numerator too, "
        "and that adds a term.",
        _jacobian_with(lambda p: -_square(p)),
    ),
    Misconception(
        "jacobian-of-log",
        "This is the Jacobian of the logarithm of softmax; a factor is missing in every row.",
        _jacobian_with(lambda p: np.eye(len(p)) - p),
    ),
    Misconception(
        "jacobian-square-of-column",
        "p * p multiplies each entry by itself. Entry (i, j) needs pᵢ times pⱼ, every one with "
        "every other.",
        _jacobian_with(lambda p: np.eye(len(p)) * p - p * p),
    ),
    Misconception(
        "jacobian-square-of-row",
        "In entry (i, j), the same index stands in both factors. One of them is that of the "
        "output, the other that of the logit.",
        _jacobian_with(lambda p: p[:, None] * (np.eye(len(p)) - p[:, None])),
    ),
    Misconception(
        "jacobian-dot",
        "p @ p of two vectors is one number, subtracted everywhere. Every product pᵢ·pⱼ is "
        "needed, k·k of them.",
        _jacobian_with(lambda p: np.eye(len(p)) * p - (p * p).sum()),
    ),
    Misconception(
        "jacobian-at-logits",
        "The formula is meant for probabilities, and it is given the logits. Which of the two "
        "does the function receive?",
        lambda z: _diagonal_minus_outer(z),
    ),
    Misconception(
        "jacobian-softmax-twice",
        "Softmax is applied twice here: z goes in, so the probabilities are softmax(z), once.",
        lambda z: _diagonal_minus_outer(softmax(softmax(z))),
    ),
    Misconception(
        "jacobian-quotient-rule",
        "The quotient rule divides by the square of the denominator. Your entries are all too "
        "large by the same factor, the sum of the exponentials.",
        lambda z: _diagonal_minus_outer(softmax(z)) * np.exp(z).sum(),
    ),
    Misconception(
        "jacobian-overflow",
        "Somewhere ∞/∞ or 0/0 appears: the probabilities overflow before they are multiplied. A "
        "softmax that subtracts the largest logit first has no such trouble.",
        lambda z: _diagonal_minus_outer(softmax(z)),
        floating=True,
    ),
)

# --- what is misunderstood: one-hot -----------------------------------------------------------


def _coding(labels: Any, classes: Any) -> Any:
    return np.eye(whole(classes))[whole(labels)]


def _counted_from_one(labels: Any, classes: Any) -> Any:
    return (whole(labels)[:, None] == np.arange(1, whole(classes) + 1)).astype(np.float64)


def _one_row(labels: Any, classes: Any) -> Any:
    row = np.zeros(whole(classes))
    row[whole(labels)] = 1
    return row


ONE_HOT_MISCONCEPTIONS = (
    Misconception(
        "one-hot-transposed",
        "Rows and columns are swapped: a row belongs to a sample, a column to a class.",
        lambda labels, classes: _coding(labels, classes).T,
    ),
    Misconception(
        "one-hot-classes-from-labels",
        "There are too few columns. A class that happens not to occur in these labels has a "
        "column too: how many there are is given.",
        lambda labels, classes: np.eye(int(whole(labels).max()) + 1)[whole(labels)],
    ),
    Misconception(
        "one-hot-inverted",
        "0 and 1 are swapped: one entry of each row is hot, the others are 0.",
        lambda labels, classes: 1 - _coding(labels, classes),
    ),
    Misconception(
        "one-hot-labels-from-one",
        "Every 1 stands one column too far to the left. Labels start at 0 here, as columns do.",
        lambda labels, classes: np.eye(whole(classes))[whole(labels) - 1],
    ),
    Misconception(
        "one-hot-columns-from-one",
        "Every 1 stands one column too far to the left, and a sample of class 0 has none. Labels "
        "start at 0 here, as columns do.",
        _counted_from_one,
    ),
    Misconception(
        "one-hot-label-for-one",
        "The label itself stands where a 1 belongs. Which class it is, is said by the column.",
        lambda labels, classes: _coding(labels, classes) * whole(labels)[:, None],
    ),
    Misconception(
        "one-hot-every-row",
        "Y[:, labels] = 1 sets these columns in *every* row. Each label belongs to one row: NumPy "
        "pairs two lists of indices.",
        lambda labels, classes: np.ones((len(labels), 1)) * _one_row(labels, classes),
    ),
    Misconception(
        "one-hot-one-row",
        "This is one row that marks which classes occur. Every label gets a row of its own.",
        _one_row,
    ),
)

# --- what is misunderstood: cross-entropy -----------------------------------------------------


def _loss_with(change: Formula) -> Formula:
    """`change(p, Y)` of the right probabilities and the coded labels, for one number."""
    return lambda z, labels: change(softmax(z), coded(z, labels))


def _each(z: Any, labels: Any) -> Any:
    return -at_labels(log_softmax(z), labels)


def _mean(x: Any) -> Any:
    return x.sum() / x.size


def _binary(p: Any, Y: Any) -> Any:
    return -(Y * np.log(p) + (1 - Y) * np.log(1 - p)).sum() / len(p)


def _from_one(labels: Any) -> Any:
    """Labels that are taken to start at 1; index −1 is the last column."""
    return whole(labels) - 1


def _log_of_softmax(logits: Any, labels: Any) -> Any:
    p = softmax(logits - logits.max(axis=1, keepdims=True))
    return -np.log(p[np.arange(len(p)), labels]).mean()


def _zero_times_infinity(logits: Any, labels: Any) -> Any:
    p = softmax(logits - logits.max(axis=1, keepdims=True))
    return -(coded(logits, labels) * np.log(p)).sum() / len(p)


def _loss_overflow(logits: Any, labels: Any) -> Any:
    p = softmax(logits)
    return -np.log(p[np.arange(len(p)), labels]).mean()


def _logsumexp_overflow(logits: Any, labels: Any) -> Any:
    each = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(logits)), labels]
    return each.mean()


EPSILONS = {
    "1e-7": 1e-7,
    "1e-8": 1e-8,
    "1e-12": 1e-12,
    "1e-15": 1e-15,
    "machine": float(np.finfo(np.float64).eps),
}
CLIPS = {"1e-7": 1e-7, "1e-12": 1e-12, "1e-15": 1e-15}
"""The guards that textbooks and libraries use. On an ordinary sample a clip leaves no trace."""


def _guarded(what: str, value: float) -> str:
    return (
        f"{what} caps the loss at {-math.log(value):.0f}: a sample that is more wrong than that "
        "costs no more. Simplify log(softmax) instead, and nothing needs a guard."
    )


def _with_epsilon(epsilon: float) -> Formula:
    def loss(logits: Any, labels: Any) -> Any:
        p = softmax(logits - logits.max(axis=1, keepdims=True))
        return -np.log(p[np.arange(len(p)), labels] + epsilon).mean()

    return loss


def _with_clip(epsilon: float) -> Formula:
    def loss(logits: Any, labels: Any) -> Any:
        p = softmax(logits - logits.max(axis=1, keepdims=True))
        p = np.clip(p, epsilon, 1 - epsilon)
        return -np.log(p[np.arange(len(p)), labels]).mean()

    return loss


CROSS_ENTROPY_MISCONCEPTIONS = (
    Misconception(
        "cross-entropy-sum",
        "This is the sum over the samples. The mean does not grow with the size of a batch.",
        lambda z, labels: _each(z, labels).sum(),
    ),
    Misconception(
        "cross-entropy-mean-over-entries",
        "The mean is taken over all entries, classes included. Only one class of each sample "
        "contributes: how many numbers are there to average?",
        lambda z, labels: _each(z, labels).sum() / z.size,
    ),
    Misconception(
        "cross-entropy-half",
        "The ½ belongs to the squared error, where it cancels a 2. A logarithm has no use for it.",
        lambda z, labels: _mean(_each(z, labels)) / 2,
    ),
    Misconception(
        "cross-entropy-sign",
        "The loss is negative: the logarithm of a probability is below 0, and a loss gets "
        "smaller as the prediction gets better.",
        lambda z, labels: -_mean(_each(z, labels)),
    ),
    Misconception(
        "cross-entropy-per-sample",
        "This is the loss of every sample. The mean of them, one number, is asked for.",
        _each,
    ),
    Misconception(
        "cross-entropy-no-log",
        "This is 1 − p of the right class. What does cross-entropy take of that probability "
        "before it averages?",
        _loss_with(lambda p, Y: (1 - (p * Y).sum(axis=1)).sum() / len(p)),
    ),
    Misconception(
        "cross-entropy-binary",
        "This also counts log(1 − p) of the other classes, as for yes-or-no questions asked one "
        "by one. With softmax, they have had their say through the denominator.",
        _loss_with(_binary),
    ),
    Misconception(
        "cross-entropy-log2",
        "These are bits: the logarithm is to base 2. The natural one is meant.",
        lambda z, labels: _mean(_each(z, labels)) / math.log(2),
    ),
    Misconception(
        "cross-entropy-log-of-mean",
        "The probabilities are averaged before the logarithm is taken. Each sample has a loss of "
        "its own; the mean comes last.",
        _loss_with(lambda p, Y: -np.log((p * Y).sum() / len(p))),
    ),
    Misconception(
        "cross-entropy-softmax-twice",
        "Softmax is applied twice. Where does it happen first, and does what follows expect "
        "logits or probabilities?",
        lambda z, labels: _mean(_each(softmax(z), labels)),
    ),
    Misconception(
        "cross-entropy-no-softmax",
        "The logits are taken as if they were logarithms of probabilities. They become so only "
        "when the logarithm of the softmax's sum is subtracted.",
        lambda z, labels: -_mean(at_labels(z, labels)),
    ),
    Misconception(
        "cross-entropy-logit-missing",
        "This is the logarithm of the sum alone, the same for every label. The logit of the "
        "right class is the other half.",
        lambda z, labels: _mean(np.log(np.exp(z).sum(axis=1))),
    ),
    Misconception(
        "cross-entropy-entropy",
        "This is the entropy of the predictions themselves, −Σ p·log p; the labels play no part "
        "in it.",
        _loss_with(lambda p, Y: -(p * np.log(p)).sum() / len(p)),
    ),
    Misconception(
        "cross-entropy-all-classes",
        "The logarithms of all classes are summed. Only that of the class named by the label "
        "counts.",
        _loss_with(lambda p, Y: -np.log(p).sum() / len(p)),
    ),
    Misconception(
        "cross-entropy-all-pairs",
        "p[:, labels] takes the column of every label in every row, m·m numbers. Each row has one "
        "label: NumPy pairs two lists of indices.",
        lambda z, labels: -_mean(log_softmax(z)[:, whole(labels)]),
    ),
    Misconception(
        "cross-entropy-of-prediction",
        "This uses the class that the network likes best, so it cannot be wrong. The label says "
        "which class counts.",
        _loss_with(lambda p, Y: -np.log(largest(p)).sum() / len(p)),
    ),
    Misconception(
        "cross-entropy-labels-from-one",
        "The class before the right one is looked up; for label 0 the index −1 is the last. "
        "Labels start at 0 here.",
        lambda z, labels: -_mean(log_softmax(z)[np.arange(len(z)), _from_one(labels)]),
    ),
    Misconception(
        "cross-entropy-softmax-axis",
        "The probabilities of a *column* sum to 1 here. Those of one sample, a row, should.",
        lambda z, labels: -_mean(np.log(at_labels(_softmax_over_columns(z), labels))),
    ),
    Misconception(
        "cross-entropy-softmax-over-everything",
        "The probabilities of the whole batch sum to 1 together. Each sample has its own.",
        lambda z, labels: -_mean(np.log(at_labels(_softmax_over_everything(z), labels))),
    ),
    Misconception(
        "cross-entropy-overflow",
        "np.exp(1000) is infinite and np.exp(-1000) is 0, so the probabilities become ∞/∞ or "
        "0/0. What may be subtracted from every row without changing the loss?",
        _loss_overflow,
        floating=True,
    ),
    Misconception(
        "cross-entropy-logsumexp-overflow",
        "The logarithm comes too late: the sum of exponentials is already infinite, or 0. Take "
        "the largest logit out of the sum first.",
        _logsumexp_overflow,
        floating=True,
    ),
    Misconception(
        "cross-entropy-log-of-zero",
        "Far behind, the probability of the right class is rounded to 0, and its logarithm is "
        "infinite. The loss is only the distance to the top: write log(softmax) out and simplify "
        "before computing.",
        _log_of_softmax,
        floating=True,
    ),
    Misconception(
        "cross-entropy-zero-times-infinity",
        "A 0 of the one-hot code meets log(0): 0·∞ is not a number. Look up the label's entry "
        "alone, or keep log(0) from arising.",
        _zero_times_infinity,
        floating=True,
    ),
    *(
        Misconception(
            f"cross-entropy-epsilon-{name}",
            _guarded("The ε added to the probability", value),
            _with_epsilon(value),
            floating=True,
        )
        for name, value in EPSILONS.items()
    ),
    *(
        Misconception(
            f"cross-entropy-clip-{name}",
            _guarded("Clipping the probability", value),
            _with_clip(value),
            floating=True,
        )
        for name, value in CLIPS.items()
    ),
)

# --- what is misunderstood: the gradient ------------------------------------------------------


def _slope_with(change: Formula) -> Formula:
    """`change(p, Y)` of the right probabilities and the coded labels, averaged."""
    return lambda z, labels: change(softmax(z), coded(z, labels)) / len(z)


def _occurring(logits: Any, labels: Any) -> Any:
    return np.ones((len(logits), 1)) * _one_row(labels, logits.shape[1])


GRADIENT_MISCONCEPTIONS = (
    Misconception(
        "gradient-not-averaged",
        "Every entry is too large by the number of samples: the loss is a mean, so its gradient "
        "is one too.",
        lambda z, labels: softmax(z) - coded(z, labels),
    ),
    Misconception(
        "gradient-mean-over-entries",
        "You divide by the number of all entries. The loss is a mean over samples.",
        _slope_with(lambda p, Y: (p - Y) / p.shape[1]),
    ),
    Misconception(
        "gradient-divided-by-classes",
        "You divide by the number of classes. The loss is a mean over samples: which axis counts "
        "those?",
        lambda z, labels: (softmax(z) - coded(z, labels)) / z.shape[1],
    ),
    Misconception(
        "gradient-sign",
        "Right size, wrong sign: raising the logit of the right class should lower the loss.",
        _slope_with(lambda p, Y: Y - p),
    ),
    Misconception(
        "gradient-by-probability",
        "This is the gradient with respect to the probabilities. The logits are one step further "
        "back, on the other side of the softmax.",
        _slope_with(lambda p, Y: -Y / p),
    ),
    Misconception(
        "gradient-label-only",
        "The entries of the labels are right, the others are not 0: every logit is in the "
        "denominator of the softmax.",
        _slope_with(lambda p, Y: Y * (p - 1)),
    ),
    Misconception(
        "gradient-labels-missing",
        "These are the probabilities alone: in this form no logit should ever grow. What does "
        "the label change?",
        _slope_with(lambda p, Y: p),
    ),
    Misconception(
        "gradient-extra-slope",
        "A factor p·(1 − p) is too many. The derivative of softmax is already in the difference: "
        "it came out so simple because logarithm and exponential cancel.",
        _slope_with(lambda p, Y: (p - Y) * p * (1 - p)),
    ),
    Misconception(
        "gradient-doubled",
        "The 2 comes from a squared error; this loss has no square.",
        _slope_with(lambda p, Y: 2 * (p - Y)),
    ),
    Misconception(
        "gradient-no-softmax",
        "The labels are subtracted from the logits themselves. They are to be compared with "
        "probabilities.",
        lambda z, labels: (z - coded(z, labels)) / len(z),
    ),
    Misconception(
        "gradient-averaged-away",
        "The rows have been averaged into one. Every sample has logits of its own, so the "
        "gradient has as many rows as the logits; the mean is only a factor.",
        lambda z, labels: (softmax(z) - coded(z, labels)).sum(axis=0) / len(z),
    ),
    Misconception(
        "gradient-every-row",
        "p[:, labels] -= 1 subtracts in *every* row. Each row has one label: NumPy pairs two "
        "lists of indices.",
        lambda z, labels: (softmax(z) - _occurring(z, labels)) / len(z),
    ),
    Misconception(
        "gradient-labels-from-one",
        "The 1 is subtracted one class too early; for label 0 the index −1 is the last. Labels "
        "start at 0 here.",
        lambda z, labels: (softmax(z) - np.eye(z.shape[1])[_from_one(labels)]) / len(z),
    ),
    Misconception(
        "gradient-softmax-axis",
        "The probabilities of a *column* sum to 1 here. Those of one sample, a row, should.",
        lambda z, labels: (_softmax_over_columns(z) - coded(z, labels)) / len(z),
    ),
    Misconception(
        "gradient-overflow",
        "The probabilities become ∞/∞ or 0/0 where logits are large. A softmax that subtracts "
        "the largest logit of each row first has no such trouble.",
        gradient,
        floating=True,
    ),
)

# --- the exercise -------------------------------------------------------------------------------


EXERCISE = Exercise(
    id="exercise-7",
    title="Softmax and cross-entropy",
    topic="Classification",
    builds_on=("exercise-2",),
    functions=(
        Function(
            "softmax",
            "softmax(z)",
            reference=softmax,
            also_right=SOFTMAXES,
            witnesses=(
                symbolic.witness(_softmax_by_sympy),
                *cuda.and_on_device(torch_reference.values_of(_torch_softmax)),
                Witness("mpmath, entry by entry", _softmax_by_mpmath),
                Witness(
                    "torch by logsumexp",
                    torch_reference.values_of(_torch_softmax_by_logsumexp).values,
                ),
            ),
            misconceptions=SOFTMAX_MISCONCEPTIONS,
        ),
        Function(
            "softmax_jacobian",
            "softmax_jacobian(z)",
            reference=jacobian_from(softmax),
            also_right=(jacobian_from(SOFTMAXES[0]), jacobian_by_quotient_rule),
            witnesses=(
                _jacobian_witness("sympy", _symbolically(_softmax_of_first)),
                _jacobian_witness("finite differences", _by_differences(_softmax_of_first)),
                *cuda.and_on_device(torch_reference.values_of(_torch_jacobian)),
            ),
            misconceptions=JACOBIAN_MISCONCEPTIONS,
        ),
        Function(
            "one_hot",
            "one_hot(labels, classes)",
            reference=one_hot,
            witnesses=(
                Witness("sympy", _one_hot_by_delta),
                *cuda.and_on_device(torch_reference.values_of(_torch_one_hot)),
                Witness("comparing", _one_hot_by_comparing),
            ),
            misconceptions=ONE_HOT_MISCONCEPTIONS,
        ),
        Function(
            "cross_entropy",
            "cross_entropy(logits, labels)",
            reference=cross_entropy,
            also_right=CROSS_ENTROPIES,
            witnesses=(
                symbolic.witness(_cross_entropy_by_sympy),
                *cuda.and_on_device(torch_reference.values_of(_torch_cross_entropy)),
                Witness("torch by logsumexp", torch_reference.values_of(_torch_nll).values),
            ),
            misconceptions=CROSS_ENTROPY_MISCONCEPTIONS,
        ),
        Function(
            "cross_entropy_gradient",
            "cross_entropy_gradient(logits, labels)",
            reference=gradient,
            also_right=tuple(gradient_from(f) for f in SOFTMAXES),
            witnesses=(
                _gradient_witness("sympy", _symbolically(_loss_of_first)),
                _gradient_witness("finite differences", _by_differences(_loss_of_first)),
                *cuda.and_on_device(
                    torch_reference.gradient_witness(_torch_cross_entropy, _logits)
                ),
            ),
            misconceptions=GRADIENT_MISCONCEPTIONS,
        ),
    ),
    checks=(
        Check("softmax-values", "softmax: the formula", 1.25, Tier.VALUE, softmax_values),
        Check("softmax-precision", "softmax: all digits", 0.5, Tier.PRECISION, of="softmax-values"),
        Check(
            "softmax-stability",
            "softmax: logits up to ±10 000",
            0.75,
            Tier.STABILITY,
            softmax_large,
        ),
        Check(
            "softmax-forms",
            "softmax: integers, views, any axes",
            0.5,
            Tier.INTERFACE,
            softmax_forms,
        ),
        Check(
            "jacobian-values",
            "softmax_jacobian: every pair of classes",
            1.0,
            Tier.VALUE,
            jacobian_values,
        ),
        Check(
            "jacobian-precision",
            "softmax_jacobian: all digits",
            0.25,
            Tier.PRECISION,
            of="jacobian-values",
        ),
        Check(
            "jacobian-stability",
            "softmax_jacobian: logits up to ±10 000",
            0.25,
            Tier.STABILITY,
            jacobian_large,
        ),
        # No precision of 0 and 1: what is not exactly one of them is wrong.
        Check("one-hot-values", "one_hot: a row for every label", 0.75, Tier.VALUE, one_hot_values),
        Check(
            "loss-values", "cross_entropy: the formula", 1.25, Tier.VALUE, losses("cross_entropy")
        ),
        Check(
            "loss-precision", "cross_entropy: all digits", 0.25, Tier.PRECISION, of="loss-values"
        ),
        Check("loss-gaps", "cross_entropy: sure and wrong", 0.5, Tier.STABILITY, gaps),
        Check(
            "loss-stability",
            "cross_entropy: logits up to ±10 000",
            0.5,
            Tier.STABILITY,
            loss_large,
        ),
        Check(
            "gradient-values",
            "cross_entropy_gradient: the formula",
            1.0,
            Tier.VALUE,
            losses("cross_entropy_gradient"),
        ),
        Check(
            "gradient-precision",
            "cross_entropy_gradient: all digits",
            0.25,
            Tier.PRECISION,
            of="gradient-values",
        ),
        Check(
            "gradient-stability",
            "cross_entropy_gradient: logits up to ±10 000",
            0.25,
            Tier.STABILITY,
            gradient_large,
        ),
        Check("forms", "the others: integers, views, one sample", 0.5, Tier.INTERFACE, other_forms),
        Check("purity", "arguments unchanged, same answer again", 0.25, Tier.PURITY, again),
    ),
    hints=(
        "Softmax is an exponential and a division: exponentials of all entries, then every row "
        "divided by its own sum. axis=-1 is the last axis however many there are, and "
        "keepdims=True keeps the sums lined up with their rows.",
        "Subtract a constant from every logit of a row, write the fraction down again and cancel. "
        "Since nothing changes, choose the constant so that no exponent is ever above 0.",
        "For the Jacobian, differentiate pᵢ = eᵢ/Σe by zⱼ with the quotient rule, once for i = j "
        "and once for i ≠ j, and write both with pᵢ and pⱼ. np.diag and np.outer make a matrix "
        "of each part.",
        "rows[np.arange(m), labels] pairs each row with its label: it reads one entry of every "
        "row, and it can be assigned to. np.eye(classes) has a row for every class.",
        "log(softmax) is the logit minus the logarithm of a sum of exponentials. Take the largest "
        "logit out of that sum and nothing overflows, nothing becomes log(0). The derivative of "
        "that logarithm by the logits is the softmax itself; the label's own logit, which is "
        "subtracted from it, takes 1 away from its entry. Do not forget that the loss is a mean.",
    ),
)
