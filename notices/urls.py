from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("notifications/", views.notice_list, name="notice_list"),
    path("notifications/read/", views.notice_read_all, name="notice_read_all"),
    path("notifications/<int:pk>/read/", views.notice_read, name="notice_read"),
]
