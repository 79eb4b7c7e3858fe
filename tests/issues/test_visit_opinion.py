"""What was forgotten when a visit was logged is added to it, while the visit itself may be corrected."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from issues.enums import OpinionState, Source
from issues.models import Opinion
from lib.periods import local_date
from organization.roles import Role
from records.models import StaleMonth
from tests import factories
from tests.client import client_of
from tests.people import build_world
from tests.queries import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def address(log) -> str:
    return reverse("issues:visit_opinion", args=[log.key])


def visit(world, *, at: dt.datetime | None = None):
    return factories.contact_log(world.insider, world.friend, at=at or timezone.now())


def said(form, **changes) -> dict:
    return {
        "key": str(form["key"].value()),
        "worker": str(form["worker"].value()),
        "text": "更衣室热水不够",
        "category": factories.category("劳动保护").pk,
        **changes,
    }


def test_visit_opinion_is_added_to_the_visit_and_counts_on_its_day(world):
    log = visit(world, at=timezone.localtime().replace(day=1))
    client = client_of(world.insider)
    assert f'href="{address(log)}"' in client.get(log.get_absolute_url()).text
    form = client.get(address(log)).context["form"]
    StaleMonth.objects.all().delete()
    response = client.post(address(log), said(form, is_urgent="on"))
    assert response.url == log.get_absolute_url()
    opinion = log.opinions.get()
    assert (opinion.worker, opinion.cadre, opinion.group) == (world.friend, world.insider, world.group)
    assert (opinion.state, opinion.source, opinion.is_urgent) == (OpinionState.WAITING, Source.CONTACT_LOG, True)
    assert opinion.raised_on == local_date(log.happened_at)
    assert StaleMonth.objects.filter(unit=opinion.unit).exists()
    assert "更衣室热水不够" in client.get(log.get_absolute_url()).text


def test_visit_opinion_sent_twice_is_one_and_other_words_are_kept(world):
    log = visit(world)
    client = client_of(world.insider)
    data = said(client.get(address(log)).context["form"])
    assert [client.post(address(log), data).status_code for _ in range(2)] == [303, 303]
    other = client.post(address(log), {**data, "text": "班车太晚"})
    assert other.status_code == 409
    assert "班车太晚" in other.text
    again = {**data, "text": "班车太晚", "key": str(other.context["form"]["key"].value())}
    assert client.post(address(log), again).status_code == 303
    assert sorted(log.opinions.values_list("text", flat=True)) == ["更衣室热水不够", "班车太晚"]


def test_visit_opinion_says_what_is_missing_and_takes_only_who_was_there(world):
    log = visit(world)
    client = client_of(world.insider)
    data = said(client.get(address(log)).context["form"])
    absent = factories.worker(world.workshop)
    factories.befriended(absent, world.insider)
    for changes in ({"text": " "}, {"category": ""}, {"worker": str(absent.key)}, {"worker": "x"}, {"key": "x"}):
        response = client.post(address(log), {**data, **changes})
        assert response.status_code == 422, changes
        assert response.context["form"].errors
    assert not Opinion.objects.exists()


def test_visit_opinion_asks_who_spoke_where_several_were_there(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    log = factories.contact_log(world.insider, world.friend, second, at=timezone.now())
    client = client_of(world.insider)
    form = client.get(address(log)).context["form"]
    assert form["worker"].value() is None
    client.post(address(log), said(form, worker=str(second.key)))
    assert log.opinions.get().worker == second


def test_visit_opinion_is_for_the_author_within_the_open_month(world):
    log = visit(world)
    assert client_of(world.colleague).get(address(log)).status_code == 404
    assert client_of(world.leader_of_group, Role.GROUP_LEADER).get(address(log)).status_code == 403
    for who in (world.office, world.handler, world.leader):
        assert client_of(who).get(address(log)).status_code == 403
    old = visit(world, at=timezone.now() - dt.timedelta(days=40))
    assert client_of(world.insider).post(address(old), {"text": "晚了"}).status_code == 403
    assert address(old) not in client_of(world.insider).get(old.get_absolute_url()).text
    absent = reverse("issues:visit_opinion", args=[uuid.uuid4()])
    assert client_of(world.insider).get(absent).status_code == 404


def test_visit_opinion_needs_twelve_queries(world):
    log, client = visit(world), client_of(world.insider)
    client.get(address(log))
    assert count_queries(lambda: client.get(address(log))) == 12
