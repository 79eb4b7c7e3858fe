"""What becomes of issues beyond their answer."""

import datetime as dt

from issues.enums import RuleLevel
from issues.models import CaseNomination, CasePoll, Issue, RuleChange
from issues.services import cases
from issues.services.rule_changes import record_rule_change
from organization.models import Unit, User


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


def case(*issues: Issue, by: User, **fields) -> CaseNomination:
    facts = {
        "unit": issues[0].office,
        "half": "2016-H1",
        "title": "晚班职工吃上了热饭",
        "background": "不少晚班职工反映饭菜凉。",
        "action": "工会协调配备保温餐车。",
        "result": "三个食堂全部配齐。",
    }
    return cases.draft_case(issues=issues, by=by, **(facts | fields))


def poll(at: Unit, *, by: User, **fields) -> CasePoll:
    """Open for long, whatever the day: past `open_poll`, which opens none in the past."""
    facts = {"half": "2016-H1", "opens_on": dt.date(2016, 3, 1), "closes_on": dt.date(2100, 1, 1)}
    return CasePoll.objects.create(unit=at, recorded_by=by, **(facts | fields))
