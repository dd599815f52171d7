"""The perceptron and logic gates.

A perceptron decides at every sample, and a decision within rounding of a tie may go either
way. So the trajectories that are graded use whole numbers and rates that are powers of two:
there every order of arithmetic is exact, and ties are ties. Other rates come with samples whose
decisions are clear; where one is not, the reference refuses the draw (NearKinkError).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles.network import decimals
from grader.oracles.tracked import NearKinkError, Tracked, values, whole

# --- how the learner's code is called ---------------------------------------------------------


def train_perceptron(Perceptron, *settings, X, y, X_test=None, asked="weight", fits=1, **named):  # type: ignore[no-untyped-def]  # sent as source: no name of this module means anything there
    """One quantity of a Perceptron(*settings, **named) after `fits` calls of fit(X, y)."""
    model = Perceptron(*settings, **named)
    for _ in range(fits):
        returned = model.fit(X, y)
    if asked == "weight":
        return model.weight
    if asked == "errors":
        return model.errors
    if asked == "the model itself":
        return "the model itself" if returned is model else returned
    return getattr(model, asked)(X_test)


def truth_table(gate, x1, x2):  # type: ignore[no-untyped-def]  # sent as source
    """The outputs of a gate for pairs of inputs, one call for each pair."""
    if isinstance(x1, list):
        return [gate(a, b) for a, b in zip(x1, x2, strict=True)]
    return gate(x1, x2)


# --- what is right ----------------------------------------------------------------------------


def on_exact_numbers(numbers: Sequence[Any]) -> bool:
    """Whether these are whole numbers and small powers of two, up to 1/64: sums and products of
    a few of them hold in a float32, so nothing is ever rounded."""
    return all(v * 64 == int(v * 64) for v in numbers)


def is_not_zero(change: Any) -> bool:
    return bool(Tracked.of(change).value != 0)


class Rule:
    """The perceptron as the exercise defines it, piece by piece; a misconception replaces one.

    Runs on numbers that carry their error, or on exact ones.
    """

    starts_at = 0

    def weights(self, n: int) -> Any:
        return np.array([mpmath.mpf(self.starts_at)] * (n + 1), dtype=object)

    def net_input(self, weight: Any, x: Any) -> Any:
        """For one sample; the product of two object arrays is a sum of products."""
        return x @ weight[1:] + weight[0]

    def decide(self, net: Any) -> int:
        return 1 if net >= 0 else -1

    def predict(self, weight: Any, x: Any) -> int:
        return self.decide(self.net_input(weight, x))

    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        """What is added to the bias; times x, what is added to the others."""
        return rate * (target - self.predict(weight, x))

    def add(self, weight: Any, change: Any, x: Any) -> Any:
        return weight + np.concatenate([[change], x * change])

    def epoch(self, weight: Any, X: Any, y: Any, rate: Any) -> tuple[Any, int]:
        updates = 0
        for x, target in zip(X, y, strict=True):
            change = self.change(rate, target, x, weight)
            weight = self.add(weight, change, x)
            updates += is_not_zero(change)
        return weight, updates

    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        weight, errors = self.weights(X.shape[1]), []
        for _ in range(niter):
            weight, updates = self.epoch(weight, X, y, rate)
            errors.append(updates)
        return weight, np.array(errors)

    def shown(self, weight: Any) -> Any:
        """The attribute `weight`."""
        return weight

    def returned(self) -> str | None:
        return "the model itself"

    def __call__(
        self,
        rate: Any = 0.01,
        niter: Any = 10,
        *,
        X: Any,
        y: Any,
        X_test: Any = None,
        asked: str = "weight",
        fits: int = 1,
    ) -> Tree:
        """What the driver gives for this rule."""
        rate, y = Tracked.of(rate), whole(y)
        if on_exact_numbers([rate.value, *values(X).ravel()]):
            X, rate = values(X), rate.value
        weight, errors = self.fit(X, y, rate, whole(niter))
        match asked:
            case "weight":
                return self.shown(weight)
            case "errors":
                return errors
            case "the model itself":
                return self.returned()
            case "predict":
                return self.each(self.predict, weight, X_test)
        return self.each(self.net_input, weight, X_test)

    @staticmethod
    def each(function: Callable[[Any, Any], Any], weight: Any, X_test: Any) -> Any:
        if on_exact_numbers([*values(weight), *values(X_test).ravel()]):
            X_test = values(X_test)
        if X_test.ndim == 1:
            return function(weight, X_test)
        return np.array([function(weight, x) for x in X_test], dtype=object)


def gate(name: str) -> Callable[..., Any]:
    """The truth table of a gate made of perceptrons, on numbers of any kind."""

    def perceptron(x1: Any, x2: Any, w1: int, w2: int, bias: int) -> int:
        return 1 if x1 * w1 + x2 * w2 + bias > 0 else 0

    def output(x1: Any, x2: Any) -> int:
        match name:
            case "AND":
                return perceptron(x1, x2, 2, 2, -3)
            case "OR":
                return perceptron(x1, x2, 2, 2, -1)
            case "NAND":
                return perceptron(x1, x2, -2, -2, 3)
        either, not_both = perceptron(x1, x2, 2, 2, -1), perceptron(x1, x2, -2, -2, 3)
        return perceptron(either, not_both, 2, 2, -3)

    return lambda x1, x2: _pairwise(output, whole_inputs(x1), whole_inputs(x2))


def whole_inputs(x: Any) -> Any:
    """Inputs of a gate, 0 or 1, as ints."""
    return [whole(v) for v in x] if isinstance(x, list) else whole(x)


def _pairwise(output: Callable[[Any, Any], Any], x1: Any, x2: Any) -> Any:
    if isinstance(x1, list):
        return np.array([output(a, b) for a, b in zip(x1, x2, strict=True)])
    return output(x1, x2)


# --- who else says so -------------------------------------------------------------------------

Fitted = tuple[Any, Any, Callable[[Any], tuple[Any, Any]]]
"""Weights, errors, and for one sample (net input, prediction); numbers of any exact kind."""


def _witness(
    name: str, fit: Callable[[Any, Any, Any, int], Fitted], high: Callable[[Any], Any] | None
) -> Witness:
    """`fit(X, y, rate, niter)` of rows of floats as a witness; `high` gives mpmath's number for
    one of its own, exactly. None: they are floats, and the bound is the reference's."""

    def evaluate(
        rate: float = 0.01,
        niter: int = 10,
        *,
        X: Array,
        y: Array,
        X_test: Array | None = None,
        asked: str = "weight",
        fits: int = 1,
    ) -> tuple[Tree, Tree | None]:
        if asked == "the model itself":
            return asked, None
        rows = np.asarray(X, dtype=np.float64).tolist()
        labels = [int(label) for label in y]
        weight, errors, ask = fit(rows, labels, rate, niter)
        if asked == "weight":
            result = weight
        elif asked == "errors":
            result = errors
        else:
            assert X_test is not None
            tests = np.asarray(X_test, dtype=np.float64)
            which = 1 if asked == "predict" else 0
            answers = [ask(row)[which] for row in np.atleast_2d(tests).tolist()]
            result = answers if tests.ndim == 2 else answers[0]
        array = np.array(result, dtype=object)
        if high is None:
            return array, None
        exact = np.frompyfunc(high, 1, 1)(array)
        return exact, np.abs(exact) * mpmath.mpf(10) ** -50

    return Witness(name, evaluate)


