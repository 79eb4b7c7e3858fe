"""The sentence for every word with which a file or a row is judged. They name what is wrong and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.tabular.outcome import CHANGED, NEEDS_MAPPING, NEW, READ, REFUSED, SECOND_CONFIRMATION, UNCHANGED

if TYPE_CHECKING:
    from lib.tabular.outcome import Row

OUTCOMES = {
    READ: _("文件已读取。"),
    NEEDS_MAPPING: _("需要先指明工作表或列的对应关系。"),
    SECOND_CONFIRMATION: _("名册中超过一成的人不在这份文件里，需要再次确认。"),
    REFUSED: _("文件没有读取。"),
}
MAPPING = {
    "several_sheets": _("有多张工作表像是名单，请指明读取哪一张。"),
    "column_doubled": _("有两列的表头意思相同，请指明用哪一列，或删去多余的一列。"),
    "no_name_column": _("没有认出“姓名”列（可能被隐藏或换了叫法），请指明是哪一列。"),
}
STATUSES = {
    "accepted": _("可导入"),
    "needs_choice": _("需要选择"),
    "error": _("有错"),
    "skipped": _("不是名单行"),
}
FIELDS = {
    "name": _("姓名"),
    "gender": _("性别"),
    "birth_year": _("出生年份"),
    "birth": _("出生年月"),
    "unit": _("单位"),
    "workshop": _("车间"),
    "post": _("岗位"),
    "shift": _("班组"),
    "employment": _("用工形式"),
    "phone": _("手机"),
    "phone_2": _("备用电话"),
    "member": _("工会会员"),
    "strengths": _("特长"),
    "is_active": _("在岗"),
    "duty": _("职务"),
    "full_time": _("专兼职"),
    "group": _("联系小组"),
    "is_leader": _("组内职务"),
    "from": _("起始日期"),
    "to": _("截止日期"),
    "cadre": _("联络员"),
    "short_name": _("简称"),
    "kind": _("类别"),
    "parent_code": _("上级编码"),
    "closed_on": _("停用日期"),
    "former_name": _("曾用名"),
    "headcount": _("职工人数"),
}
WORDS = {
    # What the row does.
    NEW: _("新增"),
    CHANGED: _("有变动"),
    UNCHANGED: _("没有变动"),
    # Rows that are no record.
    "title": _("标题行"),
    "header": _("表头"),
    "repeated_header": _("重复的表头或续页标记"),
    "total": _("小计或合计行"),
    "blank": _("空行"),
    "note": _("备注说明"),
    "signature": _("填报、审核签字行"),
    "left_out": _("按您的选择不导入"),
    # Units and workshops.
    "unit_spaces": _("单位或车间名称中的空格已去掉"),
    "unit_short_name": _("按单位简称识别"),
    "unit_alias": _("按确认过的写法识别单位"),
    "unit_filled_down": _("单位取自合并单元格"),
    "unit_is_department": _("单位是职能部门"),
    "unit_spelling": _("单位名称与名册不一致，请选择对应的单位"),
    "unit_ambiguous": _("单位名称不完整，可能是几个单位之一，请选择"),
    "unit_full_path": _("单位一栏写了全称，请确认对应的单位"),
    "unit_too_high": _("单位写到了公司一级，请改写到基层单位"),
    "unit_code": _("单位一栏写的是编码，请确认对应的单位"),
    "unit_former_name": _("单位写的是曾用名，请确认现在的单位"),
    "unit_closed": _("该单位已停用，请选择现在的单位"),
    "unit_unknown": _("名册中没有这个单位，请改正单位名称，或先在单位名册中登记"),
    "unit_missing": _("没有填写单位，请补填"),
    "workshop_missing": _("没有填写车间，先记在单位名下"),
    "workshop_traditional": _("车间名称的繁体字按简体识别"),
    "workshop_spelling": _("车间名称与名册不一致，请选择对应的车间"),
    "workshop_ambiguous": _("车间名称可能是几个车间之一，请选择"),
    "workshop_unknown": _("本单位没有这个车间，请改正车间名称"),
    "workshop_not_in_unit": _("这个车间属于别的单位，请核对单位和车间"),
    "workshop_in_unit_column": _("单位一栏写的是车间，请确认单位和车间"),
    "ditto_mark": _("“同上”按上一行的单位读取；上一行不能确定时请写明单位"),
    "hidden_row": _("这一行在表中被隐藏，确认需要后再导入"),
    # Names and other plain columns.
    "name_spaces": _("姓名中的空格已去掉"),
    "name_zero_width": _("姓名中看不见的字符已去掉"),
    "name_dot": _("姓名中的间隔号按原样保留"),
    "name_rare": _("姓名含生僻字，已按原字保留"),
    "name_suspect": _("姓名不像真实姓名，请核对"),
    "name_suffix_gender": _("姓名后的性别标注已移到性别"),
    "name_missing": _("没有填写姓名，请补填"),
    "gender_from_name": _("性别取自姓名后的标注"),
    "gender_conflict": _("姓名后标注的性别与性别一栏不一致，请核对"),
    "gender_missing": _("没有填写性别"),
    "gender_unknown": _("性别请填“男”或“女”"),
    "two_people_in_cell": _("姓名一格写了两个人，请分成两行"),
    "member_mark": _("会员标记已读作是或否"),
    "member_missing": _("没有填写是否入会"),
    "member_unknown": _("是否入会请填“是”或“否”"),
    "employment_unknown": _("用工形式不在系统的选项内，请改用模板中的说法"),
    "active_unknown": _("是否在岗、在任请填“是”或“否”"),
    "text_too_long": _("有一格文字太长，请缩短"),
    "number_invalid": _("人数须是不小于零的整数，请改正"),
    # Dates.
    "birth_format": _("出生年月的写法与本列其他行不同，请看读得对不对"),
    "birth_serial": _("出生年月是 Excel 的日期序号，请看读得对不对"),
    "birth_month_ambiguous": _("数字 .1 可能是 1 月或 10 月，只记出生年份"),
    "birth_day_month_ambiguous": _("日和月的先后分不清，只记出生年份"),
    "birth_year_only": _("只有出生年份"),
    "birth_missing": _("没有填写出生年月"),
    "birth_two_digit_year": _("年份只有两位，请确认是哪一年，最好写四位年份"),
    "birth_from_age": _("填的是年龄，请改填出生年月"),
    "birth_two_values": _("一格写了两个出生年月，请选定一个"),
    "birth_out_of_range": _("出生年份不合常理，请核对后改正"),
    "date_impossible": _("没有这样的日期，请改成 1985-03 或 1985-03-12 的样子"),
    "date_out_of_range": _("日期不合常理，请核对后改正"),
    "date_incomplete": _("日期不完整，请写到日，如 2026-01-05"),
    "ends_before_start": _("截止日期早于起始日期，请改正"),
    # Telephones.
    "phone_formatted": _("电话中的空格、横线或前缀已去掉"),
    "phone_fullwidth": _("电话的全角数字已转成半角"),
    "phone_float": _("电话单元格是数字格式，已还原成号码"),
    "phone_number_cell": _("电话单元格是数字格式，已还原成号码"),
    "phone_text_formula": _("电话单元格里的公式写法已去掉"),
    "phone_two_numbers": _("一格有两个号码，第二个记作备用电话"),
    "phone_landline": _("填的是固定电话"),
    "phone_missing": _("没有填写电话"),
    "phone_internal": _("填的是内部短号或缺区号的电话，请确认"),
    "phone_of_relative": _("第二个号码像是家属的，确认后只记本人号码"),
    "phone_invalid": _("电话号码位数或写法不对，手机号应为 11 位，请改正"),
    "phone_lost_digits": _("电话被 Excel 显示成科学计数，后几位已丢失，请把该列设为文本后重新填写"),
    "phone_masked": _("电话号码被星号遮住，请填完整号码"),
    "national_id_in_cell": _("这一格写的是身份证号，系统不保存身份证号，请删去"),
    # Lines, formulas, repetitions.
    "formula_cached": _("单元格是公式，取了保存时的结果"),
    "formula_without_value": _("单元格是公式但没有结果，请粘贴为数值后再上传"),
    "cell_error": _("单元格显示错误（如 #REF!），请改正"),
    "row_too_short": _("这一行的列数少于表头，请检查分隔符"),
    "row_too_long": _("这一行的列数多于表头，请检查是否多了分隔符"),
    "duplicate_in_file": _("同一个人在文件中出现不止一次，请保留一行"),
    "employee_no_twice": _("两个人用了同一个工号，请核对"),
    "employee_no_elsewhere": _("此工号已在其他单位使用，请核对工号；如是调入人员，请由上级名册管理员办理"),
    "employee_no_other_name": _("名册中这个工号是另一个姓名，请确认是改名还是工号写错"),
    "same_name_same_unit": _("本单位有同名的人，请确认是同一人还是两个人"),
    "same_name_other_unit": _("别的单位有同名的人，按两个人处理"),
    "same_phone_two_people": _("两个人用了同一个手机号，请核对"),
    # Tables of units.
    "unit_code_missing": _("没有填写单位编码，请补填"),
    "unit_code_twice": _("单位编码重复，请改正"),
    "unit_code_elsewhere": _("这个编码属于您管理范围以外的单位"),
    "unit_name_missing": _("没有填写单位名称，请补填"),
    "unit_name_twice": _("同一上级单位下有同名单位，请核对"),
    "unit_kind_unknown": _("单位类别请填：总工会、区级工会、街道、企业、基层单位、车间、班组、职能部门"),
    "unit_parent_unknown": _("上级编码找不到，请先登记上级单位，或改正编码"),
    "headcount_not_sum": _("人数小于下属单位人数之和，请核对"),
    "merged_into_unknown": _("并入单位找不到，请改正名称或编码"),
    "merged_into_itself": _("并入单位不能是本单位，请改正"),
    "merged_into_closed": _("并入单位那时已停用，请另选"),
    "unit_closed_before_opened": _("停用日期早于设立日期，请改正"),
    "unit_parent_circle": _("上级单位在它自己的下级之中，请改正上级编码"),
    "units_below_in_use": _("下级单位还有在用的，请先停用或调整下级单位"),
    "unit_refused": _("与名册中现有的单位冲突（同名或上下级颠倒），请先导入其他行，再导入这一行"),
    # Groups, contracts, friendships.
    "own_appointment": _("不能给自己任职，请由另一位管理员办理"),
    "group_elsewhere": _("这个小组不在您的管理范围内，请由上级名册管理员办理"),
    "group_closed": _("这个小组已撤销，请改正小组名称"),
    "group_missing": _("没有填写联系小组，请补填"),
    "full_time_unknown": _("专兼职请填“专职”或“兼职”"),
    "group_duty_unknown": _("组内职务请填“组长”或“组员”"),
    "contract_overlaps": _("与该小组以前承包这个单位的时间重叠，请改正日期"),
    "group_twice": _("同一个小组写了两行，请保留一行"),
    "contract_overlaps_in_file": _("与文件中同一小组承包同一单位的另一行时间重叠，请改正日期或保留一行"),
    "contract_twice": _("同一小组承包同一单位写了两行，请保留一行"),
    "membership_overlaps": _("与此人已登记的小组任期重叠，请先在后台办理离组，或改正入组日期"),
    "membership_before_standing": _("入组日期早于此人现在所在小组的入组日期，请改正日期，或先在后台改正现在的任期"),
    "cadre_unknown": _("没有这位联络员，请先登记工会干部，或改正姓名"),
    "cadre_ambiguous": _("有几位同名的联络员，请先在后台指定"),
    "worker_unknown": _("职工名册中没有这个人，请先导入职工名册，或补填工号"),
    "friendship_other_cadre": _("这位职工现由别的联络员联系，确认后结束原来的、建立新的"),
    "friendship_overlaps": _("与这位职工以前的联系时间重叠，请改正日期"),
    "reason_unknown": _("调整原因不在选项内，请改用模板中的说法"),
}


def sentence(row: Row) -> str:
    """All reasons of a row in one line, with what is offered; no value of a cell is repeated."""
    reasons = "；".join(str(WORDS.get(word, word)) for word in row.why)
    if row.suggest and row.status == "needs_choice":
        reasons += gettext("（建议：%s）") % "、".join(dict.fromkeys(row.suggest))
    return reasons
