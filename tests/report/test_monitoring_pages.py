"""The chapter about monitoring, copied as it is into a project that knows nothing of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html

from tests.helpers import experiment_site
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.experiment_site import page, words
from tests.helpers.monitored_models import (
    FAST,
    MONTHS,
    SLOW,
    alert,
    around,
    compared,
    labelled,
    number,
    write_monitor,
)
from tests.helpers.projects import analysis

CHAPTER = experiment_site.ROOT / "chapters" / "monitoring"
EVIL = "<script>alert(1)</script> | $x$ **bold** {{< meta >}} `code` \"'&"
SECTIONS = ("performance", "calibration", "drift", "segments", "ledger", "challengers", "log")


def copied(root: Path) -> None:
    (root / "chapters" / "monitoring").mkdir(parents=True, exist_ok=True)
    shutil.copy(CHAPTER / "_monitor.qmd", root / "chapters" / "monitoring")
    text = (CHAPTER / "index.qmd").read_text()
    # What the demo tells of its own model is no part of what other projects copy.
    (root / "chapters" / "monitoring" / "index.qmd").write_text(text.partition("<!-- demo")[0])


def publish(root: Path) -> str:
    outcome = analysis(root, "publish")
    assert outcome.code == 0, outcome.out + outcome.err
    return outcome.out


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a published project with models of each task and in each state."""
    root = experiment_site.project(tmp_path_factory.mktemp("monitoring"), "index")
    copied(root)
    stage(root, add_bundle(root, "late"), "champion")
    off = alert("level", "observed_expected", model="late", what="Too much came true.")
    inputs = alert("inputs", "psi", model="late", of="wind", severity="watch", value=1.5, limit=1.0)
    past = alert("level", "observed_expected", model="late", alert="level-0", period=SLOW,
                 last_period=SLOW, value=0.62, limit=0.8, state="closed",
                 closed="2024-11-02T00:00:00")  # fmt: skip
    write_monitor(
        root, "late", [*labelled(), *compared()], [off, inputs, past], status="act",
        title="Late trips", reason="observed/expected is 1.4", labelled=9960, late_labels=7,
        contradicting_labels=3, notes=["4 rows are of a version that is gone"],
    )  # fmt: skip
    write_monitor(root, "silent", [number(m, "rows", 500, rows=500) for m in MONTHS[:1]])
    write_monitor(root, "empty", status=None, reason=None, task=None)
    errors = [number(m, "mae", 3.2, **around(3.2, 0.4, reference=2.0)) for m in MONTHS[-2:]]
    rows = [number(m, "rows", 1000, labelled=830) for m in MONTHS[-2:]]
    write_monitor(root, "delay", [*rows, *errors], task="regression", status="watch",
                  reason=EVIL, title=EVIL, notes=[EVIL])  # fmt: skip
    classes = [number(m, "accuracy", 0.9, **around(0.9, 0.02, reference=0.91)) for m in MONTHS]
    write_monitor(root, "kinds", classes, task="multiclass")
    publish(root)
    return root


@pytest.fixture(scope="module")
def pages(root: Path) -> Path:
    """Give the folder of the published chapter."""
    return root / "published" / "current" / "chapters" / "monitoring"


def section(tree: html.HtmlElement, name: str) -> str:
    """Give the text of a section of a page."""
    [found] = tree.xpath(f".//section[@id='{name}']")
    return words(found)


def test_the_overview_lists_each_model_and_those_first_that_need_a_person(pages: Path) -> None:
    tree = page(pages, "index")
    rows = [" ".join(" ".join(row.itertext()).split()) for row in tree.iter("tr")][1:]
    assert rows[0].startswith("Late trips late act observed/expected is 1.4")
    assert "2024-12 1,000 predictions labels cover 83%" in rows[0]
    assert rows[0].endswith("2 level inputs")
    assert rows[1].startswith("<script>")
    assert len(rows) == 5
    assert any("nothing was predicted yet" in row for row in rows)


