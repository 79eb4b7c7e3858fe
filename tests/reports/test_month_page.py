"""/reports/: who sees what of the month, where each figure leads, and asking for the workbook."""

import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from issues import services as desk
from lib.periods import month, month_of, today
from organization.roles import Role
from records.enums import ExportState
from records.models import Export
from records.services import claim_export, run_export
from reports import services
from reports.page import report_for, tables_of
from reports.thresholds import hidden_cells
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db
URL = reverse("reports:report_month")
EXPORT = reverse("reports:report_export")
MARCH = {"month": "2016-03"}


@pytest.fixture
def world():
    """March 2016: a solved issue in one plant, a waiting opinion in the other."""
    world = build_world()
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    world.issue = factories.answered_issue(dispatch, by=world.handler)
    factories.opinion(world.other_friend)
    services.drain_stale_months()
    return world


def text_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def links_of(response) -> list[str]:
    found = re.findall(r'<td[^>]*><a href="([^"]+)">([^<]+)</a>', response.content.decode())
    return [(unescape(url), int(text.replace(",", ""))) for url, text in found]


def table(world, who, role=None, **kwargs):
    """Cells of a table of the page by its title, as lists of texts by the line's label."""
    actor = world.actor(who, role)
    report = report_for(actor, kwargs.get("period") or month_of(factories.issues.MARCH.date()), kwargs.get("unit"))
    tables = {each.title: each for each in tables_of(report, actor)}
    return {
        title: {line.label: [cell.text for cell in line.cells] for line in each.lines} for title, each in tables.items()
    }


def test_report_month_shows_the_published_line_and_every_table(world):
    page = client_of(world.office).get(URL, MARCH)
    assert "征集意见建议 2 条，汇总合并为 1 项，其中彻底解决 1 项" in text_of(page)
    assert page.context["report"].unit == world.company
    titles = [each.title for each in page.context["tables"]]
    assert titles == [
        "闭环办理（按单位）",
        "各项比率（按单位）",
        "闭环办理（按小组）",
        "各项比率（按小组）",
        "联系情况（对照量化指标）",
    ]


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("office", None, 200),
        ("leader", None, 200),
        ("leader_of_group", Role.GROUP_LEADER, 200),
        ("insider", Role.CADRE, 200),
        ("handler", None, 403),
        ("roster_admin", None, 403),
        ("auditor", None, 403),
    ],
)
def test_report_month_is_for_those_who_read_figures(world, who, role, status):
    assert client_of(getattr(world, who), role).get(URL, MARCH).status_code == status


@pytest.mark.parametrize(("who", "role"), [("office", None), ("leader_of_group", Role.GROUP_LEADER), ("leader", None)])
def test_every_figure_opens_exactly_its_rows(world, who, role):
    client = client_of(getattr(world, who), role)
    links = links_of(client.get(URL, MARCH))
    assert links
    for url, figure in links:
        assert len(client.get(url).context["page"].rows) == figure, url


def test_report_month_of_the_office_opens_issues_opinions_and_visits(world):
    links = [url for url, _figure in links_of(client_of(world.office).get(URL, MARCH))]
    assert {url.split("?")[0] for url in links} == {"/issues/", "/opinions/", "/visits/"}


def test_report_month_of_a_leader_opens_issues_alone(world):
    links = [url for url, _figure in links_of(client_of(world.leader).get(URL, MARCH))]
    assert {url.split("?")[0] for url in links} == {"/issues/"}


def test_report_month_names_cadres_to_the_office_and_groups_to_the_leader(world):
    title = "联系情况（对照量化指标）"
    assert set(table(world, world.leader)[title]) == {world.group.name, world.other_group.name, "合计"}
    assert set(table(world, world.office)[title]) == {
        world.group.name,
        world.other_group.name,
        "合计",
        *(cadre.user.name for cadre in (world.insider, world.colleague, world.stranger, world.leader_of_group)),
    }
    assert set(table(world, world.insider, Role.CADRE)[title]) == {world.group.name, world.insider.user.name}


