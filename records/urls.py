from django.urls import path

from . import filters, views

app_name = "records"
urlpatterns = [
    path("filters/", filters.filter_list, name="filter_list"),
    path("filters/<uuid:key>/delete/", filters.filter_delete, name="filter_delete"),
    path("exports/", views.export_list, name="export_list"),
    path("exports/<uuid:key>/cancel/", views.export_cancel, name="export_cancel"),
    path("exports/<uuid:key>/retry/", views.export_retry, name="export_retry"),
    path("exports/<uuid:key>/download/", views.export_download, name="export_download"),
    path("attachments/<uuid:key>/photo/", views.attachment_photo, name="attachment_photo"),
    path("attachments/<uuid:key>/download/", views.attachment_download, name="attachment_download"),
]
