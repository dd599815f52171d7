"""The nouns: what an exercise declares, what a call leads to, what is decided about it.

Everything is frozen and plain. Nothing here imports anything of the grader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    # Imported for names only: the command line reads its words without NumPy.
    import numpy as np
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[Any]
else:
    Array = Any

Tree: TypeAlias = Any
"""A value as exercises pass and return it: arrays, numbers, and lists, tuples and dicts of them."""


class GraderError(Exception):
    """The grader's own fault. Exit code 3; a learner is never marked with it."""


class NoSpaceError(GraderError):
    """Nobody's fault: something cannot be written any further, which `message` names. What is
    written there already is kept."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class UsageError(Exception):
    """Wrong usage, or nothing to grade. One line that says what to do; exit code 2."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)  # whole, so that it can be sent to another process
        self.message = message

    def __str__(self) -> str:
        return f"{self.message.id} {dict(self.message.params)}"


@dataclass(frozen=True)
class Message:
    """Something to tell a person, before it is words: a stable id and its parameters."""

    id: str
    params: Mapping[str, Any] = field(default_factory=dict)


# --- what an exercise declares -------------------------------------------------------------


class Tier(StrEnum):
    """What a check is about; each earns points of its own."""

    VALUE = "value"
    """The formula is understood: right to single precision, or close (half the points)."""
    PRECISION = "precision"
    """The same calls, right to the rounding of float64."""
    STABILITY = "stability"
    """Finite and right where a careless formula overflows."""
    INTERFACE = "interface"
    """Every form of argument the contract promises: scalars, shapes, integers, strides."""
    PURITY = "purity"
    """Arguments are left as they were, and a second call is as good as the first."""


@dataclass(frozen=True)
class Case:
    """One call of one function of the learner's, with the arguments it is sent."""

    function: str
    args: tuple[Tree, ...]
    kwargs: Mapping[str, Tree] = field(default_factory=dict)
    id: str = ""
    shown: str = ""
    """The call as a person reads it, where function and arguments do not say it all."""
    part: str = ""
    """Where one function is asked to do several things (`task="ring"`): which of them this is.
    A part is judged as if it were a function of its own."""


Cases: TypeAlias = "Callable[[np.random.Generator], Sequence[Case]]"
"""Draws the cases of a check, smallest first: the first that fails is the one that is shown."""


@dataclass(frozen=True)
class Check:
    """Some cases that are worth points together."""

    id: str
    title: str
    points: float
    tier: Tier
    cases: Cases | None = None
    of: str | None = None
    """For PRECISION: the id of the VALUE check whose calls it judges again."""
    share: float = 1.0
    """The share of entries that must be right, where not all can be (unseen data)."""
    on_gpu: bool = False
    """Its calls need a GPU: where there is one, and it is asked for, they are made by themselves
    and last. Worth no points, since most machines have none."""


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that somebody who has misunderstood something would give."""

    id: str
    help: str
    """One sentence that points at the misunderstanding without giving the answer away."""
    formula: Callable[..., Tree]
    """The wrong answer, in NumPy, with the arguments of the function."""
    floating: bool = False
    """The mistake is one of floating point (an overflow, say): compute it in float64."""
    share: float = 1.0
    """The share of entries by which it is recognised, where it is itself learned from data and
    so not the same in all hands."""


Formula: TypeAlias = Callable[..., Tree]


@dataclass(frozen=True)
class Witness:
    """An independent source of the expected value.

    `values(*args, **kwargs)` gives a tree shaped like the return value, whose leaves are
    numbers or arrays of numbers (mpmath where more than float64 is meant) or text, and the
    absolute error it admits, shaped alike; None stands for the running error bound of the
    reference.
    """

    name: str
    values: Callable[..., tuple[Tree | None, Tree | None]]
    on_gpu: bool = False
    """It needs a GPU. Instead of values it may give None: no answer, or none to these arguments."""
    single: bool = False
    """It answers in float32: None stands for the bound of that."""


@dataclass(frozen=True)
class Function:
    """A function that the learner writes."""

    name: str
    signature: str
    reference: Formula
    """The right answer in NumPy style; runs on numbers that carry their rounding error."""
    witnesses: tuple[Witness, ...]
    also_right: tuple[Formula, ...] = ()
    """Other correct ways to compute it; the bound covers the worst of them."""
    misconceptions: tuple[Misconception, ...] = ()
    driver: Callable[..., Tree] | None = None
    """Calls the learner's function where a plain call will not do. Sent to the worker as
    source: self-contained, its first argument the function, the rest those of the case."""
    tensors: bool = False
    """Arrays among the arguments arrive as torch tensors of their dtype, shape and strides."""


@dataclass(frozen=True)
class Exercise:
    """What a learner is asked to do, and everything that decides whether they did."""

    id: str
    title: str
    topic: str
    functions: tuple[Function, ...]
    checks: tuple[Check, ...]
    hints: tuple[str, ...]
    builds_on: tuple[str, ...] = ()
    """Ids of the exercises that should have been understood before."""
    packages: tuple[str, ...] = ("numpy",)
    """What may be imported beside the standard library."""


# --- what is handed in ---------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """One file as text. A `.py` file is one cell; a notebook is its code cells in order."""

    filename: str
    cells: tuple[str, ...]

    @property
    def is_notebook(self) -> bool:
        return self.filename.endswith(".ipynb")

    def line(self, number: int, cell: int = 1) -> str | None:
        """Line `number` (from 1) of cell `cell` (from 1), or None where there is none."""
        if not 1 <= cell <= len(self.cells):
            return None
        # Not splitlines: Python's own line numbers count neither form feeds nor U+2028.
        lines = self.cells[cell - 1].split("\n")
        return lines[number - 1] if 1 <= number <= len(lines) else None


@dataclass(frozen=True)
class Submission:
    """A learner's file and the neighbours it imports, by module name."""

    exercise: str
    main: Source
    neighbours: Mapping[str, Source] = field(default_factory=dict)


