"""The lists of Django admin in the words of the house: their names, what filters offer, what an empty one says."""

import pytest
from django.urls import reverse

from liaison.models import Cadre
from organization.roles import Role
from tests import factories
from tests.client import StrictClient, client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def client(world):
    return client_of(world.roster_admin)


def choices(response, name: str) -> list[str]:
    spec = next(spec for spec in response.context["cl"].filter_specs if spec.parameter_name == name)
    return [label for _value, label in spec.lookup_choices]


def names(response) -> set[str]:
    return {str(row) for row in response.context["cl"].result_list}


def test_pages_are_called_what_a_clerk_would_write(world, client):
    titles = {
        reverse("admin:friends_worker_changelist"): "职工",
        reverse("admin:friends_worker_add"): "新增职工",
        reverse("admin:friends_worker_change", args=[world.friend.pk]): "修改职工",
        reverse("admin:friends_friendship_change", args=[world.friend.friendships.get().pk]): "查看联系关系",
    }
    assert {url: client.get(url).context["title"] for url in titles} == titles


def test_workers_of_a_base_unit_are_those_of_its_workshops_too(world, client):
    url = reverse("admin:friends_worker_changelist")
    assert choices(client.get(url), "base") == [world.plant.name, world.other_plant.name]
    assert names(client.get(url, {"base": world.plant.pk})) == {world.friend.name}
    assert names(client.get(url, {"q": world.other_plant.name})) == {world.other_friend.name}
    foreign = factories.unit(world.other_office.appointments.get().unit)
    for value in (foreign.pk, "nonsense"):
        assert names(client.get(url, {"base": value})) == set()


def test_the_base_units_offered_are_those_of_the_scope(world):
    client = client_of(factories.appointment(Role.ROSTER_ADMIN, world.plant).user)
    response = client.get(reverse("admin:friends_friendship_changelist"))
    assert next(spec.title for spec in response.context["cl"].filter_specs) == "基层单位"
    assert choices(response, "base") == [world.plant.name]


def test_cadres_are_filtered_by_their_group_of_today(world, client):
    url = reverse("admin:liaison_cadre_changelist")
    response = client.get(url, {"group": world.other_group.pk})
    assert list(response.context["cl"].result_list) == [world.stranger]
    assert names(client.get(url, {"group": "nonsense"})) == set()
    assert names(client.get(url, {"q": world.company.name})) == {str(cadre) for cadre in Cadre.objects.all()}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("admin:friends_worker_changelist", "从表格导入"),
        ("admin:liaison_phase_changelist", "右上角的新增"),
        ("admin:notices_delivery_changelist", "还没有记录。"),
    ],
)
def test_an_empty_list_says_what_to_do_next(world, address, sentence):
    client = client_of(factories.appointment(Role.ROSTER_ADMIN, factories.enterprise()).user)
    assert sentence in client.get(reverse(address)).content.decode()


def test_background_tasks_are_for_who_sets_the_house_up(client):
    url = reverse("admin:django_celery_results_taskresult_changelist")
    assert client.get(url).status_code == 403
    account = factories.user("安装账号", is_superuser=True, is_staff=True)
    installer = StrictClient()
    installer.force_login(account)
    page = installer.get(url).content.decode()
    assert "后台任务" in page
    assert "task result" not in page.lower()


def test_moves_are_told_to_the_auditor_in_words(world):
    factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    page = client_of(world.auditor).get(reverse("admin:issues_transition_changelist")).text
    assert "待归并" in page
    assert "已归并" in page
    assert "FROM STATE" not in page.upper()
