"""The card of a model: what it is, what it is for, how good it is, and where it ends.

Its sections are those of Mitchell et al., Model Cards for Model Reporting (2019), as far as there
is something to say of them. It is for people who use what the model says, and did not make it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.models.bundle.record import MODEL, Bundle
from analysis.models.card.fields import field_table
from analysis.models.card.markdown import NONE, code, listed, number, text


@dataclass(frozen=True)
class Tried:
    """Golden cases by kind, the values at which the model decides, and those that none is about."""

    cases: Mapping[str, int]
    thresholds: int
    left_out: int


def card(bundle: Bundle, tried: Tried) -> str:
    """Write the card as Markdown."""
    sections = (
        [f"# {bundle.model}", "", text(bundle.question)],
        _what(bundle),
        _use(bundle),
        _data(bundle),
        _evaluation(bundle),
        _importance(bundle),
        _validated(bundle, tried),
        _limits(bundle),
        ["## What it takes", "", *field_table(bundle)],
        _calling(bundle),
        _provenance(bundle),
    )
    parts = ["\n".join(lines) for lines in map(list, sections) if lines]
    return "\n\n".join(parts) + "\n"


def _what(bundle: Bundle) -> Iterator[str]:
    yield "## What it is"
    yield ""
    steps = ", ".join(f"`{name}` = {_value(value)}" for name, value in bundle.parameters.items())
    yield f"- **Kind**: {code(bundle.estimator)}" + (f" with {steps}" if steps else "")
    yield f"- **Answer**: {_answer(bundle)}"
    yield f"- **Promoted**: {bundle.created[:10]}" + (f" by {text(bundle.by)}" if bundle.by else "")
    if bundle.why:
        yield f"- **Why**: {text(bundle.why)}"


def _answer(bundle: Bundle) -> str:
    target = code(bundle.target)
    if bundle.task == "regression":
        return f"the expected {target}, a number"
    has_chances = len(bundle.outputs) > 1
    if bundle.task == "binary":
        chance = f", with the probability that it is {code(bundle.positive or '')}"
        return f"whether {target} is {code(bundle.positive or '')}" + (
            chance if has_chances else ""
        )
    classes = listed([code(name) for name in bundle.classes])
    return f"which {target} it is, of {classes}" + (
        ", with the probability of each" if has_chances else ""
    )


def _use(bundle: Bundle) -> Iterator[str]:
    yield "## What it is for"
    yield ""
    yield (
        f"It answers the question above for rows such as those of {code(bundle.sample)}, "
        "from what is known of them at that time. It is not made for rows of another kind, "
        "and an answer says what is likely, not why: that a column counts does not mean "
        "that changing it would change what happens."
    )


def _data(bundle: Bundle) -> Iterator[str]:
    made = bundle.provenance
    yield "## What it has learnt from"
    yield ""
    yield f"- **Rows**: {made.rows:,} of {code(bundle.sample)}"
    for view, names in bundle.features.items():
        told = "1 column" if len(names) == 1 else f"{len(names)} columns"
        yield f"- **{code(view)}**: {told}: {', '.join(map(code, names))}"
    yield f"- **Target**: {code(bundle.target)}"
    personal = [field.name for field in bundle.fields if field.personal]
    if personal:
        yield f"- **Personal data**: {', '.join(map(code, personal))}, which tell of people"
    if made.refit:
        yield "- It was fitted anew on all rows as they were when it was promoted."


def _evaluation(bundle: Bundle) -> Iterator[str]:
    yield "## How good it is"
    yield ""
    yield (
        f"Measured on rows that it had not seen ({text(bundle.split)}). The interval is of 95 %, "
        "from drawing blocks of rows again and again; the one of folds also tells how much "
        "it depends on the rows that it learns from."
    )
    yield ""
    yield "| Metric | Value | Interval | Interval of folds | Best |"
    yield "|---|---:|---:|---:|---|"
    for metric in bundle.metrics:
        yield (
            f"| {code(metric.name)} | {number(metric.value)} "
            f"| {_interval(metric.low, metric.high)} "
            f"| {_interval(metric.fold_low, metric.fold_high)} | {_BEST[metric.best]} |"
        )
    if bundle.provenance.refit:
        yield ""
        yield (
            "These are of the run that was promoted. The model itself was fitted anew since, "
            "on other rows, and was not measured again."
        )


_BEST = {"high": "high", "low": "low", "one": "at 1", "zero": "at 0"}


def _importance(bundle: Bundle) -> Iterator[str]:
    found = sorted(bundle.importance.items(), key=lambda pair: -pair[1])[:10]
    if not found or not bundle.metrics:
        return
    yield "## What it goes by"
    yield ""
    yield f"How much {code(bundle.metrics[0].name)} loses when a column is shuffled:"
    yield ""
    yield "| Column | Loss |"
    yield "|---|---:|"
    for name, loss in found:
        yield f"| {code(name)} | {number(loss)} |"


def _validated(bundle: Bundle, tried: Tried) -> Iterator[str]:
    yield "## How it is proven"
    yield ""
    told = listed([f"{count:,} {kind}" for kind, count in tried.cases.items()])
    yield (
        f"{sum(tried.cases.values()):,} golden cases ({told}) hold inputs that are made up to be "
        "hard, and what this model says of them. `analysis model validate` sends them through "
        "Python, the API and SQL, and `validate.py` through any server; all have to say the same."
    )
    if tried.thresholds:
        yield ""
        left = tried.left_out
        yield (
            f"The model decides at {tried.thresholds:,} values of its columns. "
            + (
                f"{tried.thresholds - left:,} of them are tried, spread evenly; {left:,} are not."
                if left
                else "All of them are tried: at the value, and next to it on both sides."
            )
        )
    yield ""
    if bundle.uncompiled is None:
        yield "It is also one query in SQL, `prediction.sql`."
    else:
        yield (
            f"It cannot be written as SQL: the step {code(bundle.uncompiled.step)}, "
            f"because {text(bundle.uncompiled.why)}."
        )


def _limits(bundle: Bundle) -> Iterator[str]:
    yield "## Where it ends"
    yield ""
    yield (
        "- It knows only what was so when its rows were made. Where the world changes, "
        "its answers get worse, and nothing in them tells."
    )
    ranges = [field for field in bundle.fields if field.low is not None]
    if ranges:
        yield (
            "- Beyond the ranges below it was never measured; the API refuses such values "
            "unless it is told to allow them."
        )
    closed = [f for f in bundle.fields if f.type == "category" and not f.unseen]
    if closed:
        yield f"- It takes no new categories of {', '.join(code(f.name) for f in closed)}."
    opened = [f for f in bundle.fields if f.type == "category" and f.unseen]
    if opened:
        names = ", ".join(code(f.name) for f in opened)
        yield f"- It takes new categories of {names}, of which it has learnt nothing."
    whole = [f for f in bundle.fields if not f.nullable]
    if whole:
        yield f"- It takes no row without {', '.join(code(f.name) for f in whole)}."
    never = [f for f in bundle.fields if f.nullable and f.nulls == 0]
    if never:
        names = ", ".join(code(f.name) for f in never)
        yield f"- No row that it learnt from lacked {names}; of one that does, it guesses."
    yield "- Whether it treats groups of people alike was not looked at."


def _calling(bundle: Bundle) -> Iterator[str]:
    name = bundle.model
    yield "## How to call it"
    yield ""
    yield "```sh"
    yield f"analysis serve model {name}"
    yield f"analysis model predict {name} --input rows.parquet --output predictions.parquet"
    if bundle.uncompiled is None:
        yield f"analysis model sql {name}"
    yield "```"
    yield ""
    yield f"It gives {listed([code(output.name) for output in bundle.outputs])}."


def _provenance(bundle: Bundle) -> Iterator[str]:
    made = bundle.provenance
    yield "## Where it comes from"
    yield ""
    candidate, experiment = code(made.candidate), code(made.experiment)
    yield f"- **Run**: {code(made.run)}, candidate {candidate} of {experiment}"
    if made.run_commit:
        yield f"- **Commit of the run**: {code(made.run_commit[:12])}"
    if made.commit:
        dirty = ", with changes that were not committed" if made.dirty else ""
        yield f"- **Commit when promoted**: {code(made.commit[:12])}{dirty}"
    packages = ", ".join(f"{name} {version}" for name, version in made.packages.items())
    yield f"- **Made with**: Python {made.python} on {text(made.platform)}; {text(packages)}"
    for path in made.code:
        yield f"- **Own code**: {code(path)}"
    yield f"- **Made again by**: {code(made.command)}"
    if model := bundle.file(MODEL):
        yield f"- **SHA-256 of the model**: {code(model.sha256)}"


def _interval(low: float | None, high: float | None) -> str:
    return NONE if low is None or high is None else f"{number(low)} to {number(high)}"


def _value(value: object) -> str:
    return code(str(value).lower() if isinstance(value, bool) or value is None else str(value))
