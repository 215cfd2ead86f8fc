"""Saying that somebody knows of an alert."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from analysis.errors import ProjectError
from analysis.monitoring.alerts.evaluating import written
from analysis.monitoring.alerts.record import Alert


def find_alert(name: str, alerts: Mapping[str, Sequence[Alert]]) -> Alert:
    """Find an alert of any model by its id, or the first letters of it.

    Raises
    ------
    ProjectError
        There is none, or there are several.
    """
    known = [alert for some in alerts.values() for alert in some]
    found = [alert for alert in known if alert.alert == name]
    found = found or [alert for alert in known if name and alert.alert.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        told = ", ".join(f"{alert.alert} ({alert.model})" for alert in found)
        raise ProjectError(f"{len(found)} alerts begin with `{name}`", hint=f"they are {told}")
    close = difflib.get_close_matches(name, [alert.alert for alert in known], n=1)
    raise ProjectError(
        f"there is no alert `{name}`",
        hint=f"did you mean `{close[0]}`?" if close else "`analysis monitor alerts` lists them",
    )


def acknowledged(
    alerts: Iterable[Alert], wanted: Alert, by: str | None, why: str, now: datetime
) -> tuple[Alert, ...]:
    """Note who knows of the ``wanted`` alert, and what they say of it.

    Raises
    ------
    ProjectError
        It is over, or nothing is said.
    """
    if not why.strip():
        raise ProjectError("there is no reason", hint='write what is known: `--why "…"`')
    if wanted.state == "closed":
        raise ProjectError(
            f"the alert `{wanted.alert}` is over since {wanted.closed}",
            hint="only alerts that are open can be acknowledged",
        )
    noted = replace(
        wanted,
        state="acknowledged",
        acknowledged=written(now),
        acknowledged_by=by,
        why=why.strip(),
    )
    return tuple(noted if one == wanted else one for one in alerts)