def _in_fractions(X: Any, y: Any, rate: float, niter: int) -> Fitted:
    """Floats are fractions: everything is exact. A wrong decision moves the weights by 2·rate
    towards the label; a right one moves nothing."""
    weight = [Fraction(0)] * (len(X[0]) + 1)
    samples = [[Fraction(1), *map(Fraction, row)] for row in X]
    step, errors = 2 * Fraction(rate), []

    def net(sample: Sequence[Fraction]) -> Fraction:
        return sum((w * v for w, v in zip(weight, sample, strict=True)), Fraction(0))

    for _ in range(niter):
        wrong = 0
        for sample, label in zip(samples, y, strict=True):
            if (net(sample) >= 0) != (label == 1):
                weight = [w + step * label * v for w, v in zip(weight, sample, strict=True)]
                wrong += 1
        errors.append(wrong)

    def ask(row: Sequence[float]) -> tuple[Fraction, int]:
        value = net([Fraction(1), *map(Fraction, row)])
        return value, 1 if value >= 0 else -1

    return weight, errors, ask


def _in_sympy(X: Any, y: Any, rate: float, niter: int) -> Fitted:
    """The dual form: how often each sample was wrong is all that is learned. Weights are never
    updated, they are a combination of the samples, and the net input a sum of kernels."""
    import sympy

    samples = sympy.Matrix([[1, *map(sympy.Rational, row)] for row in X])
    labels = sympy.Matrix(y)
    kernel = samples * samples.T
    counts = sympy.zeros(len(y), 1)
    errors = []
    for _ in range(niter):
        before = sum(counts)
        for i in range(len(y)):
            value = (kernel[i, :] * counts.multiply_elementwise(labels))[0]
            counts[i] += int((value >= 0) != (labels[i] > 0))
        errors.append(sum(counts) - before)
    weight = 2 * sympy.Rational(rate) * samples.T * counts.multiply_elementwise(labels)

    def ask(row: Sequence[float]) -> tuple[Any, int]:
        value = (sympy.Matrix([[1, *map(sympy.Rational, row)]]) * weight)[0]
        return value, 1 if value >= 0 else -1

    return list(weight), errors, ask


