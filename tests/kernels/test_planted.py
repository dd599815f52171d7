"""Every planted bug is caught for what it is, and no kernel that holds is accused."""

import needs
import pytest

needs.package("numba_cuda", "cuda")

from .cases import CASES, Planted  # noqa: E402 - not without what they need
from .score import ours  # noqa: E402


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    return ours()


@pytest.mark.parametrize("case", [c for c in CASES if c.bug], ids=lambda c: c.kernel)
def test_a_planted_bug_is_caught(case: Planted, said: dict[str, str]) -> None:
    assert said[case.kernel] == f"cuda.{case.bug}"


@pytest.mark.parametrize("case", [c for c in CASES if not c.bug], ids=lambda c: c.kernel)
def test_a_kernel_that_holds_is_not_accused(case: Planted, said: dict[str, str]) -> None:
    assert said[case.kernel] == "right"


def test_there_are_enough_of_both() -> None:
    assert sum(1 for case in CASES if case.bug) >= 20
    assert sum(1 for case in CASES if not case.bug) >= 5
