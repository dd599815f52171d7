"""The gradebook with many results: how fast it is filled and asked, how much memory that takes.

    .venv/bin/python benchmarks/gradebook.py [RESULTS] [GRADEBOOK]

100,000 results by default, in a file of its own that is deleted afterwards; or in the database
at the address GRADEBOOK, which has to be empty. 13 exercises; documents of 3 kB, as long as
those of exercise-1.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from grader.gradebook import Gradebook, Identity, Result, Run
from grader.gradebook.tables import reports
from grader.records import Attempt, Student

EXERCISES = [f"exercise-{n}" for n in range(1, 14)]
ATTEMPTS = 2
SINGLE = 2000
"""Results that are recorded one in a transaction, as in a batch."""
RUN = Run(0, 1)


def attempts(count: int) -> Iterator[Attempt]:
    for n in range(count):
        student, rest = divmod(n, len(EXERCISES) * ATTEMPTS)
        exercise, number = divmod(rest, ATTEMPTS)
        digest = f"{n:064x}"
        yield Attempt(f"s{student:06}", EXERCISES[exercise], number + 1, f"{n}.py", digest)


def result(n: int, attempt: Attempt) -> Result:
    check = {"id": "values", "feedback": "The value is not the right one. " * 12, "points": n % 10}
    document = {"student": attempt.student, "score": n % 10, "checks": [check] * 6}
    identity = Identity(attempt.student, attempt.exercise, attempt.digest, 0, "g")
    text = json.dumps(document, separators=(",", ":"))
    return Result(identity, "failed", n % 10, 10.0, text)


def row(n: int, attempt: Attempt) -> dict[str, Any]:
    one = result(n, attempt)
    values = {name: getattr(one, name) for name in ("status", "score", "max_score", "document")}
    return {**one.of._asdict(), **values, "run": RUN.id, "made": RUN.started}


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    before, start = memory(), time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    rate = f"{count / seconds:,.0f}/s"
    print(
        f"{what:<44} {seconds:8.2f} s {rate:>12}   {memory() - before:+5.0f} MB at most", flush=True
    )


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(gradebook: Gradebook, count: int) -> None:
    gradebook.start(RUN)
    people = (Student(f"s{n:06}") for n in range(1 + count // (len(EXERCISES) * ATTEMPTS)))
    with timed("students and attempts enrolled", count):
        gradebook.enroll(people, attempts(count), RUN)
    first = list(zip(range(SINGLE), attempts(SINGLE), strict=True))
    with timed("results recorded, each in a transaction", len(first)):
        for n, attempt in first:
            gradebook.record(result(n, attempt), RUN)
    with timed("the others, many in a transaction", count - SINGLE):
        rest = (row(n, attempt) for n, attempt in enumerate(attempts(count)) if n >= SINGLE)
        while rows := list(islice(rest, 500)):
            with gradebook._writing() as connection:
                gradebook._put(connection, reports, rows)
    last = list(enumerate(attempts(count)))[-SINGLE:]
    with timed("again, each in a transaction", len(last)):
        for n, attempt in last:
            gradebook.record(result(n, attempt), RUN)


def finished(gradebook: Gradebook, count: int) -> None:
    identities = [result(n, a).of for n, a in enumerate(attempts(500))]
    assert len(gradebook.finished(identities)) == min(500, count)


def one_student(gradebook: Gradebook, count: int) -> None:
    assert len(list(gradebook.graded(student="s000007"))) == len(EXERCISES) * ATTEMPTS


def waiting(gradebook: Gradebook, count: int) -> None:
    assert gradebook.waiting() == 0


def one_exercise(gradebook: Gradebook, count: int) -> None:
    graded = sum(1 for _ in gradebook.graded(exercises=["exercise-7"]))
    assert abs(graded - count / len(EXERCISES)) <= ATTEMPTS


def everything(gradebook: Gradebook, count: int) -> None:
    """Every document is parsed."""
    counting = sum(graded.counts for graded in gradebook.graded())
    assert abs(counting - count / ATTEMPTS) <= 1, counting


QUESTIONS = (finished, one_student, waiting, one_exercise, everything)


def main() -> None:
    count = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        where = sys.argv[2] if len(sys.argv) > 2 else str(Path(folder, "gradebook.db"))
        with timed("made", 1), Gradebook.open(where, create=True):
            pass
        with Gradebook.open(where, create=True) as gradebook:
            fill(gradebook, count)
        with timed("opened", 1), Gradebook.open(where):
            pass
        with Gradebook.open(where) as gradebook:
            for question in QUESTIONS:
                with timed(question.__name__.replace("_", " "), 1):
                    question(gradebook, count)
        if "://" not in where:
            print(f"{Path(where).stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
