"""Who took an opinion down puts a slip right, while it waits and within the open month."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from issues import services
from issues.enums import Move
from issues.models import OpinionRevision
from lib.errors import Refused
from organization.roles import Role
from records.models import StaleMonth
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def opinion_of(world, *, at: dt.datetime | None = None):
    log = factories.contact_log(world.insider, world.friend, at=at or timezone.now())
    return factories.opinion(world.friend, log=log, text="希望晚班能吃上热范")


def test_opinion_update_by_its_cadre_keeps_what_it_said_before(world):
    opinion = opinion_of(world)
    client, url = client_of(world.insider), reverse("issues:opinion_update", args=[opinion.key])
    assert f'href="{url}"' in client.get(opinion.get_absolute_url()).text
    assert client.get(url).context["form"]["text"].value() == "希望晚班能吃上热范"
    other = factories.category("劳动保护")
    StaleMonth.objects.all().delete()
    assert client.post(url, {"text": " ", "category": other.pk}).context["form"].errors
    client.post(url, {"text": "希望晚班能吃上热饭", "category": other.pk})
    client.post(url, {"text": "希望晚班能吃上热饭", "category": other.pk})
    opinion.refresh_from_db()
    assert (opinion.text, opinion.category) == ("希望晚班能吃上热饭", other)
    revision = OpinionRevision.objects.get()
    assert (revision.text, revision.recorded_by) == ("希望晚班能吃上热范", world.insider.user)
    assert opinion.transitions.filter(move=Move.REWORD).count() == 1
    assert StaleMonth.objects.filter(unit=opinion.unit).exists(), "the category is a column of the roll-up"
    assert "希望晚班能吃上热范" in client.get(opinion.get_absolute_url()).text


def test_opinion_update_is_for_its_cadre_alone(world):
    opinion = opinion_of(world)
    url = reverse("issues:opinion_update", args=[opinion.key])
    assert client_of(world.colleague).get(url).status_code == 404
    assert client_of(world.leader_of_group, Role.GROUP_LEADER).get(url).status_code == 403
    for who in (world.office, world.handler, world.leader):
        assert client_of(who).get(url).status_code == 403
    absent = reverse("issues:opinion_update", args=[uuid.uuid4()])
    assert client_of(world.insider).get(absent).status_code == 404


def test_opinion_update_ends_with_the_month_and_with_the_merge(world):
    former = opinion_of(world, at=timezone.now() - dt.timedelta(days=40))
    client = client_of(world.insider)
    assert client.get(reverse("issues:opinion_update", args=[former.key])).status_code == 403
    opinion = opinion_of(world)
    factories.registered_issue(opinion, by=world.office, office=world.company, at=timezone.now())
    assert client.post(reverse("issues:opinion_update", args=[opinion.key]), {"text": "改"}).status_code == 403
    with pytest.raises(Refused, match="不能修改"):
        services.correct_opinion(opinion, by=world.insider.user, text="改", category=opinion.category)
    assert not OpinionRevision.objects.exists()
