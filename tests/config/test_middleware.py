"""What holds for every request: limits, the address that counts, the headers that go out."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import ProxyAddressMiddleware, ResponseHeadersMiddleware
from tests import factories
from tests.client import StrictClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/?next=%00", "/accounts/login/?a%00b=1", "/accounts/login/%00", "/healthz?x=1&x=%00"],
)
def test_nul_in_an_address_answers_400(client, address):
    assert client.get(address).status_code == 400


def test_nul_in_a_form_answers_400(client):
    assert client.post("/accounts/login/", {"login": "li\0ming", "password": "x"}).status_code == 400


@pytest.mark.parametrize("body", [b'{"text": "a\\u0000b"}', b'{"text": "a\0b"}'])
def test_nul_in_a_json_body_answers_400(client, body):
    assert client.post("/accounts/login/", body, content_type="application/json").status_code == 400


def test_same_requests_without_nul_are_not_refused(client):
    """The control of the three tests above."""
    assert client.get("/healthz?x=1&x=2").status_code == 200
    assert client.post("/accounts/login/", {"login": "liming", "password": "x"}).status_code == 200


def test_body_above_the_limit_answers_413_with_a_page(client, settings):
    settings.MAX_BODY_BYTES = 100
    refused = client.post("/accounts/login/", {"login": "x" * 200})
    assert refused.status_code == 413
    assert "太大" in refused.content.decode()


def test_broken_content_length_is_no_server_error():
    response = Client().generic("POST", "/accounts/login/", b"", CONTENT_LENGTH="many")
    assert response.status_code < 500


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.1"),
        (2, "6.6.6.6, 10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (2, "10.1.1.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_the_hops_of_our_own_proxies_count(settings, proxies, forwarded, address):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    ProxyAddressMiddleware(lambda given: given)(request)
    assert request.META["REMOTE_ADDR"] == address
    assert "HTTP_X_FORWARDED_FOR" not in request.META


@pytest.mark.parametrize("address", ["/healthz", "/accounts/login/", "/nothing-here/", "/healthz?x=%00"])
def test_every_answer_carries_the_protecting_headers(client, address):
    headers = client.get(address).headers
    assert headers["Cache-Control"].endswith("no-store") or "no-cache" in headers["Cache-Control"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == settings.PERMISSIONS_POLICY
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_answer_to_head_has_the_length_but_no_body():
    answer = HttpResponse("four", headers={"Content-Length": "4"})
    sent = ResponseHeadersMiddleware(lambda request: answer)(RequestFactory().head("/"))
    assert (sent.content, sent.headers["Content-Length"]) == (b"", "4")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded; charset=utf-7", b"login=a"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1200))),
    ],
)
def test_unreadable_form_with_a_csrf_cookie_was_an_error_of_the_server(settings, content_type, body):
    client = StrictClient(enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    assert client.generic("POST", "/accounts/login/", body, content_type=content_type).status_code == 400


def test_sign_out_left_drafts_on_the_device_where_no_script_ran(db):
    client = StrictClient()
    client.force_login(factories.user())
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
