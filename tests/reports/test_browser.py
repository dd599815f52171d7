"""The reports in a real browser: what it loads, complains about, and lets people do."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import needs
import pytest

from grader.reports import class_report, student_report

from .classroom import HOSTILE, NAMES, Classroom, Handed

needs.package("selenium", "dev")
needs.package("axe_core_python", "dev")
import axe_core_python  # noqa: E402 - not without what it needs

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    needs.missing("no Chromium with chromedriver here: apt install chromium chromium-driver")

NARROW, WIDE, PAPER = 360, 1280, 703
"""The last is A4 within its margins, in CSS pixels."""
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

Driver = Any


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = str(CHROMIUM)
    for argument in (
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
        # Its own sandbox does not start as root; the pages are ours.
        *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(
    page: str,
    classroom: Classroom,
    small: Classroom,
    files: dict[str, list[Handed]],
    tmp_path_factory: Any,
) -> dict[str, Path]:
    """The class, a small one, one with many exercises, a student with a hostile name, and a
    single run."""
    folder = tmp_path_factory.mktemp("pages")
    student = classroom.students[0]
    own = [one for one in classroom.graded if one.student == student]
    failed = next(f for f in files["exercise-1"] if f.name == "wrong_syntax_error.py")
    again = [
        replace(g, attempt=replace(g.attempt, exercise=f"{g.attempt.exercise}{n}"))
        for g in small.graded
        for n in (0, 1, 2)
    ]
    texts = {
        "class": page,
        "small": class_report.page(
            small.graded, small.students, about=small.about, sources=small.sources
        ),
        "many": class_report.page(again, small.students),
        "student": student_report.page(student, own, sources=classroom.sources),
        "single": student_report.single(failed.document),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


def show(
    browser: Driver, path: Path, width: int = WIDE, *, dark: bool = False, media: str = "screen"
) -> None:
    """Opens `path` in a window of this width, with nothing left of earlier logs."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    emulated = {"media": media, "features": [feature]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", emulated)
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(path.as_uri())


def open_all(browser: Driver) -> None:
    browser.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")


@pytest.mark.parametrize("name", ["class", "student", "single"])
def test_nothing_leaves_the_page_and_nothing_is_complained_of(
    browser: Driver, pages: dict[str, Path], name: str
) -> None:
    show(browser, pages[name])
    open_all(browser)
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert asked == [pages[name].as_uri()]
    assert browser.get_log("browser") == []


@pytest.mark.parametrize(
    ("width", "dark"), [(NARROW, True), (WIDE, False)], ids=["narrow-dark", "wide-light"]
)
@pytest.mark.parametrize("name", ["small", "student", "single"])
def test_axe_finds_nothing(
    browser: Driver, pages: dict[str, Path], name: str, width: int, dark: bool
) -> None:
    show(browser, pages[name], width, dark=dark)
    open_all(browser)
    # Rows are alike, and axe takes a minute for all of them.
    browser.execute_script(
        "for (const body of document.querySelectorAll('tbody'))"
        " while (body.rows.length > 4) body.deleteRow(4)"
    )
    browser.execute_script(AXE)
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run().then(done, e => done({violations: [String(e)]}))"
    )
    violations = [
        {"id": v["id"], "help": v["help"], "nodes": [n["html"][:200] for n in v["nodes"][:3]]}
        for v in found["violations"]
    ]
    assert violations == []
    assert len(found["passes"]) > 20


OVERFLOWING = """
const wide = [];
for (const e of document.body.querySelectorAll("*")) {
  if (e.closest(".skip, math")) continue;
  const inside = e.parentElement.closest(".scroll, pre, svg");
  if (!inside && e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
    wide.push(e.outerHTML.slice(0, 200));
}
return [document.documentElement.scrollWidth, wide];
"""


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", ["class", "student", "single"])
def test_nothing_is_wider_than_the_window(
    browser: Driver, pages: dict[str, Path], name: str, width: int
) -> None:
    show(browser, pages[name], width)
    open_all(browser)
    scrolled, wide = browser.execute_script(OVERFLOWING)
    assert wide == []
    assert scrolled <= width


