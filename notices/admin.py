from django.contrib import admin
from django.db import models
from django.db.models import Q

from organization.administration import InspectAdmin

from .models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(InspectAdmin):
    """The outbox: what waits, and what could not be sent and why."""

    list_display = ["notice_rule", "recipient", "channel", "state", "tries", "next_try_at", "last_error"]
    list_filter = ["state", "channel"]
    list_select_related = ["notice__recipient"]
    fields = ["notice_rule", "recipient", "channel", "state", "tries", "next_try_at", "sent_at", "last_error"]
    readonly_fields = fields

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        here = Q(notice__recipient__appointments__unit__path__startswith=path) | Q(
            notice__recipient__cadre__unit__path__startswith=path
        )
        return rows.filter(here).distinct()

    @admin.display(description=Delivery._meta.get_field("notice").verbose_name)
    def notice_rule(self, delivery: Delivery) -> str:
        return delivery.notice.rule

    @admin.display(
        description=Delivery._meta.get_field("notice").related_model._meta.get_field("recipient").verbose_name
    )
    def recipient(self, delivery: Delivery) -> str:
        return delivery.notice.recipient.name
