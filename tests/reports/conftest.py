"""A class for the tests of its report, graded once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.answer_key import AnswerKey
from grader.reports import class_report
from grader.sandbox.supervisor import Sandbox

from .classroom import Classroom, Handed, draw, graded_files


@pytest.fixture(scope="session")
def files(
    built_key: Callable[[str], AnswerKey],
    sandbox: Sandbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, list[Handed]]:
    return graded_files(built_key, sandbox, tmp_path_factory.mktemp("tampering"))


@pytest.fixture(scope="session")
def classroom(files: dict[str, list[Handed]]) -> Classroom:
    """500 students, 5 exercises."""
    return draw(files, 500)


@pytest.fixture(scope="session")
def small(files: dict[str, list[Handed]]) -> Classroom:
    """40 students, for what does not depend on how many there are."""
    return draw(files, 40)


@pytest.fixture(scope="session")
def page(classroom: Classroom) -> str:
    return class_report.page(
        classroom.graded,
        classroom.students,
        about=classroom.about,
        sources=classroom.sources,
        link=lambda id_: f"students/{id_}.html",
    )
