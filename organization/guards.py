"""The rule that each view declares; tests/test_urls_guarded.py fails on a view without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from .roles import Verb

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Rule:
    """`verbs` empty and not `public`: everybody who is signed in."""

    verbs: frozenset[Verb] = frozenset()
    public: bool = False


def requires(*verbs: Verb) -> Callable[[View], View]:
    """The active role must be able to do one of the verbs: else 403. What rows it sees is `visible_to`'s matter."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not any(request.actor.may(verb) for verb in verbs):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.rule = Rule(verbs=frozenset(verbs))
        return guarded

    return decorate


def signed_in(view: View) -> View:
    view.rule = Rule()
    return view


def public(view: View) -> View:
    """The visible exception: no sign-in."""
    view = login_not_required(view)
    view.rule = Rule(public=True)
    return view
