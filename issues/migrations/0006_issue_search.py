from django.db import migrations, models

from lib.names import text_search


def fill(apps, schema_editor):
    issue = apps.get_model("issues", "Issue")
    rows = list(issue.objects.only("number", "title"))
    for row in rows:
        row.search = f"{text_search(row.title)} {row.number.replace('-', '').casefold()}"
    issue.objects.bulk_update(rows, ["search"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("issues", "0005_days_of_former_transitions")]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="search",
            field=models.CharField(default="", editable=False, max_length=700),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
