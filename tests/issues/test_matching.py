"""Merge suggestions: what says the same is found, and nobody is shown what is not his to see."""

import pytest

from issues.matching import proposed_groups, similar_issues, similar_opinions
from organization.roles import Role
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def test_what_says_the_same_is_proposed_within_sight_alone(world):
    second, elsewhere = factories.worker(world.workshop), factories.worker(world.other_workshop)
    factories.befriended(second, world.insider)
    factories.befriended(elsewhere, world.stranger)
    first = factories.opinion(world.friend, text="更衣室的柜子锁坏了")
    again = factories.opinion(second, text="更衣室柜子锁坏了")
    foreign = factories.opinion(elsewhere, text="更衣室柜子锁坏了")
    other = factories.opinion(world.friend, text="夜班补贴太低")
    group_leader = world.actor(world.leader_of_group, Role.GROUP_LEADER)
    (group,) = proposed_groups(group_leader)
    assert ({o.pk for o in group.opinions}, group.issue) == ({first.pk, again.pk}, None)
    assert group.shared
    found = similar_opinions(group_leader, "更衣室柜子锁坏了", category=first.category, exclude=[first])
    assert [opinion for opinion, _likeness in found] == [again]
    issue = factories.registered_issue(
        again, by=world.office, office=world.company, title="更衣室柜子锁坏", wording="更衣室柜子锁坏了。"
    )
    asked = {"category": issue.category, "unit": issue.unit}
    ((found, likeness),) = similar_issues(world.actor(world.office), first.text, **asked)
    assert (found, likeness.is_proposed) == (issue, True)
    groups = proposed_groups(world.actor(world.office))
    assert [(group.opinions, group.issue) for group in groups] == [([first], issue)]
    for who in (world.stranger, world.other_office):
        assert similar_issues(world.actor(who), first.text) == []
    for who in (world.handler, world.leader):
        assert proposed_groups(world.actor(who)) == []
        assert similar_opinions(world.actor(who), first.text) == []
    assert foreign.pk != other.pk
