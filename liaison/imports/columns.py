"""What stands over the columns of cadres, groups and contracts, and what offices write instead."""

from __future__ import annotations

from lib.tabular.birth import DayCleaner
from lib.tabular.columns import Column, words
from lib.tabular.people import GENDER, NAME, PHONE, UNIT
from lib.tabular.person_cells import choice_cleaner, line_cleaner

FULL_TIME = {"专职": True, "是": True, "兼职": False, "否": False}
IN_OFFICE = {"是": True, "在任": True, "否": False, "离任": False}
LEADER = {
    "组长": True,
    "是": True,
    "负责人": True,
    "牵头人": True,
    "组员": False,
    "成员": False,
    "否": False,
    "副组长": False,
}

GROUP = Column(
    "group",
    "联系小组",
    words("小组 小组名称 所在小组 联系工作小组 组别 所属小组"),
    line_cleaner("group"),
    example="第一联系小组",
    width=16,
)
STARTS = Column(
    "from", "起始日期", words("开始日期 起始时间 承包起始 自"), DayCleaner("from"), example="2026-01-05", width=14
)
ENDS = Column("to", "截止日期", words("结束日期 终止日期 承包截止 至"), DayCleaner("to"), width=14)


def cadre_columns() -> list[Column]:
    return [
        NAME,
        GENDER,
        PHONE,
        UNIT,
        Column(
            "duty", "职务", words("现任职务 行政职务 工会职务 职位 岗位职务"), line_cleaner("duty"), example="宣教干事"
        ),
        Column(
            "full_time",
            "专兼职",
            words("专职/兼职 专兼 是否专职 专（兼）职"),
            choice_cleaner("full_time", FULL_TIME, "full_time_unknown"),
            example="专职",
        ),
        GROUP,
        Column(
            "is_leader",
            "组内职务",
            words("组内角色 是否组长 组内分工 小组职务 组长/组员"),
            choice_cleaner("is_leader", LEADER, "group_duty_unknown"),
            example="组员",
        ),
        Column(
            "from",
            "入组日期",
            words("入组时间 加入日期 起始日期 开始日期"),
            DayCleaner("from"),
            example="2026-01-05",
            width=14,
        ),
        Column(
            "active",
            "在任",
            ("是否在任",),
            choice_cleaner("active", IN_OFFICE, "active_unknown"),
            example="是",
            width=8,
        ),
    ]


def contract_columns() -> list[Column]:
    unit = Column(
        "unit",
        "承包单位",
        words("承包基层单位 联系单位 包保单位 挂点单位 所包单位 联系基层单位 单位 单位名称"),
        example="南沟采矿厂",
        width=18,
        fills_down=True,
    )
    group = Column("group", GROUP.title, GROUP.synonyms, GROUP.clean, True, GROUP.example, width=16, fills_down=True)
    return [group, unit, STARTS, ENDS]


def group_columns() -> list[Column]:
    name = Column(
        "group", "小组名称", (*GROUP.synonyms, "联系小组", "名称"), GROUP.clean, True, GROUP.example, width=16
    )
    unit = Column("unit", "所属单位", ("单位", "所属工会", "所在单位"), example="矿业公司", width=18, fills_down=True)
    return [
        name,
        unit,
        Column("from", "成立日期", ("起始日期", "成立时间"), DayCleaner("from"), width=14),
        Column("to", "撤销日期", ("撤销时间",), DayCleaner("to"), width=14),
    ]
