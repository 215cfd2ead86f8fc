"""The chapters about experiments, copied as they are into a project that knows nothing of them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from analysis.report.formats import MISSING
from tests.helpers.experiment_site import board, page, project, publish, record, told, words
from tests.helpers.projects import analysis
from tests.helpers.run_families import Setting
from tests.helpers.runs import write_experiment, write_run

EVIL = "<script>alert(1)</script> | $x$ **bold** {{< meta >}} `code` \"'&"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with experiments of each kind of task, which was published."""
    root = project(tmp_path_factory.mktemp("trials"))
    write_experiment(root, "late", 7, failed=1, outdated=1, selection_bias=0.012)
    write_experiment(root, "birds", 3, task="multiclass", honesty=False)
    write_experiment(root, "delay", 3, task="regression")
    setting = Setting(EVIL, EVIL, parameters={EVIL: EVIL, "C": None})
    runs = [
        write_run(root, "evil", setting),
        write_run(root, "evil", Setting("other", EVIL, parameters={EVIL: "x", "C": 1}), place=1),
        write_run(root, "evil", Setting("third", EVIL, parameters={EVIL: "y", "C": 2}), place=2),
        write_run(root, "evil", "broken", place=3, failed=EVIL),
    ]
    write_experiment(root, "evil", runs, question=EVIL, owner=EVIL, target=EVIL)
    write_lonely(root)
    write_experiment(root, "bad", 2, failed=2)
    publish(root)
    return root


def write_lonely(root: Path) -> None:
    """Write an experiment of one run, of whose metrics only the first could be had."""
    run = write_run(root, "lonely", "only")
    nothing = dict.fromkeys(("value", "low", "high", "fold_low", "fold_high"))
    path = root / "data" / "runs" / "lonely" / run.run / "run.json"
    found = json.loads(path.read_text())
    found["metrics"] = [
        {**metric, **nothing} if place else metric for place, metric in enumerate(found["metrics"])
    ]
    path.write_text(json.dumps(found))
    write_experiment(root, "lonely", [run])


@pytest.fixture(scope="module")
def pages(root: Path) -> Path:
    """Give the folder of the published chapter."""
    return root / "published" / "current" / "chapters" / "experiments"


def test_the_overview_lists_each_experiment_with_its_best(root: Path, pages: Path) -> None:
    """With links, the deciding metric, the baseline, and how many runs failed."""
    tree = page(pages, "index")
    best = told(root, "late")["leader"]
    links = {a.get("href") for a in tree.iter("a")}
    assert {f"experiment.{n}.html" for n in ("late", "birds", "delay", "evil", "bad")} <= links
    assert f"run.late.{best}.html" in links
    [row] = [
        row
        for row in tree.iter("tr")
        if "which model answers" in row.text_content().lower() and "late asks" in row.text_content()
    ]
    text = " ".join(row.text_content().split())
    candidate = record(root, "late", best)["candidate"]
    for part in (candidate, "ROC AUC", "1 failed", "9,000", "by day, 5 folds", "1 May 2026"):
        assert part in text


def test_every_link_leads_somewhere(pages: Path) -> None:
    """No page is named that was not published."""
    documents = list(pages.glob("*.html"))
    assert len(documents) > 12
    for path in documents:
        for a in page(pages, path.stem).iter("a"):
            address = (a.get("href") or "#").partition("#")[0]
            if address and not address.startswith("http"):
                assert (pages / address).exists(), f"{path.name}: {address}"


def test_an_experiment_says_how_it_is_set_up(pages: Path) -> None:
    """Views lead to their pages, where there are any."""
    tree = page(pages, "experiment.late")
    names = [item.text_content() for item in tree.iter("dt")]
    values = [" ".join(item.text_content().split()) for item in tree.iter("dd")]
    known = dict(zip(names, values, strict=True))
    assert known["Decided by"] == "ROC AUC (high is good)"
    assert known["Sample"] == "samples.trips, 9,000 rows"
    assert known["Features"] == "features.plan, features.weather"
    assert known["Target"] == "late, positive where it is true"
    assert known["Split"] == "by day, 5 folds"
    assert known["Candidates"] == "7, 1 failed, 1 not run yet"
    links = {a.get("href") for a in tree.iter("a")}
    assert {"../data/samples.trips.html", "../data/features.weather.html"} <= links


