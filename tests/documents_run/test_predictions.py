"""Pages that read the log of predictions run again when there are more of them."""

from __future__ import annotations

import json
from pathlib import Path

from analysis.service.log.compaction import compact_log
from analysis.service.log.personal import Personal
from analysis.service.log.segments import SegmentLog
from analysis.warehouse.ingest import ingest
from tests.documents_run.conftest import Site
from tests.service.log.entries import entry

SOURCES = """
sources:
  shops: {description: Shops, kind: csv, path: shops.csv, columns: {name: VARCHAR}}
"""
QUERY = "from analysis import db\nprint(db().execute('{}').fetchall())"


def test_pages_follow_the_log(tmp_path: Path) -> None:
    """The log is what counts, and not the files in which it lies; a page on other data stays."""
    site = Site(tmp_path / "site")
    site.write("data/sources.yml", SOURCES)
    site.write("shops.csv", "name\nnorth\n")
    site.page("log.qmd", QUERY.format("select count(*) from meta.predictions"))
    site.page("shops.qmd", QUERY.format("from raw.shops"))
    ingest(site.project)
    assert len(site.ran()) == 2
    assert list(site.ran()) == []
    folder = site.root / "data/predictions/late-flights"
    log = SegmentLog(folder, Personal("hash", b"s" * 32))
    log.write([entry("a", 3)])
    assert list(site.ran()) == ["log.qmd"]
    assert list(site.ran()) == []
    log.write([entry("b")])
    assert list(site.ran()) == ["log.qmd"]
    log.close()
    compact_log(folder)
    site.ran()
    read = json.loads((site.root / "_freeze/log/inputs.json").read_text())
    assert list(read["system"]) == ["meta.predictions"]
    assert "file" not in read and "listing" not in read
    assert "[(4,)]" in (site.root / "_freeze/log/execute-results/html.json").read_text()
