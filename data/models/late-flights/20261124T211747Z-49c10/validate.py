#!/usr/bin/env python3
"""See whether a server predicts what this model predicted when it was promoted.

    python validate.py --url http://127.0.0.1:8000

It stands in a folder with ``bundle.json`` (what the model is) and ``golden.json`` (inputs, and what
the model said of them). Each input is sent to the server, and each answer is compared: labels are
to be equal, numbers to differ by no more than the tolerance (those above 1: relative to their
size). Of classes that are equally probable, to within the tolerance, any may be answered.

It needs Python 3.9 or later, and nothing else. A key for the server is read from the environment
variable ANALYSIS_API_KEY. Exit codes: 0, it predicts the same; 1, it does not; 2, that could not be
found out: the server does not answer, or files of this folder are not those that were promoted.
"""

# Long because it is copied alone, so that it runs wherever there is Python.

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY = "ANALYSIS_API_KEY"
TOLERANCE, BATCH = 1e-9, 500
SECONDS, ATTEMPTS = 60.0, 5
# How many of the cases that differ are shown.
SHOWN = 5
# The label; the server calls it `predict`, as clients of vetiver want it.
PREDICTION, PREDICT = "prediction", "predict"
Json = dict[str, Any]


class UnknownError(Exception):
    """It cannot be found out whether the server predicts the same; the text says why."""


class RefusedError(Exception):
    """The server does not take inputs that the model takes; the text is what it says."""


# --- Comparing -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """How an answer differs from what a case expects.

    ``number`` is the largest difference of its numbers, infinite if one is missing. ``label`` says
    whether the label is wrong, ``tied`` whether it is another one of two that are equally probable.
    """

    number: float
    label: bool
    tied: bool

    def fails(self, tolerance: float) -> bool:
        """Say whether it is more than may be."""
        return self.label or not self.number <= tolerance


def compared(bundle: Json, expected: Json, answer: Json, tolerance: float) -> Difference:
    """Compare the outputs of one case with an answer, both by the bundle's names."""
    is_label = bundle["task"] != "regression"
    numbers = [name for name in expected if name != PREDICTION or not is_label]
    largest = max((distance(expected[name], answer.get(name)) for name in numbers), default=0.0)
    label = answer.get(PREDICTION)
    if not is_label or same_label(expected[PREDICTION], label):
        return Difference(largest, label=False, tied=False)
    best = equally_probable(bundle, expected, tolerance)
    both = {as_text(label), as_text(expected[PREDICTION])}
    tied = type(label) is type(expected[PREDICTION]) and both <= best
    return Difference(largest, label=not tied, tied=tied)


def distance(expected: float, found: Any) -> float:
    """Give how far a number is from another: relative to its size, if that is above 1."""
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
        return math.inf
    return abs(found - expected) / max(1.0, abs(expected))


def same_label(expected: Any, found: Any) -> bool:
    """Say whether two labels are the same, and of the same type: ``1`` is not ``true``."""
    return type(expected) is type(found) and bool(expected == found)


def equally_probable(bundle: Json, expected: Json, tolerance: float) -> set[str]:
    """Name the most probable classes of a case: more than one only if the best ones tie."""
    chances = {each["of"]: expected[each["name"]] for each in bundle["outputs"] if each["of"]}
    if bundle["task"] == "binary" and chances:
        chances.update(dict.fromkeys(others(bundle), 1 - chances[bundle["positive"]]))
    best = max(chances.values(), default=0.0)
    return {name for name, chance in chances.items() if best - chance <= tolerance}


def others(bundle: Json) -> list[str]:
    """Name the classes that are not the positive one."""
    return [name for name in bundle["classes"] if name != bundle["positive"]]


def as_text(label: Any) -> str:
    """Write a label as the bundle writes its classes."""
    return str(label).lower() if isinstance(label, bool) else str(label)


# --- Asking the server -----------------------------------------------------------------------


