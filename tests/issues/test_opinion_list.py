"""The list of opinions, first user of the list pattern: scope, filters, order, rows for htmx, workbook."""

import pytest

from issues import services
from organization.roles import Role
from records.models import Download
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import parts_of, rows_of, sheet_of

pytestmark = pytest.mark.django_db
URL = "/opinions/"


@pytest.fixture
def world():
    return build_world()


def test_opinion_list_shows_each_role_its_scope(world):
    own, foreign = factories.opinion(world.friend), factories.opinion(world.other_friend)
    seen = [
        (world.insider, None, [own]),
        (world.colleague, None, []),
        (world.stranger, None, [foreign]),
        (world.leader_of_group, Role.GROUP_LEADER, [own]),
        (world.office, None, [foreign, own]),
        (world.other_office, None, []),
    ]
    for who, role, expected in seen:
        assert rows_of(client_of(who, role).get(URL, {"tab": "all"})) == expected
    for who in (world.handler, world.leader, world.roster_admin, world.auditor):
        assert client_of(who).get(URL).status_code == 403


def test_opinion_list_finds_by_text_name_and_initials(world):
    liu = factories.worker(world.workshop, name="刘晓敏")
    factories.befriended(liu, world.insider)
    found, other = factories.opinion(liu, text="通勤车太挤"), factories.opinion(world.friend, text="澡堂水不热")
    client = client_of(world.insider)
    for query in ("刘晓", "lxm", "liuxiao", "通勤", " 通勤 ", "LXM"):
        assert rows_of(client.get(URL, {"q": query})) == [found], query
    assert rows_of(client.get(URL, {"q": "澡堂"})) == [other]
    assert rows_of(client.get(URL, {"q": "没有这样的话"})) == []


def test_opinion_list_tab_and_filters_narrow_and_a_wrong_value_finds_nothing(world):
    waiting, merged = factories.opinion(world.friend), factories.opinion(world.other_friend)
    factories.registered_issue(merged, by=world.office, office=world.company)
    client = client_of(world.office)
    assert rows_of(client.get(URL)) == [waiting]
    assert rows_of(client.get(URL, {"tab": "merged"})) == [merged]
    assert rows_of(client.get(URL, {"tab": "all", "unit": world.plant.code})) == [waiting]
    assert rows_of(client.get(URL, {"tab": "all", "cadre": world.stranger.pk})) == [merged]
    assert rows_of(client.get(URL, {"tab": "all", "since": "2016-03-15", "until": "2016-03-15"})) == [merged, waiting]
    assert rows_of(client.get(URL, {"tab": "all", "until": "2016-03-14"})) == []
    for wrong in (
        {"cadre": 2**63},
        {"since": "昨天"},
        {"tab": "none"},
        {"unit": "NO-SUCH"},
        {"order": "worker__phone"},
    ):
        response = client.get(URL, {"tab": "all", **wrong})
        assert (response.status_code, rows_of(response)) == (200, []), wrong


def test_opinion_list_keeps_the_order_of_this_user_and_list(world):
    early = factories.opinion(world.friend)
    late = services.raise_opinion(
        by=world.office,
        text="来信",
        category=early.category,
        at=factories.issues.MARCH + factories.issues.DAY * 5,
        worker=world.friend,
        source="letter",
    )
    client = client_of(world.office)
    assert rows_of(client.get(URL)) == [late, early]
    response = client.get(URL, {"order": "raised_on"})
    assert rows_of(response) == [early, late]
    cookie = response.cookies[f"order_{world.office.pk}"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (URL, True, "Lax")
    assert rows_of(client.get(URL)) == [early, late]


def test_opinion_list_answers_htmx_with_its_rows_alone(world):
    factories.opinion(world.friend)
    client = client_of(world.office)
    page, rows = client.get(URL), client.get(URL, headers={"HX-Request": "true"})
    assert "<html" in page.text
    assert "<html" not in rows.text
    assert "希望晚班能吃上热饭" in rows.text
    assert "HX-Request" in rows["Vary"]


def test_opinion_list_export_holds_the_rows_shown_and_is_registered(world):
    services.raise_opinion(
        by=world.office,
        text='=HYPERLINK("http://x","点我")',
        category=factories.category(),
        at=factories.issues.MARCH,
        worker=world.friend,
        source="letter",
    )
    factories.opinion(world.other_friend)
    client = client_of(world.office)
    response = client.post(f"{URL}?tab=all&unit={world.plant.code}", {"export": "xlsx"})
    head, *rows = sheet_of(response)
    assert head[:4] == ["意见建议", "状态", "反映人", "单位"]
    assert [row[:4] for row in rows] == [['=HYPERLINK("http://x","点我")', "待归并", world.friend.name, "采掘一车间"]]
    assert b"<f>" not in parts_of(response)
    register = Download.objects.get()
    assert (register.kind, register.user, register.rows) == ("issues.opinions", world.office, 1)
    assert register.parameters == {"tab": "all", "unit": world.plant.code, "order": "-raised_on"}
    assert "filename*=utf-8" in response["Content-Disposition"]


@pytest.mark.parametrize("count", [1, 3])
def test_opinion_list_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        opinion = factories.opinion(world.friend)
        factories.registered_issue(opinion, by=world.office, office=world.company)
    client = client_of(world.office)
    client.get(URL)
    # Session, user, roles (2), rows, issues of the rows, number of issues.
    with django_assert_num_queries(7):
        assert len(rows_of(client.get(URL, {"tab": "all"}, headers={"HX-Request": "true"}))) == count
    # Besides: choices of the filters (4), counts in the menu (3).
    with django_assert_num_queries(15):
        client.get(URL, {"tab": "all"})
    # Without the number of issues; counted before, registered after.
    with django_assert_num_queries(8):
        client.post(f"{URL}?tab=all", {"export": "xlsx"})


def test_opinion_of_an_enterprise_is_kept_under_its_name_and_nobody_s(world):
    client, form = client_of(world.office), "/opinions/new/?kind=enterprise"
    page = client.get(form)
    assert "反映企业（单位）" in page.text
    assert list(page.context["form"].fields["unit"].queryset) == [world.company, world.plant, world.other_plant]
    said = {
        "key": "5a2f1e3c-7b1d-4c8e-9f60-2a1b3c4d5e6f",
        "text": "请工会协助开展技能竞赛",
        "category": factories.category().pk,
        "source": "moments",
        "raised_on": "2016-03-15",
    }
    assert "unit" in client.post(form, {**said, "unit": world.workshop.code}).context["form"].errors
    client.post(form, {**said, "unit": world.plant.code})
    factories.opinion(world.friend)
    (opinion,) = rows_of(client.get(URL, {"kind": "enterprise"}))
    assert (opinion.worker, opinion.unit, opinion.get_source_display()) == (None, world.plant, "朋友圈留言")
    assert f"{world.plant.label}（企业）" in client.get(opinion.get_absolute_url()).text
    head, row = sheet_of(client.post(f"{URL}?source=moments", {"export": "xlsx"}))
    assert row[head.index("反映人")] == f"{world.plant.label}（企业）"
    assert rows_of(client.get(URL, {"kind": "enterprise", "source": "letter"})) == []
