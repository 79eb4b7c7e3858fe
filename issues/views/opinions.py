"""意见建议: the list and one opinion, for those who keep in touch with the worker and for the office."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from friends.models import Worker
from lib.acting import posted
from lib.errors import Refused
from lib.htmx import render_page_or_fragment, see_other
from lib.pagination import COUNT_LIMIT
from lib.periods import today
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Role, Verb
from records.downloads import send_list
from records.services import record_download

from .. import services
from ..enums import Move, ReporterKind
from ..forms.opinions import CorrectionForm
from ..lists.opinions import OPINIONS, TABS
from ..models import Issue, Opinion, UnlistedReporter
from ..permissions import can_correct_opinion, can_move_opinion, can_unmerge
from .history import opinion_history


@requires(Verb.READ_OPINIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_list(request: HttpRequest) -> HttpResponse:
    listing = OPINIONS.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    context = {"tabs": TABS, "is_office": request.actor.role == Role.OFFICE}
    if request.actor.role == Role.OFFICE:
        # The ledger in one line: so many voices, so many matters.
        merged = Issue.objects.filter(merges__undone_at__isnull=True, merges__opinion__in=listing.rows.order_by())
        context["issue_count"] = merged.order_by().values("pk").distinct()[:COUNT_LIMIT].count()
    return listing.render(request, "issues/opinion_list.html", "issues/_opinion_rows.html", context)


@requires(Verb.READ_OPINIONS)
@require_safe
def opinion_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    opinions = Opinion.objects.visible_to(request.actor).with_list_relations()
    opinion = get_object_or_404(opinions, key=key)
    merges = list(opinion.merges.all())
    context = {
        "opinion": opinion,
        "seconded": Opinion.objects.visible_to(request.actor).filter(pk=opinion.seconds_id).first(),
        "merges": merges,
        # Who came along on a visit sees what was said, but not everybody's page.
        "sees_worker": Worker.objects.visible_to(request.actor).filter(pk=opinion.worker_id).exists(),
        "undoable": [merge for merge in merges if can_unmerge(request.actor, merge.issue)],
        "may_merge": can_move_opinion(request.actor, opinion, Move.MERGE),
        "may_set_aside": can_move_opinion(request.actor, opinion, Move.SET_ASIDE),
        "may_take_up": can_move_opinion(request.actor, opinion, Move.TAKE_UP_AGAIN),
        "feedbacks": opinion.feedbacks.in_force().select_related("issue", "told_by"),
        "slip": opinion.slips.in_force().select_related("issued_by").first(),
        "additions": opinion.additions.all(),
        "photos": opinion.attachments.all(),
        **unlisted(request.actor, opinion),
        "may_correct": can_correct_opinion(request.actor, opinion, on=today()),
        "revisions": opinion.revisions.select_related("category", "recorded_by"),
        "history": opinion_history(opinion),
    }
    return render(request, "issues/opinion_detail.html", context)


def unlisted(actor: Actor, opinion: Opinion) -> dict:
    """Who gave his name at a door and is not in the roster: for the office alone."""
    if opinion.reporter_kind != ReporterKind.UNLISTED:
        return {}
    reporter = UnlistedReporter.objects.visible_to(actor).filter(opinion=opinion).first()
    return {"unlisted": reporter, "may_reveal": reporter is not None and actor.may(Verb.REVEAL)}


@requires(Verb.REVEAL)
@require_POST
def opinion_contact(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Shows the number in full; who looked is written down, the number is not."""
    opinion = get_object_or_404(Opinion.objects.visible_to(request.actor), key=key)
    reporter = UnlistedReporter.objects.visible_to(request.actor).filter(opinion=opinion).first()
    if reporter is None:
        return see_other(request, opinion.get_absolute_url())
    record_download(request.actor, kind="reveal_phone", rows=1, parameters={"opinion": str(key)})
    return render(request, "issues/opinion_contact.html", {"unlisted": reporter, "opinion": opinion})


@requires(Verb.LOG_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_update(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A slip is put right by who took the opinion down."""
    opinion = get_object_or_404(Opinion.objects.visible_to(request.actor), key=key)
    if not can_correct_opinion(request.actor, opinion, on=today()):
        raise PermissionDenied
    form = CorrectionForm(posted(request), initial={"text": opinion.text, "category": opinion.category_id})
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_opinion(opinion, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存修改。"))
            return see_other(request, opinion.get_absolute_url())
    return render(request, "issues/opinion_update.html", {"form": form, "opinion": opinion})


@requires(Verb.READ_OPINIONS)
@require_safe
def worker_opinions(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Fragment for the page of a friend: what he raised and what became of it."""
    worker = get_object_or_404(Worker.objects.visible_to(request.actor), key=key)
    opinions = Opinion.objects.visible_to(request.actor).filter(worker=worker).with_list_relations()
    context = {"opinions": opinions[:20], "worker": worker}
    return render_page_or_fragment(request, "issues/worker_opinions.html", "issues/_worker_opinions.html", context)