def _in_torch(X: Any, y: Any, rate: float, niter: int) -> Fitted:
    """The update as half a subgradient step on max(0, −label·net), by autograd; at a tie, where
    the slope is what one makes it, the sign of the decision decides."""
    import torch

    design = torch.nn.functional.pad(torch.tensor(X, dtype=torch.float64), (1, 0), value=1.0)
    labels = torch.tensor(y, dtype=torch.float64)
    weight = torch.zeros(design.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=2 * rate)

    def decision(value: Any) -> Any:
        return torch.heaviside(value, torch.ones_like(value)) * 2 - 1

    errors = []
    for _ in range(niter):
        wrong = 0
        for sample, label in zip(design, labels, strict=True):
            value = torch.dot(weight, sample)
            if decision(value.detach()) == label:
                continue
            optimizer.zero_grad()
            (-label * value).backward()
            optimizer.step()
            wrong += 1
        errors.append(wrong)

    def ask(row: Sequence[float]) -> tuple[float, int]:
        sample = torch.tensor([1.0, *row], dtype=torch.float64)
        value = torch.dot(weight.detach(), sample)
        return value.item(), int(decision(value).item())

    return weight.detach().tolist(), errors, ask


def _fraction_as_high(x: Any) -> Any:
    return mpmath.mpf(x.numerator) / mpmath.mpf(x.denominator)


def _rational_as_high(x: Any) -> Any:
    return mpmath.mpf(int(getattr(x, "p", x))) / int(getattr(x, "q", 1))


def _logic_in_sympy(name: str) -> Witness:
    def evaluate(x1: Any, x2: Any) -> tuple[Any, None]:
        from sympy.logic import boolalg

        function = {
            "AND": boolalg.And,
            "OR": boolalg.Or,
            "NAND": boolalg.Nand,
            "XOR": boolalg.Xor,
        }[name]
        return _pairwise(lambda a, b: int(bool(function(bool(a), bool(b)))), x1, x2), None

    return Witness("sympy", evaluate)


def _logic_in_torch(name: str) -> Witness:
    def evaluate(x1: Any, x2: Any) -> tuple[Any, None]:
        import torch

        a, b = torch.tensor(x1) != 0, torch.tensor(x2) != 0
        result = {
            "AND": torch.logical_and(a, b),
            "OR": torch.logical_or(a, b),
            "NAND": torch.logical_not(torch.logical_and(a, b)),
            "XOR": torch.logical_xor(a, b),
        }[name]
        return result.numpy().astype(int), None

    return Witness("torch", evaluate)


def _logic_by_counting(name: str) -> Witness:
    """How many of the inputs are lit decides."""
    lit = {"AND": {2}, "OR": {1, 2}, "NAND": {0, 1}, "XOR": {1}}[name]
    return Witness(
        "counting", lambda x1, x2: (_pairwise(lambda a, b: int(a + b in lit), x1, x2), None)
    )


# --- cases ------------------------------------------------------------------------------------

_RATES = (0.5, 0.125, 1.0, 0.25)


def _whole_samples(rng: np.random.Generator, m: int, n: int) -> Array:
    return rng.integers(-4, 5, (m, n))


def _errors(X: Array, y: Array, niter: int) -> list[int]:
    return list(_in_fractions(X.tolist(), y.tolist(), 0.5, niter)[1])


def _tells(X: Array, y: Array, niter: int) -> bool:
    """Whether those who go another way to the weights arrive somewhere else."""
    data = X.astype(object), y, 1, niter
    right = Rule().fit(*data)[0]
    others = (BiasNotUsed, TieIsMinusOne, WholeBatch, FromTheLast)
    return all((other().fit(*data)[0] != right).any() for other in others)


def _learnable(rng: np.random.Generator, m: int, n: int, niter: int) -> tuple[Array, Array]:
    """Samples that a perceptron separates after two or more epochs with errors, and before the
    last. The first has the label 1: there the net input is 0, and 0 counts as 1."""
    while True:
        X, normal = _whole_samples(rng, m, n), rng.integers(-3, 4, n + 1)
        y = np.where(X @ normal[1:] + normal[0] >= 0, 1, -1)
        errors = _errors(X, y, niter)
        if y[0] == 1 and errors[1] and not any(errors[-2:]) and _tells(X, y, niter):
            return X, y


def _restless(rng: np.random.Generator, m: int, n: int, niter: int) -> tuple[Array, Array]:
    """Samples that no epoch within niter gets all right, with different numbers of errors."""
    while True:
        X, y = _whole_samples(rng, m, n), rng.choice([-1, 1], m)
        errors = _errors(X, y, niter)
        if min(errors) > 0 and len(set(errors)) > 1 and max(errors) < m and _tells(X, y, niter):
            return X, y


