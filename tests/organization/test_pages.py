"""/me/, the switch of roles, and the one-click sign-in of the demo."""

import pytest
from django.urls import reverse

from organization.actors import ACTIVE_ROLE
from organization.roles import Role
from tests import factories
from tests.client import StrictClient, client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def test_me_saves_text_size_theme_and_language_at_once(world):
    client = client_of(world.office)
    response = client.post(reverse("organization:me"), {"text_size": "large", "theme": "dark", "language": "en"})
    assert response.status_code == 303
    world.office.refresh_from_db()
    assert (world.office.text_size, world.office.theme, world.office.language) == ("large", "dark", "en")
    assert response.cookies["django_language"].value == "en"
    page = client.get(reverse("organization:me")).content.decode()
    assert '<html lang="en" data-theme="dark"' in page
    assert 'data-text-size="large"' in page


def test_me_takes_no_field_that_it_does_not_show(world):
    data = {
        "text_size": "large",
        "theme": "dark",
        "language": "en",
        "is_superuser": "on",
        "name": "别名",
        "username": "x",
    }
    client_of(world.office).post(reverse("organization:me"), data)
    before = (world.office.name, world.office.username)
    world.office.refresh_from_db()
    assert (world.office.name, world.office.username, world.office.is_superuser) == (*before, False)


def test_me_keeps_a_wrong_value_out_and_says_so(world):
    response = client_of(world.office).post(reverse("organization:me"), {"text_size": "huge"})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"text_size", "theme", "language"}


def test_the_language_of_the_account_goes_before_the_browser_s(world):
    response = client_of(world.office).get(reverse("organization:me"), headers={"Accept-Language": "en"})
    assert response.headers["Content-Language"] == "zh-hans"


def test_role_switch_changes_the_scope_and_the_session_key(world):
    client = client_of(world.leader_of_group, Role.CADRE)
    key = client.session.session_key
    chosen = world.actor(world.leader_of_group, Role.GROUP_LEADER).key
    response = client.post(reverse("organization:role_switch"), {"role": chosen, "next": "/me/"})
    assert (response.status_code, response.url) == (303, "/me/")
    assert client.session[ACTIVE_ROLE] == chosen
    assert client.session.session_key != key
    assert client.get("/me/").wsgi_request.actor.role == Role.GROUP_LEADER


def test_role_switch_gives_nobody_a_role_that_he_does_not_hold(world):
    client = client_of(world.insider)
    chosen = world.actor(world.office).key
    client.post(reverse("organization:role_switch"), {"role": chosen})
    assert client.session[ACTIVE_ROLE] == world.actor(world.insider).key


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_role_switch_leads_nowhere_else(world, address):
    client = client_of(world.insider)
    role = world.actor(world.insider).key
    response = client.post(reverse("organization:role_switch"), {"role": role, "next": address})
    assert response.url == "/"


def test_a_role_that_ended_is_gone_with_the_next_click(world):
    client = client_of(world.office)
    world.office.appointments.update(ends_on="2016-02-01")
    assert client.get("/me/").wsgi_request.actor.role is None


def test_demo_sign_in_does_not_exist_outside_the_demo(world, settings):
    data = {"username": world.office.username}
    assert StrictClient().post(reverse("organization:demo_login"), data).status_code == 404
    settings.DEMO = True
    far = StrictClient(REMOTE_ADDR="10.0.0.7")
    assert far.post(reverse("organization:demo_login"), data).status_code == 404
    assert "演示" not in far.get(reverse("account_login")).content.decode()


def test_demo_sign_in_offers_one_account_per_role_and_enters_in_it(world, settings):
    settings.DEMO = True
    client = StrictClient()
    offered = {user.actor.role: user for user in client.get(reverse("account_login")).context["demo_users"]}
    assert list(offered) == list(Role)
    for role, user in offered.items():
        client = StrictClient()
        response = client.post(reverse("organization:demo_login"), {"username": user.username})
        assert (response.status_code, response.url) == (303, "/")
        assert client.get("/me/").wsgi_request.actor.role == role


def test_demo_sign_in_takes_only_the_accounts_on_offer(world, settings):
    settings.DEMO = True
    stranger = factories.user("外人")
    response = StrictClient().post(reverse("organization:demo_login"), {"username": stranger.username})
    assert response.status_code == 404
    assert StrictClient().get(reverse("organization:demo_login")).status_code == 405
