"""``pytest tests/scenarios --rewrite`` records the outputs anew; the diff is for reading."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="record the outputs of tests/scenarios anew"
    )


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    # Absent when pytest was started above this folder and so met this file too late.
    return bool(request.config.getoption("--rewrite", default=False))