def _clear(rng: np.random.Generator, m: int, n: int) -> tuple[Array, Array]:
    """Samples with decimals; the first with the label −1, so that it is an error."""
    X = decimals(rng.uniform(-2, 2, (m, n)), 2)
    y = rng.choice([-1, 1], m)
    y[:2] = -1, 1
    return X, y


def _first_steps(rng: np.random.Generator) -> tuple[Array, Array]:
    """Two samples whose updates can be followed by hand: both are wrong the first time, unless
    the tie at 0 goes the other way."""
    while True:
        X = rng.integers(-4, 5, (2, 2))
        y = np.array([-1, 1])
        if X.all() and abs(X[0] - X[1]).all() and _errors(X, y, 1) == [2]:
            return X, y


def _asked(asked: str) -> Any:
    """The cases of "weight" or of "errors"."""

    def cases(rng: np.random.Generator) -> list[Case]:
        def case(id_: str, data: tuple[Array, Array], rate: float, niter: int, **more: Any) -> Case:
            X, y = data
            # What a call shows begins with the settings, as a call of the learner's would.
            given = {"rate": rate, "niter": niter, "X": X, "y": y, **more}
            return Case("Perceptron", (), {**given, "asked": asked}, id=id_)

        rates = rng.permutation(_RATES)
        found = [
            case("two samples, one epoch", _first_steps(rng), float(rates[0]), 1),
            case("samples that it learns", _learnable(rng, 5, 2, 6), float(rates[1]), 6),
            case("samples that it does not learn", _restless(rng, 7, 3, 3), float(rates[2]), 3),
            case("more that it learns", _learnable(rng, 6, 3, 8), float(rates[3]), 8),
        ]
        if asked == "weight":
            found.append(case("a rate of 0.1", _clear(rng, 4, 2), 0.1, 2))
            found.append(case("a rate of 0.3", _clear(rng, 5, 3), 0.3, 2))
        return found

    return cases


def predictions(rng: np.random.Generator) -> list[Case]:
    found = []
    for asked in ("net_input", "predict"):
        (X, y), (Z, t) = _learnable(rng, 5, 2, 6), _clear(rng, 4, 3)
        tests, fresh = _with_a_tie(rng, X, y, 6), decimals(rng.uniform(-2, 2, (6, 3)), 2)
        found += [
            Case(
                "Perceptron",
                (),
                {"rate": 0.5, "niter": 6, "X": X, "y": y, "X_test": tests, "asked": asked},
                id=f"{asked} of a batch",
            ),
            Case(
                "Perceptron",
                (),
                {"rate": 0.01, "niter": 2, "X": Z, "y": t, "X_test": fresh, "asked": asked},
                id=f"{asked}, a rate of 0.01",
            ),
        ]
    return found


def _with_a_tie(rng: np.random.Generator, X: Array, y: Array, niter: int) -> Array:
    """New whole samples of both kinds, and where there is one, with a net input of 0."""
    ask = _in_fractions(X.tolist(), y.tolist(), 0.5, niter)[2]
    while True:
        tests = rng.integers(-6, 7, (4, X.shape[1]))
        if {ask(row)[1] for row in tests.tolist()} == {-1, 1}:
            break
    grid = np.stack(np.meshgrid(np.arange(-6, 7), np.arange(-6, 7)), axis=-1).reshape(-1, 2)
    ties = [row for row in grid.tolist() if ask(row)[0] == 0]
    return np.array([*tests.tolist(), *ties[:1]])


