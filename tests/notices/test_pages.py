import pytest
from django.urls import reverse

from notices.models import Notice
from notices.services import notify
from tests import factories

LIST = reverse("notices:notice_list")


@pytest.fixture
def told(reader) -> Notice:
    return notify(reader, "rule", "2016-08", "x", "有 3 件交办待接收", "/notifications/?page=1")[0]


def test_notice_list_shows_the_own_ones_alone(client, reader, told):
    notify(factories.user(), "rule", "2016-08", "x", "别人的提醒")
    client.force_login(reader)
    page = client.get(LIST).text
    assert told.text in page
    assert "别人的提醒" not in page


def test_bell_counts_what_is_unread(client, reader, told):
    client.force_login(reader)
    assert '<span class="count">1</span>' in client.get(LIST).text
    client.post(reverse("notices:notice_read_all"))
    assert '<span class="count">' not in client.get(LIST).text


def test_opening_a_notice_reads_it_and_goes_where_it_leads(client, reader, told):
    client.force_login(reader)
    response = client.post(reverse("notices:notice_read", args=[told.pk]))
    assert (response.status_code, response.headers["Location"]) == (303, told.link)
    told.refresh_from_db()
    assert told.read_at is not None


def test_notice_that_leads_outside_leads_nowhere(client, reader, told):
    Notice.objects.update(link="https://elsewhere.example")
    client.force_login(reader)
    assert client.post(reverse("notices:notice_read", args=[told.pk])).headers["Location"] == LIST


def test_looking_at_notices_changes_nothing(client, reader, told):
    client.force_login(reader)
    client.get(LIST)
    assert client.get(reverse("notices:notice_read", args=[told.pk])).status_code == 405
    told.refresh_from_db()
    assert told.read_at is None


def test_notice_of_somebody_else_is_not_found(client, told):
    client.force_login(factories.user())
    assert client.post(reverse("notices:notice_read", args=[told.pk])).status_code == 404
    assert client.post(reverse("notices:notice_read", args=[2**63])).status_code == 404


def test_notice_list_without_notices_says_what_will_come(client, reader):
    client.force_login(reader)
    assert "没有提醒" in client.get(LIST).text


@pytest.mark.parametrize("number", [1, 3])
def test_notice_list_costs_the_same_queries_at_any_length(client, reader, django_assert_num_queries, number):
    for n in range(number):
        notify(reader, "rule", "2016-08", str(n), "提醒")
    client.force_login(reader)
    # Session, account, roles of organization and liaison; the page, its unread count, the bell.
    with django_assert_num_queries(7):
        client.get(LIST)
