"""Each kind of damage to a source's file: what is said, and where; and what works."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from analysis.errors import SourceError
from analysis.warehouse.ingest import ingest
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.unpack import unpack
from tests.warehouse.conftest import VISITS, VISITS_CSV, Folder, error_of

HEADER = "day,shop,customers\n"
ROW = "2026-01-01,north,3\n"


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Make a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "line", "what", "hint"),
    [
        pytest.param(b"", None, "is empty", "get it again", id="empty file"),
        pytest.param(b"\xef\xbb\xbf", 1, "is empty", "get it again", id="only a BOM"),
        pytest.param(HEADER, 1, "no rows", "empty source", id="header only"),
        pytest.param(HEADER + ROW + "2026-01-02,a\n", 3, "as many values", "quotes", id="short"),
        pytest.param(
            HEADER + ROW + "2026-01-02,a,1,2\n", 3, "Found: 4", "double quotes", id="long"
        ),
        pytest.param("day,shop\n", 1, "lacks: `customers`", "sources.yml:7", id="missing column"),
        pytest.param(
            "day,shop,customers,x\n", 1, "not declared: `x`", "sources.yml:7", id="new column"
        ),
        pytest.param(
            "day,shop,customer\n", 1, "lacks: `customers`", "`customer` what", id="renamed column"
        ),
        pytest.param("day,day,shop\n", 1, "twice in this file: `day`", "own", id="twice"),
        pytest.param(
            HEADER + ROW + "2026-01-02,a,many\n",
            3,
            "the value `many` of column `customers` does not fit INTEGER",
            "`missing`",
            id="text for a number",
        ),
        pytest.param(
            HEADER + ROW + "2026-01-02,a,1.5\n", 3, "`1.5` of column `customers`", "", id="fraction"
        ),
        pytest.param(HEADER + "03/01/2026,a,1\n", 2, "`03/01/2026` of", "", id="other date"),
        pytest.param(
            HEADER + ROW + "2026-01-02 10:00,a,1\n", 3, "`2026-01-02 10:00` of", "", id="time"
        ),
        pytest.param(
            HEADER + '2026-01-01,"a\nb",1\n' + "2026-01-02,a,x\n", 4, "`x`", "", id="after newline"
        ),
        pytest.param(
            HEADER + '2026-01-01,"a\nb",1\n' + "2026-01-02,a,.5\n", 4, "`.5`", "", id="loss later"
        ),
        pytest.param(
            HEADER + ROW + '2026-01-02,"open,1\n', 3, "does not end where", "close it", id="quote"
        ),
        pytest.param(
            (HEADER + ROW + "2026-01-02,müller,1\n").encode("latin-1"),
            3,
            "not UTF-8",
            "UTF-8",
            id="latin-1",
        ),
        pytest.param((HEADER + ROW).encode("utf-16"), 1, "not UTF-8", "UTF-8", id="utf-16"),
        pytest.param(
            HEADER + ROW + ROW.replace("\n", "\r\n") + ROW,
            3,
            "end in different ways",
            "one kind",
            id="mixed line ends",
        ),
    ],
)
def test_damaged_file(
    visits: Folder, content: str | bytes, line: int | None, what: str, hint: str
) -> None:
    visits.write("data/raw/visits.csv", content)
    error = error_of(visits)
    assert what in error.what
    assert hint in (error.hint or "")
    assert error.where is not None
    if line is None:
        assert str(error.where) == "data/sources.yml:6"
    else:
        assert str(error.where) == f"data/raw/visits.csv:{line}"


def test_wrong_value_far_down(visits: Folder) -> None:
    visits.write("data/raw/visits.csv", HEADER + ROW * 299_998 + "2026-01-02,a,3a\n" + ROW * 9)
    error = error_of(visits)
    assert error.what == "the value `3a` of column `customers` does not fit INTEGER"
    assert str(error.where) == "data/raw/visits.csv:300000"


def test_missing_value_in_a_required_column(visits: Folder) -> None:
    visits.write("data/sources.yml", VISITS.replace("unit: people", "nullable: false"))
    error = error_of(visits)
    assert "breaks its contract: `customers` is missing in 1 row; the first is here" in error.what
    assert str(error.where) == "data/raw/visits.csv:3"


@pytest.mark.parametrize(
    ("type_name", "good", "bad"),
    [
        ("INTEGER", "3.0", "2.5"),
        ("INTEGER", "-7", "1e3"),
        ("BIGINT", "9007199254740993", "0.1"),
        ("DECIMAL(6,2)", "1.250", "1.255"),
        ("TIMESTAMP", "2026-01-01T10:00:00Z", "2026-01-01T10:00:00+05:00"),
        ("TIMESTAMP", "2026-01-01 10:00:00+00:00", "2026-01-01 10:00:00-05"),
        ("DATE", "2026-01-01", "2026-01-01T10:00:00"),
        ("BOOLEAN", "true", "perhaps"),
    ],
)
def test_nothing_is_lost_in_a_cast(folder: Folder, type_name: str, good: str, bad: str) -> None:
    folder.write(
        "data/sources.yml",
        f"sources: {{t: {{description: T, kind: csv, path: t.csv, "
        f'columns: {{x: "{type_name}"}}, missing: [e, ":"]}}}}',
    )
    folder.write("t.csv", f"x\n{good}\ne\n{bad}\n")
    error = error_of(folder)
    assert error.what == f"the value `{bad}` of column `x` does not fit {type_name}"
    assert str(error.where) == "t.csv:4"
    folder.write("t.csv", f"x\n{good}\ne\n:\n")
    ingest(folder.project)
    assert folder.query("select count(*), count(x) from raw.t") == [(3, 1)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", VISITS_CSV.encode()),
        ("bom.csv", b"\xef\xbb\xbf" + VISITS_CSV.encode()),
        ("crlf.csv", VISITS_CSV.replace("\n", "\r\n").encode()),
        ("both.csv", b"\xef\xbb\xbf" + VISITS_CSV.replace("\n", "\r\n").encode()),
        ("open.csv", VISITS_CSV.rstrip("\n").encode()),
        ("order.csv", b"customers,day,shop\n3,2026-01-01,north\n,2026-01-02,south\n"),
        ("packed.csv.gz", gzip.compress(VISITS_CSV.encode())),
        ("packed.csv.zip", zipped(("x.csv", VISITS_CSV.encode()))),
        ("mac.zip", zipped(("x.csv", VISITS_CSV.encode()), ("__MACOSX/._x.csv", b"?"))),
        ("tabs.tsv", VISITS_CSV.replace(",", "\t").encode()),
        ("Über größe's.csv", VISITS_CSV.encode()),
    ],
    # Packed bytes hold the time; a test's name must not.
    ids=["plain", "bom", "crlf", "both", "open", "order", "gzip", "zip", "mac", "tabs", "umlaut"],
)
def test_what_works(visits: Folder, name: str, content: bytes) -> None:
    visits.write("data/sources.yml", VISITS.replace("data/raw/visits.csv", f"data/raw/{name}"))
    visits.write(f"data/raw/{name}", content)
    ingest(visits.project)
    assert visits.query("select day::varchar, shop, customers from raw.visits order by day") == [
        ("2026-01-01", "north", 3),
        ("2026-01-02", "south", None),
    ]


def test_other_delimiter_and_texts_for_missing(visits: Folder) -> None:
    declared = VISITS.replace("kind: csv", 'kind: csv\n    delimiter: ";"\n    missing: ["-", n/a]')
    visits.write("data/sources.yml", declared)
    visits.write("data/raw/visits.csv", "day;shop;customers\n2026-01-01;n/a;-\n2026-01-02;;1\n")
    ingest(visits.project)
    assert visits.query("select shop, customers from raw.visits order by day") == [
        (None, None),
        ("", 1),
    ]


def test_two_thousand_columns(folder: Folder) -> None:
    names = [f"c{number}" for number in range(2000)]
    columns = "".join(f"      {name}: INTEGER\n" for name in names)
    folder.write(
        "data/sources.yml",
        "sources:\n  wide:\n    description: W\n    kind: csv\n    path: wide.csv\n"
        f"    columns:\n{columns}",
    )
    row = ",".join("1" for _ in names)
    folder.write("wide.csv", f"{','.join(names)}\n{row}\n{row}\n")
    assert ingest(folder.project).sources[0].rows == 2
    folder.write("wide.csv", f"{','.join(names)}\n{row}\n{row}x\n")
    with pytest.raises(SourceError, match="`1x` of column `c1999`"):
        ingest(folder.project)


PACKED = zipped(("x.csv", (HEADER + ROW * 500).encode()))
GZIPPED = gzip.compress((HEADER + ROW * 500).encode())


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("v.zip", PACKED[:-30], "damaged or cut off"),
        ("v.zip", PACKED[:60] + b"????" + PACKED[64:], "damaged or cut off"),
        ("v.zip", b"day,shop,customers\n", "damaged or cut off"),
        ("v.zip", zipped(("a.csv", b"x"), ("b.csv", b"y")), "2 files and not one: a.csv, b.csv"),
        ("v.zip", zipped(), "0 files and not one"),
        ("v.zip", zipped(("x.csv", b"")), "this file is empty"),
        ("v.csv.gz", GZIPPED[:-12], "damaged or cut off"),
        ("v.csv.gz", b"day,shop,customers\n", "damaged or cut off"),
    ],
    # Packed bytes hold the time; a test's name must not.
    ids=["zip-cut", "zip-bytes", "zip-plain", "two", "none", "empty", "gz-cut", "gz-plain"],
)
def test_damaged_packed_file(visits: Folder, name: str, content: bytes, what: str) -> None:
    visits.write("data/sources.yml", VISITS.replace("visits.csv", name))
    visits.write(f"data/raw/{name}", content)
    error = error_of(visits)
    assert what in error.what
    assert error.where is not None
    assert error.where.path == f"data/raw/{name}"


@pytest.mark.parametrize("suffix", [".zip", ".gz"])
def test_bomb_is_stopped_while_it_unpacks(tmp_path: Path, suffix: str) -> None:
    zeros = bytes(20_000_000)
    packed = zipped(("x.csv", zeros)) if suffix == ".zip" else gzip.compress(zeros)
    path = tmp_path / f"bomb{suffix}"
    path.write_bytes(packed)
    with pytest.raises(SourceError, match="bytes come out of this file"):
        unpack(Place(path, path.name), tmp_path, allowed=1000)
    unpacked = [file for file in tmp_path.iterdir() if file != path]
    assert [file.stat().st_size < len(zeros) / 2 for file in unpacked] == [True]
