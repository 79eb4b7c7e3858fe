from django.contrib.admin.apps import AdminConfig


class HouseAdminConfig(AdminConfig):
    """Django's admin with the house's own site: whoever enters it and what he sees there follows his active role."""

    default_site = "organization.administration.HouseAdminSite"
