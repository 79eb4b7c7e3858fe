from django.urls import include, path

from tests import faulty_urls as views

urlpatterns = [path("counting/", views.counting, name="counting"), path("", include("config.urls"))]