class Server:
    """A server, by its address."""

    def __init__(self, url: str, key: str | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise UnknownError(f"{url} is no address: it begins with http:// or https://")
        self.url = url.rstrip("/")
        self._key = key
        # What runs on this machine is not asked for by way of a proxy.
        here = urllib.parse.urlsplit(self.url).hostname in ("127.0.0.1", "::1", "localhost")
        proxies = [urllib.request.ProxyHandler({})] if here else []
        self._opener = urllib.request.build_opener(*proxies)

    def metadata(self) -> Json:
        """Give what the server says of its model."""
        found = self._ask("/metadata")
        return found if isinstance(found, dict) else {}

    def predict(self, rows: Sequence[Json]) -> list[Json]:
        """Give the answer for each row, by the bundle's names.

        Raises
        ------
        RefusedError
            The server does not take these rows.
        UnknownError
            It gives no answer, or not one for each row.
        """
        found = self._ask("/predict", rows)
        if not isinstance(found, dict) or not isinstance(found.get(PREDICT), list):
            raise UnknownError(f"{self.url}/predict answers without a list `{PREDICT}`")
        if any(not isinstance(each, list) or len(each) != len(rows) for each in found.values()):
            raise UnknownError(f"{self.url}/predict does not give one answer for each row")
        names = {name: PREDICTION if name == PREDICT else name for name in found}
        return [{names[name]: found[name][row] for name in found} for row in range(len(rows))]

    def _ask(self, path: str, content: Any = None) -> Any:
        for attempt in range(ATTEMPTS):
            try:
                return self._ask_once(path, content)
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or attempt == ATTEMPTS - 1:
                    raise self._understood(path, error) from None
                time.sleep(0.5 * 2**attempt)
            except (OSError, ValueError) as error:
                reason = getattr(error, "reason", error)
                raise UnknownError(f"{self.url}{path} gives no answer: {reason}") from None
        raise AssertionError

    def _ask_once(self, path: str, content: Any) -> Any:
        body = None if content is None else json.dumps(content, allow_nan=False).encode()
        request = urllib.request.Request(self.url + path, body)
        request.add_header("Content-Type", "application/json")
        if self._key:
            # It is not sent on to where a server may point.
            request.add_unredirected_header("X-API-Key", self._key)
        with self._opener.open(request, timeout=SECONDS) as answer:
            return json.loads(answer.read())

    def _understood(self, path: str, error: urllib.error.HTTPError) -> Exception:
        said = error.read().decode(errors="replace")[:500]
        if error.code in (401, 403):
            return UnknownError(f"{self.url} wants a key: set {KEY}")
        if error.code == 413:
            return UnknownError(f"{self.url} takes fewer rows at once: use a smaller --batch")
        if error.code == 422 and path == "/predict":
            return RefusedError(said)
        return UnknownError(f"{self.url}{path} answers with {error.code}: {said}")


def answers(server: Server, bundle: Json, cases: Sequence[Json], batch: int) -> list[Json | None]:
    """Ask for all cases; ``None`` where a server refuses values beyond those of training.

    Such values are sent apart, as a server may be set to refuse them.

    Raises
    ------
    RefusedError
        The server refuses what it should take.
    UnknownError
        It gives no answer.
    """
    found: dict[int, Json | None] = {}
    beyond = {place for place, case in enumerate(cases) if is_beyond(bundle, case["inputs"])}
    for places in (sorted(set(range(len(cases))) - beyond), sorted(beyond)):
        for begin in range(0, len(places), batch):
            part = places[begin : begin + batch]
            try:
                given: list[Any] = list(server.predict([cases[place]["inputs"] for place in part]))
            except RefusedError:
                if part[0] not in beyond:
                    raise
                given = [None] * len(part)
            found.update({place: given[number] for number, place in enumerate(part)})
    return [found[place] for place in range(len(cases))]


def is_beyond(bundle: Json, inputs: Json) -> bool:
    """Say whether a value lies beyond those that the model was trained on."""
    for field in bundle["fields"]:
        value = inputs.get(field["name"])
        if value is None or field["low"] is None or field["high"] is None:
            continue
        if not field["low"] <= value <= field["high"]:
            return True
    return False


def served_model(server: Server) -> str | None:
    """Give the SHA-256 of the server's model, if the server tells it."""
    told = server.metadata()
    user = told.get("user")
    found = told.get("model_sha256") or (isinstance(user, dict) and user.get("model_sha256"))
    return str(found) if found else None


# --- The folder ------------------------------------------------------------------------------


def read_folder(folder: Path) -> tuple[Json, list[Json]]:
    """Give the bundle and its golden cases.

    Raises
    ------
    UnknownError
        A file is missing, or is not the one that was promoted.
    """
    try:
        bundle = json.loads((folder / "bundle.json").read_bytes())
        cases = json.loads((folder / "golden.json").read_bytes())["cases"]
        for told in bundle["files"]:
            path = folder / told["file"]
            if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != told["sha256"]:
                raise UnknownError(f"{path.name} is not what was promoted: its SHA-256 differs")
        return bundle, cases
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnknownError(f"the files of this folder cannot be read: {error}") from None


# --- Telling ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """A case, what was answered, and how that differs; both ``None`` if it was refused."""

    number: int
    case: Json
    answer: Json | None
    difference: Difference | None


def table(tried: Sequence[Tried]) -> Iterator[str]:
    """Give lines: for each kind of case, how many there are, and the differences."""
    yield f"{'kind':<12}{'cases':>8}{'largest difference':>22}{'other labels':>16}{'refused':>10}"
    kinds = list(dict.fromkeys(one.case["kind"] for one in tried))
    for kind in [*kinds, "all"]:
        of_kind = [one for one in tried if kind in (one.case["kind"], "all")]
        found = [one.difference for one in of_kind if one.difference]
        largest = f"{max((each.number for each in found), default=0.0):.3g}"
        labels, refused = sum(each.label for each in found), len(of_kind) - len(found)
        yield f"{kind:<12}{len(of_kind):>8}{largest:>22}{labels:>16}{refused:>10}"


def differing(tried: Sequence[Tried], tolerance: float) -> Iterator[str]:
    """Give lines about the first cases that differ by more than may be."""
    failed = [one for one in tried if one.difference and one.difference.fails(tolerance)]
    for one in failed[:SHOWN]:
        yield f"\ncase {one.number} ({one.case['kind']})"
        yield f"  inputs    {json.dumps(one.case['inputs'], ensure_ascii=False)}"
        yield f"  expected  {json.dumps(one.case['outputs'], ensure_ascii=False)}"
        yield f"  answered  {json.dumps(one.answer, ensure_ascii=False)}"
    if len(failed) > SHOWN:
        yield f"\nand {len(failed) - SHOWN} more that differ"


def validate(folder: Path, server: Server, tolerance: float, batch: int) -> bool:
    """Try all golden cases, print what came of it, and say whether the server predicts the same."""
    bundle, cases = read_folder(folder)
    print(f"{bundle['model']}, promoted {bundle['created']}: {len(cases)} cases to {server.url}\n")
    expected = next(file["sha256"] for file in bundle["files"] if file["file"] == "model.skops")
    served = served_model(server)
    tried = []
    for place, answer in enumerate(answers(server, bundle, cases, batch)):
        case, found = cases[place], None
        if answer is not None:
            found = compared(bundle, case["outputs"], answer, tolerance)
        tried.append(Tried(place + 1, case, answer, found))
    for line in (*table(tried), *differing(tried, tolerance), "", *notes(tried, served, expected)):
        print(line)
    differences = [one.difference for one in tried if one.difference]
    same = bool(differences) and not any(each.fails(tolerance) for each in differences)
    print(f"{'it predicts the same' if same else 'IT DOES NOT PREDICT THE SAME'} (±{tolerance:g})")
    return same and served in (None, expected)


def notes(tried: Sequence[Tried], served: str | None, expected: str) -> Iterator[str]:
    """Give lines on what else there is to know."""
    tied = sum(one.difference.tied for one in tried if one.difference)
    refused = sum(one.difference is None for one in tried)
    if tied:
        yield f"note: {tied} labels are others, where two classes are equally probable"
    if refused:
        yield f"note: {refused} cases were refused, whose values lie beyond those of training"
    if served is None:
        yield "note: the server does not tell which model it has"
    elif served != expected:
        yield f"ANOTHER MODEL: the server's has the SHA-256 {served}"


def main() -> int:
    """Read the arguments, and give the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--url", required=True, help="address of the server")
    parser.add_argument("--key", default=os.environ.get(KEY), help=f"by default of {KEY}")
    parser.add_argument("--tolerance", type=float, default=TOLERANCE, help="of numbers")
    parser.add_argument("--batch", type=int, default=BATCH, help="cases in a request")
    given = parser.parse_args()
    if given.batch < 1:
        parser.error("a batch is 1 or more")
    try:
        server = Server(given.url, given.key)
        folder = Path(__file__).resolve().parent
        return 0 if validate(folder, server, given.tolerance, given.batch) else 1
    except RefusedError as error:
        print(f"IT DOES NOT PREDICT THE SAME: it refuses what the model takes: {error}")
        return 1
    except UnknownError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