def test_the_leaderboard_has_the_best_first_and_the_failed_last(root: Path, pages: Path) -> None:
    """Earlier runs are not in it, nor are runs under other splits."""
    rows = board(page(pages, "experiment.late"))
    assert len(rows) == 6
    best = record(root, "late", told(root, "late")["leader"])
    assert rows[0][0].startswith(best["candidate"])
    assert rows[0][2] == "the best"
    assert [row[-1] for row in rows] == ["done"] * 5 + ["failed"]
    assert "did not converge" in rows[-1][0]
    values = [float(row[1].split()[0]) for row in rows[:5]]
    assert values == sorted(values, reverse=True)


def test_what_cannot_be_told_from_the_best_is_marked(root: Path, pages: Path) -> None:
    """Just those of which the processing layer says so."""
    summary = told(root, "late")
    same = {
        c["run"]
        for c in summary["comparisons"]
        if c["against"] == "best" and not c["distinguishable"] and c["metric"] == "roc_auc"
    }
    current = {r["run"] for r in summary["runs"] if r["current"]}
    named = {record(root, "late", run)["candidate"] for run in same & current}
    rows = board(page(pages, "experiment.late"))
    assert {
        row[0].partition(" learning")[0].partition(" n_est")[0]
        for row in rows
        if "≈ best" in row[2]
    } == named


def test_words_say_what_came_out(root: Path, pages: Path) -> None:
    """The best, the baseline, how it flatters itself, and how a random split would."""
    text = words(page(pages, "experiment.late"))
    assert re.search(
        r"is the best: its ROC AUC is 0\.\d{3} \(95% interval 0\.\d+ to 0\.\d+\)", text
    )
    assert "flatters it by about 0.012" in text
    assert "No candidate was tried under another split." in words(page(pages, "experiment.birds"))


@pytest.mark.parametrize("name", ["late", "delay"])
def test_how_a_split_flatters_is_said(name: str, root: Path, pages: Path) -> None:
    """Whether the metric that decides is best where it is high or low."""
    text = words(page(pages, f"experiment.{name}"))
    runs = [record(root, name, run["run"]) for run in told(root, name)["runs"]]
    for other in (run for run in runs if run["role"] == "honesty"):
        [own] = [
            run
            for run in runs
            if run["candidate"] == other["candidate"] and run["role"] == "candidate"
        ]
        by = other["metrics"][0]["value"] - own["metrics"][0]["value"]
        better = by > 0 if own["metrics"][0]["best"] == "high" else by < 0
        verb = "flatters" if better else "is harder for"
        label = other["split"]["label"]
        assert re.search(
            rf"{label} {verb} {own['candidate']} by \d"
            rf"|{label} makes no difference beyond chance for {own['candidate']}",
            text,
        )


@pytest.mark.parametrize(("name", "charts"), [("late", 6), ("birds", 4), ("delay", 4)])
def test_charts_are_drawn_with_words_for_those_who_do_not_see_them(
    name: str, charts: int, pages: Path
) -> None:
    """All have a label; none is empty."""
    drawn = page(pages, f"experiment.{name}").find_class("analysis-chart")
    assert len(drawn) == charts
    assert all(chart.get("aria-label") for chart in drawn)
    assert all(chart.find(".//svg") is not None for chart in drawn)


def test_each_current_run_has_a_page_and_no_other(root: Path, pages: Path) -> None:
    """Earlier ones stand in a table of the experiment; those under other splits in a chart."""
    summary = told(root, "late")
    current = {
        run["run"]
        for run in summary["runs"]
        if run["current"] and record(root, "late", run["run"])["role"] == "candidate"
    }
    assert {path.name for path in pages.glob("run.late.*.html")} == {
        f"run.late.{run}.html" for run in current
    }
    earlier = summary["runs"][0]["run"]
    assert earlier in words(page(pages, "experiment.late"))


