from django.urls import include, path

from tests import faulty_urls as views

urlpatterns = [path("leaking/<uuid:key>/", views.leaking, name="dispatch_leaking"), path("", include("config.urls"))]
