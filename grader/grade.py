"""The pipeline: a submission, a key and a sandbox in, a report out."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from grader.answer_key import AnswerKey, KeyedCase, KeyedCheck
from grader.compare import explain, judge
from grader.diagnose import misconception
from grader.model import (
    CheckResult,
    GraderError,
    Message,
    Outcome,
    Raised,
    Report,
    Returned,
    Submission,
    Tier,
    Verdict,
)
from grader.sandbox.supervisor import Execution, Limits, NoDevice, Request, Sandbox

Gpu: TypeAlias = Sandbox | Message
"""Where the calls that need a GPU are made, or why they are not."""
NO_GPU = Message("gpu.own-file-only")
"""For files of others: a GPU is out of reach of what would hold them."""

Calls = list[tuple[KeyedCase, Outcome]]
Judged = list[tuple[KeyedCase, Outcome, Verdict]]


def grade(
    submission: Submission,
    key: AnswerKey,
    sandbox: Sandbox,
    limits: Limits,
    *,
    student: str | None = None,
    gpu: Gpu = NO_GPU,
) -> Report:
    """Runs the submission's functions on the cases of the key and judges what comes back.

    Raises GraderError where the sandbox itself fails.
    """
    started = time.perf_counter()
    execution, checks = _run(submission, _only(key, on_gpu=False), sandbox, limits)
    isolation = execution.isolation
    on_gpu = _only(key, on_gpu=True)
    if on_gpu.checks:
        if isinstance(gpu, Sandbox) and any(check.status != "passed" for check in checks):
            gpu = Message("gpu.later")  # such a process takes seconds to start
        more, held_by = _run_on_gpu(submission, on_gpu, gpu, limits)
        by_id = {check.id: check for check in (*checks, *more)}
        checks = tuple(by_id[check.id] for check in key.checks)
        isolation += held_by
    return Report(
        exercise=key.exercise,
        title=key.title,
        checks=checks,
        status="failed" if any(c.status != "passed" and c.max_points for c in checks) else "passed",
        stdout=execution.stdout,
        seed=key.seed,
        isolation=isolation,
        versions={"python": platform.python_version(), **key.versions},
        seconds=round(time.perf_counter() - started, 4),
        student=student,
    )


def _only(key: AnswerKey, *, on_gpu: bool) -> AnswerKey:
    return replace(key, checks=tuple(c for c in key.checks if c.on_gpu == on_gpu))


def _run(
    submission: Submission, key: AnswerKey, sandbox: Sandbox, limits: Limits
) -> tuple[Execution, tuple[CheckResult, ...]]:
    requests = [Request(case.subject, case.request) for case in _calls_of(key)]
    execution = sandbox.execute(submission, requests, drivers=key.drivers, limits=limits)
    with np.errstate(all="ignore"):
        return execution, _judge_all(key, execution, submission)


def _run_on_gpu(
    submission: Submission, key: AnswerKey, gpu: Gpu, limits: Limits
) -> tuple[tuple[CheckResult, ...], tuple[str, ...]]:
    """The results, and what held the file there."""
    if isinstance(gpu, Sandbox):
        try:
            execution, results = _run(submission, key, gpu, limits)
            return results, tuple(f"gpu:{name}" for name in execution.isolation)
        except (NoDevice, GraderError) as error:  # nothing that has points depends on it
            gpu = Message("gpu.unseen", {"why": " ".join(str(error).split())})
    return tuple(_skipped(check, gpu) for check in key.checks), ()


def _skipped(check: KeyedCheck, why: Message) -> CheckResult:
    return CheckResult(check.id, check.title, 0.0, check.points, "skipped", why, "not_run")


def _calls_of(key: AnswerKey) -> list[KeyedCase]:
    """Every case of every check in order; those about purity once more at the end, when
    everything else has been called in between."""
    cases = [case for check in key.checks for case in check.cases]
    return cases + [
        case for check in key.checks if check.tier is Tier.PURITY for case in check.cases
    ]


def _judge_all(
    key: AnswerKey, execution: Execution, submission: Submission
) -> tuple[CheckResult, ...]:
    if execution.load is not None:
        cause = _with_source(explain(execution.load), submission)
        return tuple(_not_loaded(check, cause, execution.load) for check in key.checks)
    outcomes = iter(execution.outcomes)
    calls: dict[str, Calls] = {
        check.id: [(case, next(outcomes)) for case in check.cases] for check in key.checks
    }
    for check in key.checks:
        if check.tier is Tier.PURITY:
            calls[check.id] += [(case, next(outcomes)) for case in check.cases]
    judged = {
        check.id: [
            (c, o, judge(c, o, check.tier, check.share)) for c, o in calls[check.of or check.id]
        ]
        for check in key.checks
    }
    wrong_in = {
        check.id: {c.subject for c, _, v in judged[check.id] if not v.passed and not v.credit}
        for check in key.checks
        if check.tier is Tier.VALUE
    }
    right_somewhere = {
        case.subject
        for id_, wrong in wrong_in.items()
        for case, _, _ in judged[id_]
        if case.subject not in wrong
    }
    not_understood = set().union(*wrong_in.values()) - right_somewhere

    def result(check: KeyedCheck) -> CheckResult:
        settled = not_understood
        if check.tier is Tier.VALUE:
            settled = set()
        elif check.of is not None:
            settled = wrong_in[check.of]
        return _judge_check(key, check, judged[check.id], settled, submission)

    return tuple(result(check) for check in key.checks)


def _not_loaded(check: KeyedCheck, cause: Message, load: Outcome) -> CheckResult:
    return CheckResult(
        check.id,
        check.title,
        0.0,
        check.points,
        "failed",
        Message("load.failed", {"cause": cause}),
        _outcome_name(load),
    )


def _judge_check(
    key: AnswerKey,
    check: KeyedCheck,
    judged: Judged,
    settled: set[str],
    submission: Submission,
) -> CheckResult:
    """`settled`: functions, or parts of them, whose values are wrong, as another check says.
    Nothing else of them is worth points (where x is large, a step is as good as a sigmoid), and
    it is told once."""
    news = [(c, v) for c, _, v in judged if not v.passed and c.subject not in settled]
    follows = any(c.subject in settled for c, _, _ in judged)
    if not news and not follows:
        passed = Message("check.passed")
        return CheckResult(
            check.id, check.title, check.points, check.points, "passed", passed, "returned"
        )
    credit = _credit(judged, settled)
    if not news:
        message = Message("check.after-values")
        outcome = next(o for c, o, _ in judged if c.subject in settled)
        return CheckResult(
            check.id,
            check.title,
            round(check.points * credit, 2),  # as gradebooks keep them
            check.points,
            "failed",
            message,
            _outcome_name(outcome),
        )
    case, first = _most_telling(news)
    message, named = first.message, None
    if check.tier is not Tier.PRECISION:
        # What another function of the check does says nothing about this one.
        named = misconception([(c, o, v.passed) for c, o, v in judged if c.subject == case.subject])
    ended = isinstance(first.outcome, Returned | Raised)
    if (
        check.tier is Tier.PURITY
        and ended
        and all(v.passed for _, _, v in judged[: len(judged) // 2])
    ):
        # The first calls were fine; these are the same ones, later.
        message = Message("purity.second-call")
    if named:
        message = Message(f"misconception.{named}", {"help": key.misconceptions[named]})
    return CheckResult(
        check.id,
        check.title,
        round(check.points * credit, 2),
        check.points,
        "failed",
        _with_source(_completed(message, key, case), submission),
        _outcome_name(first.outcome),
        named,
        first.evidence,
    )


def _credit(judged: Judged, settled: set[str]) -> float:
    """The share of the points of a check. Each function in it earns its part: in full where
    all its calls are right, and as the worst of them says where they are not."""
    credits: dict[str, float] = {}
    for case, _, verdict in judged:
        earned = 0.0 if case.subject in settled else verdict.credit
        credits[case.subject] = min(earned, credits.get(case.subject, 1.0))
    return sum(credits.values()) / len(credits)


def _most_telling(failed: Sequence[tuple[KeyedCase, Verdict]]) -> tuple[KeyedCase, Verdict]:
    """The first of the worst: cases come smallest first, but where some calls are wrong and
    others only imprecise, a wrong one tells more."""
    worst = min(verdict.credit for _, verdict in failed)
    return next(pair for pair in failed if pair[1].credit == worst)


def _completed(message: Message, key: AnswerKey, case: KeyedCase) -> Message:
    """`message` with what only the key knows: the arguments and functions that are asked for, and
    what else than NumPy may be used."""
    if message.id == "outcome.arguments":
        return Message(message.id, {**message.params, "signature": key.signatures[case.function]})
    if message.id == "outcome.missing":  # no slip of the pen where another function is meant
        more = [name for name in message.params["defined"] if name not in key.signatures]
        return Message(message.id, {**message.params, "defined": more})
    others = [name for name in key.packages if name != "numpy"]
    if message.id == "outcome.forbidden" and others:
        return Message(message.id, {**message.params, "others": others})
    return message


def _with_source(message: Message, submission: Submission) -> Message:
    """`message` with the line of the learner's that it points at, where it points at one."""
    params = dict(message.params)
    if isinstance(cause := params.get("cause"), Message):
        params["cause"] = _with_source(cause, submission)
    if params.get("filename") and params.get("line"):
        for source in (submission.main, *submission.neighbours.values()):
            if source.filename == params["filename"]:
                params["source"] = source.line(params["line"], params.get("cell") or 1)
    return Message(message.id, params)


def _outcome_name(outcome: Outcome) -> str:
    return {
        "Returned": "returned",
        "Raised": "raised",
        "Missing": "missing",
        "Forbidden": "forbidden",
        "TimedOut": "timed_out",
        "OutOfMemory": "out_of_memory",
        "Killed": "killed",
        "NotRun": "not_run",
    }[type(outcome).__name__]
