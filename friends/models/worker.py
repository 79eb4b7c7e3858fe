from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.models import Cadre, Contract
from lib.encryption import EncryptedTextField, blind_index, blind_indexes
from lib.formats import mask_phone
from lib.models import Keyed
from lib.names import name_key, search_text
from organization.enums import Gender
from organization.models import Unit
from organization.roles import Role

from ..enums import Employment

if TYPE_CHECKING:
    from organization.actors import Actor


class WorkerQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> WorkerQuerySet:
        """Cadre: own friends, and whom he wrote of before. Group leader: the same of his group.

        Office and roster: the unit subtree.
        """
        friendships, talks = self.related("friendships").open(), self.related("participations")
        match actor.role:
            case Role.CADRE:
                kept, met = friendships.filter(cadre=actor.cadre_id), talks.filter(log__cadre=actor.cadre_id)
            case Role.GROUP_LEADER:
                kept = friendships.filter(cadre__in=Cadre.objects.in_group(actor.group_id))
                met = talks.filter(log__group=actor.group_id)
            case Role.OFFICE | Role.ROSTER_ADMIN:
                return self.filter(unit__path__startswith=actor.unit.path)
            case _:
                return self.none()
        return self.filter(Exists(kept.filter(worker=OuterRef("pk"))) | Exists(met.filter(worker=OuterRef("pk"))))

    def befriendable_by(self, actor: Actor, *, on: dt.date) -> WorkerQuerySet:
        """On the roster of the units that the actor's group has contracted, and nobody's friend on that day."""
        if actor.cadre_id is None or actor.group_id is None:
            return self.none()
        contracts = Contract.objects.open_on(on).filter(group=actor.group_id)
        within = Q(pk__in=[])
        for path in contracts.values_list("unit__path", flat=True):
            within |= Q(unit__path__startswith=path)
        # Asked of each candidate: a list of all who have a friend would be the whole house's.
        taken = self.related("friendships").filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), worker=OuterRef("pk"))
        return self.active().filter(within).exclude(Exists(taken))

    def related(self, relation: str) -> models.QuerySet:
        """Rows of a model that is written below this one and knows it."""
        return self.model._meta.get_field(relation).related_model.objects.all()

    def active(self) -> WorkerQuerySet:
        return self.filter(is_active=True)

    def with_phone(self, phone: str) -> WorkerQuerySet:
        # Under each key: after a change of the key, rows keep their old index until they are written again.
        indexes = blind_indexes(phone)
        return self.filter(Q(phone_index__in=indexes) | Q(phone_2_index__in=indexes))


class Worker(Keyed):
    """A frontline worker. Names alone never match two rows; identity numbers are not stored.

    `enterprise` is the unit at whose level employee numbers are unique; `unit` the workshop or team.
    Phones are encrypted with a key outside the database and found by their blind index.
    """

    enterprise = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("企业"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("所在单位"), related_name="workers")
    employee_no = models.CharField(_("工号"), max_length=32, blank=True)
    name = models.CharField(_("姓名"), max_length=60)
    name_key = models.CharField(max_length=60, editable=False, db_index=True)
    search = models.CharField(max_length=200, editable=False)
    gender = models.CharField(_("性别"), max_length=8, choices=Gender, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("出生年份"), null=True, blank=True)
    post = models.CharField(_("岗位"), max_length=40, blank=True)
    shift = models.CharField(_("班次"), max_length=20, blank=True)
    employment = models.CharField(_("用工形式"), max_length=20, choices=Employment, blank=True)
    phone = EncryptedTextField(_("手机号码"), blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    phone_2 = EncryptedTextField(_("备用电话"), blank=True, default="")
    phone_2_index = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    is_union_member = models.BooleanField(_("工会会员"), null=True, blank=True)
    strengths = models.CharField(_("特长"), max_length=100, blank=True)
    is_active = models.BooleanField(_("在岗"), default=True)
    #: Kept by friends.services, so that lists order by it without reading the logs.
    last_contact_on = models.DateField(_("最近联系"), null=True, blank=True, editable=False)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("职工")
        verbose_name_plural = pgettext_lazy("复数", "职工")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "employee_no"],
                condition=~Q(employee_no=""),
                name="worker_employee_no_once",
                violation_error_message=_("本企业已有这个工号。"),
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=1900, birth_year__lte=2100),
                name="worker_birth_year_sane",
                violation_error_message=_("出生年份不对，请填四位年份。"),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "is_active"], name="worker_of_unit"),
            # What a wording may name is looked up one by one, in a roster of any size.
            models.Index(fields=["employee_no"], name="worker_by_number"),
            models.Index(fields=["post"], name="worker_by_post"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *self.derived_fields}
        super().save(**kwargs)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    def get_absolute_url(self) -> str:
        return reverse("friends:friend_detail", args=[self.key])

    derived_fields = ("name_key", "search", "phone_index", "phone_2_index")

    def derive(self) -> None:
        """Fills the columns that follow from others; bulk writers call it too."""
        self.name_key = name_key(self.name)
        self.search = search_text(self.name)
        self.phone_index = blind_index(self.phone) if self.phone else ""
        self.phone_2_index = blind_index(self.phone_2) if self.phone_2 else ""
