"""An error that nobody expected: what the user reads."""

import sqlite3

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from config.urls import handler500  # noqa: F401 (of this URLconf too)
from organization.guards import public


@public
def full(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database or disk is full") from sqlite3.OperationalError("database or disk is full")


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError


urlpatterns = [*urls.urlpatterns, path("full/", full), path("broken/", broken)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "words"), [("/full/", 503, "暂时无法保存"), ("/broken/", 500, "系统出了点问题")]
)
def test_problem_says_whether_trying_again_helps(address, status, words):
    answer = Client(raise_request_exception=False).post(address)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert answer.headers.get("Retry-After") == ("30" if status == 503 else None)
    assert "disk is full" not in answer.text
