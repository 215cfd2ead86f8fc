"""What a kernel has recorded of a page, as inputs with their fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.documents.fingerprints import Fingerprints
from analysis.lineage import Inputs, Value
from analysis.lineage.recorder.files import signature
from analysis.lineage.system import KIND, SYSTEM
from analysis.project.project import WAREHOUSE

# No content has this fingerprint: the page is stale at the next look.
CHANGED = "changed while the page ran"
_META = "meta."


def observed(record: Mapping[str, Any], now: Fingerprints, source: str) -> Inputs:
    """Turn what the kernel of ``source`` wrote down into inputs, as they are ``now``."""

    def values(kind: str, names: Iterable[str]) -> dict[str, Value]:
        return {name: now.of(kind, name, source) for name in names}

    distributions = (
        name for top in record["packages"] for name in now.distributions.of_module(top)
    )
    relations, system, whole = relations_read(record, now)
    found: dict[str, dict[str, Value]] = {
        "file": _unchanged(now, values("file", record["files"]), record["files"]),
        "module": _unchanged(now, values("module", record["modules"]), record["modules"]),
        "listing": values("listing", record["listings"]),
        "import": values("import", record["imports"]),
        "package": values("package", distributions),
        "relation": values("relation", relations),
        KIND: values(KIND, system),
        "warehouse": values("warehouse", [WAREHOUSE] if whole else []),
    }
    for kind, name in record["notes"]:
        found.setdefault(kind, {})[name] = now.of(kind, name, source)
    return found


def joined(known: Inputs, observed: Inputs) -> Inputs:
    """Put together what was known before the run and what was observed; nothing counts twice."""
    texts = {name for kind in ("text", "include", "metadata") for name in known.get(kind, ())}
    files = {name: v for name, v in observed.get("file", {}).items() if name not in texts}
    both = {**observed, "file": files}
    return {kind: {**both.get(kind, {}), **known.get(kind, {})} for kind in both.keys() | known}


def relations_read(record: Mapping[str, Any], now: Fingerprints) -> tuple[set[str], set[str], bool]:
    """Find the relations that queries name, and the live ones among them.

    Says last whether the page may have read any.
    """
    found: set[str] = set()
    system = {name for name in record["relations"] if name in SYSTEM}
    whole = bool(record["warehouse"])
    schemas = {name.partition(".")[0] for name in now.relations}
    for name in sorted(set(record["relations"]) - system):
        hits = {n for n in (name, f"main.{name.rpartition('.')[2]}") if n in now.relations}
        if hits:
            found |= hits
        elif name.startswith(_META):  # described nowhere: the programs may write it
            whole = True
        elif "." in name and (not schemas or name.partition(".")[0] in schemas):
            found.add(name)  # not there yet
    for guess in record["guesses"]:
        found |= set(_guessed(guess, now.relations))
        system |= set(_guessed(guess, SYSTEM))
    return found, system, whole


def _guessed(guess: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name == guess or name.rpartition(".")[2] == guess:
            yield name


def _unchanged(
    now: Fingerprints, values: dict[str, Value], signatures: Mapping[str, Any]
) -> dict[str, Value]:
    """Mark the files that are no longer what the page has read."""
    return {
        name: value if _is_as_read(now, name, signatures[name]) else CHANGED
        for name, value in values.items()
    }


def _is_as_read(now: Fingerprints, name: str, then: list[int] | None) -> bool:
    return then is None or signature(str(now.project.root / name)) == tuple(then)
