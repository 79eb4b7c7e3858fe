"""The strict client turns red on each fault it is there for."""

import pytest
from django.http import HttpResponse

from .client import Faulty, StrictClient, faults_of

FINE = '<!doctype html><html lang="zh-CN"><body><h1>标题</h1>{}</body></html>'


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color: red'>红</p>",
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<button onclick="go()">走</button>',
        '<button hx-on:click="go()">走</button>',
        '<a href="javascript:go()">走</a>',
        "<p>{{ issue.number }}</p>",
        '<a title="{% url x %}">走</a>',
        "<h1>又一个标题</h1>",
        '<a href="/friends/?name=%E5%BC%A0">走</a>',
        '<a href="/friends/?q=13800001234">走</a>',
        '<img src="https://example.com/x.png" alt="">',
    ],
)
def test_a_fault_on_a_page_is_found(html):
    assert len(faults_of(HttpResponse(FINE.format(html)))) == 1


def test_a_page_without_language_or_heading_is_found():
    assert len(faults_of(HttpResponse("<html><h1>标题</h1></html>"))) == 1
    assert len(faults_of(HttpResponse('<html lang="en"></html>'))) == 1


def test_a_clean_page_fragment_and_file_pass():
    assert faults_of(HttpResponse(FINE.format('<script src="/static/js/boot.js"></script>'))) == []
    assert faults_of(HttpResponse('<script type="application/json">{"a": 1}</script>')) == []
    assert faults_of(HttpResponse("<tr><td>1</td></tr>")) == []
    assert faults_of(HttpResponse("{{", content_type="text/plain")) == []


@pytest.mark.django_db
@pytest.mark.urls("tests.faulty_urls")
def test_the_client_fails_on_a_faulty_page_and_on_an_error():
    with pytest.raises(Faulty, match="inline style"):
        StrictClient().get("/inline/")
    with pytest.raises(ZeroDivisionError):
        StrictClient().get("/broken/")
    with pytest.raises(Faulty, match="status 500"):
        StrictClient(raise_request_exception=False).get("/broken/")
