"""Which relations of the warehouse, and which files, a page reads through DuckDB.

DuckDB itself tells: every instance that the page opens logs its queries and the files that it
opens into a folder, which is read when the page is done. Nothing here keeps a connection open.
"""

from __future__ import annotations

import contextlib
import csv
import fnmatch
import functools
import os
import re
import sys
import weakref
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from .files import Files
from .places import Places

_ENABLE = "CALL enable_logging(['QueryLog', 'FileSystem'], storage = 'file', storage_path = "
# The same as in ``analysis.lineage.notes``, which may not be imported here.
_UNOBSERVED = "select /* unobserved */"
_PREPARE = re.compile(r"\s*prepare\s+\S+\s+as\s+", re.IGNORECASE)
_PART = re.compile(r'"(?:[^"]|"")*"|[^.]+')
_PATTERN = re.compile(r"""'([^']*[*?\[][^']*)'|"([^"]*[*?\[][^"]*)\"""")
_IDENTIFIER = r'(?:"(?:[^"]|"")*"|\w+)'
_NAMES = re.compile(rf"{_IDENTIFIER}(?:\s*\.\s*{_IDENTIFIER})*")
_SETS_PATH = re.compile(r"\s*use\b|.*\b(search_path|schema)\b", re.IGNORECASE | re.DOTALL)
# These read what is described in the catalog, or whatever is named while they run; and after
# these our log is not whole.
_WHOLE = re.compile(
    r"""\b(information_schema|pg_catalog|sqlite_master|duckdb_(?!logs?\b)\w+)\b
    |\bpragma\w*|^\s*show\b|\bquery(_table)?\s*\((?!\s*'[^']*'\s*\))|^\s*export\b
    |\bfrom\s+database\b|_logging\b|\blogging_|\benabled_log|\btruncate_duckdb_logs""",
    re.IGNORECASE | re.VERBOSE,
)
# What live relations are views on: they are inputs themselves, and so are their parts that are
# noted. Paths as in ``analysis.lineage.system``.
_LIVE = re.compile(
    r"""/data/runs/[^/]+/(?:[^/]+/)?(?:experiment|run|curves)[.]json$
    |/data/models/[^/]+/[^/]+/(?:bundle|event)[.]json$
    |/data/predictions/[^/]+/[^/]+[.](?:jsonl|parquet)$
    |/data/labels/[^/]+/[^/]+[.]parquet$
    |/data/monitoring/[^/]+/(?:monitor|alerts)[.]json$
    |/data/monitoring/[^/]+/(?:measured|bins/[^/]+|cells/[^/]+)[.]parquet$""",
    re.VERBOSE,
)
_ASKS_LIVE = re.compile(r"\bmeta\W", re.IGNORECASE)
_FILE = re.compile(r'"path":"((?:[^"\\]|\\.)*)","op":"(READ|WRITE|CLOSE)"')


_DEFAULT = ":default:"
_WITHOUT_CONNECTION = frozenset({"connect", "tokenize"})


