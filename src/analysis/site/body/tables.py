"""Tables: Bootstrap's classes, for those of Markdown and for those in the output of cells."""

from __future__ import annotations

from analysis.site.body.dom import Element, add_classes, classes
from analysis.site.body.options import BodyOptions

# Set by the filters on tables that were written in Markdown.
MARK = "data-markdown-table"


def finish_tables(main: Element, options: BodyOptions) -> None:
    """Dress the tables below ``main``, each as Quarto dresses one of its kind."""
    for table in main.iter("table"):
        if table.attrib.pop(MARK, None):
            table.attrib.pop("style", None)
            _dress(table, options)
        elif options.html_table_processing and not _is_left_alone(table):
            _clean(table)
            _dress(table, options)


def _is_left_alone(table: Element) -> bool:
    return str(table.get("data-quarto-disable-processing")) == "true"


def _clean(table: Element) -> None:
    """Take off a raw table what belongs into style sheets, and name its header cells."""
    table.attrib.pop("data-quarto-disable-processing", None)
    if (border := table.attrib.pop("border", None)) is not None:
        table.set("data-border", border)
    if "dataframe" in classes(table):
        _drop_style_before(table)
        for row in table.iter("tr"):
            row.attrib.pop("style", None)
    for cell in table.iter("th", "td"):
        for span in ("rowspan", "colspan"):
            if cell.get(span) == "1":
                del cell.attrib[span]
        if cell.tag == "th":
            cell.set("data-quarto-table-cell-role", "th")


def _drop_style_before(table: Element) -> None:
    previous = table.getprevious()
    if previous is not None and previous.tag == "style":
        previous.drop_tree()


def _dress(table: Element, options: BodyOptions) -> None:
    place = options.cap_location["tbl"]
    add_classes(table, f"caption-{place if place != 'margin' else 'top'}", "table")
    if "dataframe" in classes(table) or _is_computed(table):
        add_classes(table, "table-sm", "table-striped", "small")
    for row in table.xpath("./thead/tr"):
        add_classes(row, "header")
    for body in table.xpath("./tbody"):
        for index, row in enumerate(body.findall("tr")):
            add_classes(row, "even" if index % 2 else "odd")


def _is_computed(table: Element) -> bool:
    return any(
        "cell" in names and "plain" not in names
        for names in (classes(parent) for parent in table.iterancestors())
    )
