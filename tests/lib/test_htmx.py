from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from lib import htmx


@pytest.fixture
def templates(settings):
    loader = (
        "django.template.loaders.locmem.Loader",
        {"page.html": "<html>{% include '_rows.html' %}</html>", "_rows.html": "<p>{{ what }}</p>"},
    )
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [loader]}}
    ]


def request(**headers):
    made = RequestFactory().get("/", headers=headers)
    made.htmx = HtmxDetails(made)
    return made


def answer(**headers):
    return htmx.render_page_or_fragment(request(**headers), "page.html", "_rows.html", {"what": "行"})


@pytest.mark.usefixtures("templates")
def test_browser_gets_the_page_and_htmx_the_fragment():
    assert answer().content.decode() == "<html><p>行</p></html>"
    assert answer(hx_request="true").content.decode() == "<p>行</p>"
    assert answer(hx_request="true")["Vary"] == "HX-Request"


@pytest.mark.usefixtures("templates")
@pytest.mark.parametrize("header", ["hx_boosted", "hx_history_restore_request"])
def test_boosted_and_restored_requests_get_the_page(header):
    assert answer(hx_request="true", **{header: "true"}).content.startswith(b"<html>")


def test_see_other_leads_the_browser_and_htmx_on():
    plain = htmx.see_other(request(), "/issues/")
    assert (plain.status_code, plain["Location"]) == (303, "/issues/")
    assert htmx.see_other(request(hx_request="true"), "/issues/")["HX-Redirect"] == "/issues/"


def test_request_without_htmx_is_a_browser():
    assert not htmx.wants_fragment(SimpleNamespace(htmx=False))
