from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the rows that 0015 fills: PostgreSQL does not change a table with unchecked rows."""

    dependencies = [("issues", "0015_approval_and_handling")]

    operations = [
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "explained"), _negated=True),
                    models.Q(("approval", ""), _negated=True),
                    _connector="OR",
                ),
                name="reply_explained_in_force_has_approver",
                violation_error_message="解释答复须经审批才生效。",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval", "approved"), ("approved_at__isnull", False), ("approved_by__isnull", False)),
                    models.Q(
                        models.Q(("approval", "approved"), _negated=True),
                        ("approved_at__isnull", True),
                        ("approved_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="reply_approved_says_by_whom",
                violation_error_message="审批须记录审批人和时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("replied_by")), _negated=True),
                    _connector="OR",
                ),
                name="reply_approved_by_somebody_else",
                violation_error_message="答复须由答复人以外的同志审批。",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval", "sent_back"), models.Q(("send_back_reason", ""), _negated=True)),
                    models.Q(models.Q(("approval", "sent_back"), _negated=True), ("send_back_reason", "")),
                    _connector="OR",
                ),
                name="reply_sent_back_has_reason",
                violation_error_message="退回修改须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("approval", ""), models.Q(("outcome", ""), _negated=True), _connector="OR"),
                name="reply_approval_is_of_an_outcome",
                violation_error_message="没有办理结果的答复不用审批。",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approval", "waiting")),
                fields=("dispatch",),
                name="reply_one_in_approval",
                violation_error_message="这件交办已有一份答复待审批。",
            ),
        ),
    ]
