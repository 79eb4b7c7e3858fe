from django.urls import path

from .views import care, friends, visits

app_name = "friends"

urlpatterns = [
    path("friends/", friends.friend_list, name="friend_list"),
    path("friends/new/", friends.friend_new, name="friend_new"),
    path("friends/<uuid:key>/", friends.friend_detail, name="friend_detail"),
    path("friends/<uuid:key>/phone/", friends.friend_phone, name="friend_phone"),
    path("friends/<uuid:key>/end/", friends.friend_end, name="friend_end"),
    path("friends/<uuid:key>/aid/", care.friend_aid, name="friend_aid"),
    path("friends/<uuid:key>/aid/new/", care.friend_aid_create, name="friend_aid_create"),
    path("friends/<uuid:key>/care/new/", care.friend_care_create, name="friend_care_create"),
    path("care/<uuid:key>/end/", care.care_end, name="care_end"),
    path("aid/", care.aid_list, name="aid_list"),
    path("aid/export/", care.aid_export, name="aid_export"),
    path("aid/figures/", care.aid_figures, name="aid_figures"),
    path("aid/<uuid:key>/remove/", care.aid_remove, name="aid_remove"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/<uuid:key>/", visits.visit_detail, name="visit_detail"),
    path("visits/<uuid:key>/edit/", visits.visit_edit, name="visit_edit"),
]
