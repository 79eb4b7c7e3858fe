"""The columns about people that several kinds of table share, with what offices call them."""

from __future__ import annotations

from datetime import date

from lib.tabular.birth import BirthCleaner
from lib.tabular.columns import Column, words
from lib.tabular.person_cells import (
    clean_employee_no,
    clean_employment,
    clean_gender,
    clean_member,
    clean_name_cell,
    line_cleaner,
)
from lib.tabular.phones import clean_phone

EMPLOYEE_NO = Column(
    "employee_no",
    "工号",
    words("职工编号 员工编号 职工号 员工号 人员编号 人员编码 职工代码 工作证号 员工工号 职工工号 编制号"),
    clean_employee_no,
    example="A10007",
)
NAME = Column(
    "name",
    "姓名",
    words("名字 职工姓名 员工姓名 联系人姓名 朋友姓名 工人姓名 会员姓名 本人姓名 人员姓名 干部姓名 姓名全称"),
    clean_name_cell,
    weak=words("联络员 职工 员工 联系人 朋友 人员"),
    required=True,
    example="段石松",
)
GENDER = Column("gender", "性别", ("男女", "男/女", "性別"), clean_gender, example="男", width=8)
UNIT = Column(
    "unit",
    "单位",
    words(
        "单位名称 所在单位 所属单位 工作单位 基层单位 厂矿 厂矿单位 单位全称 二级单位 分会 所属厂矿 "
        "所在厂矿 厂（矿） 厂、矿 所属基层单位 公司 所在公司 厂 矿 部门单位 单位部门 用人单位 所在企业 "
        "企业名称 企业"
    ),
    example="南沟采矿厂",
    width=16,
    fills_down=True,
    required=True,
)
WORKSHOP = Column(
    "workshop",
    "车间",
    words(
        "所在车间 所属车间 车间名称 工区 车间部门 车间/部门 车间（队、站） 车间科室 作业区 车间班组 工段 "
        "站队 队站 区队 段 科室 三级单位 部门 所在部门 所属部门 车间（科室）"
    ),
    example="采掘一车间",
    width=14,
    fills_down=True,
)
POST = Column(
    "post",
    "岗位",
    words("工种 岗位名称 工作岗位 岗位工种 职业 职业工种 从事岗位 现岗位 现任岗位 岗位（工种）"),
    line_cleaner("post"),
    example="电铲司机",
)
EMPLOYMENT = Column(
    "employment",
    "用工形式",
    words("用工性质 用工类型 用工类别 用工方式 用工 人员类别 职工类别 员工类别 身份类别 用工身份"),
    clean_employment,
    example="正式职工",
)
PHONE = Column(
    "phone",
    "手机",
    words(
        "手机号码 手机号 电话 电话号码 联系电话 联系方式 移动电话 本人电话 手机号码1 联系手机 联系号码 "
        "通讯方式 本人手机 办公电话 tel mobile 手机/电话"
    ),
    clean_phone,
    example="15400000001",
    width=15,
    second="phone_2",
)
PHONE_2 = Column(
    "phone_2",
    "备用电话",
    words("第二电话 备用手机 电话2 手机2 手机号2 手机号码2 联系电话2 其他电话 备用号码 备用联系方式 第二联系方式"),
    clean_phone,
    width=15,
)
MEMBER = Column(
    "member",
    "工会会员",
    words("是否入会 是否会员 入会 会员 是否工会会员 入会情况 会员情况 是否加入工会 工会会员（是/否） 会籍"),
    clean_member,
    example="是",
    width=10,
)


def birth_column(today: date) -> Column:
    return Column(
        "birth",
        "出生年月",
        words("出生日期 生日 出生 出生年月日 出生时间 年龄 出生年份 出生年 生年月 出生年月（岁） 出生日期（年月）"),
        BirthCleaner(today),
        example="1985-03",
    )


def worker_columns(today: date) -> list[Column]:
    """What a roster of workers may hold, as far as it can be judged without a database."""
    return [EMPLOYEE_NO, NAME, GENDER, birth_column(today), UNIT, WORKSHOP, POST, EMPLOYMENT, PHONE, PHONE_2, MEMBER]
