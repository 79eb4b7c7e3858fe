from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0008_rules_of_answers_and_days")]

    operations = [
        migrations.AlterField(
            model_name="issue",
            name="state",
            field=models.CharField(
                choices=[
                    ("registered", "待交办"),
                    ("dispatched", "待接收"),
                    ("in_hand", "办理中"),
                    ("returned", "退回待重办"),
                    ("answered", "待销号"),
                    ("closed", "已销号"),
                    ("reopened", "重新办理"),
                ],
                default="registered",
                max_length=12,
                verbose_name="状态",
            ),
        ),
    ]