def test_report_month_of_a_group_holds_nothing_of_another_group(world):
    tables = table(world, world.leader_of_group, Role.GROUP_LEADER)
    assert set(tables["闭环办理（按小组）"]) == {world.group.name, "合计"}
    assert tables["闭环办理（按单位）"]["合计"][:2] == ["1", "1"]
    assert world.stranger.user.name not in text_of(client_of(world.leader_of_group, Role.GROUP_LEADER).get(URL, MARCH))


def test_report_month_below_the_unit_is_one_click_away(world):
    client = client_of(world.office)
    below = client.get(URL, MARCH | {"unit": world.plant.code})
    assert f'href="{URL}?month=2016-03&amp;unit={world.plant.code}"' in client.get(URL, MARCH).content.decode()
    assert below.context["report"].unit == world.plant
    assert [row.label for row in below.context["report"].units] == [world.workshop.name]
    assert f"回到{world.company.label}" in text_of(below)


@pytest.mark.parametrize("who", ["office", "leader"])
def test_report_month_of_a_foreign_or_absent_unit_is_not_there(world, who):
    client = client_of(getattr(world, who))
    foreign = world.other_office.appointments.get().unit
    answers = [client.get(URL, MARCH | {"unit": code}) for code in (foreign.code, "XXXX")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_report_month_of_a_workshop_is_closed_to_leaders(world):
    assert client_of(world.leader).get(URL, MARCH | {"unit": world.workshop.code}).status_code == 404
    assert "闭环办理（按单位）" not in table(world, world.leader, unit=world.plant)
    assert client_of(world.office).get(URL, MARCH | {"unit": world.workshop.code}).status_code == 200


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2016年3月", "月份请写成 2016-08 的样子。"),
        ("2016-13", "月份请写成 2016-08 的样子。"),
        ("2016-Q1", "月份请写成 2016-08 的样子。"),
        ("2099-01", "这个月还没有到"),
        ("%00", "月份请写成"),
    ],
)
def test_report_month_with_a_month_that_is_none_says_so_and_shows_the_present_one(world, value, sentence):
    page = client_of(world.office).get(URL, {"month": value})
    assert sentence in text_of(page)
    assert page.context["period"] == month_of(today())


def test_report_month_as_of_a_day_shows_what_stood_then_and_no_list_that_knows_only_the_present(world):
    desk.reopen_issue(world.issue, by=world.office, reason="又出现")
    client, then = client_of(world.office), MARCH | {"as_of": "2016-03-31"}
    now, before = (text_of(client.get(URL, asked)) for asked in (MARCH, then))
    assert ("其中彻底解决 0 项" in now, "其中彻底解决 1 项" in before) == (True, True)
    assert "办理结果截至 2016-03-31" in before
    urls = [url for url, _count in links_of(client.get(URL, then))]
    assert urls
    assert not any("outcome=solved" in url for url in urls)
    client.post(EXPORT, then)
    assert Export.objects.get().parameters["as_of"] == "2016-03-31"


@pytest.mark.parametrize("day", ["2016-03-30", "2999-01-01", "jeden Tag"])
def test_report_month_as_of_a_day_that_cannot_be_says_so_and_shows_the_present(world, day):
    page = text_of(client_of(world.office).get(URL, MARCH | {"as_of": day}))
    assert "截至日期" in page
    assert "其中彻底解决 1 项" in page
    assert "截至日期" in text_of(client_of(world.office).post(EXPORT, MARCH | {"as_of": day}, follow=True))
    assert not Export.objects.exists()


def test_report_month_of_an_earlier_day_is_not_for_those_from_whom_small_counts_are_hidden(world):
    """Two days would tell what happened between them."""
    desk.reopen_issue(world.issue, by=world.office, reason="又出现")
    page = client_of(world.leader).get(URL, MARCH | {"as_of": "2016-03-31"})
    assert 'name="as_of"' not in page.text
    assert "其中彻底解决 0 项" in text_of(page)


def test_report_month_without_facts_says_so_and_leads_back(world):
    page = client_of(world.office).get(URL, {"month": "2015-03"})
    assert "2015年3月及当年此前都没有记录" in text_of(page)
    assert "month=2015-02" in page.content.decode()
    assert "生成月报 Excel" not in text_of(page)


