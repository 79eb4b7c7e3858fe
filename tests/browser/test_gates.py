"""Each gate of the audit turns red on its planted fault, and stays green on a page without one."""

import pytest

from tests.browser.audit import faults

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.faulty")]


def test_audit_is_green_on_a_page_without_faults(page_as):
    page = page_as(None)
    page.goto("/faulty/none/")
    assert faults(page) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("axe", "axe image-alt"),
        ("console", "console: "),
        ("sideways", "scrolls sideways"),
        ("small", "smaller than 44 px"),
        ("zooming", "a phone zooms into it"),
        ("headings", "2 h1"),
        ("comment", "shown as text"),
        ("heavy", "kB compressed"),
        ("language", "no language"),
        ("unstyled", "style sheets are missing"),
    ],
)
def test_audit_turns_red_on_a_planted_fault(page_as, name, sentence):
    page = page_as(None)
    page.goto(f"/faulty/{name}/")
    assert any(sentence in fault for fault in faults(page))
