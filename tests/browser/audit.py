"""What every page must hold in a real browser, in words: `audit(page)` in the test of a page.

`faults(page)` returns the sentences, `audit(page)` fails with them. Both look at the page as it stands: with its
errors shown, its sheet open, its list empty.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Response

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGE_KB, CHART_PAGE_KB, REQUESTS = 120, 300, 30
SMALLEST_TARGET, SMALLEST_TEXT_FIELD = 44, 16

# Bootstrap moves colours; even a movement of 0.01 ms ends a frame later.
CHANGE_THEME = """async ([attribute, theme]) => {
  document.documentElement.dataset[attribute] = theme;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
}"""
FACTS = Path(__file__).with_name("facts.js").read_text(encoding="utf-8")


@dataclass
class Traffic:
    """What a page said and fetched since it was opened."""

    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


_traffic: WeakKeyDictionary[Page, Traffic] = WeakKeyDictionary()


def watch(page: Page, home: str) -> None:
    """Listen to the page from its first request on."""
    traffic = _traffic[page] = Traffic()

    def answered(response: Response) -> None:
        if not response.url.startswith((home, "data:", "blob:")):
            traffic.foreign.append(response.url)

    # The answer's own status is judged by the test; the browser's remark on it would be a second voice.
    page.on(
        "console", lambda m: m.type == "error" and "status of 4" not in m.text and traffic.complaints.append(m.text)
    )
    page.on("pageerror", lambda error: traffic.complaints.append(str(error)))
    page.on("response", answered)


def audit(page: Page, *, page_kb: int = PAGE_KB) -> None:
    """Fails with every fault of the page, in its present theme and size."""
    page.wait_for_load_state()
    found = faults(page, page_kb=page_kb)
    assert not found, f"{page.url}:\n" + "\n".join(found)


def change_theme(page: Page, theme: str, attribute: str = "bsTheme") -> None:
    # A click returns when the new document has begun, which may be before it has an <html>.
    page.wait_for_load_state()
    page.evaluate(CHANGE_THEME, [attribute, theme])


def audit_both_themes(page: Page, *, page_kb: int = PAGE_KB) -> None:
    """As `audit`, in the light and in the dark, without loading the page again."""
    for theme in ("light", "dark"):
        change_theme(page, theme)
        found = [f"{theme}: {fault}" for fault in faults(page, page_kb=page_kb)]
        assert not found, f"{page.url}:\n" + "\n".join(found)


def faults(page: Page, *, page_kb: int = PAGE_KB) -> list[str]:
    return [*axe_faults(page), *layout_faults(page), *traffic_faults(page, page_kb=page_kb)]


def axe_faults(page: Page) -> list[str]:
    # Goes in over the debugger, so that the strict policy of the page need not be loosened for it.
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source())
    with whole_page(page):
        result = page.evaluate(
            "async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations", AXE_TAGS
        )
    return [f"axe {v['id']}: {v['help']} {[node['target'] for node in v['nodes']][:3]}" for v in result]


@contextmanager
def whole_page(page: Page) -> Iterator[None]:
    """A window as tall as the page: what stands half under a bar that stays is no small target, it is scrolled on."""
    shown = page.viewport_size
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": shown["width"], "height": max(shown["height"], tall)})
    yield
    page.set_viewport_size(shown)


def layout_faults(page: Page) -> list[str]:
    facts = page.evaluate(FACTS, {"target": SMALLEST_TARGET, "text": SMALLEST_TEXT_FIELD})
    found = []
    if not facts["lang"]:
        found.append("no language on <html>")
    if facts["headings"] != 1:
        found.append(f"{facts['headings']} h1")
    if facts["sideways"] > 0:
        found.append(f"scrolls sideways by {facts['sideways']} px: {facts['beyond']}")
    if facts["unstyled"]:
        found.append("the style sheets are missing")
    if facts["comments"]:
        found.append("a template tag or comment is shown as text")
    found.extend(f"smaller than {SMALLEST_TARGET} px: {target}" for target in facts["small"])
    found.extend(f"a phone zooms into it: {control}" for control in facts["zooming"])
    return found


def traffic_faults(page: Page, *, page_kb: int) -> list[str]:
    traffic = _traffic[page]
    found = [f"console: {text}" for text in traffic.complaints]
    found.extend(f"foreign host: {url}" for url in traffic.foreign)
    files = page.evaluate("performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)")
    weight = (compressed(page.content().encode()) + sum(map(static_weight, set(files)))) / 1024
    if weight > page_kb:
        found.append(f"{weight:.0f} kB compressed, more than {page_kb}")
    if len(files) >= REQUESTS:
        found.append(f"{len(files) + 1} requests, more than {REQUESTS}")
    return found


@cache
def static_weight(path: str) -> int:
    """Compressed as the web server sends it; the live server of the tests sends it plain."""
    prefix = f"/{settings.STATIC_URL.strip('/')}/"
    found = finders.find(path.removeprefix(prefix)) if path.startswith(prefix) else None
    return compressed(Path(found).read_bytes()) if found else 0


def compressed(content: bytes) -> int:
    return len(gzip.compress(content))


@cache
def axe_source() -> str:
    return (settings.BASE_DIR / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
