"""朋友: the list, one friend, and how friendships begin and end."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.norms import norms_for
from lib.acting import Question, confirmed, posted
from lib.htmx import see_other, wants_fragment
from lib.pagination import page_of
from lib.periods import today
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Role, Verb
from records.downloads import send_list
from records.services import record_download

from ..forms import EndForm, picked_keys
from ..lists.candidates import CANDIDATES
from ..lists.friends import FRIENDS
from ..models import ContactLog, Friendship, Worker
from ..permissions import can_befriend, can_end_friendship, can_read_notes, can_reveal
from ..services import AlreadyBefriended, befriend, end_friendship

#: Contacts on one page of a friend.
CONTACTS = 20


@requires(Verb.READ_FRIENDS)
@require_http_methods(["GET", "HEAD", "POST"])
def friend_list(request: HttpRequest) -> HttpResponse:
    listing = FRIENDS.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    context = {"may_befriend": can_befriend(request.actor)}
    return listing.render(request, "friends/friend_list.html", "friends/_friend_rows.html", context)


@requires(Verb.READ_FRIENDS)
@require_safe
def friend_detail(request: HttpRequest, key) -> HttpResponse:
    return show_friend(request, friend_of(request.actor, key))


def friend_of(actor: Actor, key) -> Worker:
    return get_object_or_404(Worker.objects.visible_to(actor).select_related("unit__parent", "enterprise"), key=key)


def show_friend(request: HttpRequest, worker: Worker, **revealed: Any) -> HttpResponse:
    actor = request.actor
    friendship = (
        Friendship.objects.visible_to(actor).open().filter(worker=worker).with_list_relations().with_next_contact()
    ).first()
    contacts = page_of(
        request,
        ContactLog.objects.visible_to(actor).filter(workers=worker).with_list_relations(),
        size=CONTACTS,
    )
    context = {
        "worker": worker,
        "friendship": friendship,
        "is_silent": friendship is not None and friendship.is_silent(norms_for(actor.unit).silence_days),
        "may_log": friendship is not None and actor.may(Verb.LOG_CONTACT),
        "may_end": friendship is not None and can_end_friendship(actor, friendship),
        "may_reveal": actor.may(Verb.REVEAL) and (friendship is not None or actor.role == Role.OFFICE),
        "may_care": actor.may(Verb.GIVE_AID) and (friendship is not None or actor.role == Role.OFFICE),
        "page": contacts,
        "notes": notes_of(actor, worker, contacts.rows),
        **revealed,
    }
    return render(request, "friends/friend_detail.html", context)


def notes_of(actor: Actor, worker: Worker, logs) -> dict[int, str]:
    """The private sentences about this friend, by log, as far as the actor wrote them."""
    return {
        log.pk: row.note
        for log in logs
        if can_read_notes(actor, log)
        for row in log.participations.all()
        if row.worker_id == worker.pk and row.note
    }


@requires(Verb.REVEAL)
@require_POST
def friend_phone(request: HttpRequest, key) -> HttpResponse:
    """Shows the number in full; who looked at whose number is written down, the number is not."""
    worker = friend_of(request.actor, key)
    if not can_reveal(request.actor, worker):
        raise PermissionDenied
    record_download(request.actor, kind="reveal_phone", rows=1, parameters={"worker": str(worker.key)})
    if not wants_fragment(request):
        return show_friend(request, worker, is_revealed=True)
    return render(request, "friends/_phones.html", {"worker": worker, "is_revealed": True})


@requires(Verb.LOG_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def friend_new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return befriend_picked(request)
    listing = CANDIDATES.open_for(request)
    context = {"norm": norms_for(request.actor.unit).friends, "count": friends_count(request.actor)}
    return listing.render(request, "friends/friend_new.html", "friends/_candidate_rows.html", context)


def befriend_picked(request: HttpRequest) -> HttpResponse:
    """One friendship per picked worker; whoever was taken in the meantime is left out and counted."""
    actor, day = request.actor, today()
    keys = picked_keys(request.POST.getlist("picked"))
    if not keys:
        messages.error(request, _("请先勾选职工，再建立联系。"))
        return see_other(request, request.get_full_path())
    begun = 0
    for worker in Worker.objects.befriendable_by(actor, on=day).filter(key__in=keys):
        # Between the question and the answer a colleague may have been quicker.
        with suppress(AlreadyBefriended):
            befriend(worker, cadre=actor.user.cadre, on=day)
            begun += 1
    mine = Friendship.objects.open().filter(cadre=actor.cadre_id, worker__key__in=keys).count()
    messages.success(request, _("已建立 %(count)d 位朋友的联系。") % {"count": mine})
    if mine < len(keys):
        text = _("有 %(count)d 位职工已由其他联络员联系，没有重复建立。")
        messages.warning(request, text % {"count": len(keys) - mine})
    if begun:
        warn_outside_norm(request)
    return see_other(request, reverse("friends:friend_list"))


def friends_count(actor: Actor) -> int:
    return Friendship.objects.open().filter(cadre=actor.cadre_id).count()


def warn_outside_norm(request: HttpRequest) -> None:
    """Leaving the band is said and never prevented."""
    norm, count = norms_for(request.actor.unit).friends, friends_count(request.actor)
    if count > norm.high:
        text = _("您现在联系 %(count)d 位朋友，多于每人 %(norm)s 位的要求。")
    elif count < norm.low:
        text = _("您现在联系 %(count)d 位朋友，少于每人 %(norm)s 位的要求。")
    else:
        return
    messages.warning(request, text % {"count": count, "norm": norm})


@requires(Verb.READ_FRIENDS)
@require_http_methods(["GET", "HEAD", "POST"])
def friend_end(request: HttpRequest, key) -> HttpResponse:
    worker = friend_of(request.actor, key)
    friendship = get_object_or_404(Friendship.objects.visible_to(request.actor).open(), worker=worker)
    if not can_end_friendship(request.actor, friendship):
        raise PermissionDenied
    question = Question(
        title=_("结束联系"),
        question=_("结束与 %(name)s 的联系关系？") % {"name": worker.name},
        confirm_label=_("结束联系"),
        cancel_url=worker.get_absolute_url(),
        consequences=[
            _("历史联系记录和意见建议都保留，未反馈的意见仍须由原联络员反馈。"),
            _("这位职工可以由其他联络员建立联系。"),
        ],
    )
    return confirmed(
        request,
        question,
        EndForm(posted(request)),
        partial(end_friendship, friendship),
        done=_("已结束联系，历史记录仍然保留。"),
        then=reverse("friends:friend_list"),
    )
