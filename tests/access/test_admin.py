"""Django admin by the active role: role × table × page × relation, generated from the site's register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from auditlog.context import set_actor
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django_celery_results.models import TaskResult

from friends.models import Friendship, Worker
from issues.models import AnswerTemplate, PolicyClause, Responsibility
from liaison.models import Cadre, LiaisonGroup, Norms, Phase
from notices.enums import Channel
from notices.models import Delivery
from organization.administration import RoleAdmin
from organization.models import Unit, UnitAlias, User, WorkdayOverride
from organization.roles import ROLES, SETUP, Role
from records.models import Download
from tests import factories
from tests.client import StrictClient

from .objects import ABSENT_PK
from .test_matrix import bare, call
from .world import AccessWorld, build_access_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ("changelist", "add", "change", "delete", "history")


@dataclass(frozen=True)
class Cell:
    model: type[Model]
    page: str
    role: Role
    method: str
    expected: str
    response: HttpResponse | Exception

    @property
    def found(self) -> str:
        return answer(self.response)

    def __str__(self) -> str:
        label = self.model._meta.label
        return f"{self.method.upper()} {self.page} of {label} as {self.role}: {self.found}, expected {self.expected}"


def answer(response: HttpResponse | Exception) -> str:
    if isinstance(response, Exception):
        return f"{type(response).__name__}: {response}"
    if response.status_code == 302:
        # The admin sends away from a row that it cannot find.
        return "elsewhere" if response.url == reverse("admin:index") else "admitted"
    return {200: "admitted"}.get(response.status_code, str(response.status_code))


def url_of(model: type[Model], page: str, pk: object = None) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=[pk] if page in {"change", "delete", "history"} else [])


def expected(role: Role, model_admin: RoleAdmin, page: str, method: str) -> str:
    """What the role table says of a page that speaks of no row, or of one that is seen."""
    spec, label = ROLES[role], model_admin.opts.label_lower
    if not spec.inspects(label):
        return "403"
    if page == "add" and (model_admin.inspect_only or not spec.edits(label)):
        return "403"
    if page == "change" and method == "post" and (model_admin.inspect_only or not spec.edits(label)):
        return "403"
    return "admitted"


def registered() -> list[tuple[type[Model], RoleAdmin]]:
    return sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)


@pytest.fixture
def world() -> AccessWorld:
    world = build_access_world()
    unit, far = world.threads["own"].unit, world.threads["other_unit"].unit
    for place in (unit, far):
        Norms.objects.create(unit=place)
        Phase.objects.create(unit=place, name="第一阶段", starts_on=dt.date(2016, 1, 1))
        UnitAlias.objects.create(root=place, spelling="旧称", unit=place)
    for name in ("own", "other_unit"):
        thread = world.threads[name]
        Responsibility.objects.create(department=thread.dispatch.department, category=thread.issue.category)
    for thread in world.threads.values():
        Delivery.objects.create(notice=thread.notice, channel=Channel.EMAIL)
        Download.objects.create(user=thread.cadre.user, kind="test", export=thread.export)
        with set_actor(thread.cadre.user):
            thread.cadre.user.name += "改"
            thread.cadre.user.save()
    AnswerTemplate.objects.create(name="已整改", text="已整改。", starts_on=dt.date(2016, 1, 1))
    PolicyClause.objects.create(
        title="第三条", source_document="年休假条例", text="5天。", starts_on=dt.date(2008, 1, 1)
    )
    TaskResult.objects.create(task_id="1", task_name="test")
    WorkdayOverride.objects.create(day=dt.date(2027, 1, 4), is_workday=True)
    return world


def test_every_table_in_the_admin_belongs_to_a_role():
    for model, model_admin in registered():
        assert isinstance(model_admin, RoleAdmin)
        holders = [spec for spec in (*ROLES.values(), SETUP) if spec.inspects(model._meta.label_lower)]
        assert holders, f"{model._meta.label} is registered, and no role may see it"


def test_every_page_without_row_answers_by_the_role_table(world):
    wrong = []
    for role in Role:
        client = world.client(role)
        for model, model_admin in registered():
            for page in ("changelist", "add"):
                for method in ("get", "head", "post"):
                    right = expected(role, model_admin, page, method)
                    cell = Cell(model, page, role, method, right, call(client, method, url_of(model, page)))
                    if cell.found != right:
                        wrong.append(str(cell))
    assert wrong == []


def test_a_row_outside_the_scope_is_answered_like_one_that_does_not_exist(world):
    """For each table a row that the role sees and one that it does not, on each page."""
    wrong = []
    for role in Role:
        client = world.client(role)
        for model, model_admin in registered():
            if not ROLES[role].inspects(model._meta.label_lower):
                continue
            seen = rows_seen_by(model_admin, world, role)
            own, foreign = seen.first(), model._base_manager.exclude(pk__in=seen.values("pk")).first()
            for page in ("change", "delete", "history"):
                for method in ("get", "post"):
                    absent = call(client, method, url_of(model, page, ABSENT_PK))
                    assert answer(absent) in {"elsewhere", "403"}, (role, model, page)
                    if foreign is not None:
                        other = call(client, method, url_of(model, page, foreign.pk))
                        if (answer(other), bare(other)) != (answer(absent), bare(absent)):
                            wrong.append(f"{method} {page} of a foreign {model._meta.label} as {role}")
                if page != "delete":
                    response = call(client, "get", url_of(model, page, own.pk))
                    if answer(response) != "admitted":
                        wrong.append(f"get {page} of {model._meta.label} as {role}: {answer(response)}")
    assert wrong == []


def rows_seen_by(model_admin: RoleAdmin, world: AccessWorld, role: Role) -> models.QuerySet:
    class Request:
        actor = world.actor(role)
        user = actor.user

    return model_admin.get_queryset(Request())


def test_every_table_shows_the_roster_admin_rows_of_his_own_enterprise_alone(world):
    """The scope itself, said once by hand for the tables with people."""
    far = world.threads["other_unit"]
    for model, foreign in [
        (Unit, far.unit),
        (Worker, far.worker),
        (Friendship, far.friendship),
        (Cadre, far.cadre),
        (LiaisonGroup, far.group),
        (User, far.cadre.user),
    ]:
        seen = rows_seen_by(admin.site.get_model_admin(model), world, Role.ROSTER_ADMIN)
        assert seen.exists()
        assert not seen.filter(pk=foreign.pk).exists(), model


def test_who_has_no_business_in_the_admin_is_refused_and_a_visitor_is_sent_to_sign_in(world):
    for role in Role:
        response = world.client(role).get(reverse("admin:index"))
        assert response.status_code == (200 if ROLES[role].enters_admin else 403)
        assert world.client(role).get(reverse("admin:login")).status_code == 403
    response = StrictClient().get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_the_set_up_account_sees_the_organisation_and_nobody_s_work(world):
    account = factories.user("安装账号", is_superuser=True, is_staff=True)
    client = StrictClient()
    client.force_login(account)
    for model, _model_admin in registered():
        allowed = SETUP.inspects(model._meta.label_lower)
        assert client.get(url_of(model, "changelist")).status_code == (200 if allowed else 403), model


def test_the_roster_admin_never_sees_the_set_up_account(world):
    account = factories.user("安装账号", is_superuser=True, is_staff=True)
    client = world.client(Role.ROSTER_ADMIN)
    assert answer(client.get(url_of(User, "change", account.pk))) == "elsewhere"
    password = reverse("admin:auth_user_password_change", args=[account.pk])
    assert client.post(password, {"password1": "x" * 20, "password2": "x" * 20}).status_code == 404
