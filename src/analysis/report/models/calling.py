"""How a model is called: examples with curl and Python, of a golden case."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.models.bundle.record import answer_name
from analysis.report.html import Html, join, tag
from analysis.report.models.read import golden, model

if TYPE_CHECKING:
    from analysis.models.bundle.record import Bundle, GoldenCase

ADDRESS = "http://127.0.0.1:8000"


def call_examples(name: str) -> Html:
    """Show how the server is started and called, and what it answers."""
    bundle = model(name).shown.bundle
    cases = golden(name)
    case = next((case for case in cases if case.kind == "ordinary"), cases[0])
    return join(
        [
            tag("p", "The server is started by one command:"),
            _code(f"analysis serve model {name}"),
            tag("p", "It takes a list of rows, and answers with a list for each output:"),
            _code(_curl(case)),
            _code(json.dumps(_answer(bundle, case), indent=2, ensure_ascii=False)),
            tag("p", "The same from Python, with nothing installed:"),
            _code(_python(case)),
            tag("p", "By the key, with features that the server looks up in the warehouse:"),
            _code(_by_key(bundle)),
            tag("p", "Many rows at once, from a file to a file:"),
            _code(f"analysis model predict {name} --input rows.parquet --output answers.parquet"),
        ]
    )


def _code(text: str) -> Html:
    return tag("pre", tag("code", text))


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False)


def _shell(text: str) -> str:
    return text.replace("'", "'\\''")


def _curl(case: GoldenCase) -> str:
    body = _shell(_json([case.inputs], 2))
    header = "-H 'Content-Type: application/json'"
    return f"curl -s {ADDRESS}/predict {header} -d '{body}'"


def _answer(bundle: Bundle, case: GoldenCase) -> dict[str, list[Any]]:
    return {answer_name(output.name): [case.outputs[output.name]] for output in bundle.outputs}


def _python(case: GoldenCase) -> str:
    rows = _python_value(case)
    return (
        "import json\nfrom urllib.request import Request, urlopen\n\n"
        f"rows = {rows}\n"
        f'request = Request("{ADDRESS}/predict", json.dumps(rows).encode(),\n'
        '                  {"Content-Type": "application/json"})\n'
        "print(json.load(urlopen(request)))"
    )


def _python_value(case: GoldenCase) -> str:
    items = ",\n".join(f"    {name!r}: {found!r}" for name, found in case.inputs.items())
    return f"[{{\n{items}\n}}]"


def _by_key(bundle: Bundle) -> str:
    row = ", ".join(f'"{key.name}": …' for key in bundle.key)
    header = "-H 'Content-Type: application/json'"
    return f"curl -s {ADDRESS}/predict/by-key {header} -d '[{{{row}}}]'"
