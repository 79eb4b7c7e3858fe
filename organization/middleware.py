from django.utils import translation
from django.utils.functional import SimpleLazyObject

from .actors import ACTIVE_ROLE, Actor, active_actor, actors_of


class ActorMiddleware:
    """Gives every request its actor (`request.actor`), read when first asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Both are wanted by nearly every page; the tables are asked once.
        request.actors = SimpleLazyObject(lambda: actors_of(request.user) if request.user.is_authenticated else [])
        request.actor = SimpleLazyObject(lambda: self.actor_of(request))
        return self.get_response(request)

    def actor_of(self, request) -> Actor:
        if not request.user.is_authenticated:
            return Actor(user=request.user)
        return active_actor(request.user, request.actors, request.session.get(ACTIVE_ROLE))


class LanguageMiddleware:
    """Who is signed in reads the language of his account; the cookie and the browser's wish are for the others."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers["Content-Language"] = translation.get_language()
        return response
