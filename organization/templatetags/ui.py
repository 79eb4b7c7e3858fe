"""Template tags of the design system: `{% load ui %}`; docs/frontend.md shows each in use."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.db.models import Model
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lib.formats import Rate, display_width
from lib.lists import Column, Listing, shown_value

register = template.Library()

SPRITE = "vendor/icons.svg"

#: The colour of every state in the product, by the value of its enum. Few are coloured: grey waits for nobody,
#: amber waits for somebody, blue is being worked on, green is done, violet is done with words, red is late or wrong.
STATE_TONES = {
    # opinions
    "waiting": "wait",
    "merged": "busy",
    "set_aside": "plain",
    # issues and their outcomes
    "registered": "plain",
    "dispatched": "busy",
    "in_hand": "busy",
    "answered": "good",
    "closed": "plain",
    "void": "plain",
    "reopened": "wait",
    "solved": "good",
    "partly_solved": "busy",
    "explained": "calm",
    # dispatches
    "sent": "wait",
    "accepted": "busy",
    "in_approval": "wait",
    "approved": "good",
    "sent_back": "wait",
    "returned": "wait",
    "withdrawn": "plain",
    # extensions
    "asked": "wait",
    "granted": "good",
    "refused": "plain",
    # feedback
    "owed": "wait",
    "told": "good",
    "published": "good",
    "unreachable": "plain",
    # cases
    "nominated": "busy",
    "selected": "good",
    "not_selected": "plain",
    # meetings and reports
    "planned": "plain",
    "held": "good",
    "cancelled": "plain",
    "draft": "plain",
    "submitted": "wait",
    "frozen": "plain",
    # background work
    "queued": "plain",
    "running": "busy",
    "done": "good",
    "failed": "alarm",
    "expired": "plain",
    # deadlines
    "due_soon": "wait",
    "overdue": "alarm",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A picture of the sprite; without a label it is decoration and hidden from screen readers."""
    href = f"{static(SPRITE)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@register.simple_tag
def state_badge(row: Model | None, field: str = "state") -> SafeString:
    """The badge of an enum field of a row: label from the enum, colour from STATE_TONES."""
    value = getattr(row, field, None)
    if not value:
        return SafeString("")
    return badge(getattr(row, f"get_{field}_display")(), STATE_TONES.get(str(value), "plain"))


#: What `list_cell` gives a cell of each kind beside its content.
CELL_CLASSES = {"title": "cell-title", "number": "cell-num", "day": "num nowrap", "code": "num nowrap"}

#: Columns (of half a hanzi) up to which a text stays on one line.
SHORT_CELL = 16


@register.simple_tag
def list_cell(listing: Listing, column: Column, row: Any) -> SafeString:
    """A cell of components/_list.html, drawn as `column.cell` says (lib.lists.Column)."""
    if column.cell == "title":
        words = format_html('<span class="clamp-2">{}</span>', column.text(row))
        return format_html('<td class="cell-title"><a href="{}">{}</a></td>', row.get_absolute_url(), words)
    if column.cell == "state":
        return format_html("<td>{}</td>", state_badge(row, column.value))
    if "/" in column.cell:
        return format_html(
            "<td>{}</td>", render_to_string(column.cell, {"row": row, "is_alarm": listing.is_alarm(row)})
        )
    text = column.text(row)
    if not text:
        return SafeString("<td></td>")
    if column.cell == "words":
        return format_html('<td class="cell-text"><span class="clamp-2">{}</span></td>', text)
    # A short word that breaks in the middle reads like two.
    usual = "nowrap" if display_width(text) <= SHORT_CELL else ""
    return format_html(
        '<td class="{}" data-label="{}">{}</td>', CELL_CLASSES.get(column.cell, usual), column.label, text
    )


@register.filter
def is_alarm(row: Any, listing: Listing) -> bool:
    return listing.is_alarm(row)


@register.simple_tag
def badge(label: Any, tone: str = "plain") -> SafeString:
    """A badge with a free text; a tone or a state's value names the colour."""
    return format_html('<span class="state state-{}">{}</span>', STATE_TONES.get(tone, tone), label)


@register.inclusion_tag("components/_rate.html")
def rate(value: Rate, definition: str = "") -> dict:
    """A rate with numerator and denominator; `--` where nothing was due."""
    return {"value": value, "definition": definition}


@register.simple_tag(takes_context=True)
def active_filters(context: dict, form: forms.Form) -> list[dict[str, str]]:
    """The filters that hold now, each with the address of the list without it."""
    query = context["request"].GET
    found = []
    for name in form.fields:
        key = form.add_prefix(name)
        values = [value for value in query.getlist(key) if value.strip()]
        if not values or isinstance(form.fields[name].widget, forms.HiddenInput) or name in {"order", "page"}:
            continue
        rest = query.copy()
        for gone in (key, "page"):
            rest.pop(gone, None)
        found.append(
            {
                "label": form.fields[name].label or "",
                "value": "、".join(shown_value(form.fields[name], value) for value in values),
                "url": f"?{rest.urlencode()}",
            }
        )
    return found


@register.filter
def anchor(field: forms.BoundField) -> str:
    """The id of the control that an error of the field leads to; of a group, its first."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def at(found: dict, name: Any) -> Any:
    """`{{ counts|at:value }}`: the entry of a dict under a name that the template computes."""
    return found.get(name) if found else None


@register.filter
def undo_url(message: Any) -> str:
    """Where a message's undo button posts to: `extra_tags="undo:/path/"`."""
    return tag_value(message, "undo:")


@register.filter
def draft_done(message: Any) -> str:
    """The draft that a message says is saved: `extra_tags="saved:log"`."""
    return tag_value(message, "saved:")


def tag_value(message: Any, prefix: str) -> str:
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)), "")


@register.filter
def is_group(field: forms.BoundField) -> bool:
    """Whether a field is several controls, which need a legend instead of a label."""
    return isinstance(field.field.widget, (forms.CheckboxSelectMultiple, forms.RadioSelect))