# --- what a call leads to ------------------------------------------------------------------


@dataclass(frozen=True)
class Opaque:
    """Stands in a returned tree for something that is not data."""

    type_name: str


@dataclass(frozen=True)
class Returned:
    """The call returned. Trees of base arrays, str, None and Opaque; a Python number is a
    0-d array, a flat list of Python numbers may arrive as a 1-d array."""

    value: Tree
    arguments: Tree = None
    """`[args, kwargs]` as they were after the call."""


@dataclass(frozen=True)
class Raised:
    """The learner's code raised, at the given line of their own file where it is known."""

    type: str
    message: str
    filename: str | None = None
    line: int | None = None
    cell: int = 1
    column: int | None = None
    """Where a syntax error points, from 1."""


@dataclass(frozen=True)
class Missing:
    """No such function in the file; `defined` is what the file defines instead."""

    name: str
    defined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forbidden:
    """The code used a package that the exercise does not allow."""

    package: str
    line: int | None = None


@dataclass(frozen=True)
class TimedOut:
    seconds: float


@dataclass(frozen=True)
class OutOfMemory:
    megabytes: int


@dataclass(frozen=True)
class Killed:
    """The process ended before it answered: `reason` is "exited", "signal", "output"
    (printed too much) or "protocol" (sent something malformed)."""

    reason: str
    detail: str = ""


@dataclass(frozen=True)
class NotRun:
    """Never called, because an earlier call of the same function ended the process, or the
    file did not load; `cause` is what happened there."""

    cause: Outcome


Outcome: TypeAlias = (
    Returned | Raised | Missing | Forbidden | TimedOut | OutOfMemory | Killed | NotRun
)


# --- what is decided -----------------------------------------------------------------------


APPROXIMATE = 1e-3
"""An answer within this share of the largest entry is close: the idea is there, a finite
difference or a rounded constant stands where a formula should. It earns half of a value
check. Every misconception is proven to lie ten times further off."""


class Closeness(StrEnum):
    """How near a returned value is to the right one."""

    EXACT = "exact"
    SINGLE = "single"
    APPROXIMATE = "approximate"
    WRONG = "wrong"


@dataclass(frozen=True)
class Evidence:
    """The call that shows it."""

    call: str
    expected: Any = None
    got: Any = None
    at: tuple[int | str, ...] = ()
    error: float | None = None
    tolerance: float | None = None


@dataclass(frozen=True)
class Verdict:
    """What was decided about one case."""

    passed: bool
    credit: float
    message: Message
    outcome: Outcome
    closeness: Closeness | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class CheckResult:
    """What was decided about one check."""

    id: str
    title: str
    points: float
    max_points: float
    status: str
    message: Message
    outcome: str
    misconception: str | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Report:
    """One submission, graded."""

    exercise: str
    title: str
    checks: tuple[CheckResult, ...]
    status: str
    stdout: str
    seed: int
    isolation: tuple[str, ...]
    versions: Mapping[str, str]
    seconds: float
    student: str | None = None

    @property
    def score(self) -> float:
        return round(sum(check.points for check in self.checks), 6)

    @property
    def max_score(self) -> float:
        return round(sum(check.max_points for check in self.checks), 6)
