"""The control of the crash tests: the same work as messages alone, sent after the commit, taken before it is done."""

from __future__ import annotations

from config.celery import app
from issues.models import Dispatch
from notices.models import Delivery
from notices.services import deliver, notify
from organization.models import User


@app.task(acks_late=False, reject_on_worker_lost=False)
def tell(dispatch_id: int) -> None:
    dispatch = Dispatch.objects.get(pk=dispatch_id)
    for handler in User.objects.filter(appointments__unit=dispatch.department_id):
        notice, _is_new = notify(handler, "dispatch_sent", "", f"dispatch-{dispatch.pk}", "收到 1 件新交办。")
        deliver(list(Delivery.objects.filter(notice=notice).select_related("notice__recipient")))
