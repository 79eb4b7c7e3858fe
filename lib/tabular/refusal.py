"""Why a file as a whole was not taken, and what its owner can do about it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lib.errors import Refused

ADVICE = {
    "empty_file": _("文件是空的（0 字节），请重新导出后再上传。"),
    "file_too_large": _("文件超过 25 MB。请删去图片和多余的工作表，或分成几个文件上传。"),
    "unsupported_format": _("不是可以读取的表格文件。请用 Excel 或 WPS 打开，另存为 xlsx 后再上传。"),
    "cipher": _("文件被加密软件加了密，这里看不到内容。请先解密（或申请外发），再上传。"),
    "password": _("文件设有打开密码。请打开后取消密码，另存为 xlsx 再上传。"),
    "damaged": _("文件不完整或已损坏，请让对方重新发送，或用 Excel 打开后另存为 xlsx 再上传。"),
    "mojibake": _("文字已经损坏（乱码），无法还原。请从原文件重新导出，另存为 xlsx 再上传。"),
    "unpacked_too_large": _("文件解压后过大，不像一份名单。请只保留名单一页，另存为 xlsx 再上传。"),
    "too_many_rows_or_columns": _(
        "行数或列数过多（最多 120,000 行、100 列）。请删去名单下方和右侧的空行空列，另存为 xlsx 再上传。"
    ),
    "merge_too_large": _("有合并单元格几乎盖住整张表。请取消合并，另存为 xlsx 再上传。"),
    "cell_too_long": _("有单元格超过 32,767 个字，不像一份名单。请删去该单元格的内容再上传。"),
    "dtd": _("文件里含有可疑的内容（文档类型声明），没有读取。请用 Excel 打开后另存为 xlsx 再上传。"),
    "too_slow": _("读取用时过长，已经停止。请只保留名单一页，另存为 xlsx 再上传。"),
    "no_rows": _("表里没有数据行，只有表头。请填好后再上传。"),
    "no_name_column": _("没有找到“姓名”列。请检查是否选错了文件，或在表头写明“姓名”。"),
    "no_code_column": _("没有找到“单位名称”列。请检查是否选错了文件，或下载模板填写。"),
    "column_missing": _("缺少必需的列。请下载模板，照表头填写后再上传。"),
}


class FileRefused(Refused):
    """The whole file is refused; ``code`` is the word for it, and the message says how to mend it."""

    def __init__(self, why: str) -> None:
        super().__init__(ADVICE.get(why, ADVICE["damaged"]), code=why)
