"""What becomes of issues beyond their answer."""

import datetime as dt

from issues.enums import RuleLevel
from issues.models import Issue, RuleChange
from issues.services.rule_changes import record_rule_change
from organization.models import User


def rule_change(*issues: Issue, by: User, **fields) -> RuleChange:
    facts = {
        "unit": issues[0].office,
        "title": "高海拔项目职工年休假增加5天",
        "level": RuleLevel.AGREEMENT,
        "before": "年休假按国家规定执行。",
        "after": "工作地在海拔3000米以上的职工增加年休假5天。",
        "issued_on": dt.date(2016, 3, 25),
        "beneficiary_group": "海拔3000米以上项目职工",
    }
    return record_rule_change(issues=issues, by=by, **(facts | fields))
