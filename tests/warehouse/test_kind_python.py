"""Functions of the project: what they may give, when they are called again, and how they fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from analysis.errors import SourceError
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.kinds import ROWS, declare, rows, stored

DICTS = """
    def visits():
        return [
            {"day": "2026-01-01", "shop": "north", "customers": 3},
            {"shop": "south", "day": "2026-01-02"},
        ]
"""
COLUMNS = """
    from datetime import date
    import numpy as np

    def visits():
        yield {"day": [date(2026, 1, 1)], "shop": ["north"], "customers": np.array([3])}
        yield {"shop": ("south",), "day": [date(2026, 1, 2)], "customers": [None]}
"""
PANDAS = """
    import pandas as pd

    def visits():
        days = pd.to_datetime(["2026-01-01", "2026-01-02"]).date
        yield pd.DataFrame({"day": days, "shop": ["north", "south"], "customers": [3, None]})
"""
CHUNKS = """
    import pandas as pd

    def visits():
        for day, shop, n in (("2026-01-01", "north", 3), ("2026-01-02", "south", None)):
            frame = pd.DataFrame({"day": [day], "shop": [shop], "customers": [n]})
            yield frame.astype({"shop": "category"})
"""
ARROW = """
    import pyarrow as pa
    from datetime import date

    def visits():
        days = pa.array([date(2026, 1, 1), date(2026, 1, 2)])
        return pa.table({"day": days, "shop": ["north", "south"], "customers": [3, None]})