def test_a_run_tells_what_is_needed_to_judge_and_to_repeat_it(root: Path, pages: Path) -> None:
    """Metrics with both intervals, folds, columns, packages, seeds, and the command."""
    best = record(root, "late", told(root, "late")["leader"])
    text = words(page(pages, f"run.late.{best['run']}"))
    for part in (
        best["command"],
        best["key"],
        best["estimator"].rpartition(".")[2],
        best["data"]["columns"]["wind"],
        "scikit-learn",
        "seats",
        "split 1, model 1",
        "Calibration slope",
        "Interval by blocks",
        "7,200",
        "from the baseline",
    ):
        assert part in text, part


def test_a_failed_run_says_why_and_all_that_is_known(root: Path, pages: Path) -> None:
    """Its message, during what, and how to try again."""
    [failed] = [
        run
        for run in (record(root, "late", r["run"]) for r in told(root, "late")["runs"])
        if run["status"] == "failed"
    ]
    tree = page(pages, f"run.late.{failed['run']}")
    text = words(tree)
    assert "It failed during fold 2 of 5" in text
    assert failed["failure"]["what"] in text
    assert failed["command"] in text
    assert "There are no results: the run failed." in text
    assert not tree.find_class("analysis-chart")


def test_nothing_hostile_becomes_markup(root: Path, pages: Path) -> None:
    """In no page, title or chart; it is shown as it is."""
    for path in (root / "published" / "current").rglob("*.html"):
        assert "<script>alert(1)" not in path.read_text(), path
    tree = page(pages, "experiment.evil")
    text = words(tree)
    assert text.count("<script>alert(1)</script> | $x$ **bold** {{< meta >}} `code`") > 5
    assert not tree.xpath(".//*[@class='math inline' or self::strong[.='bold'] or self::math]")


def test_a_page_of_a_run_depends_on_nothing_but_its_run(root: Path, tmp_path: Path) -> None:
    """A new run that is not the best makes its experiment and the overview stale, and no run."""
    copy = tmp_path / "copy"
    shutil.copytree(root, copy, symlinks=True)
    worst = Setting("worst", estimator="sklearn.dummy.DummyRegressor")
    new = write_run(copy, "delay", worst, task="regression", place=50)
    path = copy / "data" / "runs" / "delay" / "experiment.json"
    summary = json.loads(path.read_text())
    summary["runs"].append({"run": new.run, "digest": "new", "current": True})
    path.write_text(json.dumps(summary))
    assert analysis(copy, "run").code == 0
    freeze = copy / "_freeze" / "chapters" / "experiments"
    before = root / "_freeze" / "chapters" / "experiments"
    ran = {
        path.parent.name
        for path in freeze.glob("*/inputs.json")
        if not (before / path.parent.name / "inputs.json").exists()
        or path.read_bytes() != (before / path.parent.name / "inputs.json").read_bytes()
    }
    assert ran == {"index", "experiment.delay", f"run.delay.{new.run}"}


def test_a_second_run_has_nothing_to_do(root: Path) -> None:
    """What pages read of runs does not change by their own runs."""
    outcome = analysis(root, "status", "--json")
    assert {p["state"] for p in json.loads(outcome.out)["pages"]} == {"fresh"}


def test_one_run_alone_and_metrics_that_cannot_be_had(root: Path, pages: Path) -> None:
    """No baseline, no comparison, no chart of several; a dash for what is missing."""
    [row] = board(page(pages, "experiment.lonely"))
    assert row[0] == "only best"
    assert row[2:5] == ["the best", MISSING, MISSING]
    tree = page(pages, f"run.lonely.{told(root, 'lonely')['leader']}")
    [brier] = [row for row in tree.iter("tr") if row.text_content().strip().startswith("Brier")]
    assert [cell.text_content().strip() for cell in brier][1:] == [MISSING, MISSING]


def test_only_failures(pages: Path) -> None:
    """There is nothing to compare, and what went wrong is told."""
    text = words(page(pages, "experiment.bad"))
    assert "No candidate has a result yet." in text
    assert text.count("did not converge") == 2