class Queries:
    """Relations read, as the queries name them: with their schema in front where one is given.

    ``guesses`` are words of queries that could not be parsed; those that are relations count.
    ``whole`` says that the page may have read anything in the warehouse.
    """

    def __init__(self, places: Places, files: Files, logs: str) -> None:
        self.places = places
        self.files = files
        self.relations: set[str] = set()
        self.guesses: set[str] = set()
        self.whole = False
        self._folder = logs
        self._logs: dict[str, str] = {}
        self._connections: list[weakref.ref[Any]] = []
        self._duckdb: Any = None
        self._connect: Any = None

    def install(self) -> None:
        """Watch the connections that are made from now on."""
        self._duckdb = sys.modules["duckdb"]
        connect = self._connect = self._duckdb.connect

        @functools.wraps(connect)
        def watched_connect(database: Any = ":memory:", *args: Any, **kwargs: Any) -> Any:
            path = os.fsdecode(database)
            self._opens(path)
            connection = connect(database, *args, **kwargs)
            self._watch(connection, path)
            return connection

        self._duckdb.connect = watched_connect
        self._await_default(self._duckdb)

    def collect(self) -> None:
        """Read the logs."""
        for connection in self._connections:
            self._flush(connection())
        for key, log in self._logs.items():
            self._read(log, reaches=self.places.is_warehouse(key))

    def _await_default(self, module: ModuleType) -> None:
        """Watch the default connection from the first use of a function that may need it.

        To make it takes longer than many a page. The functions themselves cannot be wrapped, since
        DuckDB looks for data frames in the frame that calls them; so they are hidden until then.
        """
        space = vars(module)
        found = {n: value for n, value in space.items() if n[0] != "_" and callable(value)}
        functions = [n for n, value in found.items() if not isinstance(value, type)]
        hidden = {n: space.pop(n) for n in functions if n not in _WITHOUT_CONNECTION}

        def first_use(name: str) -> Any:
            if name not in hidden:
                raise AttributeError(f"module 'duckdb' has no attribute {name!r}")
            space.pop("__getattr__", None)
            space.update(hidden)
            self._watch(module.default_connection(), _DEFAULT)
            return hidden[name]

        space["__getattr__"] = first_use

    def _opens(self, path: str) -> None:
        if path.startswith(":"):
            return
        if self.places.is_warehouse(path):
            self.whole |= not os.path.exists(path)  # noqa: PTH110 - it will be there one day
        elif os.path.exists(path):  # noqa: PTH110
            self.files.note_read(path)
        else:
            self.files.note_written(path)

    def _watch(self, connection: Any, path: str) -> None:
        key = os.path.realpath(path) if path[:1] not in ("", ":") else path
        if key in ("", ":memory:"):  # each is another one
            key = f":memory:/{len(self._logs)}"
        log = self._logs.setdefault(key, f"{self._folder}-{len(self._logs)}")
        self._connections.append(weakref.ref(connection))
        try:
            with connection.cursor() as cursor:
                cursor.execute(_ENABLE + _literal(log) + ")").fetchall()
        except self._duckdb.Error:  # its settings are locked
            self.whole |= self.places.is_warehouse(path)

    @functools.cached_property
    def _parser(self) -> Any:
        """Give a connection to parse with; one that knows the views would look through them."""
        return self._connect(":memory:")

    def _flush(self, connection: Any) -> None:
        """Let an instance write down also the query whose result the page has not read yet."""
        if connection is not None:
            with contextlib.suppress(self._duckdb.Error), connection.cursor() as cursor:
                cursor.execute("select 1").fetchall()

    def _read(self, log: str, *, reaches: bool) -> None:
        queries: set[str] = set()
        asked: dict[str, str] = {}
        first: dict[str, str] = {}
        for context, kind, message in _entries(f"{log}/duckdb_log_entries.csv"):
            if kind == "QueryLog":
                queries.add(message)
                asked[context] = message
            elif found := _FILE.search(message):
                path = found[1].replace("\\\\", "\\")
                if not _is_live(path, asked.get(context, "")):
                    first.setdefault(path, found[2])
        opened = [path for path, operation in first.items() if operation != "WRITE"]
        self._note_files(opened, queries)
        if reaches or any(map(self.places.is_warehouse, opened)):
            self._note_relations({q for q in queries if not q.startswith((_ENABLE, _UNOBSERVED))})

    def _note_files(self, paths: list[str], queries: set[str]) -> None:
        for path in paths:
            self.files.note_read(path)
        for query in queries if paths else ():
            for literals in _PATTERN.findall(query):
                pattern = "".join(literals)
                if any(fnmatch.fnmatch(path, pattern.replace("**", "*")) for path in paths):
                    self.files._pattern(".", pattern)

    def _note_relations(self, queries: set[str]) -> None:
        for query in queries:
            self._note_query(_PREPARE.sub("", query))
        if any(_SETS_PATH.match(q) for q in queries if re.match(r"\s*(use|set)\b", q, re.I)):
            # Names without a schema may be of any.
            self.guesses |= {name for name in self.relations if "." not in name}

    def _note_query(self, query: str) -> None:
        self.whole |= bool(_WHOLE.search(query))
        try:
            names = self._parser.get_table_names(query, qualified=True)
        except self._duckdb.Error:
            self.guesses |= {_plain(name) for name in _NAMES.findall(query)}
            return
        # Each comes with what follows it: `raw.days AS d TABLESAMPLE 1%`.
        self.relations |= {_plain(found[0]) for name in names if (found := _NAMES.match(name))}


def _is_live(path: str, query: str) -> bool:
    """Say whether a live relation has read the file at ``path`` for this query."""
    if not _LIVE.search(path):
        return False
    return query.startswith(_UNOBSERVED) or bool(_ASKS_LIVE.search(query))


def _entries(path: str) -> Iterator[tuple[str, str, str]]:
    """Read what DuckDB has logged: for which statement, of what kind, and the message."""
    if not os.path.exists(path):  # noqa: PTH110 - no query was made
        return
    csv.field_size_limit(sys.maxsize)
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
        for row in csv.DictReader(file):
            yield row["context_id"], row["type"], row["message"]


def _plain(name: str) -> str:
    """Write a name as the warehouse's record does: its last two parts, small, without quotes."""
    parts = [part.strip() for part in _PART.findall(name)]
    plain = [p[1:-1].replace('""', '"') if p[:1] == '"' else p for p in parts]
    return ".".join(plain[-2:]).lower()


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
