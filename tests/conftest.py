"""Rules that hold for every test: no screen, no hidden warning, no clock of hypothesis's."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Before any test imports Qt: a developer's own screen must not flicker either.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A machine that other work shares stalls for 100 ms at times; that is no finding.
settings.register_profile("liandao", deadline=None)
settings.load_profile("liandao")

INTEGRATION = Path(__file__).parent / "integration"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if INTEGRATION in item.path.parents:
            item.add_marker(pytest.mark.alone)


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_warning_goes_unseen(request: pytest.FixtureRequest) -> Iterator[None]:
    """A WARNING of ours fails a test, unless it asks for ``caplog`` and so expects logs."""
    seen = _Warnings()
    loggers = [logging.getLogger(f"liandao_{part}") for part in ("app", "node", "plugins")]
    for logger in loggers:
        logger.addHandler(seen)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(seen)
    if seen.lines and "caplog" not in request.fixturenames:
        pytest.fail("logged without being expected:\n" + "\n".join(seen.lines))
