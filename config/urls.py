"""All addresses. Each app names its own paths; the house only lists the apps."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from config.health import healthz, readyz
from organization.guards import public

handler500 = "config.problems.problem"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("language/", public(set_language), name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("notices.urls")),
    path("", include("records.urls")),
    path("", include("organization.urls")),
    path("", include("friends.urls")),
    path("", include("issues.urls")),
    path("", include("meetings.urls")),
    path("", include("reports.urls")),
]
