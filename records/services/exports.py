"""Exports: asked for in the request, made by the worker, offered for some days, then deleted."""

from __future__ import annotations

import datetime as dt
import errno
import logging
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from lib.errors import Refused
from lib.files import atomic_path, remove_partial
from organization.actors import actors_of

from ..enums import OPEN_EXPORT_STATES, ExportState
from ..exports import Made, Progress, maker_of
from ..models import Export

if TYPE_CHECKING:
    from organization.actors import Actor

logger = logging.getLogger(__name__)

#: A worker that is silent for so long is taken for dead, and another makes the file.
LEASE = dt.timedelta(minutes=2)
#: A file that brought the worker down so often is given up.
MAX_TRIES = 3
KEEP = dt.timedelta(days=7)
MOST_OPEN_PER_USER = 5
#: Below the folder of uploads and files.
FOLDER = "exports"


class TooManyExports(Refused):
    code = "too_many_exports"
    default_message = gettext_lazy("您已有多个文件在排队，请等它们生成后再导出。")


class Interrupted(Exception):
    """The export was cancelled, or another worker has taken it over: what is being made here is not wanted."""


def request_export(
    actor: Actor,
    kind: str,
    parameters: dict | None = None,
    *,
    purpose: str = "",
    key: uuid.UUID | None = None,
) -> Export:
    """Asks the worker for a file. Nothing is sent to the broker: the worker finds the row within seconds.

    The same `key` again returns the export that it made.
    """
    if maker_of(kind) is None:
        raise ValueError(f"no export of kind {kind} is registered")
    if key and (known := Export.objects.visible_to(actor).filter(key=key).first()):
        return known
    if Export.objects.filter(requested_by=actor.user, state__in=OPEN_EXPORT_STATES).count() >= MOST_OPEN_PER_USER:
        raise TooManyExports
    try:
        with transaction.atomic():
            return Export.objects.create(
                key=key or uuid.uuid4(),
                kind=kind,
                parameters=parameters or {},
                purpose=purpose,
                requested_by=actor.user,
                role=actor.role or "",
                unit=actor.unit,
                actor_key=actor.key,
            )
    except IntegrityError:
        # Sent twice at once: the other one was quicker.
        if known := Export.objects.visible_to(actor).filter(key=key).first():
            return known
        raise


def claim_export(now: dt.datetime | None = None) -> Export | None:
    """The next export to make, held for `LEASE`; `run` names this attempt, and only it may write the result."""
    now = now or timezone.now()
    with transaction.atomic():
        Export.objects.claimable(now).filter(tries__gte=MAX_TRIES).update(
            state=ExportState.FAILED,
            error=_("文件多次生成失败，请缩小范围后再导出。"),
            finished_at=now,
        )
        # Two workers look at once: each takes a row that the other does not hold.
        export = Export.objects.claimable(now).select_for_update(skip_locked=True).order_by("requested_at").first()
        if export is None:
            return None
        export.state, export.tries = ExportState.RUNNING, export.tries + 1
        export.run, export.lease_until = uuid.uuid4(), now + LEASE
        export.save(update_fields=["state", "tries", "run", "lease_until"])
    return export


def run_export(export: Export) -> None:
    """Makes the file of a claimed export. Killed at any point it is made again after the lease."""
    try:
        with override(settings.LANGUAGE_CODE):
            made, name = make_file(export)
    except Interrupted:
        return
    except SoftTimeLimitExceeded:
        # Nothing is wrong with the export: the worker's time was up. Its tries tell one that never gets through.
        give_back(export)
        raise
    except DatabaseError:
        # The lease runs out and the export is tried again.
        raise
    except Refused as refusal:
        finish(export, state=ExportState.FAILED, error=str(refusal)[:200])
    except Exception as error:
        logger.exception("export %s of kind %s failed", export.pk, export.kind)
        finish(export, state=ExportState.FAILED, error=sentence_for(error))
    else:
        finish(
            export,
            state=ExportState.DONE,
            file=name,
            file_name=made.file_name,
            rows_done=made.rows,
            rows_total=made.rows,
            expires_at=timezone.now() + KEEP,
        )


def make_file(export: Export) -> tuple[Made, str]:
    """The made file and its name in the storage, which is the same in every attempt: a repeated one leaves no rest."""
    maker = maker_of(export.kind)
    if maker is None:
        raise Refused(_("这种文件已不再提供。"))
    actor = actor_again(export)
    name = f"{FOLDER}/{timezone.localdate(export.requested_at):%Y/%m}/{export.key.hex}"
    target = Path(settings.MEDIA_ROOT) / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with atomic_path(target) as path:
        made = maker(export, Progress(actor, path, lambda done, total: beat(export, done, total)))
        beat(export, made.rows, made.rows)
    return made, name


def actor_again(export: Export) -> Actor:
    """Who asked, in the role of the request, if the person still holds it."""
    user = export.requested_by
    held = actors_of(user) if user.is_active else []
    for actor in held:
        if actor.key == export.actor_key:
            return actor
    raise Refused(_("申请导出时的角色已经变化，文件没有生成。"), code="role_lost")


def beat(export: Export, done: int, total: int) -> None:
    mine = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, run=export.run)
    if not mine.update(rows_done=done, rows_total=total, lease_until=timezone.now() + LEASE):
        raise Interrupted


def give_back(export: Export) -> None:
    """To whoever comes next, without waiting for the lease; unless it was cancelled or taken over meanwhile."""
    mine = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, run=export.run)
    mine.update(state=ExportState.WAITING, lease_until=None, run=None, rows_done=0)


def finish(export: Export, **fields) -> None:
    """Writes the result, unless the export was cancelled or taken over meanwhile."""
    mine = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, run=export.run)
    mine.update(lease_until=None, finished_at=timezone.now(), **fields)


def sentence_for(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _("服务器磁盘已满，文件没有生成，请联系管理员。")
    return _("生成文件时出错，请重试；仍不成功请联系管理员。")


def cancel_export(export: Export) -> None:
    open_one = Export.objects.filter(pk=export.pk, state__in=OPEN_EXPORT_STATES)
    if not open_one.update(state=ExportState.CANCELLED, finished_at=timezone.now(), lease_until=None):
        raise Refused(_("文件已生成或已取消，请刷新页面。"), code="export_not_open")


def retry_export(export: Export) -> None:
    """Makes a failed, cancelled or expired one again, from the facts as they are now."""
    now = timezone.now()
    again = Export.objects.filter(pk=export.pk).exclude(state__in=OPEN_EXPORT_STATES)
    again = again.exclude(state=ExportState.DONE, expires_at__gt=now)
    if not again.update(
        state=ExportState.WAITING, tries=0, rows_done=0, rows_total=0, error="", finished_at=None, expires_at=None
    ):
        raise Refused(_("文件已在生成或可以下载，请刷新页面。"), code="export_not_retryable")


def expire_exports(now: dt.datetime | None = None) -> int:
    """Deletes the files that are no longer offered; the rows stay for the register. Returns how many.

    With them goes what an export that was killed had written so far, a day after it.
    """
    now = now or timezone.now()
    remove_partial(Path(settings.MEDIA_ROOT) / FOLDER, before=(now - dt.timedelta(days=1)).timestamp())
    gone = Export.objects.filter(expires_at__lte=now).exclude(file="")
    count = 0
    for export in gone:
        export.file.delete(save=False)
        count += Export.objects.filter(pk=export.pk).update(file="")
    return count
