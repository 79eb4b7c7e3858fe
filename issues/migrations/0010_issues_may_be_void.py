from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0009_states_say_what_is_next"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="issue",
            name="issue_outcome_fits_state",
        ),
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
                    ("void", "已作废"),
                ],
                default="registered",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="move",
            field=models.CharField(
                choices=[
                    ("raise", "提出"),
                    ("merge", "归并"),
                    ("unmerge", "撤销归并"),
                    ("set_aside", "不予受理"),
                    ("take_up_again", "重新受理"),
                    ("register", "登记"),
                    ("reword", "修改"),
                    ("dispatch", "交办"),
                    ("accept", "接收"),
                    ("return", "退回"),
                    ("withdraw", "撤回交办"),
                    ("interim", "阶段答复"),
                    ("support", "协办答复"),
                    ("answer", "答复"),
                    ("tell", "反馈"),
                    ("close", "销号"),
                    ("reopen", "重新办理"),
                    ("void", "作废"),
                ],
                max_length=16,
                verbose_name="动作",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome_on__isnull", False),
                        ("state__in", ["answered", "closed"]),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    models.Q(
                        ("outcome", ""),
                        ("outcome_on__isnull", True),
                        ("state__in", ["dispatched", "in_hand", "registered", "reopened", "returned", "void"]),
                    ),
                    _connector="OR",
                ),
                name="issue_outcome_fits_state",
                violation_error_message="有办理结果的问题须处于“已答复”或“销号”状态。",
            ),
        ),
    ]
