from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.AddField("export", "tries", models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.AddField("export", "run", models.UUIDField(editable=False, null=True)),
    ]
