from django.urls import path

from . import views

app_name = "meetings"
urlpatterns = [
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/new/", views.meeting_create, name="meeting_create"),
    path("meetings/<uuid:key>/", views.meeting_detail, name="meeting_detail"),
    path("meetings/<uuid:key>/edit/", views.meeting_change, name="meeting_change"),
    path("meetings/<uuid:key>/hold/", views.meeting_hold, name="meeting_hold"),
    path("meetings/<uuid:key>/cancel/", views.meeting_cancel, name="meeting_cancel"),
]
