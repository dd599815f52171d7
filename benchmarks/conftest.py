"""How much is measured."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--submissions", type=int, default=500, help="of a class (500)")
    parser.addoption("--results", type=int, default=1_000_000, help="in a gradebook (1000000)")