def forms(rng: np.random.Generator) -> list[Case]:
    X, y = _learnable(rng, 6, 3, 5)
    one, labels = _learnable(rng, 5, 1, 6)
    Z, t = _clear(rng, 5, 2)
    wide = np.zeros((6, 6), dtype=np.int64)
    wide[:, ::2] = X
    tests = rng.integers(-5, 6, (3, 3))

    def case(id_: str, *settings: Any, **named: Any) -> Case:
        return Case("Perceptron", settings, named, id=id_)

    def fitted(id_: str, asked: str, X_test: Any) -> Case:
        return case(id_, rate=0.5, niter=5, X=X, y=y, X_test=X_test, asked=asked)

    return [
        case("fit returns the model", rate=0.5, niter=2, X=X, y=y, asked="the model itself"),
        case("the settings by position", 0.25, 3, X=X, y=y, asked="errors"),
        case("no settings: niter", X=Z, y=t, asked="errors"),
        case("no settings: rate", niter=2, X=Z, y=t, asked="weight"),
        case("a single feature", rate=0.5, niter=6, X=one, y=labels, asked="weight"),
        case("an integer rate", rate=2, niter=3, X=X, y=y, asked="weight"),
        case("labels that are floats", rate=0.5, niter=5, X=X, y=y.astype(float), asked="weight"),
        case("every other column", rate=0.5, niter=5, X=wide[:, ::2], y=y, asked="weight"),
        case("rows from the last", rate=0.5, niter=5, X=X[::-1], y=y[::-1].copy(), asked="weight"),
        case("a transposed matrix", rate=1.0, niter=5, X=X.T.copy().T, y=y, asked="errors"),
        fitted("net_input of one sample", "net_input", tests[0]),
        fitted("predict of one sample", "predict", tests[1]),
        fitted("predict of a batch of one", "predict", tests[:1]),
        fitted("net_input of samples with decimals", "net_input", tests + 0.25),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    X, y = _learnable(rng, 5, 2, 6)
    settings = {"rate": 0.5, "niter": 6, "X": X, "y": y}
    return [
        Case("Perceptron", (), {**settings, "asked": "weight"}),
        Case("Perceptron", (), {**settings, "asked": "errors"}),
        Case("Perceptron", (), {**settings, "asked": "predict", "X_test": X * 2 - 1}),
        Case("Perceptron", (), {**settings, "fits": 2, "asked": "weight"}),
        Case("Perceptron", (), {**settings, "fits": 2, "asked": "errors"}),
    ]


_FIRST, _SECOND = [0, 0, 1, 1], [0, 1, 0, 1]


def pairs(name: str) -> Any:
    return lambda rng: [Case(name, (_FIRST, _SECOND), id="all four pairs")]


def numbers(rng: np.random.Generator) -> list[Case]:
    """Floats, and integers of NumPy's, as the rows of a table would give them."""
    found = []
    for name in ("AND", "OR", "NAND", "XOR"):
        a, b = (int(v) for v in rng.integers(0, 2, 2))
        found.append(Case(name, (float(a), float(b)), id=f"{name} of floats"))
        found.append(Case(name, (np.int64(b), np.int64(1 - a)), id=f"{name} of NumPy integers"))
    return found


# --- what is misunderstood --------------------------------------------------------------------


class PredictsZeroOrOne(Rule):
    def decide(self, net: Any) -> int:
        return 1 if net >= 0 else 0


class TieIsMinusOne(Rule):
    def decide(self, net: Any) -> int:
        return 1 if net > 0 else -1


class TieIsZero(Rule):
    def decide(self, net: Any) -> int:
        return 1 if net > 0 else -1 if net < 0 else 0


class PredictsTheOpposite(Rule):
    def decide(self, net: Any) -> int:
        return -1 if net >= 0 else 1


class HalfTheStep(Rule):
    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        return rate * target * (self.predict(weight, x) != target)


class WithoutLabel(Rule):
    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        return rate * (self.predict(weight, x) != target)


class AlwaysUpdates(Rule):
    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        return rate * target


class UpdatesWhenRight(Rule):
    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        return rate * (target + self.predict(weight, x))


class WrongDirection(Rule):
    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        return rate * (self.predict(weight, x) - target)


class RateIgnored(Rule):
    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        return target - self.predict(weight, x)


class Adaline(Rule):
    def change(self, rate: Any, target: Any, x: Any, weight: Any) -> Any:
        return rate * (target - self.net_input(weight, x))


class BiasForgotten(Rule):
    def add(self, weight: Any, change: Any, x: Any) -> Any:
        return weight + np.concatenate([[0], x * change])


class WithoutX(Rule):
    def add(self, weight: Any, change: Any, x: Any) -> Any:
        return weight + np.array([change] * len(weight), dtype=object)


class BiasNotUsed(Rule):
    def net_input(self, weight: Any, x: Any) -> Any:
        return x @ weight[1:]


class BiasLast(Rule):
    def shown(self, weight: Any) -> Any:
        return np.roll(weight, -1)


class BiasNotShown(Rule):
    def shown(self, weight: Any) -> Any:
        return weight[1:]


class StartsAtOne(Rule):
    starts_at = 1


class WholeBatch(Rule):
    def epoch(self, weight: Any, X: Any, y: Any, rate: Any) -> tuple[Any, int]:
        changes = [self.change(rate, t, x, weight) for x, t in zip(X, y, strict=True)]
        for x, change in zip(X, changes, strict=True):
            weight = self.add(weight, change, x)
        return weight, sum(map(is_not_zero, changes))


class FromTheLast(Rule):
    def epoch(self, weight: Any, X: Any, y: Any, rate: Any) -> tuple[Any, int]:
        return super().epoch(weight, X[::-1], y[::-1], rate)


class StartsOver(Rule):
    def epoch(self, weight: Any, X: Any, y: Any, rate: Any) -> tuple[Any, int]:
        return super().epoch(self.weights(X.shape[1]), X, y, rate)


class ErrorsTwice(Rule):
    def epoch(self, weight: Any, X: Any, y: Any, rate: Any) -> tuple[Any, int]:
        weight, updates = super().epoch(weight, X, y, rate)
        return weight, 2 * updates


class CountsTheRight(Rule):
    def epoch(self, weight: Any, X: Any, y: Any, rate: Any) -> tuple[Any, int]:
        weight, updates = super().epoch(weight, X, y, rate)
        return weight, len(y) - updates


class ErrorsAfterwards(Rule):
    def epoch(self, weight: Any, X: Any, y: Any, rate: Any) -> tuple[Any, int]:
        weight, _ = super().epoch(weight, X, y, rate)
        return weight, sum(self.predict(weight, x) != t for x, t in zip(X, y, strict=True))


class StopsEarly(Rule):
    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        weight, errors = super().fit(X, y, rate, niter)
        return weight, np.array(list(_up_to_zero(errors)))


def _up_to_zero(errors: Any) -> Iterator[int]:
    for number in errors:
        yield number
        if not number:
            return


class OneEpochOnly(Rule):
    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        return super().fit(X, y, rate, 1)


class OneEpochMore(Rule):
    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        return super().fit(X, y, rate, niter + 1)


class OneEpochShort(Rule):
    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        return super().fit(X, y, rate, niter - 1)


class ErrorsAddUp(Rule):
    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        weight, errors = super().fit(X, y, rate, niter)
        return weight, np.cumsum(errors)


class ErrorsAltogether(Rule):
    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        weight, errors = super().fit(X, y, rate, niter)
        return weight, sum(errors)


class LastErrors(Rule):
    def fit(self, X: Any, y: Any, rate: Any, niter: int) -> tuple[Any, Any]:
        weight, errors = super().fit(X, y, rate, niter)
        return weight, errors[-1]


def mistaken(rule: Rule) -> Callable[..., Tree]:
    """What a wrong rule gives; nothing where it comes too near a tie of its own, which is no
    reason to draw other samples."""

    def answer(*settings: Any, **named: Any) -> Tree:
        try:
            return rule(*settings, **named)
        except NearKinkError as tie:
            raise ArithmeticError("rounding decides") from tie

    return answer


PERCEPTRON_MISCONCEPTIONS = (
    Misconception(
        "predicts-zero-or-one",
        "Your predictions are 0 or 1, and the labels are −1 or 1: a sample of the label −1 is "
        "never right, and the weights never come to rest.",
        mistaken(PredictsZeroOrOne()),
    ),
    Misconception(
        "tie-is-minus-one",
        "Where the net input is exactly 0, the prediction is 1. That is so for the very first "
        "sample: all weights are 0 then.",
        mistaken(TieIsMinusOne()),
    ),
    Misconception(
        "tie-is-zero",
        "Where the net input is exactly 0, your prediction is 0, which is no label. np.sign does "
        "that; to which of the two labels does 0 belong?",
        mistaken(TieIsZero()),
    ),
    Misconception(
        "predicts-the-opposite",
        "A net input of 0 or more means 1, a negative one −1. Yours are the other way round.",
        mistaken(PredictsTheOpposite()),
    ),
    Misconception(
        "half-the-step",
        "Every weight is half of what it should be. How large is target − prediction where the "
        "two differ?",
        mistaken(HalfTheStep()),
    ),
    Misconception(
        "update-without-label",
        "Every error pushes the weights the same way here, whether the net input was too high or "
        "too low. What tells the two apart?",
        mistaken(WithoutLabel()),
    ),
    Misconception(
        "updates-every-sample",
        "The weights change at every sample, also where the prediction was right. What does a "
        "perceptron learn from?",
        mistaken(AlwaysUpdates()),
    ),
    Misconception(
        "updates-when-right",
        "The weights change where the prediction is right and stay where it is wrong. Look at the "
        "sign between target and prediction.",
        mistaken(UpdatesWhenRight()),
    ),
    Misconception(
        "wrong-direction",
        "Each update makes its error worse: after it, the net input of that sample is still "
        "further on the wrong side.",
        mistaken(WrongDirection()),
    ),
    Misconception(
        "rate-ignored",
        "Your weights do not depend on the rate.",
        mistaken(RateIgnored()),
    ),
    Misconception(
        "adaline",
        "You compare the target with the net input, and so every sample is an error. That is "
        "another model, the Adaline; a perceptron compares with what it predicts.",
        mistaken(Adaline()),
    ),
    Misconception(
        "bias-forgotten",
        "weight[0] stays 0. The bias learns as well, as if its input were always 1.",
        mistaken(BiasForgotten()),
    ),
    Misconception(
        "update-without-x",
        "All weights change by the same amount here. That is right for the bias, whose input is "
        "1; what about the inputs of the others?",
        mistaken(WithoutX()),
    ),
    Misconception(
        "bias-not-used",
        "The bias is learned, but your net input does without it.",
        mistaken(BiasNotUsed()),
    ),
    Misconception(
        "bias-last",
        "The numbers are right; the bias stands last in `weight`, and it should be first.",
        mistaken(BiasLast()),
    ),
    Misconception(
        "bias-not-in-weight",
        "The weights are right, but the bias is missing: `weight` has one entry more than there "
        "are features.",
        mistaken(BiasNotShown()),
    ),
    Misconception(
        "starts-at-one",
        "Your weights start at 1. Where should they start?",
        mistaken(StartsAtOne()),
    ),
    Misconception(
        "whole-batch",
        "The updates of an epoch are all computed with the weights from its beginning. Each "
        "sample is to be judged with what the ones before it have taught.",
        mistaken(WholeBatch()),
    ),
    Misconception(
        "samples-from-the-last",
        "The samples come in reverse. The order of the updates matters: the first row first.",
        mistaken(FromTheLast()),
    ),
    Misconception(
        "starts-over-every-epoch",
        "Every epoch starts with weights of 0 again. What is to be done once, before the loop?",
        mistaken(StartsOver()),
    ),
    Misconception(
        "stops-early",
        "You stop after the first epoch without errors. There are always niter epochs, and a "
        "number in `errors` for each.",
        mistaken(StopsEarly()),
    ),
    Misconception(
        "one-epoch-only",
        "Only the first epoch is done. Look at the indentation of your `return`.",
        mistaken(OneEpochOnly()),
    ),
    Misconception(
        "one-epoch-more",
        "There is one epoch too many. Where does your range end?",
        mistaken(OneEpochMore()),
    ),
    Misconception(
        "one-epoch-short",
        "There is one epoch too few. Where does your range start?",
        mistaken(OneEpochShort()),
    ),
    Misconception(
        "errors-add-up",
        "Your number of errors goes on from epoch to epoch. Each epoch counts its own.",
        mistaken(ErrorsAddUp()),
    ),
    Misconception(
        "errors-altogether",
        "This is the number of errors in all epochs together. One number is asked for in each.",
        mistaken(ErrorsAltogether()),
    ),
    Misconception(
        "errors-of-last-epoch",
        "This is the number of errors in the last epoch alone. One number is asked for in each.",
        mistaken(LastErrors()),
    ),
    Misconception(
        "errors-twice",
        "Each error counts as 2 here: that is the size of target − prediction. One update, one "
        "error.",
        mistaken(ErrorsTwice()),
    ),
    Misconception(
        "counts-the-right-ones",
        "You count the samples that were right. `errors` has the others.",
        mistaken(CountsTheRight()),
    ),
    Misconception(
        "errors-after-the-epoch",
        "You count what is still wrong when the epoch is over. `errors` has the number of updates "
        "that were made in it.",
        mistaken(ErrorsAfterwards()),
    ),
)


def _outputs(table: Sequence[int]) -> Callable[..., Any]:
    """A gate by its outputs for (0, 0), (0, 1), (1, 0) and (1, 1)."""
    return lambda x1, x2: _pairwise(
        lambda a, b: table[2 * a + b], whole_inputs(x1), whole_inputs(x2)
    )


_SIGNS = (
    "gate-of-signs",
    "Your gate gives −1 where 0 is asked for. The outputs of a gate are 0 and 1, like its inputs.",
)


def _gate(name: str, signs: Sequence[int], *mistakes: tuple[str, str, Sequence[int]]) -> Function:
    return Function(
        name,
        f"{name}(x1, x2)",
        reference=gate(name),
        witnesses=(_logic_in_sympy(name), _logic_in_torch(name), _logic_by_counting(name)),
        misconceptions=(
            *(Misconception(id_, help_, _outputs(table)) for id_, help_, table in mistakes),
            Misconception(*_SIGNS, _outputs(signs)),
        ),
        driver=truth_table,
    )


GATES = (
    _gate(
        "AND",
        (-1, -1, -1, 1),
        (
            "and-is-or",
            "This is OR: a single 1 is enough for yours. How large must the bias be so that only "
            "two of them are?",
            (0, 1, 1, 1),
        ),
        (
            "and-is-nand",
            "This is NAND, the opposite: all signs are turned round.",
            (1, 1, 1, 0),
        ),
        (
            "and-never",
            "Your gate never gives 1. Is w1 + w2 larger than what the bias takes away?",
            (0, 0, 0, 0),
        ),
    ),
    _gate(
        "OR",
        (-1, 1, 1, 1),
        (
            "or-is-and",
            "This is AND: yours needs two ones. How small must the bias be so that one is enough?",
            (0, 0, 0, 1),
        ),
        (
            "or-is-nor",
            "This is NOR, the opposite: all signs are turned round.",
            (1, 0, 0, 0),
        ),
        (
            "or-is-xor",
            "This is XOR. OR gives 1 for two ones, too.",
            (0, 1, 1, 0),
        ),
        (
            "or-always",
            "Your gate gives 1 even for two zeros. There the bias alone decides: which sign does "
            "it need?",
            (1, 1, 1, 1),
        ),
    ),
    _gate(
        "NAND",
        (1, 1, 1, -1),
        (
            "nand-is-and",
            "This is AND. NAND is its opposite in all four cases.",
            (0, 0, 0, 1),
        ),
        (
            "nand-is-nor",
            "This is NOR: a single 1 turns yours off. NAND gives 0 only for two of them.",
            (1, 0, 0, 0),
        ),
        (
            "nand-is-or",
            "This is OR. NAND gives 0 only for two ones.",
            (0, 1, 1, 1),
        ),
    ),
    _gate(
        "XOR",
        (-1, 1, 1, -1),
        (
            "xor-is-or",
            "This is OR: two ones should give 0. No single perceptron can do that; which gate of "
            "yours gives 0 there?",
            (0, 1, 1, 1),
        ),
        (
            "xor-is-and",
            "This is AND. Of what do you take the AND in the end: of x1 and x2, or of what two "
            "other gates make of them?",
            (0, 0, 0, 1),
        ),
        (
            "xor-is-nand",
            "This is NAND: two zeros should give 0. Which gate of yours gives 0 there?",
            (1, 1, 1, 0),
        ),
        (
            "xor-is-xnor",
            "This is the opposite of XOR: it is 1 where both inputs are equal.",
            (1, 0, 0, 1),
        ),
        (
            "xor-only-x1",
            "Your gate gives 1 for (1, 0) but not for (0, 1): that is half of it.",
            (0, 0, 1, 0),
        ),
        (
            "xor-only-x2",
            "Your gate gives 1 for (0, 1) but not for (1, 0): that is half of it.",
            (0, 1, 0, 0),
        ),
    ),
)


EXERCISE = Exercise(
    id="exercise-9",
    title="The perceptron and logic gates",
    topic="Neurons",
    functions=(
        Function(
            "Perceptron",
            "class Perceptron(rate=0.01, niter=10)",
            reference=Rule(),
            witnesses=(
                _witness("fractions", _in_fractions, _fraction_as_high),
                _witness("sympy", _in_sympy, _rational_as_high),
                _witness("torch", _in_torch, None),
            ),
            misconceptions=PERCEPTRON_MISCONCEPTIONS,
            driver=train_perceptron,
        ),
        *GATES,
    ),
    checks=(
        Check("weights", "the weights after training", 2.5, Tier.VALUE, _asked("weight")),
        Check("weights-precision", "the weights: all digits", 0.5, Tier.PRECISION, of="weights"),
        Check("errors", "the errors of each epoch", 1.5, Tier.VALUE, _asked("errors")),
        Check("predictions", "net_input and predict", 1.5, Tier.VALUE, predictions),
        Check("and", "AND", 0.5, Tier.VALUE, pairs("AND")),
        Check("or", "OR", 0.5, Tier.VALUE, pairs("OR")),
        Check("nand", "NAND", 0.5, Tier.VALUE, pairs("NAND")),
        Check("xor", "XOR", 1.0, Tier.VALUE, pairs("XOR")),
        Check("forms", "settings, one sample, any layout", 0.6, Tier.INTERFACE, forms),
        Check(
            "gate-numbers", "gates of floats and of NumPy's integers", 0.4, Tier.INTERFACE, numbers
        ),
        Check("purity", "X and y unchanged, same answer again", 0.5, Tier.PURITY, again),
    ),
    hints=(
        "In `fit`, `zip(X, y)` gives a row of X with its label. A sample that is predicted right "
        "changes nothing, and target − prediction is 0 there: no `if` is needed.",
        "`np.dot(X, weight[1:]) + weight[0]` is a number for one sample and an array for a batch. "
        "For `predict`, `np.where` decides for both.",
        "The update is the same number for all weights, times 1 for the bias and times x for the "
        "others. Compute it once, before any weight changes.",
        "A gate is a perceptron whose weights you choose: draw the four points and a line between "
        "those that give 1 and those that give 0. For NAND, turn all signs of AND round.",
        "XOR is 1 where at least one input is 1, and not both are. Both halves of this sentence "
        "are gates that you have; so is the word between them.",
    ),
)
