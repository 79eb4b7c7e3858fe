"""归并台: the opinions that wait, with the tabs and filters of the desk."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.lists import ListSpec, TabFilter
from organization.actors import Actor

from ..models import Opinion
from .opinions import OpinionFilter, opinions_of

TABS = {"proposed": _("建议归并"), "all": _("全部待归并")}


class WaitingFilter(OpinionFilter):
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "proposed"}

    def in_tab(self, opinions: QuerySet[Opinion], name: str, tab: str) -> QuerySet[Opinion]:
        """Both show what waits; the one in the groups that are proposed, the other row by row."""
        return opinions


def waiting_of(actor: Actor) -> QuerySet[Opinion]:
    return opinions_of(actor).waiting()


WAITING = ListSpec(
    name="issues.waiting",
    title=_("归并台"),
    rows=waiting_of,
    filter_class=WaitingFilter,
    columns=(),
    may_export=lambda actor: False,
)