@pytest.mark.parametrize("name", ["class", "many", "student"])
def test_nothing_is_cut_off_on_paper(browser: Driver, pages: dict[str, Path], name: str) -> None:
    """On paper nothing scrolls: tables have to fit, and everything is open."""
    show(browser, pages[name], PAPER, media="print")
    cut = browser.execute_script(
        "return [...document.querySelectorAll('.scroll, pre')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)"
        ".map(e => e.outerHTML.slice(0, 200))"
    )
    assert cut == []
    hidden = browser.execute_script(
        "return [...document.querySelectorAll('details:not([open]) > :not(summary)')]"
        ".filter(e => e.getBoundingClientRect().height === 0).length"
    )
    assert hidden == 0
    paper = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})
    assert len(paper["data"]) > 10_000


def column(browser: Driver, caption: str, place: int) -> list[str]:
    """What a column of the table with this caption sorts by, from the top."""
    found: list[str] = browser.execute_script(
        """
        const table = [...document.querySelectorAll("table")]
          .find(t => t.caption.textContent.startsWith(arguments[0]));
        return [...table.tBodies[0].rows].map(r => {
          const cell = r.cells[arguments[1]];
          return cell.dataset.value ?? cell.textContent.trim();
        });
        """,
        caption,
        place,
    )
    return found


def test_tables_are_sorted_by_keyboard(browser: Driver, pages: dict[str, Path]) -> None:
    from selenium.webdriver.common.keys import Keys

    show(browser, pages["class"])
    caption, place = "Everybody", 1
    before = column(browser, caption, place)
    head = browser.execute_script(
        "return [...document.querySelectorAll('table')]"
        ".find(t => t.caption.textContent.startsWith(arguments[0])).tHead.rows[0].cells[1]",
        caption,
    )
    # The heads are in the order of the tab key: from the first one to the second.
    first = browser.execute_script(
        "const b = arguments[0].previousElementSibling.firstChild; b.focus(); return b", head
    )
    first.send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused == head.find_element("tag name", "button")
    outline = browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    focused.send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "descending"
    values = [float(v) for v in column(browser, caption, place)]
    assert values == sorted(map(float, before), reverse=True)
    focused.send_keys(Keys.SPACE)
    assert head.get_attribute("aria-sort") == "ascending"
    values = [float(v) for v in column(browser, caption, place)]
    assert values == sorted(map(float, before))
    # Only one column says that the table is sorted by it.
    first.send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") is None
    assert first.find_element("xpath", "..").get_attribute("aria-sort") == "ascending"


def test_what_is_not_known_sorts_last(browser: Driver, pages: dict[str, Path]) -> None:
    show(browser, pages["class"])
    for clicks in (1, 2):
        browser.execute_script(
            """
            const table = [...document.querySelectorAll("table")]
              .find(t => t.caption.textContent.startsWith("Everybody"));
            table.tHead.rows[0].cells[3].firstChild.click();
            """
        )
        values = column(browser, "Everybody", 3)
        unknown = [v == "NaN" for v in values]
        assert any(unknown), clicks
        assert unknown == sorted(unknown)


def test_hostile_text_stays_text(browser: Driver, pages: dict[str, Path]) -> None:
    show(browser, pages["class"])
    counts = browser.execute_script(
        "return ['script', 'style', 'img', 'title'].map(t => document.querySelectorAll("
        "t === 'title' ? 'head > title' : t).length)"
    )
    assert counts == [1, 1, 0, 1]
    shown = browser.execute_script(
        "return [...document.querySelectorAll('#students ~ .scroll tbody th')]"
        ".map(e => e.textContent.trim())"
    )
    control = re.compile("[\0-\x1f\u202a-\u202e\u2066-\u2069]")
    for name in NAMES:
        if name not in HOSTILE or not control.search(name):
            assert name in shown
    assert "{{ 1234 * 5678 }} {% raw %} ${1234*5678}" in shown
    assert "nul\\x00and\\x1b[31mred" in shown


def test_a_name_cannot_reorder_what_stands_beside_it(
    browser: Driver, pages: dict[str, Path]
) -> None:
    show(browser, pages["class"])
    loose = browser.execute_script(
        "return [...document.querySelectorAll('tbody th a')]"
        ".filter(a => a.getAttribute('href').startsWith('students/') && !a.querySelector('bdi'))"
        ".length"
    )
    assert loose == 0
    assert 'dir="auto"' in pages["student"].read_text(encoding="utf-8")


def test_paper_opens_what_was_closed_and_closes_it_again(
    browser: Driver, pages: dict[str, Path]
) -> None:
    show(browser, pages["class"])
    count = "return document.querySelectorAll('details[open]').length"
    assert browser.execute_script(count) == 0
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert browser.execute_script(count) > 20
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert browser.execute_script(count) == 0
