"""The rows that a version was trained on, in the form of predictions with what came true."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import AnalysisError, ProjectError
from analysis.experiments.metrics.rows import Columns, columns_of
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import PREDICTIONS, find_run, run_folder
from analysis.models.bundle.record import Bundle
from analysis.monitoring.declared.record import Monitor
from analysis.project import Project
from analysis.warehouse.datasets.dataset import dataset
from analysis.warehouse.opened import telling
from analysis.warehouse.sql import files, identifier, literal

if TYPE_CHECKING:
    import duckdb

ARM = "training"
# Where nothing tells on which day a row is, the rows are put into so many days of equal size.
_DAYS = 30
_NAME = "training_rows"


@dataclass(frozen=True)
class Training:
    """Rows of training in a connection, under the name ``table``; or why there are none.

    ``query`` gives them as the relation of predictions has them; ``scored`` says whether it gives
    what the model said of rows on which it was not trained.
    """

    query: str = ""
    table: str = _NAME
    scored: bool = False
    why_not: str | None = None


def training_rows(
    project: Project, con: duckdb.DuckDBPyConnection, bundle: Bundle, monitor: Monitor, spill: Path
) -> Training:
    """Read the rows of training from the warehouse, as far as they are those of then."""
    try:
        views = [view for view in bundle.features if view != bundle.sample]
        made = dataset(bundle.provenance.experiment, bundle.sample, views, start=project.root)
        types = {column.name: column.type for column in made.columns}
        made.to_parquet(spill / f"{_NAME}.parquet", ordered=True)
    except AnalysisError as error:
        return Training(why_not=f"the rows of training cannot be read: {error.what}")
    con.execute(
        f"create or replace table {_NAME} as select *, row_number() over () - 1 as row_ "
        f"from read_parquet({files([spill / f'{_NAME}.parquet'])})"
    )
    if why_not := _changed(con, bundle, types):
        return Training(why_not=why_not)
    run = _run(project, bundle)
    scores = _scores(con, project, run, bundle)
    day = _day(bundle, monitor, run, types)
    return Training(_query(bundle, types, scores, day), scored=scores is not None)


def _changed(con: duckdb.DuckDBPyConnection, bundle: Bundle, types: dict[str, str]) -> str | None:
    """Say why the rows are not those that the version was trained on, by what its bundle tells."""
    lacking = [field.name for field in bundle.fields if field.name not in types]
    if lacking or bundle.target not in types:
        return f"the dataset has no column `{(*lacking, bundle.target)[0]}` any more"
    numbers = [field for field in bundle.fields if field.low is not None]
    told = "".join(f", min({_double(field.name)}), max({_double(field.name)})" for field in numbers)
    found = con.execute(f"select count(*){told} from {_NAME}").fetchall()[0]
    expected = [bundle.provenance.rows, *(edge for f in numbers for edge in (f.low, f.high))]
    if list(found) == expected:
        return None
    return "the rows of training have changed since it was trained"


def _double(name: str) -> str:
    value = f"try_cast({identifier(name)} as double)"
    return f"case when isfinite({value}) then {value} end"


def _run(project: Project, bundle: Bundle) -> Run | None:
    try:
        return find_run(project, bundle.provenance.run, bundle.provenance.experiment)
    except AnalysisError:
        return None


def _scores(
    con: duckdb.DuckDBPyConnection, project: Project, run: Run | None, bundle: Bundle
) -> Columns | None:
    """Put what the run said of each row beside it; name the columns of that."""
    path = run_folder(project, run) / PREDICTIONS if run else None
    if path is None or not path.is_file() or bundle.provenance.refit:
        return None
    key = [field.name for field in bundle.key]
    named = columns_of(key, bundle.classes)
    told = [identifier(name) for name in (named.label, *named.chances)]
    listed = ", ".join(f"p.{name} as {identifier(f'oof {n}')}" for n, name in enumerate(told))
    same = " and ".join(f"t.{identifier(n)} is not distinct from p.{identifier(n)}" for n in key)
    rows = f"read_parquet({files([path])})"
    try:
        with telling("what the run predicted cannot be read"):
            con.execute(
                f"create or replace table {_NAME} as select t.*, {listed} "
                f"from {_NAME} t left join {rows} p on {same} order by row_"
            )
    except ProjectError:  # the file is damaged, or is of a candidate without probabilities
        return None
    return named


def _day(bundle: Bundle, monitor: Monitor, run: Run | None, types: dict[str, str]) -> str:
    """Write the day of a row: that of the split, else of the time that is monitored, or a share."""
    split = run.split.column if run and run.split.kind in ("by", "forward") else None
    keys = [field.name for field in bundle.key]
    for name in (split, monitor.time, *keys):
        if name and types.get(name, "").startswith(("TIMESTAMP", "DATE")):
            return f"{identifier(name)}::date"
    return f"date '1970-01-01' + (row_ * {_DAYS} // count(*) over ())::integer"


def _query(bundle: Bundle, types: dict[str, str], scores: Columns | None, day: str) -> str:
    inputs = ", ".join(
        f"{identifier(field.name)} := {_plain(field.name, types)}" for field in bundle.fields
    )
    outputs = _outputs(bundle, scores)
    label = f"{identifier(bundle.target)}::varchar"
    if scores is not None:
        # What came true of rows that no fold predicted would be held against no prediction.
        label = f"case when {identifier('oof 0')} is not null then {label} end"
    return f"""select {day} as day, null::varchar as version, {literal(ARM)} as arm,
  false as shadow, row_::varchar as request, row_ as row, null::json as key,
  struct_pack({inputs})::json as inputs, {outputs} as outputs,
  null::double as latency_ms, null::json as error, {label} as label
from {_NAME}"""


def _plain(name: str, types: dict[str, str]) -> str:
    """Write a value as JSON can have it: what is no number is missing."""
    if types[name] in ("DOUBLE", "FLOAT"):
        return f"case when not isnan({identifier(name)}) then {identifier(name)} end"
    return identifier(name)


def _outputs(bundle: Bundle, scores: Columns | None) -> str:
    if scores is None:
        return "null::json"
    names = [bundle.outputs[0].name]
    places = [0]
    for output in bundle.outputs[1:]:
        names.append(output.name)
        places.append(1 + bundle.classes.index(str(output.of)))
    told = ", ".join(
        f"{identifier(name)} := {identifier(f'oof {place}')}"
        for name, place in zip(names, places, strict=True)
    )
    return f"struct_pack({told})::json"
