from django.urls import path

from . import views

app_name = "records"
urlpatterns = [
    path("exports/", views.export_list, name="export_list"),
    path("exports/<uuid:key>/cancel/", views.export_cancel, name="export_cancel"),
    path("exports/<uuid:key>/retry/", views.export_retry, name="export_retry"),
    path("exports/<uuid:key>/download/", views.export_download, name="export_download"),
    path("attachments/<uuid:key>/download/", views.attachment_download, name="attachment_download"),
]
