from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import override

from lib.formats import document_date, file_name
from lib.xlsx import Explanation, write_workbook
from organization.roles import Role

from ..definitions import definitions
from ..monthly import MonthlyReport
from .contact_sheet import contact_sheet
from .ledger_sheet import ledger_sheet
from .loop_sheet import filled_by, loop_sheet

#: Who gets the workbook with its ledger: the union's own people, each within what the role sees row by row.
ROLES = frozenset({Role.OFFICE, Role.GROUP_LEADER})


def write_monthly_workbook(
    target: Path,
    report: MonthlyReport,
    *,
    made_by: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Writes the four sheets, atomically and in Chinese; returns the rows of data. `progress` counts ledger lines."""
    made_at = timezone.now()
    with override("zh-hans"):
        sheets = [
            loop_sheet(report),
            contact_sheet(report),
            ledger_sheet(report, progress),
            explanation(report, made_by, made_at),
        ]
        return write_workbook(target, sheets, made_by=made_by, made_at=made_at)


def workbook_name(report: MonthlyReport) -> str:
    with override("zh-hans"):
        return file_name(f"{report.period.label}办公室月报", filled_by(report), report.day)


def explanation(report: MonthlyReport, made_by: str, made_at: datetime) -> Explanation:
    norms = report.norms
    return Explanation(
        made_by=made_by,
        made_at=made_at,
        is_masked=True,
        definitions=definitions(),
        filters=[
            f"单位：{filled_by(report)}",
            f"统计月份：{report.period.label}",
            f"累计：{report.year.label}",
            f"办理结果和各项比率截至{document_date(report.day)}",
        ],
        more=[
            (
                "量化指标",
                f"每人联系朋友 {norms.friends} 人；在册朋友 {norms.standing} 人；"
                f"每人每月在一起 {norms.frontline_days} 天；每位朋友至多 {norms.silence_days} 天联系一次。",
            ),
            (
                "核对关系",
                "意见建议＝已归并＋待归并＋不予受理；问题＝彻底解决＋部分解决＋正在解决＋解释答复；各单位之和＝合计，"
                "各小组之和＝合计；汇总数与台账逐项核对一致后出表。",
            ),
            ("脱敏", "反映人只列姓氏或人数，联系方式隐去中间四位；完整信息在系统内按权限查看并留痕。"),
            ("--", "没有发生，或分母为零，不计算比率。"),
        ],
    )
