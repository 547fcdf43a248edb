"""What debugging a long execution costs in the console's page: to open a history, and to take a step in it.

The page is served by the console's own server; Chromium opens synthetic histories by Replay, as a person does. Times
are the browser's own: from the moment the file is handed over until the frame in which its last event is shown has been
drawn, and from the press of a key until what it changes has been laid out.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import sync_playwright

from bench.measure import MeasuringFailed
from bench.results import Aim, Results
from bench.synthetic_history import history
from tests.fakes.console import lone_deployment, served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME: Final = "console"
SIZES: Final = (530, 5_300, 26_200)
"""Events asked for, of which come some 5 % fewer: 500, 5,000 and 25,000, the most that a history has (a quota)."""
AIMED_AT: Final = 5_000
MOST_SECONDS_TO_OPEN: Final = 1
MOST_MILLISECONDS_A_STEP: Final = 50
STEPS: Final = 60
OPENED: Final = """async (input) => {
    const shown = (count) => document.querySelector('.ex-where')?.textContent.includes(count);
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const count = input.dataset.events;
    input.dataset.clock = 'runs';
    const begun = performance.now();
    input.dispatchEvent(new Event('change', {bubbles: true}));
    while (!shown(count)) await frame();
    await frame();
    performance.measure('open', {start: begun, end: performance.now()});
    return performance.getEntriesByName('open').at(-1).duration;
}"""
HELD_BACK: Final = """(input) => {
    const held = (event) => input.dataset.clock === undefined && event.stopImmediatePropagation();
    input.addEventListener('change', held, true);
}"""
STEPPED: Final = """async ([keys, count]) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const times = [];
    for (let step = 0; step < count; step += 1) {
        const begun = performance.now();
        const key = keys[step % keys.length];
        document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
        await new Promise((done) => setTimeout(done));
        document.querySelector('.ex').getBoundingClientRect();
        performance.measure('step', {start: begun, end: performance.now()});
        times.push(performance.getEntriesByName('step').at(-1).duration);
        await frame();
    }
    return times.sort((one, other) => one - other);
}"""


def measure(directory: Path, say: Callable[[str], None], sizes: tuple[int, ...] = SIZES) -> Results:
    """Open a history of each size in the page, and step through it."""
    results = Results(NAME, 1)
    executable = shutil.which("chromium")
    if executable is None:
        raise MeasuringFailed("chromium is not installed: apt-get install chromium")
    with served(lone_deployment()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for size in sizes:
            say(f"{NAME}: a history of {size:,} events ...")
            path = directory / f"{size}.json"
            path.write_text(json.dumps(history(size)), encoding="utf-8")
            results.rows.append(_row(browser, address, path))
            path.unlink()
        browser.close()
    results.aims = _aims(results.rows)
    return results


def _row(browser: Any, address: str, path: Path) -> dict[str, str | float]:  # noqa: ANN401 - of playwright, untyped
    events = len(json.loads(path.read_text(encoding="utf-8"))["events"])
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
    page.goto(address)
    page.locator("header a[href='#/replay']").click()
    chooser = page.locator("input[type=file]")
    # The file is handed over before the clock begins; the page is told when it does.
    chooser.evaluate(HELD_BACK)
    chooser.set_input_files(str(path))
    chooser.evaluate("(input, count) => { input.dataset.events = `of ${count.toLocaleString('en')}` }", events)
    opened = chooser.evaluate(OPENED)
    size = path.stat().st_size
    near = page.evaluate(STEPPED, [["k", "k", "k", "j"], STEPS])
    far = page.evaluate(STEPPED, [["Home", "n", "n", "End"], STEPS])
    page.close()
    return {
        "events": events,
        "mb": round(size / 1_000_000, 2),
        "open_seconds": round(opened / 1_000, 2),
        "step_ms": round(near[STEPS // 2], 1),
        "slowest_step_ms": round(near[-1], 1),
        "jump_ms": round(far[STEPS // 2], 1),
    }


def _aims(rows: list[dict[str, str | float]]) -> list[Aim]:
    row = min(rows, key=lambda one: abs(float(one["events"]) - AIMED_AT))
    return [
        Aim(f"{row['events']:,} events: seconds until open", MOST_SECONDS_TO_OPEN, float(row["open_seconds"])),
        Aim(f"{row['events']:,} events: milliseconds a step", MOST_MILLISECONDS_A_STEP, float(row["step_ms"])),
    ]
