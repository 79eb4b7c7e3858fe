"""常用筛选: kept under a name per list, shared with colleagues of the same role and unit, without search words."""

import pytest
from django.urls import reverse

from organization.roles import Role
from records.models import SavedFilter
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db
AT = "issues:issue_list"
LIST = reverse("records:filter_list")


@pytest.fixture
def world():
    return build_world()


def keep(who, **changes):
    data = {"at": AT, "query": "tab=open&overdue=on&q=王五&page=3&unit=", "name": "超期问题", **changes}
    return client_of(who).post(LIST, data)


def names(who) -> list[str]:
    return [saved.name for saved in client_of(who).get(LIST, {"at": AT}).context["filters"]]


def test_saved_filter_opens_its_list_and_holds_no_search_words(world):
    answer = keep(world.office)
    assert answer.url == f"{reverse(AT)}?tab=open&overdue=on"
    assert client_of(world.office).get(answer.url).status_code == 200
    keep(world.office, query="tab=closed")
    assert SavedFilter.objects.get().query == "tab=closed", "the same name again takes the new filters"


def test_saved_filter_is_ones_own_until_it_is_shared_with_the_same_role_and_unit(world):
    second = factories.user("第二位")
    factories.appointment(Role.OFFICE, world.company, holder=second)
    keep(world.office)
    assert (names(world.office), names(second)) == (["超期问题"], [])
    keep(world.office, is_shared="on")
    assert (names(second), names(world.other_office), names(world.leader)) == (["超期问题"], [], [])
    delete = reverse("records:filter_delete", args=[SavedFilter.objects.get().key])
    assert client_of(second).post(delete).status_code == 404
    assert client_of(world.office).post(delete).url == reverse(AT)
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"name": "长" * 21}, "name"), ({"query": "a=" + "x" * 600}, "query")],
)
def test_saved_filter_with_bad_input_keeps_what_was_typed(world, changes, field):
    answer = keep(world.office, **changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not SavedFilter.objects.exists()


def test_saved_filter_of_no_list_is_404(world):
    client = client_of(world.office)
    assert client.get(LIST, {"at": "nowhere"}).status_code == 404
    assert "还没有常用筛选" in client.get(LIST).text
    assert keep(world.office, at="issues:issue_detail").status_code == 404
