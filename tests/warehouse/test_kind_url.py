"""Files behind addresses: a web server and S3 on this machine; what is downloaded, and when."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from analysis.errors import ProjectError, SourceError
from analysis.warehouse.ingest import ingest
from analysis.warehouse.reading import web
from tests.helpers.projects import analysis
from tests.helpers.s3 import s3_server
from tests.helpers.webserver import Site, serve
from tests.warehouse.conftest import VISITS_CSV, Folder, error_of
from tests.warehouse.kinds import ROWS, declare, rows, stored
from tests.warehouse.test_bad_input import zipped

CSV = VISITS_CSV.encode()
MORE = CSV + b"2026-01-03,west,1\n"
KEY = "k3y-of-the-tests"


@pytest.fixture
def site() -> Iterator[Site]:
    """Give a web server with a file that has an ETag."""
    with serve() as running:
        running.files["/v.csv"] = CSV
        running.headers["ETag"] = '"1"'
        yield running


@pytest.mark.parametrize(
    ("name", "content", "keys"),
    [
        ("v.csv", CSV, {}),
        ("v.csv.gz", gzip.compress(CSV), {}),
        ("v.zip", zipped(("x.csv", CSV)), {}),
        ("v.tsv", CSV.replace(b",", b"\t"), {}),
        ("data", CSV.replace(b",", b";"), {"format": "csv", "delimiter": ";"}),
        ("v.csv?key=${WEB_KEY}", CSV, {}),
        ("v.jsonl", b'{"day": "2026-01-01", "shop": "north", "customers": 3}\n', {}),
    ],
    ids=["csv", "gz", "zip", "tsv", "format", "key", "jsonl"],
)
def test_formats(
    folder: Folder, site: Site, name: str, content: bytes, keys: dict[str, str], monkeypatch: Any
) -> None:
    monkeypatch.setenv("WEB_KEY", KEY)
    site.files[f"/{name.partition('?')[0]}"] = content
    declare(folder, kind="url", url=f"{site.url}/{name}", **keys)
    assert rows(folder) == (ROWS[:1] if name == "v.jsonl" else ROWS)


def test_parquet(folder: Folder, site: Site) -> None:
    path = folder.write("v.parquet", b"")
    values = "select date '2026-01-01' as day, 'north' as shop, 3 as customers"
    duckdb.connect().execute(f"copy ({values}) to '{path}' (format parquet)")
    site.files["/day=1/v.parquet"] = path.read_bytes()
    declare(folder, kind="url", url=f"{site.url}/day=1/v.parquet")
    assert rows(folder) == ROWS[:1]


def test_downloaded_only_when_it_changed(folder: Folder, site: Site) -> None:
    declare(folder, kind="url", url=f"{site.url}/v.csv", update={"every": "day"})
    assert rows(folder) == ROWS
    assert site.gets() == 1
    assert not ingest(folder.project).changed
    assert site.gets() == 1
    site.files["/v.csv"] = MORE
    site.headers["ETag"] = '"2"'
    assert ingest(folder.project).changed
    assert site.gets() == 2
    assert len(stored(folder)) == 3
    assert len([p for p in (folder.root / ".analysis/downloads").rglob("*") if p.is_file()]) == 1


def test_download_serves_another_reading(folder: Folder, site: Site) -> None:
    declare(folder, kind="url", url=f"{site.url}/v.csv")
    ingest(folder.project)
    declare(folder, kind="url", url=f"{site.url}/v.csv", missing=["south"], on_violation="warn")
    with pytest.raises(SourceError):
        ingest(folder.project)
    assert site.gets() == 1


@pytest.mark.parametrize("header", ["Last-Modified", None])
def test_without_checksum(folder: Folder, site: Site, header: str | None) -> None:
    site.headers = {header: "Thu, 01 Jan 2026 00:00:00 GMT"} if header else {}
    declare(folder, kind="url", url=f"{site.url}/v.csv")
    assert rows(folder) == ROWS
    assert not ingest(folder.project).changed
    site.files["/v.csv"] = MORE
    assert ingest(folder.project).changed


def test_fixed_source_needs_no_network_again(folder: Folder) -> None:
    with serve() as site:
        site.files["/v.csv"] = CSV
        declare(folder, kind="url", url=f"{site.url}/v.csv", update="fixed")
        ingest(folder.project)
    assert not ingest(folder.project).changed
    folder.write("data/sql/reports/n.sql", "select count(*) as n from raw.visits")
    ingest(folder.project)
    assert folder.query("from reports.n") == [(2,)]


def test_fixed_source_that_changed_all_the_same(folder: Folder, site: Site) -> None:
    declare(folder, kind="url", url=f"{site.url}/v.csv", update="fixed")
    ingest(folder.project)
    folder.project.warehouse.unlink()
    site.headers["ETag"] = '"2"'
    with pytest.raises(SourceError, match="but it changed"):
        ingest(folder.project)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"files": {}}, "is not there"),
        ({"status": 403}, "may not be read (403)"),
        ({"status": 500}, "cannot be read: 500"),
        ({"drop_after": 9}, "cannot be read"),
        ({"files": {"/v.csv": b""}}, "is empty"),
    ],
    ids=["404", "403", "500", "dropped", "empty"],
)
def test_what_goes_wrong(folder: Folder, site: Site, change: dict[str, Any], what: str) -> None:
    declare(folder, kind="url", url=f"{site.url}/v.csv")
    assert rows(folder) == ROWS
    site.headers["ETag"] = '"2"'
    for name, value in change.items():
        setattr(site, name, value)
    with pytest.raises(SourceError) as caught:
        ingest(folder.project)
    assert what in caught.value.what
    assert str(caught.value.where) == "data/sources.yml:5"
    assert stored(folder) == ROWS
    assert not list((folder.root / ".analysis/downloads").glob(".download-*"))


def test_wrong_value_names_its_line(folder: Folder, site: Site) -> None:
    site.files["/v.csv"] = CSV + b"2026-01-03,west,many\n"
    declare(folder, kind="url", url=f"{site.url}/v.csv")
    assert str(error_of(folder).where) == f"{site.url}/v.csv:4"


def test_too_large(folder: Folder, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_BYTES", 10)
    declare(folder, kind="url", url=f"{site.url}/v.csv")
    assert "has more than 10 bytes" in error_of(folder).what


def test_no_server(folder: Folder) -> None:
    declare(folder, kind="url", url="http://127.0.0.1:1/v.csv")
    error = error_of(folder)
    assert "cannot be read: Cannot connect to host" in error.what


@pytest.mark.parametrize("url", ["file:///etc/passwd", "memory://x.csv", "zip::http://h/v.zip"])
def test_other_protocols_are_refused(folder: Folder, url: str) -> None:
    declare(folder, kind="url", url=url)
    assert "cannot be read as a file on another machine" in error_of(folder).what


def test_variable_that_is_not_set(folder: Folder) -> None:
    declare(folder, kind="url", url="https://example.org/v.csv?key=${NOT_SET}")
    assert "variable NOT_SET is not set" in error_of(folder, ProjectError).what


def test_without_the_library(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    declare(folder, kind="url", url="https://example.org/v.csv")
    error = error_of(folder)
    assert "the library for this address is not installed: aiohttp" in error.what
    assert error.hint == "pip install 'analysis[url]'"


def test_secrets_stay_secret(folder: Folder, site: Site) -> None:
    declare(folder, kind="url", url=f"{site.url}/v.csv?key=${{WEB_KEY}}")
    done = [analysis(folder.root, "ingest", WEB_KEY=KEY)]
    assert done[0].code == 0
    assert f"GET /v.csv?key={KEY}" in site.requests
    site.status, site.headers["ETag"] = 500, '"2"'
    done.append(analysis(folder.root, "ingest", "--debug", WEB_KEY=KEY))
    site.files["/v.csv"], site.status = b"x", 200
    done.append(analysis(folder.root, "ingest", "--debug", WEB_KEY=KEY))
    assert [outcome.code for outcome in done[1:]] == [2, 2]
    written = [path.read_bytes() for path in folder.root.rglob("*") if path.is_file()]
    names = "\n".join(str(path) for path in folder.root.rglob("*"))
    for text in (*(o.out + o.err for o in done), names, *(w.decode("latin-1") for w in written)):
        assert KEY not in text


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a client of an S3 server on this machine."""
    with s3_server(monkeypatch, "shop") as client:
        yield client


def test_s3(folder: Folder, bucket: Any) -> None:
    bucket.put_object(Bucket="shop", Key="raw/v.csv.gz", Body=gzip.compress(CSV))
    declare(folder, kind="url", url="s3://shop/raw/v.csv.gz")
    assert rows(folder) == ROWS
    assert not ingest(folder.project).changed
    bucket.put_object(Bucket="shop", Key="raw/v.csv.gz", Body=gzip.compress(MORE))
    assert ingest(folder.project).changed
    bucket.delete_object(Bucket="shop", Key="raw/v.csv.gz")
    with pytest.raises(SourceError, match=r"s3://shop/raw/v\.csv\.gz is not there"):
        ingest(folder.project)
    assert len(stored(folder)) == 3
