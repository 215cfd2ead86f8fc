"""Every mistake in an experiment's file is told with its line, and with what to do."""

from __future__ import annotations

import pytest

from analysis.errors import AnalysisError
from analysis.experiments.declared.file import experiment_names
from tests.experiments.conftest import EXPERIMENT, changed, read
from tests.warehouse.conftest import Folder

SPLIT, METRICS = "split: {by: day}", "metrics: [roc_auc, brier]"
LOGISTIC = "    parameters: {C: 0.5}\n"
RATE = "  rate: sklearn.dummy.DummyClassifier"
Case = tuple[str, str, int, str, str | None]

TEXTS: list[Case] = [
    ("question: Which", "quest: Which", 1, "unknown key `quest`", "did you mean `question`?"),
    ("question: Which parcels come late?\n", "", 1, "the key `question` is missing", None),
    ("Which parcels come late?", "5", 1, "`question`: this must be text", "quote it"),
    ("Which parcels come late?", "''", 1, "`question`: this must not be empty", None),
    ("  sample: parcels", "  samples: parcels", 3, "`dataset.samples`", "did you mean `sample`?"),
    ("sample: parcels", "sample: ''", 3, "`dataset.sample`: this must not be empty", None),
    ("[parcel, load]", "[]", 4, "`dataset.features`: this must not be empty", None),
    ("[parcel, load]", "[parcel, parcel]", 4, "the view `parcel` stands here twice", "keep one"),
    ("[parcel, load]", "[parcel, 5]", 4, "`dataset.features.1`: this must be text", "quote it"),
    ("[parcel, load]", "{parcel: load}", 4, "`dataset.features`: this must be a list", None),
    ("first_day", "[first_day, first_day]", 5, "the column `first_day` stands here twice", "keep"),
    ("leave_out: first_day", "columns: [a, a]", 5, "the column `a` stands here twice", "keep"),
    ("leave_out: first_day", "positive: [1]", 5, "`dataset.positive`: this must be text", None),
    ("leave_out: first_day", "positive: 0.5", 5, "`dataset.positive`: ", None),
    (SPLIT, "split: {}", 6, "the split does not say how", "`group: column`"),
    (SPLIT, "split: {folds: 3}", 6, "the split does not say how", None),
    (SPLIT, "split: day", 6, "`split`: write `random`, `{by: day}`, `{group", None),
    (SPLIT, "split: [random]", 6, "`split`: this must be a mapping", None),
    (SPLIT, "split: {random: false}", 6, "`split.random`: this must be True", None),
    (SPLIT, "split: {by: dya}", 6, "`split.by`: this must be 'hour'", "did you mean `day`?"),
    (SPLIT, "split: {by: day, group: shop}", 6, "the split has `group` and `by`", "keep one"),
    (
        SPLIT,
        "split:\n  group: shop\n  of: day",
        8,
        "`of` goes with `by`, and not with `group`",
        "of",
    ),
    (SPLIT, "split: {random: true, of: day}", 6, "and not with `random`", None),
    (SPLIT, "split: {by: day, fold: 3}", 6, "unknown key `split.fold`", "did you mean `folds`?"),
    (SPLIT, "split: {by: day, folds: 1}", 6, "`split.folds`: this must be greater", None),
    (SPLIT, "split: {by: day, folds: 51}", 6, "`split.folds`: this must be less", None),
    (SPLIT, "split: {by: day, folds: 2.5}", 6, "`split.folds`: this must be a whole number", None),
    (SPLIT, "split: {by: day, folds: many}", 6, "`split.folds`: this must be a whole", None),
    (SPLIT, "split: {by: day, seed: -1}", 6, "`split.seed`: ", None),
    (SPLIT, f"split: {{by: day, seed: {2**32}}}", 6, "`split.seed`: ", None),
    (METRICS, "metrics: []", 7, "`metrics`: this must not be empty", None),
    (METRICS, "metrics:", 7, "`metrics`: this must be a list", None),
    (
        METRICS,
        "metrics: [brier, roc_auc, brier]",
        7,
        "the metric `brier` stands here twice",
        "keep",
    ),
    (METRICS, "metrics:\n  - brier\n  - ' '", 9, "the name of this metric is empty", None),
    (METRICS, "metrics: [1]", 7, "`metrics.0`: this must be text", "quote it"),
    ("  category:", "  categories:", 9, "`preprocessing.categories`", "did you mean `category`?"),
    ("  category:", "  date:", 9, "unknown key `preprocessing.date`", "one of number, category"),
    (
        "  category:",
        "  number: 5\n  category:",
        9,
        "`preprocessing.number`: this must be a list",
        None,
    ),
    (
        "  category:",
        "  number: [5]\n  category:",
        9,
        "`preprocessing.number.0`: this must be a",
        None,
    ),
    ("parameters: {handle", "params: {handle", 9, "`preprocessing.category.params`", "parameters"),
    (
        RATE,
        "  1: sklearn.dummy.DummyClassifier",
        11,
        "the key `candidates.1` is no text",
        "quote it",
    ),
    (RATE, "  'base rate': sklearn.dummy.X", 11, "`base rate` cannot be the name of a cand", "+"),
    (RATE, "  ../rate: sklearn.dummy.X", 11, "cannot be the name of a candidate", "a letter or"),
    (RATE, "  'a[b=1]': sklearn.dummy.X", 11, "cannot be the name of a candidate", "letters"),
    (RATE, f"  {'a' * 81}: sklearn.dummy.X", 11, "cannot be the name of a candidate", "at most 80"),
    (RATE, "  rate:", 11, "`candidates.rate`: this must be a mapping", None),
    (RATE, "  rate: {}", 11, "the key `candidates.rate.estimator` is missing", None),
    (
        RATE,
        "  rate: [sklearn.dummy.DummyClassifier]",
        11,
        "`candidates.rate`: this must be a",
        None,
    ),
    (
        RATE,
        "  logistic: sklearn.dummy.X",
        12,
        "the key `logistic` stands here a second time",
        "two",
    ),
    (LOGISTIC, "    paramters: {C: 1}\n", 15, "`candidates.logistic.paramters`", "parameters"),
    (LOGISTIC, "    parameters: [C]\n", 15, "this must be a mapping", None),
    (LOGISTIC, "    parameters: {C: 2026-01-01}\n", 15, "the value of `C` is a date", "in quotes"),
    (LOGISTIC, "    parameters: {C: !!set {a}}\n", 15, "the value of `C` is a set", None),
    (
        LOGISTIC,
        "    parameters: {w: {a: [!!binary eA==]}}\n",
        15,
        "the value of `w` is a bytes",
        None,
    ),
    (LOGISTIC, "    features: []\n", 15, "the candidate `logistic` has no features", "to take all"),
    (LOGISTIC, "    features: [a, a]\n", 15, "the feature `a` stands here twice", None),
    (LOGISTIC, "    grid: {C: 1}\n", 15, "`candidates.logistic.grid.C`: this must be a list", None),
    (LOGISTIC, "    grid:\n      C: [2026-01-01]\n", 16, "the value of `C` is a date", None),
    (
        LOGISTIC,
        "    random: {draws: 0, space: {C: [1]}}\n",
        15,
        "random.draws`: this must be",
        None,
    ),
    (LOGISTIC, "    random: {draws: 501, space: {C: [1]}}\n", 15, "random.draws`: this must", None),
    (
        LOGISTIC,
        "    random: {draws: 2, space: {}}\n",
        15,
        "random.space`: this must not be empty",
        None,
    ),
    (LOGISTIC, "    random: {space: {C: [1]}}\n", 15, "random.draws` is missing", None),
]
ADDED: list[tuple[str, int, str, str | None]] = [
    ("blocks: [day]", 17, "`blocks`: this must be text", None),
    ("budget: {max_minutes: 0}", 17, "`budget.max_minutes`: this must be greater than 0", None),
    ("budget: {max_minutes: .inf}", 17, "`budget.max_minutes`: this must be a finite", None),
    ("budget: {minutes: 3}", 17, "unknown key `budget.minutes`", "did you mean `max_minutes`?"),
    ("budget: 5", 17, "`budget`: this must be a mapping", None),
    ("draws: 99", 17, "`draws`: this must be greater than or equal to 100", None),
    ("task: clasification", 17, "`task`: this must be", "did you mean `classification`?"),
    ("honesty: true", 17, "`honesty`: this must be a mapping", None),
    ("honesty: {splts: []}", 17, "unknown key `honesty.splts`", "did you mean `splits`?"),
    ("honesty: {splits: []}", 17, "`honesty.splits` is empty", "`honesty: false`"),
    ("honesty: {candidates: []}", 17, "`honesty.candidates` is empty", "`honesty: false`"),
    ("honesty:\n  splits:\n    - random\n    - {}", 20, "the split does not say how", None),
    (
        "honesty:\n  splits:\n    - random\n    - random: true",
        20,
        "this split stands here twice",
        None,
    ),
    ("honesty:\n  splits:\n    - by: dya", 19, "`honesty.splits.0.by`: ", "did you mean `day`?"),
    ("learning: {sizes: []}", 17, "there are no sizes to train on", "`learning: false`"),
    ("learning:\n  sizes: [0.5, 0.5]", 18, "the size 0.5 stands after 0.5", "upwards"),
    ("learning:\n  sizes:\n    - 0.5\n    - 0.1", 20, "the size 0.1 stands after 0.5", "upwards"),
    ("learning:\n  sizes:\n    - 0", 19, "0 is no share of the training rows", "above 0, up to 1"),
    ("learning:\n  sizes:\n    - 1.5", 19, "1.5 is no share of the training rows", None),
    ("learning:\n  sizes:\n    - .nan", 19, "nan is no share of the training rows", None),
    ("learning:\n  sizes:\n    - all", 19, "`learning.sizes.0`: this must be a number", None),
    ("importance: {repeats: 0}", 17, "`importance.repeats`: this must be greater", None),
    ("importance: {rows: 5}", 17, "`importance.rows`: this must be greater", None),
]


