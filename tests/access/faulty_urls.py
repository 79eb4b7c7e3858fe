"""The house with four views beside it, each breaking one rule of access."""

from django.urls import include, path

from tests import faulty_urls as views

urlpatterns = [
    path("ungated/", views.ungated, name="ungated"),
    path("unscoped/<uuid:key>/", views.unscoped, name="issue_unscoped"),
    path("telling/<uuid:key>/", views.telling, name="issue_telling"),
    path("unverbed/<uuid:key>/", views.unverbed, name="issue_unverbed"),
    path("unknown/<uuid:key>/", views.unverbed, name="thing_unknown"),
    path("", include("config.urls")),
]
