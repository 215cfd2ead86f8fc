"""Secrets in addresses: filled in from the environment, and taken out of all that is shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from analysis.errors import AnalysisError, Location, ProjectError

_NAME = re.compile(r"\$\{(\w+)\}")
# What stands in a URL before the host, and the values behind the `?`.
_USER = re.compile(r"(\w://)[^\s/@]*(?:@[^\s/@]*)*@")
_VALUE = re.compile(r"([?&][^=&\s#'\"]+=)[^&\s#'\"]+")
_MASK = "***"


@dataclass(frozen=True)
class Address:
    """Where data are, as a user wrote it: ``${NAME}`` stands for what the environment says.

    Only ``secret`` holds the values, and only ``str()`` may be shown.
    """

    written: str
    secret: str = field(repr=False)
    values: tuple[str, ...] = field(repr=False)

    def __str__(self) -> str:
        """Write it as the user did, without a password or key that stands in it openly."""
        return redact(self.written)

    def redact(self, text: object) -> str:
        """Take the secrets out of a message, of whatever library it is."""
        return redact(str(text), self.values)


def fill(text: str, where: Location | None = None, *, as_part: bool = False) -> Address:
    """Replace each ``${NAME}`` by the environment variable of that name.

    With ``as_part``, values that are only a part of the text are encoded as a password in a URL is.

    Raises
    ------
    ProjectError
        One is not set, or is empty.
    """
    values: list[str] = []

    def value_of(found: re.Match[str]) -> str:
        value = os.environ.get(found[1], "")
        if not value:
            raise ProjectError(
                f"the environment variable {found[1]} is not set",
                where,
                f"set it; `{redact(text)}` needs it",
            )
        values.append(value)
        return quote(value, safe="") if as_part and found[0] != text.strip() else value

    return Address(text, _NAME.sub(value_of, text), tuple(values))


def redact(text: str, values: Iterable[str] = ()) -> str:
    """Replace secret ``values``, and what looks like one in a URL, by stars."""
    forms = {form for value in values for form in (value, quote(value, safe=""), quote_plus(value))}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, _MASK)
    return _VALUE.sub(rf"\1{_MASK}", _USER.sub(rf"\1{_MASK}@", text))


@contextmanager
def guarded(
    address: Address, kind: type[AnalysisError], named: str, failed: str, hint: str
) -> Iterator[None]:
    """Turn what any library raises that goes to ``address`` into one error without its secrets.

    ``named`` is how a message names the place, ``failed`` the beginning of one that says why.

    Raises
    ------
    AnalysisError
        Of ``kind``; those of ours pass.
    """
    try:
        yield
    except AnalysisError:
        raise
    except ImportError:
        raise kind(
            f"{named}: the library for this kind of URL is not installed",
            hint="install the extra `analysis[url]`",
        ) from None
    except Exception as error:
        lines = address.redact(error).strip().splitlines() or [type(error).__name__]
        raise kind(f"{failed}: {lines[0]}", hint=hint) from None
