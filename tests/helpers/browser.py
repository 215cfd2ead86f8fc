"""A real browser, without a window: what a page is like after its scripts have run.

Tests that need one are skipped with a message where there is none; CI installs it.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--hide-scrollbars", "--virtual-time-budget=5000"),
)
_RESULT = re.compile(r'<pre id="test-result">(.*?)</pre>', re.DOTALL)


def ask(page: Path, script: str, folder: Path, *flags: str) -> Any:
    """Open a page, run ``script`` in it when it has loaded, and give what that returns.

    ``script`` is the body of an asynchronous function; its result must fit into JSON. The page is
    copied beside itself, so that what it loads is found.
    """
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("there is no Chromium")
    copy = page.with_name(f"{page.stem}.asked.html")
    copy.write_text(page.read_text("utf-8") + _asking(script), "utf-8")
    try:
        own = (f"--user-data-dir={folder / 'browser'}", "--dump-dom", copy.resolve().as_uri())
        done = subprocess.run(
            [program, *_FLAGS, *flags, *own],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    finally:
        copy.unlink()
    found = _RESULT.search(done.stdout)
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads(html.unescape(found[1]))
    assert "error" not in told, told["error"]
    return told["value"]


def _asking(script: str) -> str:
    return f"""<script>
window.addEventListener("load", async () => {{
  let told;
  try {{ told = {{ value: await (async () => {{ {script} }})() ?? null }}; }}
  catch (error) {{ told = {{ error: String(error.stack ?? error) }}; }}
  const result = document.createElement("pre");
  result.id = "test-result";
  result.textContent = JSON.stringify(told);
  document.body.append(result);
}});
</script>"""
