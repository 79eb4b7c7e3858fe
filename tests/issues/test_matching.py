"""Merge suggestions: what says the same is found, and nobody is shown what is not his to see."""

import pytest

from issues import services
from issues.matching import proposed_groups, similar_issues, similar_opinions
from issues.matching.gists import drain_gists
from issues.matching.lessons import learn_words
from issues.matching.reading import read
from issues.matching.vocabulary import thesaurus
from issues.models import Concept, Gist, LearntWord
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


def test_the_worker_keeps_gists_and_follows_corrections_rewordings_and_merges(world, django_assert_max_num_queries):
    first = factories.opinion(world.friend, text="澡堂的水忽冷忽热")
    second = factories.opinion(world.friend, text="更衣柜锁坏了")
    assert drain_gists() == 2 and drain_gists() == 0
    assert "更衣柜" in Gist.objects.get(opinion=second).said["things"]
    services.correct_opinion(second, by=world.insider.user, text="澡堂喷头一会烫一会凉", category=second.category)
    office = world.actor(world.office)
    # Nobody has read the new words yet, and they count at once.
    assert [set(group.opinions) for group in proposed_groups(office)] == [{first, second}]
    assert drain_gists() == 1
    assert "洗澡水温" in Gist.objects.get(opinion=second).said["things"]
    issue = factories.registered_issue(
        first, by=world.office, office=world.company, title="浴室", wording="浴室设施问题。"
    )
    # The issue speaks by the voice that was merged into it.
    assert [(group.opinions, group.issue) for group in proposed_groups(office)] == [([second], issue)]
    assert drain_gists() == 1
    services.reword_issue(issue, by=world.office, version=issue.version, wording="请检修更衣柜。")
    assert not Gist.objects.filter(issue=issue).exists() and drain_gists() == 1
    with django_assert_max_num_queries(16):
        proposed_groups(office)


def test_a_concept_changed_in_admin_is_read_at_once(world):
    texts = ("摇椅断了", "软凳裂了")
    first, second = (factories.opinion(world.friend, text=text) for text in texts)
    office = world.actor(world.office)
    drain_gists()
    assert proposed_groups(office) == []
    concept = Concept.objects.create(name="座椅", words="摇椅\n软凳")
    assert drain_gists() == 2
    assert [set(group.opinions) for group in proposed_groups(office)] == [{first, second}]
    concept.is_active = False
    concept.save()
    drain_gists()
    assert proposed_groups(office) == []


def test_words_are_learnt_from_merges_and_forgotten_when_they_are_undone(world):
    merges = []
    for number in range(3):
        voices = [factories.opinion(world.friend, text=f"{number}号岗的茶缸子底朝天") for _ in range(2)]
        issue = factories.registered_issue(
            *voices, by=world.office, office=world.company, title="饮水", wording="井口饮水供应不足。"
        )
        merges.append(issue.merges.first())
    assert "饮水" not in read("茶缸子谁来管", thesaurus()).things
    learn_words()
    assert "饮水" in read("茶缸子谁来管", thesaurus()).things
    for merge in merges:
        services.unmerge_opinion(merge, by=world.office)
    learn_words()
    assert not LearntWord.objects.exists()
    assert "饮水" not in read("茶缸子谁来管", thesaurus()).things


def toy_vectors(texts: list[str]) -> list[list[float]]:
    """Knows that a kettle of tea is water to drink."""
    return [[1.0, 0.0] if "壶" in text or "渴" in text else [0.0, 1.0] for text in texts]


def test_a_model_of_the_installation_may_be_plugged_in(world, settings):
    first = factories.opinion(world.friend, text="干一上午嗓子冒烟，渴得慌")
    second = factories.opinion(world.friend, text="谁给弄把大壶呗")
    factories.opinion(world.friend, text="电钻借不着")
    office = world.actor(world.office)
    assert proposed_groups(office) == []
    settings.MATCHING_VECTORS = f"{__name__}.toy_vectors"
    drain_gists()
    assert [set(group.opinions) for group in proposed_groups(office)] == [{first, second}]
