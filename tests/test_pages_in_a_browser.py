"""The pages in a real browser: accessible, quiet, narrow enough, and fetching nothing.

This needs Chromium, and for the accessibility checks npm, which fetches axe-core. Where
one of them is missing the tests are skipped and say so.
"""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from grader.checks.picture import Confusion, Curves, Example, Images
from grader.drawing.draw import draw
from grader.pages.writer import Pages
from grader.results import Outcome
from tests.page_grades import HOSTILE, MISMATCH, assignment, grade, large_class, result

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
POLICY = re.compile(r"<meta http-equiv.*?>")
FOUND = re.compile(r'<pre id="found">(.*?)</pre>', re.DOTALL)
PAGES = ("index.html", "by-score.html", "feedback/ada.html", "feedback/eve.html")
AUDIT = """
document.querySelectorAll("details").forEach(each => each.open = true);
axe.run(document, {resultTypes: ["violations"]}).then(report => write(report.violations.map(
  each => each.id + ": " + each.help + " " + each.nodes.slice(0, 3).map(node => node.html))));
"""
MEASURE = """
document.querySelectorAll("details").forEach(each => each.open = true);
write([document.documentElement.scrollWidth - document.documentElement.clientWidth]);
"""
WRITE = """
function write(found) {
  const pre = document.createElement("pre");
  pre.id = "found";
  pre.textContent = JSON.stringify(found);
  document.body.append(pre);
}
"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=f"no browser: none of {', '.join(NAMES)}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pages of a class, one of whom writes whatever may do harm."""
    out = tmp_path_factory.mktemp("site")
    (out / "feedback").mkdir()
    wrong = result("pad", "test_zeros", Outcome.FAILED, feedback=MISMATCH, hint="Think of zeros.")
    numbers = np.linspace(0, 1, 64).reshape(8, 8)
    pictures = (
        *draw(Images(numbers, numbers.T)),
        *draw(Curves(numbers[0], numbers[1])),
        *draw(Confusion(np.eye(10, dtype=int) + 1, (Example(numbers, 1, 2),) * 8)),
    )
    wrong = replace(wrong, pictures=pictures)
    passed = result("pad", "test_corners", accuracy=0.9, pictures=pictures)
    ada = grade("ada", [wrong, replace(wrong, test="t.py::test_2"), passed])
    hostile = replace(wrong, feedback=f"{HOSTILE}\n{HOSTILE}", title="What eve wrote.")
    eve = grade("eve", [hostile], messages=(HOSTILE,), flags=(HOSTILE, "line 9"))
    pages = Pages(out, assignment())
    for each in (ada, eve):
        pages.write_student(each, json.dumps(each.to_json()))
    pages.write_class([ada, eve, *large_class(60)])
    return out


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Fetch the script of axe-core with npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm, which would fetch axe-core")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm could not fetch axe-core: {done.stderr.strip()[-200:]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def browse(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page, and return its document as it is after a while."""
    profile = page.parent / "profile"
    assert CHROMIUM
    return subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--no-first-run",
            f"--user-data-dir={profile}", "--virtual-time-budget=20000", *options, "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


def ask(page: Path, script: str, folder: Path, *options: str) -> list[object]:
    """Run a script in a copy of a page that allows it, and return what it wrote."""
    html = POLICY.sub("", page.read_text(encoding="utf-8"), count=1)
    copy = folder / "page.html"
    copy.write_text(f"{html}<script>{WRITE}{script}</script>", encoding="utf-8")
    found = FOUND.search(browse(copy, *options).stdout)
    assert found, "the script wrote nothing"
    answer: list[object] = json.loads(unescape(found[1]))
    return answer


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible(site, axe, tmp_path, page, scheme):
    """axe-core finds no violation, in either colour scheme, with everything unfolded."""
    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    assert ask(site / page, axe + AUDIT, tmp_path, *dark) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone(site, tmp_path, page):
    """Nothing makes a page wider than 360 pixels."""
    assert ask(site / page, MEASURE, tmp_path, "--window-size=360,800") == [0]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_quiet_and_fetches_nothing(site, tmp_path, page):
    """The console stays empty, and whatever hostile text names is not asked for."""
    log = tmp_path / "net.json"
    done = browse(site / page, "--enable-logging=stderr", f"--log-net-log={log}")
    assert "CONSOLE" not in done.stderr
    assert "evil.example" not in log.read_text(encoding="utf-8", errors="replace")
    assert "<h1>" in done.stdout


def test_what_would_be_a_violation_is_found(axe, tmp_path):
    """The checks can fail: a picture without words, grey on grey, and something too wide."""
    page = tmp_path / "bad.html"
    page.write_text(
        '<!doctype html><title>x</title><meta name="viewport" content="width=device-width">'
        '<p style="color:#999;background:#888">unreadable</p><img src="x.png">'
        '<p style="width:900px">wide</p>'
    )
    found = " ".join(map(str, ask(page, axe + AUDIT, tmp_path)))
    assert "image-alt" in found
    assert "color-contrast" in found
    assert ask(page, MEASURE, tmp_path, "--window-size=360,800") != [0]
    page.write_text(
        "<!doctype html><meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">"
        '<script>1</script><img src="https://evil.example/x.png">'
    )
    log = tmp_path / "net.json"
    done = browse(page, "--enable-logging=stderr", f"--log-net-log={log}")
    assert "CONSOLE" in done.stderr
    assert "evil.example" in log.read_text(encoding="utf-8", errors="replace")
