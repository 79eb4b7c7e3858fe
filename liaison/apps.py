from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiaisonConfig(AppConfig):
    name = "liaison"
    verbose_name = _("联络")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organization.actors import register_actors
        from organization.audit import keep_trail

        from .actors import liaison_actors
        from .models import Cadre, Contract, LiaisonGroup, Membership, Norms, Phase, Topic

        register_actors(liaison_actors)
        for model in (Cadre, LiaisonGroup, Membership, Contract, Norms, Phase, Topic):
            keep_trail(model)
