"""The demo computes exactly the figures that the union published (January to August 2016)."""

import datetime as dt
import io
import json

from django.apps import apps
from django.core.management import call_command
from django.test import TestCase

from liaison.figure_scope import FigureScope
from lib.formats import Rate
from lib.periods import custom
from organization.models import Headcount, Unit
from reports.figures import figures

PERIOD = custom(dt.date(2016, 1, 1), dt.date(2016, 9, 1))
PUBLISHED = {
    "groups": 6,
    "base_units": 16,
    "workshops": 86,
    "workshops_covered": 86,
    "cumulative_friends": 379,
    "opinions": 213,
    "issues": 92,
    "solved": 26,
    "explained": 44,
    "partly_solved": 14,
    "in_hand": 8,
    "real_problems_published": 48,
    "meetings": 10,
}


class TestShougangDemo(TestCase):
    """Loaded once for all tests of the class, which is what TestCase does and a fixture cannot."""

    @classmethod
    def setUpTestData(cls):
        call_command("load_demo", "shougang", stdout=io.StringIO())
        cls.company = Unit.objects.get(code="SGKY")

    def test_demo_figures_are_the_published_ones(self):
        for as_of in (None, dt.date(2016, 8, 31)):
            found = figures(FigureScope(self.company), PERIOD, as_of=as_of)
            assert {key: found[key] for key in PUBLISHED} == PUBLISHED
            assert 100 <= found["standing_friends"] <= 150
            assert found["feedback_rate"].n == found["feedback_rate"].of

    def test_demo_keeps_the_norms_of_every_cadre_and_group(self):
        for group in self.company.liaison_groups.all():
            found = figures(FigureScope(self.company, group=group), PERIOD)
            assert found["standing_friends"] == 22
            assert 2 <= group.contracts.count() <= 3

    def test_demo_units_sum_to_the_company(self):
        parts = [figures(FigureScope(unit), PERIOD) for unit in self.company.children.all()]
        whole = figures(FigureScope(self.company), PERIOD)
        assert sum(part["opinions"] for part in parts) <= whole["opinions"]
        assert sum(part["workshops_covered"] for part in parts) == 86

    def test_demo_health_survey_has_23_opinions_of_which_4_were_explained(self):
        health = apps.get_model("issues", "Opinion").objects.filter(source="survey", reporter_kind="worker")
        assert health.count() == 23
        assert health.filter(merges__issue__outcome="explained").count() == 4

    def test_demo_women_are_1477_of_whom_135_are_9_point_14_per_cent(self):
        women = sum(Headcount.objects.filter(gender="female").values_list("people", flat=True))
        assert (women, Rate(135, women).percent_to(2)) == (1477, "9.14%")

    def test_load_demo_twice_changes_nothing(self):
        models = [model for model in apps.get_models() if not model._meta.label.startswith("sessions")]
        before = {model: model._default_manager.count() for model in models}
        call_command("load_demo", "shougang", stdout=io.StringIO())
        assert {model: model._default_manager.count() for model in models} == before

    def test_figures_command_prints_keys_and_rates(self):
        out = io.StringIO()
        call_command(
            *[
                "figures",
                "--unit",
                "SGKY",
                "--from",
                "2016-01-01",
                "--to",
                "2016-08-31",
                "--as-of",
                "2016-08-31",
                "--json",
            ],
            stdout=out,
        )
        printed = json.loads(out.getvalue())
        assert {key: printed[key] for key in PUBLISHED} == PUBLISHED
        assert set(printed["closure_rate"]) == {"n", "of"}
