from django.urls import path

from . import views

app_name = "organization"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("role/", views.role_switch, name="role_switch"),
    path("demo/", views.demo_login, name="demo_login"),
]
