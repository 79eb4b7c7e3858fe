"""制度成果: recorded from an issue, corrected, linked, withdrawn; who reads it and who keeps it."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from issues.models import RuleChange
from issues.services import rule_changes as services
from issues.services.publishing import ReporterNamed
from lib.errors import Stale
from organization.enums import UnitKind
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world
from tests.queries import queries_at_one_and_three

from .pages import rows_of, sheet_of

pytestmark = pytest.mark.django_db
URL = "/rule-changes/"


@pytest.fixture
def world():
    return build_world()


def registered(world, worker=None, **fields):
    opinion = factories.opinion(worker or world.friend)
    return factories.registered_issue(opinion, by=world.office, office=world.company, **fields)


def typed(world, **fields) -> dict:
    return {
        "key": str(uuid.uuid4()),
        "title": "高海拔项目职工年休假增加5天",
        "level": "agreement",
        "unit": world.company.code,
        "before": "按国家规定执行。",
        "after": "增加年休假5天。",
        "issued_on": "2016-03-25",
        "beneficiary_group": "海拔3000米以上项目职工",
        **fields,
    }


def test_rule_change_is_recorded_from_an_issue_corrected_linked_and_withdrawn(world):
    issue, other = registered(world), registered(world, title="高原体检次数")
    client = client_of(world.office)
    assert f"/rule-changes/new/?picked={issue.key}" in client.get(issue.get_absolute_url()).text
    found = client.get(f"{URL}new/", {"q": "gytjcs"}).context["issues"]
    assert list(found) == [other]
    address, said = f"{URL}new/?picked={issue.key}", typed(world, beneficiaries="384")
    refused = client.post(address, said)
    assert "填了受益人数，须写明人数依据。" in refused.text
    assert "增加年休假5天。" in refused.text
    said["counted_by"] = "2016年3月项目在册人数"
    for _twice in range(2):
        client.post(address, said)
    change = RuleChange.objects.get()
    assert (change.beneficiaries, list(change.issues.all()), change.recorded_by) == (384, [issue], world.office)
    assert change.title in client.get(issue.get_absolute_url()).text

    client.post(f"{URL}{change.key}/edit/", typed(world, version=change.version, document_number="矿工发〔2016〕8号"))
    change.refresh_from_db()
    assert (change.document_number, change.beneficiaries) == ("矿工发〔2016〕8号", None)
    with pytest.raises(Stale):
        services.correct_rule_change(change, version=change.version - 1, title="另一个名称")

    assert "请先勾选问题。" in client.post(f"{URL}{change.key}/link/", follow=True).text
    client.post(f"{URL}{change.key}/link/", {"picked": other.key})
    client.post(f"{URL}{change.key}/unlink/", {"picked": issue.key})
    assert list(change.issues.all()) == [other]
    last = client.post(f"{URL}{change.key}/unlink/", {"picked": other.key}, follow=True)
    assert "制度成果至少关联一个问题" in last.text

    client.post(f"{URL}{change.key}/withdraw/", {"reason": "文件已废止"})
    change.refresh_from_db()
    assert (change.is_withdrawn, change.withdrawal_reason, change.withdrawn_by) == (True, "文件已废止", world.office)
    assert rows_of(client.get(URL)) == []
    assert rows_of(client.get(URL, {"tab": "withdrawn"})) == [change]
    assert change.title not in client.get(other.get_absolute_url()).text
    assert client.get(f"{URL}{change.key}/edit/").status_code == 403


def test_rule_change_names_no_reporter(world):
    issue = registered(world)
    named = typed(world, after=f"经{world.friend.name}反映，增加年休假5天。")
    page = client_of(world.office).post(f"{URL}new/?picked={issue.key}", named)
    assert "出现了反映人的姓名" in page.text
    change = factories.rule_change(issue, by=world.office, before=f"据{world.other_friend.name}说，没有规定。")
    # Harmless until the one who is named stands behind it.
    with pytest.raises(ReporterNamed):
        services.link_rule_change(change, issues=[registered(world, world.other_friend)])
    assert change.issues.count() == 1


def test_rule_change_is_read_where_it_holds_and_kept_by_its_own_office(world):
    change = factories.rule_change(registered(world), by=world.office)
    local = factories.rule_change(registered(world), by=world.office, unit=world.plant, title="夜班餐制度")
    below = factories.appointment(Role.OFFICE, world.plant).user
    beside = factories.appointment(Role.OFFICE, world.other_plant).user
    for who, role, expected in [
        (world.insider, Role.CADRE, [local, change]),
        (world.leader_of_group, Role.GROUP_LEADER, [local, change]),
        (world.leader, None, [local, change]),
        (below, None, [local, change]),
        (beside, None, [change]),
        (world.other_office, None, []),
    ]:
        assert rows_of(client_of(who, role).get(URL)) == expected
    assert client_of(world.handler).get(URL).status_code == 403
    client = client_of(below)
    assert client.post(f"{URL}{change.key}/withdraw/", {"reason": "不归我管"}).status_code == 403
    assert client.get(f"{URL}{local.key}/withdraw/").status_code == 200
    page = client_of(world.colleague).get(f"{URL}{change.key}/")
    assert change.after in page.text
    assert "晚班工作餐保温" not in page.text
    assert client_of(world.leader).post(URL, {"export": "xlsx"}).status_code == 403


def test_rule_list_filters_and_workbook(world):
    plain = factories.rule_change(registered(world), by=world.office)
    own = factories.rule_change(
        registered(world),
        by=world.office,
        unit=world.plant,
        level="own",
        title="夜班餐制度",
        document_number="采〔2016〕2号",
        beneficiaries=60,
        counted_by="在册人数",
    )
    client = client_of(world.office)
    for asked, expected in [
        ({"level": "own"}, [own]),
        ({"unit": world.plant.code}, [own]),
        ({"q": "采〔2016〕2号"}, [own]),
        ({"q": "高海拔"}, [plain]),
        ({"since": "2016-04-01"}, []),
        ({"level": "none"}, []),
    ]:
        assert rows_of(client.get(URL, asked)) == expected, asked
    head, row = sheet_of(client.post(f"{URL}?level=own", {"export": "xlsx"}))
    said = dict(zip(head, row, strict=True))
    assert (said["制度成果名称"], said["受益人数"], said["人数依据"]) == ("夜班餐制度", 60, "在册人数")


def test_rule_list_asks_the_same_for_one_and_for_three(world):
    client = client_of(world.office)
    issue = registered(world)
    counts = queries_at_one_and_three(lambda: factories.rule_change(issue, by=world.office), lambda: client.get(URL))
    assert counts == (10, 10)


def test_rule_change_constraints_speak_for_themselves(world):
    factories.unit(world.plant, kind=UnitKind.TEAM)
    for fields, sentence in [
        ({"beneficiaries": 3}, "填了受益人数，须写明人数依据。"),
        ({"withdrawal_reason": "文件已废止"}, "撤销须写明原因。"),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            factories.rule_change(registered(world), by=world.office, **fields)
