"""Addresses to which alerts are told, as Apprise takes them; their secrets are never shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.errors import Location
from analysis.files import digest
from analysis.redaction import fill

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://")


@dataclass(frozen=True)
class Recipient:
    """An address as it is written; ``$NAME`` or ``${NAME}`` is a variable of the environment."""

    written: str
    where: Location

    @property
    def id(self) -> str:
        """Name it where it is kept who has been told: nothing of the address can be seen."""
        return digest(self.written.encode())[:8]

    def __str__(self) -> str:
        """Show which one it is: Apprise has secrets in any part of an address."""
        if _VARIABLE.fullmatch(self.written.strip()):
            return self.written.strip()
        found = _SCHEME.match(self.written)
        return f"{found[1]}://***" if found else "***"

    def filled(self) -> str:
        """Give the address with the values of the variables.

        Raises
        ------
        ProjectError
            One is not set.
        """
        braced = _VARIABLE.sub(lambda found: f"${{{found[1] or found[2]}}}", self.written)
        # What is written openly beside a variable would be in the message of a missing one.
        for name in _VARIABLE.finditer(braced):
            fill(f"${{{name[1]}}}", self.where)
        return fill(braced, self.where, as_part=True).secret
