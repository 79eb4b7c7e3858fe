"""The roster as a file: what the list shows, in the words that the import reads back without finding a change."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from friends.enums import Employment, EndReason
from friends.models import Friendship, Worker
from liaison.models import Cadre, Contract, LiaisonGroup, Membership
from organization.enums import AgeBand, Gender, UnitKind
from organization.models import Headcount, UnitFormerName, User
from organization.roles import Role
from organization.services import retire_unit
from records.models import Download
from tests import factories
from tests.client import StrictClient
from tests.people import World
from tests.queries import queries_at_one_and_three

TABLES = {
    "units": "organization_unit",
    "cadres": "liaison_cadre",
    "groups": "liaison_liaisongroup",
    "contracts": "liaison_contract",
    "workers": "friends_worker",
    "friendships": "friends_friendship",
}
PERSONAL = {"cadres", "workers", "friendships"}
PHONE, OTHER_PHONE, CADRE_PHONE = "13812345678", "010-87654321", "13900001111"


def page(kind: str, name: str) -> str:
    return reverse(f"admin:{TABLES[kind]}_{name}")


def export(client: Client, kind: str, query: str = "", *, phones: str = "full", purpose: str = "核对名册") -> bytes:
    response = client.post(page(kind, "export") + query, {"purpose": purpose, "phones": phones})
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet"), response.context["form"].errors
    return response.content


def lines(content: bytes) -> list[dict[str, Any]]:
    head, *rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]
    return [dict(zip(head, row, strict=True)) for row in rows]


def preview(client: Client, kind: str, content: bytes) -> dict[str, Any]:
    upload = {"file": SimpleUploadedFile("名册.xlsx", content)}
    return client.post(page(kind, "import"), upload, follow=True).context["view"]


@pytest.fixture
def full(world: World) -> World:
    """All that a roster may hold: what is closed and over, who left, teams, people of the company itself."""
    old = factories.unit(world.company, name="老选厂", short_name="老选")
    team = factories.unit(world.workshop, kind=UnitKind.TEAM, name="甲班")
    UnitFormerName.objects.create(unit=world.plant, name="南沟矿")
    for unit, people in ((world.workshop, 12), (team, 5), (world.plant, 3)):
        Headcount.objects.create(unit=unit, gender=Gender.MALE, age_band=AgeBand.TO_35, people=people)
    User.objects.filter(pk=world.insider.user.pk).update(phone=CADRE_PHONE)
    gone = factories.cadre(world.workshop, holder=factories.user("离任人"), is_active=False, duty="干事")
    ended, again = factories.group(world.company, name="老小组"), factories.group(world.plant, name="厂小组")
    LiaisonGroup.objects.filter(pk=ended.pk).update(closed_on=dt.date(2016, 2, 1))
    Contract.objects.create(group=world.group, unit=old, starts_on=dt.date(2016, 1, 1), ends_on=dt.date(2016, 2, 1))
    Contract.objects.create(group=again, unit=world.plant, starts_on=dt.date(2016, 1, 1), ends_on=dt.date(2016, 2, 1))
    Contract.objects.create(group=again, unit=world.plant, starts_on=dt.date(2016, 3, 1))
    retire_unit(old, on=dt.date(2016, 3, 1), merged_into=world.plant)
    factories.worker(
        team, name="段石松", gender=Gender.MALE, birth_year=1985, post="电铲司机", shift="甲班",
        employment=Employment.REGULAR, phone=PHONE, phone_2=OTHER_PHONE, is_union_member=True, strengths="篮球",
    )  # fmt: skip
    factories.worker(world.company, name="=1+1号", employment=Employment.RIDER, is_union_member=False)
    left = factories.worker(world.workshop, name="黎铁锁", employee_no="", is_active=False)
    for of, by, reason in ((left, gone, EndReason.LEFT), (world.friend, gone, EndReason.HANDED_OVER)):
        Friendship.objects.create(
            worker=of, cadre=by, unit=of.unit, starts_on=dt.date(2015, 1, 1), ends_on=dt.date(2015, 6, 1),
            end_reason=reason,
        )  # fmt: skip
    return world


@pytest.mark.parametrize("kind", TABLES)
def test_what_was_exported_comes_back_as_unchanged(full: World, roster_admin: Client, kind: str):
    content = export(roster_admin, kind)
    view = preview(roster_admin, kind, content)
    rows = len(lines(content))
    assert rows > 1
    assert (view["rows"], view["questions"], view["changes"], view["leaver_count"]) == ([], [], [], 0)
    assert view["effects"] == {"new": 0, "changed": 0, "unchanged": rows}


@pytest.mark.parametrize("kind", TABLES)
def test_of_one_unit_nothing_of_another_is_exported_and_it_comes_back_unchanged(full: World, client: Client, kind: str):
    client.force_login(factories.appointment(Role.ROSTER_ADMIN, full.plant).user)
    content = export(client, kind)
    told = str(lines(content))
    for foreign in (full.other_plant.name, full.other_workshop.name, full.other_friend.name, "北山纺织公司", "=1+1号"):
        assert foreign not in told
    if rows := len(lines(content)):
        view = preview(client, kind, content)
        assert (view["rows"], view["effects"]) == ([], {"new": 0, "changed": 0, "unchanged": rows})


def test_the_columns_are_those_of_the_template(full: World, roster_admin: Client):
    for kind in TABLES:
        template = roster_admin.get(page(kind, "import_template")).content
        assert list(lines(export(roster_admin, kind))[0]) == list(lines(template)[0])


def test_every_cell_is_text(full: World, roster_admin: Client):
    for kind in TABLES:
        book = load_workbook(io.BytesIO(export(roster_admin, kind)))
        kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n"}
        numbers = [c.value for s in book.worksheets for row in s.iter_rows() for c in row if c.data_type == "n"]
        assert set(numbers) <= {None}
    names = [row["姓名"] for row in lines(export(roster_admin, "workers"))]
    assert "=1+1号" in names


def test_the_file_holds_what_the_list_shows(full: World, roster_admin: Client):
    def names(query: str) -> list[str]:
        assert roster_admin.get(page("workers", "export") + query).status_code == 200
        return [row["姓名"] for row in lines(export(roster_admin, "workers", query))]

    assert names("?q=段石松") == ["段石松"]
    assert names("?is_active__exact=0") == ["黎铁锁"]
    assert names(f"?base={full.other_plant.pk}") == [full.other_friend.name]
    assert names("?o=-1")[::-1] == names("?o=1")
    assert roster_admin.get(page("workers", "export") + "?q=段石松").context["count"] == 1
    assert roster_admin.get(page("workers", "export") + "?is_active__exact=x").status_code == 302


@pytest.mark.parametrize("kind", ["workers", "cadres", "friendships"])
def test_numbers_are_masked_unless_asked_for_and_a_masked_one_is_never_stored(
    full: World, roster_admin: Client, kind: str
):
    Friendship.objects.create(
        worker=Worker.objects.get(name="段石松"), cadre=full.insider, unit=full.workshop, starts_on=dt.date(2016, 1, 1)
    )
    form = roster_admin.get(page(kind, "export")).context["form"]
    assert form["phones"].value() == "masked"
    content = export(roster_admin, kind, phones="masked")
    secret = CADRE_PHONE if kind == "cadres" else PHONE
    told = str(lines(content))
    assert f"{secret[:3]}****{secret[-4:]}" in told
    for number in (PHONE, OTHER_PHONE, CADRE_PHONE, "87654321"):
        assert number not in told
    before = list(Worker.objects.order_by("pk").values()), list(User.objects.order_by("pk").values("pk", "phone"))
    upload = {"file": SimpleUploadedFile("名册.xlsx", content)}
    response = roster_admin.post(page(kind, "import"), upload, follow=True)
    view = response.context["view"]
    assert ["星号" in row["reasons"] for row in view["rows"]] == [True]
    assert view["effects"]["new"] == view["effects"]["changed"] == 0
    roster_admin.post(response.redirect_chain[-1][0], {"confirm": "1"}, follow=True)
    users = list(User.objects.order_by("pk").values("pk", "phone"))
    assert (list(Worker.objects.order_by("pk").values()), users) == before


@pytest.mark.parametrize("kind", TABLES)
def test_what_leaves_about_people_stands_in_the_register(full: World, roster_admin: Client, kind: str):
    rows = len(lines(export(roster_admin, kind, phones="masked")))
    if kind not in PERSONAL:
        assert not Download.objects.exists()
        return
    entry = Download.objects.get()
    assert (entry.user, entry.role, entry.kind) == (full.roster_admin, Role.ROSTER_ADMIN, f"roster_{kind}")
    assert (entry.rows, entry.purpose, entry.parameters) == (rows, "核对名册", {"phones": "masked"})


def test_the_register_keeps_filters_and_never_what_was_searched_for(full: World, roster_admin: Client):
    export(roster_admin, "workers", f"?q=段石松&is_active__exact=1&base={full.plant.pk}")
    entry = Download.objects.get()
    assert entry.parameters == {"base": str(full.plant.pk), "is_active__exact": "1", "phones": "full"}
    assert entry.rows == 1


def test_nothing_leaves_without_a_purpose(full: World, roster_admin: Client):
    for kind in PERSONAL:
        response = roster_admin.post(page(kind, "export"), {"purpose": " ", "phones": "full"})
        assert "请填写用途" in response.content.decode()
    assert not Download.objects.exists()


def test_looking_at_the_form_exports_nothing(full: World, roster_admin: Client):
    for kind in TABLES:
        response = roster_admin.get(page(kind, "export"))
        assert response["Content-Type"].startswith("text/html")
    assert not Download.objects.exists()


def test_too_many_rows_are_refused_with_a_sentence(full: World, roster_admin: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lib.tabular.export.MOST_ROWS", 1)
    response = roster_admin.post(page("workers", "export"), {"purpose": "核对", "phones": "full"})
    assert "请先在列表里筛选" in response.content.decode()
    assert not Download.objects.exists()


def test_who_cannot_import_cannot_export(full: World):
    for user in (full.office, full.leader, full.auditor, full.handler, full.insider.user):
        client = StrictClient()
        client.force_login(user)
        for kind in TABLES:
            for method in (client.get, client.post):
                assert method(page(kind, "export"), {"purpose": "核对", "phones": "full"}).status_code in (403, 404)
    assert not Download.objects.exists()


def add_unit(world: World) -> None:
    factories.unit(world.plant)


def add_cadre(world: World) -> None:
    Membership.objects.create(cadre=factories.cadre(world.company), group=world.group, starts_on=dt.date(2016, 1, 1))


def add_worker(world: World) -> None:
    factories.worker(world.workshop, phone=PHONE)


def add_friendship(world: World) -> None:
    factories.befriended(factories.worker(world.workshop), factories.cadre(world.company))


def add_group(world: World) -> None:
    factories.group(world.plant)


def add_contract(world: World) -> None:
    factories.contract(factories.group(world.plant), factories.unit(world.company))


ADD = {
    "units": add_unit,
    "cadres": add_cadre,
    "groups": add_group,
    "contracts": add_contract,
    "workers": add_worker,
    "friendships": add_friendship,
}
QUERIES = {"units": 9, "cadres": 12, "groups": 9, "contracts": 9, "workers": 11, "friendships": 11}


@pytest.mark.parametrize("kind", TABLES)
def test_queries_of_an_export(world: World, roster_admin: Client, kind: str):
    found = queries_at_one_and_three(lambda: ADD[kind](world), lambda: export(roster_admin, kind))
    assert found == (QUERIES[kind], QUERIES[kind])


def test_who_left_stays_away_and_comes_back_when_the_file_says_so(full: World, roster_admin: Client):
    from .test_admin_import import address, confirm

    content = export(roster_admin, "workers", "?q=黎铁锁")
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("在岗") + 1
    for word, expected in (("否", False), ("是", True), ("否", False), (None, True)):
        sheet.cell(2, column).value = word
        saved = io.BytesIO()
        book.save(saved)
        upload = {"file": SimpleUploadedFile("名册.xlsx", saved.getvalue())}
        response = roster_admin.post(page("workers", "import"), upload, follow=True)
        assert address(response)
        confirm(roster_admin, response)
        assert Worker.objects.get(name="黎铁锁").is_active is expected


def test_a_cadre_is_put_out_of_office_by_the_file(full: World, roster_admin: Client):
    from .test_admin_import import confirm

    book = load_workbook(io.BytesIO(export(roster_admin, "cadres", "?q=范内")))
    sheet = book.worksheets[0]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("在任") + 1).value = "否"
    saved = io.BytesIO()
    book.save(saved)
    upload = {"file": SimpleUploadedFile("名册.xlsx", saved.getvalue())}
    confirm(roster_admin, roster_admin.post(page("cadres", "import"), upload, follow=True))
    assert Cadre.objects.get(user__name="范内").is_active is False