def test_a_page_says_what_happened_whether_it_matters_and_what_to_do(pages: Path) -> None:
    told = words(page(pages, "monitor.late"))
    assert "Too much came true." in told
    assert "Here the order held: AUC was 0.70" in told
    assert "Recalibrate on the latest labels" in told
    assert "labels cover 83%" in told


def test_calibration_names_the_periods_in_which_it_broke(pages: Path) -> None:
    told = section(page(pages, "monitor.late"), "calibration")
    assert f"In {FAST} 1.40 times what was predicted came true, more than chance" in told
    assert f"In {SLOW} 0.62 times what was predicted came true, less than chance" in told


def test_fields_are_ranked_by_consequence_and_not_by_drift(pages: Path) -> None:
    [found] = page(pages, "monitor.late").xpath(".//section[@id='drift']")
    cells = [
        " ".join(row.find("td").itertext()).split()[0]
        for row in found.iter("tr")
        if row.find("td") is not None
    ]
    assert cells == ["the", "hour", "wind"]
    assert "83%" in words(found)  # wind is five sixths of what the model relies on


def test_only_segments_that_stand_out_among_many_are_called_so(pages: Path) -> None:
    tree = page(pages, "monitor.late")
    assert "one stands out from the whole" in section(tree, "segments")
    [found] = tree.xpath(".//section[@id='segments']")
    rows = [" ".join(" ".join(row.itertext()).split()) for row in found.iter("tr")][1:]
    assert rows[0].startswith("carrier BB stands out from all rows; p = 0.001 2.24")
    assert rows[1].startswith("carrier AA 1.40")


def test_the_ledger_says_how_often_estimates_held(pages: Path) -> None:
    told = section(page(pages, "monitor.late"), "ledger")
    assert "in 12 of 12 periods for AUC" in told


def test_arms_are_compared_and_what_may_be_chance_is_said_to_be(pages: Path) -> None:
    told = section(page(pages, "monitor.late"), "challengers")
    assert "better by 1 of 2 measures, and worse by none" in told
    assert "may be chance" in told
    assert "Nothing is compared" in section(page(pages, "monitor.silent"), "challengers")


def test_alerts_are_shown_with_a_chart_open_and_past(pages: Path) -> None:
    tree = page(pages, "monitor.late")
    [here] = tree.xpath(".//section[@id='alerts']")
    assert len(here.findall(".//svg")) == 2
    [past] = tree.xpath(".//section[@id='past-alerts']")
    assert "2 November 2024" in words(past)
    assert len(past.findall(".//svg")) == 1


def test_nothing_of_the_log_is_passed_over(pages: Path) -> None:
    told = section(page(pages, "monitor.late"), "log")
    assert "Late labels 7" in told.replace("labels7", "labels 7")
    assert "4 rows are of a version that is gone" in told


@pytest.mark.parametrize("model", ["silent", "empty", "delay", "kinds"])
def test_what_is_not_known_is_said_in_sentences(pages: Path, model: str) -> None:
    tree = page(pages, f"monitor.{model}")
    for name in SECTIONS:
        assert section(tree, name)
    for code in tree.xpath(".//pre"):
        code.drop_tree()
    told = words(tree)
    assert "None" not in told
    assert "nan" not in told.split()


def test_a_model_that_got_worse_says_so_whatever_its_task(pages: Path) -> None:
    told = section(page(pages, "monitor.delay"), "performance")
    assert "Worse than in training by more than chance explains: MAE." in told


def test_what_people_write_is_text_and_no_markup(pages: Path) -> None:
    for path in pages.glob("*.html"):
        tree = page(pages, path.stem)
        assert not [script for script in tree.iter("script") if "alert(1)" in (script.text or "")]


def test_only_the_page_of_a_model_with_news_runs_again(root: Path) -> None:
    publish(root)
    write_monitor(root, "silent", [number(m, "rows", 500, rows=500) for m in MONTHS[:2]])
    ran = [line.split()[1] for line in publish(root).splitlines() if line.startswith("ran")]
    ran = sorted(name for name in ran if name.startswith("chapters/monitoring/"))
    assert ran == ["chapters/monitoring/index.qmd", "chapters/monitoring/monitor.silent.qmd"]
