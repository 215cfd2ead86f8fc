"""The table of what matches the reference, printed at the end of a run."""

from __future__ import annotations

import pytest

_MATCHES = pytest.StashKey[list[tuple[str, str, int]]]()


@pytest.fixture(scope="session")
def matches(request: pytest.FixtureRequest) -> list[tuple[str, str, int]]:
    """Collect for each feature where it was compared and how many differences there were."""
    return request.config.stash.setdefault(_MATCHES, [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was compared with real Quarto."""
    rows = config.stash.get(_MATCHES, [])
    if not rows:
        return
    terminalreporter.section("page content against Quarto 1.9.38")
    for feature, where, differences in rows:
        verdict = "matches" if differences == 0 else f"{differences} differences"
        terminalreporter.write_line(f"{feature:32} {where:52} {verdict}")
