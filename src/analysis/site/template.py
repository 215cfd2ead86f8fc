"""The Jinja environment of the site's templates."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Give the environment: everything is escaped unless it is HTML already."""
    return Environment(
        loader=PackageLoader("analysis.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