def test_report_month_that_does_not_add_up_is_not_shown(world):
    from reports.models import Rollup

    Rollup.objects.filter(unit=world.workshop, opinions=1).update(opinions=5, opinions_merged=5)
    page = client_of(world.office).get(URL, MARCH)
    assert "账目不平" in text_of(page)
    assert world.plant.name in text_of(page)
    assert "tables" not in page.context


def test_report_month_of_a_cadre_without_a_group_says_whom_to_ask(world):
    alone = factories.cadre(world.company)
    assert "您还没有编入联系工作小组" in text_of(client_of(alone).get(URL, MARCH))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("who", "role", "queries"),
    [("office", None, 15), ("leader", None, 13), ("leader_of_group", Role.GROUP_LEADER, 15)],
)
def test_report_month_page_queries(world, django_assert_num_queries, rows, who, role, queries):
    for _n in range(rows - 1):
        person = factories.befriended(factories.worker(world.other_workshop), world.stranger).worker
        factories.opinion(person)
    services.drain_stale_months()
    client = client_of(getattr(world, who), role)
    with django_assert_num_queries(queries):
        client.get(URL, MARCH)


# Small counts


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([], set()),
        ([0, 0], set()),
        ([9, 7, 12], set()),
        # The small one, and the smallest of the others: alone it would follow from the total.
        ([2, 9, 7, 12], {0, 2}),
        ([2, 0, 9], {0, 2}),
        ([2, 0], {0, 1}),
        # Two small ones protect each other, unless together they are a small number themselves.
        ([4, 3, 9], {0, 1}),
        ([1, 2, 9], {0, 1, 2}),
        # One for each would be read off the sum.
        ([1, 1, 1, 1, 1, 9], {0, 1, 2, 3, 4, 5}),
    ],
)
def test_hidden_cells(counts, hidden):
    assert hidden_cells(counts, 5) == hidden


def test_no_hidden_count_follows_from_the_total_and_what_is_shown():
    """Of every line of up to four counts: what is hidden has at least two possible values, though zeros are shown."""
    from itertools import product

    threshold = 3
    for length in (2, 3, 4):
        for counts in product(range(8), repeat=length):
            hidden = hidden_cells(counts, threshold)
            if not hidden or sum(counts) < threshold or len(hidden) == length:
                continue
            together = sum(counts[place] for place in hidden)
            # With n cells of at least 1 each, the first may be 1 or 2 when more than n are left to share.
            assert len(hidden) >= 2, counts
            assert together > len(hidden), counts


def test_leader_sees_no_small_count_of_voices_and_the_office_does(world):
    assert table(world, world.office)["闭环办理（按单位）"]["合计"][:2] == ["2", "1"]
    for title in ("闭环办理（按单位）", "闭环办理（按小组）"):
        cells = table(world, world.leader)[title]
        assert {line[0] for line in cells.values()} == {"＊"}
        assert cells["合计"][1] == "1"


def test_no_small_count_of_voices_stands_in_the_sentence_the_rates_or_on_the_start_page(world):
    services.drain_stale_months()
    office, leader = (text_of(client_of(getattr(world, who)).get(URL, MARCH)) for who in ("office", "leader"))
    assert office.count("征集意见建议 2 条") == 2
    assert leader.count("征集意见建议 ＊ 条") == 2
    assert re.search(r"反馈率 .{0,200}? 0.0% 0/1 ", office)
    assert not re.search(r"反馈率 .{0,200}? 0.0% 0/1 ", leader)
    with time_machine.travel(factories.issues.MARCH + 3 * factories.issues.DAY, tick=False):
        tiles = text_of(client_of(world.leader).get(reverse("reports:home")))
    assert "征集意见建议 ＊ 条" in tiles


