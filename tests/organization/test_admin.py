"""What the roster admin does in Django admin: accounts, roles, the calendar."""

import datetime as dt
import re

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.urls import reverse

from friends.models import Worker
from issues.models import Category
from lib.periods import SHANGHAI
from organization.administration import unknown_calendar_year
from organization.enums import UnitKind
from organization.models import Appointment, User, WorkdayOverride
from organization.roles import Role
from records.models import Download
from tests import factories
from tests.client import StrictClient, client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。1月4日（周一）上班。
"""


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def client(world):
    return client_of(world.roster_admin)


def inline(prefix: str, total: int = 0) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": str(total), f"{prefix}-INITIAL_FORMS": "0"}


def test_code_borne_twice_is_told_as_a_clerk_would(world, client):
    data = {"kind": UnitKind.WORKSHOP, "name": "破碎车间", "code": world.plant.code, "parent": world.plant.pk}
    response = client.post(reverse("admin:organization_unit_add"), data)
    assert response.context["adminform"].form.errors["code"] == ["单位编码已被使用。"]
    response = client.post(reverse("admin:issues_category_add"), {"name": Category.objects.first().name, "position": 0})
    assert response.context["adminform"].form.errors["name"] == ["类别已被使用。"]
    response = client.post(
        reverse("admin:organization_user_add"), {"username": world.office.username, **inline("appointments")}
    )
    assert response.context["adminform"].form.errors["username"] == ["用户名已被使用。"]


def test_account_is_made_and_given_a_role_but_nobody_gives_one_to_himself(world, client):
    data = {
        "username": "wangfang",
        "name": "王芳",
        "usable_password": "true",
        "password1": "三月 例会 记得 带本子",
        "password2": "三月 例会 记得 带本子",
        **inline("appointments"),
    }
    response = client.post(reverse("admin:organization_user_add"), data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    account = User.objects.get(username="wangfang")
    role = {"role": Role.OFFICE, "unit": world.plant.pk, "starts_on": "2016-03-01"}
    add = reverse("admin:organization_appointment_add")
    assert client.post(add, {**role, "user": account.pk}).status_code == 302
    response = client.post(add, {**role, "user": world.roster_admin.pk})
    assert "不能给自己任职" in str(response.context["adminform"].form.errors)
    assert Appointment.objects.filter(role=Role.OFFICE, unit=world.plant).get().user == account


def test_own_role_cannot_be_given_through_the_account_either(world, client):
    me = world.roster_admin
    data = {
        "username": me.username,
        "name": me.name,
        "is_active": "on",
        "language": me.language,
        "text_size": me.text_size,
        "theme": me.theme,
        **inline("appointments", 1),
        "appointments-0-role": Role.OFFICE,
        "appointments-0-unit": world.company.pk,
        "appointments-0-starts_on": "2016-03-01",
    }
    client.post(reverse("admin:organization_user_change", args=[me.pk]), data)
    assert not me.appointments.filter(role=Role.OFFICE).exists()


def test_phones_are_masked_and_a_new_one_replaces_the_old(world, client):
    worker = factories.worker(world.workshop, phone="13812345678")
    url = reverse("admin:friends_worker_change", args=[worker.pk])
    page = client.get(url).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    data = {"enterprise": world.company.pk, "unit": world.workshop.pk, "name": worker.name, "is_active": "on"}
    assert client.post(url, data).status_code == 302
    assert Worker.objects.get(pk=worker.pk).phone == "13812345678"
    assert client.post(url, {**data, "new_phone": "13900001111"}).status_code == 302
    assert list(Worker.objects.with_phone("13900001111")) == [worker]


def test_delete_button_of_a_worker_told_that_he_had_raised_an_opinion(world, client):
    """Without a friendship or an opinion a worker could be deleted, and with one no more."""
    silent, heard = factories.worker(world.workshop), factories.worker(world.workshop)
    factories.opinion(heard, log=factories.contact_log(world.insider, heard))
    pages = []
    for worker in (silent, heard):
        delete = reverse("admin:friends_worker_delete", args=[worker.pk])
        page = client.get(reverse("admin:friends_worker_change", args=[worker.pk])).content.decode()
        pages.append((delete in page, client.get(delete).status_code, client.post(delete, {"post": "yes"}).status_code))
    assert pages == [(False, 403, 403)] * 2


def test_the_trail_knows_who_and_which_fields_and_no_names(world, client):
    worker = factories.worker(world.workshop, name="欧阳娜娜", phone="13812345678")
    url = reverse("admin:friends_worker_change", args=[worker.pk])
    data = {"enterprise": world.company.pk, "unit": world.workshop.pk, "name": "欧阳娜木", "is_active": "on"}
    client.post(url, {**data, "new_phone": "13900001111", "post": "凿岩工"})
    entry = LogEntry.objects.get_for_object(worker).first()
    assert entry.actor == world.roster_admin
    assert {"name", "phone", "post"} <= set(entry.changes)
    for text in (*map(str, LogEntry.objects.values()), *map(str, AdminLogEntry.objects.values())):
        assert not any(secret in text for secret in ("欧阳", "1381234", "1390000"))


def test_a_category_is_retired_and_never_deleted(world, client):
    used = factories.opinion(world.friend).category
    unused = Category.objects.create(name="临时类别")
    urls = [reverse("admin:issues_category_delete", args=[category.pk]) for category in (used, unused)]
    assert [client.post(url, {"post": "yes"}).status_code for url in urls] == [403, 403]
    change = reverse("admin:issues_category_change", args=[used.pk])
    client.post(change, {"name": used.name, "position": 0})
    used.refresh_from_db()
    assert not used.is_active


def test_the_yearly_notice_is_read_shown_and_saved(client):
    url = reverse("admin:organization_workdayoverride_notice")
    preview = client.post(url, {"text": NOTICE, "preview": "1"})
    assert [row["day"] for row in preview.context["days"]] == [dt.date(2027, 1, day) for day in (1, 2, 3, 4)]
    assert WorkdayOverride.objects.count() == 0
    assert client.post(url, {"text": NOTICE, "confirm": "1"}).status_code == 302
    assert list(WorkdayOverride.objects.values_list("is_workday", flat=True)) == [False, False, False, True]


def test_a_text_that_is_no_notice_is_refused_with_a_sentence_and_stays(client):
    response = client.post(
        reverse("admin:organization_workdayoverride_notice"), {"text": "今天天气很好", "confirm": "1"}
    )
    assert "没有读懂这份放假通知" in str(response.context["form"].errors)
    assert "今天天气很好" in response.content.decode()
    assert WorkdayOverride.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "expected"),
    [(dt.date(2026, 10, 31), None), (dt.date(2035, 11, 1), 2035), (dt.date(2026, 12, 1), 2027)],
)
def test_the_start_page_warns_while_a_calendar_is_missing(client, time_machine, day, expected):
    time_machine.move_to(dt.datetime.combine(day, dt.time(9), SHANGHAI))
    assert unknown_calendar_year() == expected


@pytest.mark.parametrize("role", ["roster_admin", "auditor"])
def test_admin_lists_answer_no_question_that_their_filters_do_not_ask(world, role):
    """`?opinions=17` on the workers would tell who raised opinion 17."""
    client = client_of(getattr(world, role))
    asked = 0
    for model, admin_class in admin.site._registry.items():
        if (
            client.get(listed := reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")).status_code
            != 200
        ):
            continue
        for field in model._meta.get_fields():
            if field.name not in admin_class.list_filter:
                assert client.get(listed, {field.name: 1}).status_code == 400, (listed, field.name)
                asked += 1
    assert asked > 30


def test_admin_list_lookup_in_a_column_of_json_is_refused_and_no_error(world):
    client = client_of(world.auditor)
    for name, lookup in (("auditlog_logentry", "changes__contains"), ("records_download", "parameters__contains")):
        assert client.get(reverse(f"admin:{name}_changelist"), {lookup: "a"}).status_code == 400


def test_admin_list_filters_still_hold(world, client):
    workers = reverse("admin:friends_worker_changelist")
    assert client.get(workers, {"is_active__exact": 1}).context["cl"].queryset.exists()
    assert not client.get(workers, {"is_active__exact": 0}).context["cl"].queryset.exists()


def test_admin_list_took_any_lookup_of_a_column_that_a_filter_asks_for(world, client):
    accounts = reverse("admin:organization_user_changelist")
    for lookup in ("appointments__role__regex", "appointments__role__in", "is_active__gt"):
        assert client.get(accounts, {lookup: "((("}).status_code == 400, lookup
    for lookup in ("appointments__role__exact", "appointments__role__isnull", "is_active__exact"):
        assert client.get(accounts, {lookup: "((("}).status_code in (200, 302), lookup


def test_row_of_dates_above_an_admin_list_led_nowhere(world):
    client = client_of(world.auditor)
    url = reverse("admin:auditlog_logentry_changelist")
    assert client.get(url, {"timestamp__year": 2026, "timestamp__month": 8, "timestamp__day": 1}).status_code == 200
    assert client.get(url, {"timestamp__year": "((("}).status_code == 302


def test_trail_of_the_auditor_spoke_english(world, client):
    worker = factories.worker(world.workshop)
    url = reverse("admin:friends_worker_change", args=[worker.pk])
    data = {"enterprise": world.company.pk, "unit": world.workshop.pk, "name": worker.name, "is_active": "on"}
    client.post(url, {**data, "post": "凿岩工"})
    entry = LogEntry.objects.get_for_object(worker).filter(action=LogEntry.Action.UPDATE).first()
    auditor = client_of(world.auditor)
    listed = reverse("admin:auditlog_logentry_changelist")
    for address in (listed, reverse("admin:auditlog_logentry_change", args=[entry.pk])):
        page = auditor.get(address).content.decode()
        assert "岗位" in page
        assert "修改" in page
        assert "操作留痕" in page
        assert not any(word in page for word in ("Audit log", "Timestamp", "Object pk", "object pk", "By action"))
    assert auditor.get(listed, {"done": "1"}).context["cl"].result_count
    assert not auditor.get(listed, {"done": "x"}).context["cl"].result_count


def test_register_of_downloads_named_role_and_kind_by_their_identifiers(world):
    named = {
        "reports.monthly": "办公室月报",
        "issues.issues": "问题",
        "attachment": "附件",
        "reveal_phone": "查看手机号",
        "roster_workers": "职工名册",
        "returned_cadres": "工会干部未导入的行",
    }
    for kind in named:
        Download.objects.create(user=world.office, kind=kind, role=Role.OFFICE)
    auditor = client_of(world.auditor)
    listed = reverse("admin:records_download_changelist")
    page = auditor.get(listed)
    assert '<td class="field-role_name">工会办公室</td>' in page.content.decode()
    assert set(re.findall(r'<td class="field-kind_name">([^<]+)</td>', page.content.decode())) == set(named.values())
    assert not any(kind in re.sub("<[^>]+>", "", page.content.decode()) for kind in named)
    assert auditor.get(listed, {"what": "attachment"}).context["cl"].result_count == 1
    assert not auditor.get(listed, {"as": "leader"}).context["cl"].result_count


def test_auditor_was_sent_to_enter_the_holidays_which_he_may_not(world, time_machine):
    time_machine.move_to(dt.datetime(2035, 12, 1, 9, tzinfo=SHANGHAI))
    link = reverse("admin:organization_workdayoverride_notice")
    visitors = map(client_of, (world.roster_admin, world.auditor))
    found = [link in visitor.get(reverse("admin:index")).content.decode() for visitor in visitors]
    assert found == [True, False]


def test_page_of_a_new_account_spoke_english(client):
    page = client.get(reverse("admin:organization_user_add")).content.decode()
    assert "After you" not in page
    assert "保存后可继续填写" in page


def cadre_form(**changes) -> dict:
    return {"duty": "", "is_active": "on", **changes}


def test_roster_admin_made_himself_cadre_and_leader_of_a_group(world, client):
    me = world.roster_admin
    add = reverse("admin:liaison_cadre_add")
    response = client.post(add, cadre_form(user=me.pk, unit=world.company.pk))
    assert "不能给自己任职" in str(response.context["adminform"].form.errors)
    assert client.post(add, cadre_form(user=factories.user().pk, unit=world.company.pk)).status_code == 302
    mine = factories.cadre(world.company, holder=me, is_active=False)
    change = reverse("admin:liaison_cadre_change", args=[mine.pk])
    response = client.post(change, cadre_form(unit=world.company.pk))
    assert "不能给自己任职" in str(response.context["adminform"].form.errors)
    mine.refresh_from_db()
    assert not mine.is_active
    group = reverse("admin:liaison_liaisongroup_change", args=[world.group.pk])
    stored = world.group.memberships.order_by("-is_leader", "pk")
    data = {"unit": world.company.pk, "name": world.group.name, **inline("contracts")}
    data |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    row = {"cadre": mine.pk, "is_leader": "on", "starts_on": "2016-01-01"}
    before = stored.count()
    response = client.post(group, data | {f"memberships-0-{name}": value for name, value in row.items()})
    assert response.status_code == 200
    assert stored.count() == before


PASSWORD = {"password1": "四月 例会 记得 带本子", "password2": "四月 例会 记得 带本子", "usable_password": "true"}


def password_page(account: User) -> str:
    return reverse("admin:auth_user_password_change", args=[account.pk])


def test_roster_admin_set_the_password_of_office_and_auditor_and_signed_in_as_them(world, client):
    second = factories.appointment(Role.ROSTER_ADMIN, world.plant).user
    for account in (world.office, world.auditor, second, world.roster_admin):
        assert client.post(password_page(account), PASSWORD).status_code == 403
        assert not User.objects.get(pk=account.pk).has_usable_password()
        page = client.get(reverse("admin:organization_user_change", args=[account.pk]))
        assert "email" not in page.context["adminform"].form.fields
        assert password_page(account) not in page.content.decode()
    setup = User.objects.create_superuser("setup", name="初始")
    assert client.post(password_page(setup), PASSWORD).status_code == 404
    started = StrictClient()
    started.force_login(setup)
    assert started.post(password_page(world.office), PASSWORD).status_code == 302
    assert User.objects.get(pk=world.office.pk).check_password(PASSWORD["password1"])


def test_auditors_hear_of_a_new_account_that_reads_much_and_of_no_other(world, client):
    """The roster admin could make a second account for himself and give it the office."""
    told = world.auditor.notices.filter(rule="guarded_role")
    for role, heard in ((Role.HANDLER, 0), (Role.OFFICE, 1)):
        unit = world.department if role == Role.HANDLER else world.company
        data = {"user": factories.user().pk, "role": role, "unit": unit.pk, "starts_on": "2016-03-01"}
        assert client.post(reverse("admin:organization_appointment_add"), data).status_code == 302
        assert told.count() == heard
    second = factories.user()
    data = {"username": second.username, "name": second.name, "is_active": "on", **inline("appointments", 1)}
    data |= {"language": "zh-hans", "text_size": "standard", "theme": "auto"}
    data |= {
        f"appointments-0-{name}": value
        for name, value in (("role", Role.OFFICE), ("unit", world.company.pk), ("starts_on", "2016-03-01"))
    }
    assert client.post(reverse("admin:organization_user_change", args=[second.pk]), data).status_code == 302
    assert told.count() == 2
    assert client_of(world.auditor).get(told.first().link).status_code == 200


def test_head_is_a_handler_of_his_department_and_nobody_else(world, client):
    add = reverse("admin:organization_appointment_add")
    head = {"user": factories.user().pk, "unit": world.department.pk, "starts_on": "2016-03-01", "is_head": "on"}
    refused = client.post(add, {**head, "role": Role.LEADER})
    assert "只有责任部门承办人可以同时是部门负责人" in refused.content.decode()
    assert client.post(add, {**head, "role": Role.HANDLER}).status_code == 302
    assert world.actor(Appointment.objects.get(is_head=True).user).is_head
    assert not world.actor(world.handler).is_head


def test_reset_by_an_administrator_was_hidden_from_the_owner_and_left_him_signed_in(world, client):
    owner = world.insider.user
    his = client_of(world.insider)
    assert his.get("/friends/").status_code == 200
    assert client.post(password_page(owner), {**PASSWORD, "password2": "别的"}).status_code == 200
    assert not owner.notices.exists()
    assert client.post(password_page(owner), PASSWORD).status_code == 302
    assert his.get("/friends/").status_code == 302
    assert client.post(password_page(owner), {"usable_password": "false", "unset-password": "1"}).status_code == 302
    assert [notice.rule for notice in owner.notices.all()] == ["account_password"] * 2
    assert "管理员重置了您的登录密码" in owner.notices.first().text


def test_new_mail_address_from_an_administrator_was_hidden_from_the_owner(world, client):
    owner = world.insider.user
    names = ("username", "name", "language", "text_size", "theme")
    data = {name: getattr(owner, name) for name in names}
    data |= {"is_active": "on", "email": "new@example.org", **inline("appointments")}
    assert client.post(reverse("admin:organization_user_change", args=[owner.pk]), data).status_code == 302
    assert owner.notices.get().rule == "account_email"
