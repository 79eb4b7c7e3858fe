from django.urls import path

from .views import friends, visits

app_name = "friends"

urlpatterns = [
    path("friends/", friends.friend_list, name="friend_list"),
    path("friends/new/", friends.friend_new, name="friend_new"),
    path("friends/<uuid:key>/", friends.friend_detail, name="friend_detail"),
    path("friends/<uuid:key>/phone/", friends.friend_phone, name="friend_phone"),
    path("friends/<uuid:key>/end/", friends.friend_end, name="friend_end"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/<uuid:key>/", visits.visit_detail, name="visit_detail"),
    path("visits/<uuid:key>/edit/", visits.visit_edit, name="visit_edit"),
]
