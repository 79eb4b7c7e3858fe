"""What the sources of the pages must hold; each rule is shown to turn red on a planted line."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.assets import wanted_icons

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))

FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b"),
    "inline handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[\w:-]*)\s*="),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)"),
    "foreign host": re.compile(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//"),
    "comment over two lines": re.compile(r"\{#(?:(?!#\}).)*$", re.MULTILINE),
    "unescaped value": re.compile(r"\|\s*safe\b|\{%\s*autoescape off"),
}
PLANTED = {
    "inline style": '<p style="color: red">',
    "inline handler": '<button hx-on:click="go()">',
    "inline script": "<script>go()</script>",
    "foreign host": '<script src="//cdn.example/x.js"></script>',
    "comment over two lines": "{# one\ntwo #}",
    "unescaped value": "{{ text|safe }}",
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_templates_hold_nothing_that_the_policy_forbids(rule):
    assert FORBIDDEN[rule].search(PLANTED[rule])
    assert [str(path) for path in TEMPLATES if FORBIDDEN[rule].search(path.read_text(encoding="utf-8"))] == []


def used_icons(text: str) -> set[str]:
    """Names given to the tag, to a component or to a menu entry."""
    named = re.findall(r"\{%\s*icon \"([\w-]+)\"|(?:icon_name|action_icon)=\"([\w-]+)\"", text)
    entries = re.findall(r"Entry\(\s*_\(\"[^\"]*\"\),\s*\"([\w-]+)\"", text)
    return {name for pair in named for name in pair if name} | set(entries)


def test_every_icon_that_is_used_is_in_the_sprite():
    assert used_icons('{% icon "rocket" %}{% include "x" with icon_name="a-b" %}') == {"rocket", "a-b"}
    apps = [path for app in settings.LOCAL_APPS for path in (ROOT / app).rglob("*.py")]
    used = set().union(*(used_icons(path.read_text(encoding="utf-8")) for path in [*TEMPLATES, *apps]))
    assert used - set(wanted_icons()) == set()


def test_every_script_is_loaded_by_a_page():
    pages = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    assert [path.name for path in SCRIPTS if f"js/{path.name}" not in pages] == []


def test_every_component_is_used_by_a_page_or_another_component():
    sources = [
        *TEMPLATES,
        *(path for folder in ("lib", *settings.LOCAL_APPS) for path in (ROOT / folder).rglob("*.py")),
    ]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert [path.name for path in COMPONENTS if f"components/{path.name}" not in text] == []
