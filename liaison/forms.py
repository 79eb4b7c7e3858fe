from organization.forms import GivenForm

from .models import Cadre, Membership


class CadreForm(GivenForm):
    class Meta:
        model = Cadre
        fields = ["user", "unit", "duty", "is_full_time", "is_active"]


class MembershipForm(GivenForm):
    holder = "cadre.user"

    class Meta:
        model = Membership
        fields = ["cadre", "is_leader", "starts_on", "ends_on"]
