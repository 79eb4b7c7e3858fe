"""What was written before 0004: the days of each issue's moves, its ended feedback, dispatches that bind no more."""

from django.db import migrations

ENDED = ("returned", "withdrawn", "reopened")


def days_of_moves(apps, schema_editor) -> None:
    """As of each move: the outcome's day from the answer before it, the limit from the dispatch before it."""
    issues, transitions = (apps.get_model("issues", name).objects for name in ("Issue", "Transition"))
    for issue in issues.order_by("pk").iterator(chunk_size=500):
        moves = list(transitions.filter(issue=issue).select_related("dispatch").order_by("at", "pk"))
        limits = [move.dispatch.due_on for move in moves if move.move == "dispatch" and move.dispatch]
        due_on, outcome_on = (limits or [issue.due_on])[0], None
        for move in moves:
            if move.move == "dispatch" and move.dispatch:
                due_on = max(move.dispatch.due_on, issue.registered_on)
            if move.move == "answer":
                outcome_on = move.on
            move.due_on, move.first_answer_due_on = due_on, issue.first_answer_due_on
            move.outcome_on = outcome_on if move.outcome else None
        transitions.bulk_update(moves, ["due_on", "first_answer_due_on", "outcome_on"], batch_size=500)


def end_of_reopened(apps, schema_editor) -> None:
    """Feedback of an outcome that was withdrawn, and dispatches of an issue that is with the office again."""
    names = ("Dispatch", "Feedback", "Transition")
    dispatches, feedbacks, transitions = (apps.get_model("issues", name).objects for name in names)
    waiting = feedbacks.filter(issue__outcome="")
    for issue in waiting.order_by().values_list("issue", flat=True).distinct():
        reopened = transitions.filter(issue=issue, move="reopen").order_by("-at", "-pk").first()
        if reopened:
            waiting.filter(issue=issue).update(superseded_on=reopened.on)
    with_office = dispatches.filter(issue__state__in=("registered", "returned", "reopened"))
    with_office.exclude(state__in=ENDED).update(state="reopened")


class Migration(migrations.Migration):
    dependencies = [("issues", "0004_transitions_keep_days_and_feedback_has_rounds")]

    operations = [
        migrations.RunPython(days_of_moves, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(end_of_reopened, migrations.RunPython.noop, elidable=True),
    ]
