"""/filters/ 常用筛选: the filters of a list under a name, for oneself or shared with colleagues."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.acting import posted
from lib.htmx import render_page_or_fragment, see_other
from organization.guards import signed_in

from .forms import SaveFilterForm
from .models import SavedFilter


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def filter_list(request: HttpRequest) -> HttpResponse:
    """Those of the list `?at=`, and a form that keeps the filters of `?query=`; without a list, all there are."""
    form = SaveFilterForm(posted(request), initial={name: request.GET.get(name, "") for name in ("at", "query")})
    status = HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid():
            return see_other(request, save(request, **form.cleaned_data).get_absolute_url())
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    filters = SavedFilter.objects.visible_to(request.actor).select_related("owner")
    context = {"form": form, "filters": filters}
    if at := str(form["at"].value() or ""):
        context |= {"filters": filters.filter(address=at), "back_url": address_of(at)}
    return render_page_or_fragment(
        request, "records/filter_list.html", "records/_filter_list.html", context, status=status
    )


def address_of(at: str) -> str:
    try:
        return reverse(at)
    except NoReverseMatch as no_list:
        raise Http404 from no_list


def save(request: HttpRequest, *, at: str, query: str, name: str, is_shared: bool) -> SavedFilter:
    """Under a name that is there already the new filters take the place of the old."""
    actor = request.actor
    saved, is_new = SavedFilter.objects.update_or_create(
        owner=actor.user,
        role=actor.role or "",
        address=at,
        name=name,
        defaults={"query": query, "is_shared": is_shared, "unit": actor.unit},
    )
    words = _("已存为常用筛选“%(name)s”。") if is_new else _("常用筛选“%(name)s”已更新。")
    messages.success(request, words % {"name": name})
    return saved


@signed_in
@require_POST
def filter_delete(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One's own; what a colleague shares is his to take away."""
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.actor).filter(owner=request.user), key=key)
    saved.delete()
    messages.success(request, _("常用筛选“%(name)s”已删除。") % {"name": saved.name})
    return see_other(request, reverse(saved.address))
