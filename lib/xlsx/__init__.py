"""Workbooks in the form of Chinese offices: they print on A4 as they are, and no cell is ever a formula of a user's.

``write_workbook`` takes ``Sheet`` (a form with title, rows, totals, signatures, charts) and ``Explanation``
(填表说明); ``write_flat`` streams a plain list of any length. Exports are Chinese whatever the user's language:
call inside ``translation.override("zh-hans")``.
"""

from lib.xlsx.cells import CONTENT_TYPE
from lib.xlsx.charts import Chart, Shape
from lib.xlsx.explanation import Explanation
from lib.xlsx.flat import write_flat
from lib.xlsx.sheet import Column, Group, Kind, Sheet, Total
from lib.xlsx.styles import Fonts
from lib.xlsx.workbook import write_workbook

__all__ = [
    "CONTENT_TYPE",
    "Chart",
    "Column",
    "Explanation",
    "Fonts",
    "Group",
    "Kind",
    "Shape",
    "Sheet",
    "Total",
    "write_flat",
    "write_workbook",
]
