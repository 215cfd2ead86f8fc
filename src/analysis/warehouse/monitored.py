"""What monitoring keeps of a model in production: the columns of its tables, with their types.

Predictions and labels are counted by day in cells: of each field that the model takes, of its
score and of the latency. What a report says is added up from these counts, so that it needs no
row of the log; counts of days add up to those of any period exactly.
"""

from __future__ import annotations

_TEXT, _INTEGER, _NUMBER = "VARCHAR", "BIGINT", "DOUBLE"

# A label: what came true of a prediction, as it was handed in. `request` and `row`, or the `key`
# (JSON) and the `time` of what was predicted, say of which; `known` is when it came true.
LABELS = {
    **dict.fromkeys(("model", "request"), _TEXT),
    "row": _INTEGER,
    "key": "JSON",
    "time": "TIMESTAMP",
    "label": _TEXT,
    **dict.fromkeys(("known", "received"), "TIMESTAMP"),
    "source": _TEXT,
}

# Cells that are no place among the values of a field.
NULL, UNSEEN, BELOW, ABOVE, ABSENT, MISTYPED = -1, -2, -3, -4, -5, -6
# Fields that are none of the model's: all rows, its score, the latency of a request, refusals.
ROWS, SCORE, LATENCY, REFUSED = "", "@score", "@latency", "@refused"
# Segments that were declared are fields with this before their name.
SEGMENT = "segment:"

# A cell of a field in a version: `bin` is the coarser part of the field that it belongs to, in
# which drift is told; `low` and `high` are its edges, `text` the category that it is.
BINS = {
    **dict.fromkeys(("model", "version", "field"), _TEXT),
    "kind": _TEXT,
    **dict.fromkeys(("cell", "bin"), _INTEGER),
    **dict.fromkeys(("low", "high"), _NUMBER),
    "text": _TEXT,
}

# Counts and sums of the rows in a cell on a day. `origin` is `production` or `training`; `text`
# names cells that are not known before, of segments and of refusals. `rows` are predictions, and
# `labelled` those of them that came true or did not; `label`, `expected` and all after them are
# sums over the latter: of the label (1 if positive), of the score, and of losses.
# All of it is there of all rows and of segments, of scores only `score`, `label` and `expected`,
# and of inputs only `value`.
CELLS = {
    **dict.fromkeys(("model", "version", "origin", "arm"), _TEXT),
    "shadow": "BOOLEAN",
    "day": "DATE",
    "field": _TEXT,
    "cell": _INTEGER,
    "text": _TEXT,
    **dict.fromkeys(("rows", "labelled"), _INTEGER),
    **dict.fromkeys(("value", "score", "label", "expected", "brier", "log_loss"), _NUMBER),
    **dict.fromkeys(("correct", "flagged", "hits"), _INTEGER),
    **dict.fromkeys(("absolute", "squared"), _NUMBER),
}

# A number that a report tells: a metric of a version and an arm, in a period from `begin` until
# before `finish`, of a field or a segment (`of`, empty for all rows). `reference` is what it is
# compared with, `floor` what chance alone gives in 95 of 100 periods as long as this.
MEASURED = {
    **dict.fromkeys(("model", "version", "arm", "period"), _TEXT),
    **dict.fromkeys(("begin", "finish"), "DATE"),
    **dict.fromkeys(("metric", "of", "part"), _TEXT),
    **dict.fromkeys(("value", "low", "high", "reference", "floor"), _NUMBER),
    **dict.fromkeys(("rows", "labelled"), _INTEGER),
    "note": _TEXT,
}