def test_two_years_to_date_do_not_give_away_a_month_that_is_hidden(world, settings):
    """Six voices in January, one in February, six in March: what was raised in February follows from no page."""
    settings.FIGURE_THRESHOLD = 3
    for number, times in ((1, 6), (2, 1), (3, 4)):
        at = factories.issues.MARCH.replace(month=number)
        for _n in range(times):
            factories.opinion(world.friend, log=factories.contact_log(world.insider, world.friend, at=at))
    services.drain_stale_months()
    shown = [table(world, world.leader, period=month(2016, n))["闭环办理（按单位）"] for n in (1, 2, 3)]
    assert [(each["合计"][0], each["合计"][6]) for each in shown] == [("6", "6"), ("＊", "＊"), ("6", "＊")]
    # Below the total no year to date is shown: of a line two of them would tell the month between.
    assert {line[6] for each in shown for label, line in each.items() if label != "合计"} == {"＊"}


def test_leader_sees_counts_that_are_large_enough(world, settings):
    settings.FIGURE_THRESHOLD = 1
    assert table(world, world.leader)["闭环办理（按单位）"]["合计"][:2] == ["2", "1"]


def test_what_a_report_hides_is_hidden_in_the_report_of_the_unit_too(world, settings):
    """Otherwise the page below would tell what the page above does not."""
    settings.FIGURE_THRESHOLD = 3
    for _n in range(5):
        factories.opinion(factories.befriended(factories.worker(world.other_workshop), world.stranger).worker)
    services.drain_stale_months()
    # Six opinions there would be shown alone; they are hidden to keep the one of the other plant.
    above = table(world, world.leader)["闭环办理（按单位）"]
    assert [above[label][0] for label in (world.plant.name, world.other_plant.name, "合计")] == ["＊", "＊", "7"]
    below = table(world, world.leader, unit=world.other_plant)
    assert {line[0] for line in below["闭环办理（按小组）"].values()} == {"＊"}


# The workbook


def test_report_export_asks_the_worker_once_while_it_waits(world):
    client = client_of(world.office)
    for _n in range(2):
        answer = client.post(EXPORT, MARCH)
        assert answer.url == reverse("records:export_list")
    export = Export.objects.get()
    assert export.parameters == {"month": "2016-03", "unit": world.company.code}
    run_export(claim_export())
    export.refresh_from_db()
    assert (export.state, export.error) == (ExportState.DONE, "")
    assert export.file_name.startswith(f"2016年3月办公室月报_{world.company.name}_")
    client.post(EXPORT, MARCH)
    assert Export.objects.count() == 2


def test_report_export_of_a_group_leader_is_of_the_group(world):
    client_of(world.leader_of_group, Role.GROUP_LEADER).post(EXPORT, MARCH)
    run_export(claim_export())
    assert world.group.name in Export.objects.get().file_name


@pytest.mark.parametrize("who", ["leader", "handler"])
def test_report_export_is_closed_to_leaders_and_departments(world, who):
    assert client_of(getattr(world, who)).post(EXPORT, MARCH).status_code == 403
    assert not Export.objects.exists()


def test_report_export_of_a_cadre_is_refused_with_a_sentence(world):
    answer = client_of(world.insider, Role.CADRE).post(EXPORT, MARCH, follow=True)
    assert "您现在的角色不能导出这个单位的月报。" in text_of(answer)
    assert not Export.objects.exists()


def test_report_export_is_refused_when_the_role_was_lost_meanwhile(world):
    client_of(world.office).post(EXPORT, MARCH)
    world.office.appointments.update(ends_on=today())
    run_export(claim_export())
    assert Export.objects.get().state == ExportState.FAILED


def test_report_export_of_a_unit_outside_is_refused_by_the_worker(world):
    client_of(world.office).post(EXPORT, MARCH)
    foreign = world.other_office.appointments.get().unit
    Export.objects.update(parameters={"month": "2016-03", "unit": foreign.code})
    run_export(claim_export())
    export = Export.objects.get()
    assert (export.state, export.error) == (ExportState.FAILED, "您现在的角色不能导出这个单位的月报。")


def test_report_export_without_a_month_says_so(world):
    answer = client_of(world.office).post(EXPORT, {}, follow=True)
    assert "请选择月份。" in text_of(answer)
