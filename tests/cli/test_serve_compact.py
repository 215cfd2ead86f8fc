"""``analysis serve compact``: what it prints, and what it says where there is nothing."""

from __future__ import annotations

from pathlib import Path

from analysis.service.log.personal import Personal
from analysis.service.log.segments import SegmentLog
from tests.helpers.projects import analysis, write_project
from tests.service.log.entries import entry


def test_compact(tmp_path: Path) -> None:
    """Segments that are closed; one model, or all of them."""
    root = write_project(tmp_path / "project", {})
    assert analysis(root, "serve", "compact").out == "no predictions were logged yet\n"
    for model in ("birds", "late-flights"):
        log = SegmentLog(root / "data/predictions" / model, Personal("hash", b"s" * 32))
        log.write([entry("a")])
        log.close()
    done = analysis(root, "serve", "compact", "birds")
    assert (done.code, done.out) == (0, "compacted  birds: 1 segment\n")
    assert analysis(root, "serve", "compact").out.splitlines() == [
        "compacted  birds: 0 segments, 1 removed that were before",
        "compacted  late-flights: 1 segment",
    ]
    wrong = analysis(root, "serve", "compact", "lates")
    assert wrong.code == 2 and "birds, late-flights" in wrong.err and "Traceback" not in wrong.err


def test_what_cannot_be_read_holds_up_no_other(tmp_path: Path) -> None:
    """It is named, what was compacted is told, and the other models are compacted too."""
    root = write_project(tmp_path / "project", {})
    for model in ("birds", "late-flights"):
        log = SegmentLog(root / "data/predictions" / model, Personal("hash", b"s" * 32))
        log.write([entry("a")])
        log.close()
    torn = root / "data/predictions/birds/1.jsonl"
    torn.write_bytes(b'{"request": "' + b"x" * 140_000_000 + b'"}\n')
    done = analysis(root, "serve", "compact")
    assert done.code == 1
    assert done.out.splitlines() == [
        "compacted  birds: 1 segment",
        "compacted  late-flights: 1 segment",
    ]
    assert "birds/1.jsonl" in done.err and "Traceback" not in done.err
    assert torn.exists()
