from types import SimpleNamespace

import pytest
from django import forms
from django.apps import apps
from django.db.models import CharField
from django.template import engines

from lib.formats import Rate
from organization.templatetags.ui import STATE_TONES, anchor, draft_done, icon, undo_url


class FilterForm(forms.Form):
    q = forms.CharField(label="搜索", required=False)
    state = forms.MultipleChoiceField(label="状态", required=False, choices=[("a", "待归并"), ("b", "已归并")])
    order = forms.ChoiceField(label="排序", required=False, choices=[("", "最近"), ("due", "最早")])


def drawn(source: str, **context) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context)


def test_icon_is_hidden_from_screen_readers_unless_it_has_a_name():
    assert 'aria-hidden="true"' in icon("bell")
    assert 'aria-label="提醒"' in icon("bell", "提醒")
    assert "#bell" in icon("bell")


def test_state_badge_takes_label_and_colour_from_the_enum():
    row = SimpleNamespace(state="overdue", get_state_display=lambda: "超期 <3>")
    assert drawn("{% state_badge row %}", row=row) == '<span class="state state-alarm">超期 &lt;3&gt;</span>'
    assert drawn("{% state_badge row %}", row=SimpleNamespace(state="")) == ""


def test_every_state_of_the_product_has_a_colour():
    fields = {"state", "outcome"}
    values = {
        str(value)
        for model in apps.get_models()
        if model._meta.app_label in {"issues", "meetings", "reports", "records", "notices"}
        for field in model._meta.fields
        if field.name in fields and isinstance(field, CharField) and field.choices
        for value, _label in field.flatchoices
        if value
    }
    assert values - STATE_TONES.keys() == set()


def test_rate_is_shown_with_its_parts_and_nothing_without_a_whole():
    assert "85.7%" in drawn("{% rate share %}", share=Rate(6, 7))
    assert "6/7" in drawn("{% rate share %}", share=Rate(6, 7))
    assert "--" in drawn("{% rate share %}", share=Rate(0, 0))
    assert "<details" in drawn("{% rate share '怎么算' %}", share=Rate(6, 7))


def test_active_filters_name_the_choice_and_lead_to_the_list_without_it(rf):
    request = rf.get("/list/", {"q": "热水", "state": ["a", "b"], "order": "due", "page": "3"})
    source = (
        "{% active_filters form as chosen %}{% for f in chosen %}{{ f.label }}={{ f.value }} {{ f.url }};{% endfor %}"
    )
    assert drawn(source, form=FilterForm(request.GET), request=request) == (
        "搜索=热水 ?state=a&amp;state=b&amp;order=due;状态=待归并、已归并 ?q=%E7%83%AD%E6%B0%B4&amp;order=due;"
    )


@pytest.mark.parametrize(("tags", "undo", "done"), [("undo:/x/ saved:log", "/x/", "log"), ("", "", ""), (None, "", "")])
def test_message_names_its_undo_and_its_draft(tags, undo, done):
    message = SimpleNamespace(extra_tags=tags)
    assert (undo_url(message), draft_done(message)) == (undo, done)


def test_error_of_a_group_of_boxes_leads_to_its_first_box():
    class Boxes(forms.Form):
        a = forms.MultipleChoiceField(choices=[(1, "一")], widget=forms.CheckboxSelectMultiple)
        b = forms.CharField()

    form = Boxes()
    assert (anchor(form["a"]), anchor(form["b"])) == ("id_a_0", "id_b")
