"""Secrets are filled in, and taken out of everything that is shown."""

from __future__ import annotations

import pytest

from analysis.errors import ProjectError
from analysis.redaction import fill, redact


def test_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address holds the value; whatever shows it does not."""
    monkeypatch.setenv("PASSWORD", "p@ss/w d")
    address = fill("https://me:${PASSWORD}@host/x")
    assert address.secret == "https://me:p@ss/w d@host/x"
    assert str(address) == "https://***@host/x"
    assert "p@ss" not in repr(address)
    assert (
        address.redact("no host p@ss/w d, p%40ss%2Fw%20d, p%40ss%2Fw+d") == "no host ***, ***, ***"
    )


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """Its name is told."""
    monkeypatch.delenv("NAME", raising=False)
    if value is not None:
        monkeypatch.setenv("NAME", value)
    with pytest.raises(ProjectError, match="variable NAME is not set"):
        fill("s3://${NAME}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3://bucket/path", "s3://bucket/path"),
        ("postgresql://u:p@h:5432/db", "postgresql://***@h:5432/db"),
        ("cannot open postgresql://u:p@q@h/db: no", "cannot open postgresql://***@h/db: no"),
        ("https://h/x?sig=abc&v=1#top", "https://h/x?sig=***&v=***#top"),
        ("mail me@example.org", "mail me@example.org"),
        ("https://h/@scope/name", "https://h/@scope/name"),
    ],
)
def test_redact(text: str, shown: str) -> None:
    """What looks like a secret in a URL is one."""
    assert redact(text) == shown