"""


@pytest.fixture
def feed(folder: Folder) -> Folder:
    """Declare a function."""
    declare(folder, kind="python", function="feeds.shop:visits")
    return folder


@pytest.mark.parametrize(
    "code",
    [DICTS, COLUMNS, PANDAS, CHUNKS, ARROW],
    ids=["dicts", "columns", "pandas", "chunks", "arrow"],
)
def test_what_a_function_may_give(feed: Folder, code: str) -> None:
    feed.write("src/feeds/shop.py", code)
    assert rows(feed) == ROWS


def test_nothing_is_left_behind(feed: Folder) -> None:
    feed.write("src/feeds/__init__.py", "")
    feed.write("src/feeds/shop.py", DICTS)
    before = list(sys.path)
    ingest(feed.project)
    assert sys.path == before
    assert "feeds" not in sys.modules and "feeds.shop" not in sys.modules
    assert not list(feed.root.rglob("*.pyc"))


def test_called_again_only_when_its_code_changed(feed: Folder) -> None:
    code = "from feeds.values import NUMBER\n\n\ndef visits():\n    yield {'n': [NUMBER]}\n"
    feed.write("src/feeds/shop.py", code)
    feed.write("src/feeds/values.py", "from . import deeper\nNUMBER = deeper.NUMBER\n")
    feed.write("src/feeds/deeper.py", "NUMBER = 1\n")
    feed.write("src/feeds/other.py", "NUMBER = 1\n")
    declare(feed, {"n": "INTEGER"}, kind="python", function="feeds.shop:visits")
    ingest(feed.project)
    feed.write("src/feeds/other.py", "NUMBER = 2\n")
    assert not ingest(feed.project).changed
    # Of the same size, and written in the same second.
    feed.write("src/feeds/deeper.py", "NUMBER = 2\n")
    assert ingest(feed.project).sources[0].changed
    assert feed.query("from raw.visits") == [(2,)]


def test_change_of_a_fixed_source_names_the_module(feed: Folder) -> None:
    declare(feed, kind="python", function="feeds.shop:visits", update="fixed")
    feed.write("src/feeds/shop.py", DICTS)
    ingest(feed.project)
    feed.write("src/feeds/shop.py", DICTS + "# more\n")
    with pytest.raises(SourceError, match=r"src/feeds/shop\.py has other content"):
        ingest(feed.project)


def test_modules_of_two_projects_with_one_name(feed: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    for folder, number in ((feed, 1), (other, 2)):
        folder.write("src/feeds/shop.py", f"def visits():\n    yield {{'n': [{number}]}}\n")
        declare(folder, {"n": "INTEGER"}, kind="python", function="feeds.shop:visits")
        ingest(folder.project)
        assert folder.query("from raw.visits") == [(number,)]


def test_many_tables(feed: Folder) -> None:
    declare(feed, {"n": "INTEGER"}, kind="python", function="shop:visits")
    code = (
        "def visits():\n    for n in range(300):\n        yield {'n': range(n * 10, n * 10 + 10)}\n"
    )
    feed.write("src/shop.py", code)
    assert ingest(feed.project).sources[0].rows == 3000
    assert feed.query("select max(n) from raw.visits") == [(2999,)]


def test_tables_without_rows_or_values_come_first(feed: Folder) -> None:
    columns = {"a": "DECIMAL(10,2)", "b": "DATE", "c": "VARCHAR"}
    declare(feed, columns, kind="python", function="shop:visits")
    feed.write(
        "src/shop.py",
        """
        from datetime import date
        from decimal import Decimal

        def visits():
            yield []
            yield {"a": [], "b": [], "c": []}
            yield {"a": [None], "b": [None], "c": [None]}
            yield {"a": [Decimal("1.10")], "b": [date(2026, 1, 1)], "c": ["x"]}
        """,
    )
    ingest(feed.project)
    assert feed.query("select a::varchar, b::varchar, c from raw.visits") == [
        (None, None, None),
        ("1.10", "2026-01-01", "x"),
    ]


def test_values_keep_their_digits(feed: Folder) -> None:
    columns = {"a": "BIGINT", "b": "DOUBLE", "c": "DECIMAL(10,2)", "d": "TIMESTAMP", "e": "VARCHAR"}
    declare(feed, columns, kind="python", function="shop:visits")
    feed.write(
        "src/shop.py",
        """
        import pandas as pd
        from decimal import Decimal

        def visits():
            time = pd.to_datetime(["2026-01-01 10:00:00.123456"])
            yield pd.DataFrame(
                {"a": [2**53 + 1], "b": [1], "c": [Decimal("1.10")], "d": time, "e": ["x"]}
            )
            yield pd.DataFrame(
                {"a": [float("nan")], "b": [0.1], "c": [1.25], "d": [pd.NaT], "e": [None]}
            )
        """,
    )
    ingest(feed.project)
    assert feed.query("select a, b, c::varchar, d::varchar, e from raw.visits") == [
        (2**53 + 1, 1.0, "1.10", "2026-01-01 10:00:00.123456", "x"),
        (None, 0.1, "1.25", None, None),
    ]


@pytest.mark.parametrize(
    ("code", "where", "what"),
    [
        (
            "def visits():\n    yield {'day': [1]}\n    1 / 0\n",
            "src/shop.py:3",
            "ZeroDivisionError",
        ),
        (
            "def visits():\n    import json\n    json.loads('?')\n",
            "src/shop.py:3",
            "JSONDecodeError",
        ),
        ("import missing_module\n", "src/shop.py:1", "No module named 'missing_module'"),
        ("def visits(:\n", "src/shop.py:1", "SyntaxError"),
        ("raise SystemExit(3)\n", "src/shop.py:1", "SystemExit: 3"),
        ("def other(): ...\n", "data/sources.yml:5", "no function `visits`"),
        ("visits = 3\n", "data/sources.yml:5", "no function `visits`"),
        ("def visits(x): ...\n", "data/sources.yml:5", "missing 1 required positional"),
        ("def visits(): ...\n", "data/sources.yml:5", "gives no table"),
        ("def visits(): return []\n", "data/sources.yml:5", "gives no table"),
        ("def visits(): return 'text'\n", "shop:visits, table 1", "of the type str"),
        ("def visits(): yield {'day': 1}\n", "shop:visits, table 1", "of the type dict"),
        ("def visits(): return [{'day': b'x'}]\n", "shop:visits, row 1", "is binary data"),
        (
            "def visits(): yield from ({'day': ['2026-01-01']}, {'days': [1]})\n",
            "shop:visits, table 2",
            "lacks `day` and has `days` besides",
        ),
        ("def visits(): return [{'day': 'x'}]\n", "shop:visits, row 1", "`x` of column `day`"),
        ("def visits(): return [{'day': '2026-01-01', 'x': 1}]\n", "shop:visits", "not declared"),
        ("def visits(): return {'day': []}\n", "shop:visits", "but no rows"),
        (
            "import pandas as pd\ndef visits():\n"
            "    yield pd.DataFrame({'day': ['2026-01-01']})\n"
            "    yield pd.DataFrame({'day': pd.to_datetime(['2026-01-01'])})\n",
            "shop:visits, table 2",
            "`day` is TIMESTAMP here, but was VARCHAR before",
        ),
        (
            "import pandas\ndef visits(): return pandas.DataFrame([[1, 2]], columns=['day'] * 2)\n",
            "shop:visits, table 1",
            "stand twice",
        ),
        (
            "import pandas as pd\ndef visits(): return pd.DataFrame({'day': [1]})\n",
            "shop:visits",
            "`day` is BIGINT and not DATE",
        ),
    ],
)
def test_how_it_fails(feed: Folder, code: str, where: str, what: str) -> None:
    feed.write("src/shop.py", code)
    declare(feed, {"day": "DATE"}, kind="python", function="shop:visits")
    error = error_of(feed)
    assert what in error.what
    assert str(error.where) == where


@pytest.mark.parametrize(
    ("function", "what"),
    [
        ("shop", "does not name a function"),
        ("../shop:visits", "does not name a function"),
        ("json:loads", "no module `json` in the project"),
        ("analysis.files:digest", "no module `analysis.files`"),
    ],
)
def test_only_functions_of_the_project(feed: Folder, function: str, what: str) -> None:
    feed.write("src/shop.py", DICTS)
    declare(feed, kind="python", function=function)
    error = error_of(feed)
    assert what in error.what
    assert str(error.where) == "data/sources.yml:5"


def test_old_warehouse_stays(feed: Folder) -> None:
    feed.write("src/feeds/shop.py", DICTS)
    assert rows(feed) == ROWS
    feed.write("src/feeds/shop.py", "def visits():\n    1 / 0\n")
    with pytest.raises(SourceError, match="ZeroDivisionError"):
        ingest(feed.project)
    assert stored(feed) == ROWS