def mistake(folder: Folder) -> AnalysisError:
    """Give the error of reading the experiment ``late``."""
    with pytest.raises(AnalysisError) as caught:
        read(folder)
    return caught.value


@pytest.mark.parametrize(("old", "new", "line", "what", "hint"), TEXTS)
def test_a_mistake(
    folder: Folder, old: str, new: str, line: int, what: str, hint: str | None
) -> None:
    error = mistake(changed(folder, (old, new)))
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")


@pytest.mark.parametrize(("added", "line", "what", "hint"), ADDED)
def test_a_mistake_in_what_may_be_added(
    folder: Folder, added: str, line: int, what: str, hint: str | None
) -> None:
    folder.write("data/experiments/late.yml", f"{EXPERIMENT}# More\n{added}\n")
    error = mistake(folder)
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")


FILES: list[tuple[bytes, int | None, str, str | None]] = [
    (b"", 1, "the key `question` is missing", None),
    (b"# Nothing yet\n", 1, "the key `question` is missing", None),
    (b"- question\n", 1, "the file is not a mapping of keys to values", None),
    (b"question\n", 1, "the file is not a mapping of keys to values", None),
    (b"question: a\nmetrics: \xff\n", 2, "this file is not UTF-8", "save it as UTF-8"),
    (b"question: [a\nmetrics: b\n", 2, "this is not valid YAML", "check indentation"),
    (b"question: a\n\tmetrics: b\n", 2, "this is not valid YAML", "check indentation"),
    (b"question: a\nquestion: b\n", 2, "the key `question` stands here a second time", "keep one"),
    (b"question: !!python/object:os.system x\n", 1, "this is not valid YAML", None),
    (b"question: &a [*a]\n", 1, "too many keys, or aliases of themselves", "write out"),
    (b"question: " + b"[" * 3000 + b"]" * 3000, 1, "too many keys, or aliases", None),
    (b"question: a\x00b\n", 1, "this is not valid YAML", None),
]
LAUGHS = "\n".join(
    ["a: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
)


@pytest.mark.parametrize(
    ("content", "line", "what", "hint"), [*FILES, (LAUGHS, 1, "aliases", None)]
)
def test_a_file_that_is_none(
    folder: Folder, content: bytes | str, line: int, what: str, hint: str | None
) -> None:
    folder.write("data/experiments/late.yml", content)
    error = mistake(folder)
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")


def test_a_file_from_another_editor(folder: Folder) -> None:
    """A byte order mark and CRLF are no mistakes, and lines are counted as they stand."""
    text = EXPERIMENT.replace("\n", "\r\n").encode()
    folder.write("data/experiments/late.yml", b"\xef\xbb\xbf" + text)
    assert read(folder).yaml.where("candidates", "logistic").line == 12


def test_names_of_experiments(folder: Folder) -> None:
    """Only names that are safe in a path, and one that is close is asked for."""
    folder.write("data/experiments/late-parcels.yml", EXPERIMENT)
    folder.write("data/experiments/late parcels.yml", EXPERIMENT)
    folder.write("data/experiments/sizes.yaml", EXPERIMENT)
    names = experiment_names(folder.project)
    assert names == ("late parcels", "late-parcels", "sizes")
    assert read(folder, "late-parcels").name == "late-parcels"
    said = {name: str(_error(folder, name)) for name in NAMES}
    for name, part in NAMES.items():
        assert part in said[name], said[name]


NAMES = {
    "late-parcel": "there is no experiment `late-parcel`\n  did you mean `late-parcels`?",
    "late-parcels.yml": "did you mean `late-parcels`?",
    "other": "write it down in data/experiments/other.yml",
    "sizes": "experiments/sizes.yaml: there is no experiment `sizes`\n  call this file sizes.yml",
    "late parcels": "data/experiments/late parcels.yml: `late parcels` cannot be the name",
    "../late": "`../late` cannot be the name of an experiment\n  use at most 80 letters",
    "": "`` cannot be the name of an experiment",
    ".late": "cannot be the name of an experiment",
    "a\0b": "cannot be the name of an experiment",
    "x" * 300: "cannot be the name of an experiment",
}


def _error(folder: Folder, name: str) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        read(folder, name)
    return caught.value
