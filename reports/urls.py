from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("reports/", views.report_month, name="report_month"),
    path("reports/export/", views.report_export, name="report_export"),
]
