"""What the page tests of the closed loop share: the rows of a list, the cells of a workbook."""

from io import BytesIO
from zipfile import ZipFile

from django.http import HttpResponse
from python_calamine import CalamineWorkbook


def rows_of(response: HttpResponse) -> list:
    return list(response.context["page"])


def sheet_of(response: HttpResponse) -> list[list]:
    """Head and rows of a list's workbook, without the running number (序号) that stands first."""
    sheet = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0)
    return [row[1:] for row in sheet.to_python()]


def parts_of(response: HttpResponse) -> bytes:
    """Everything in the workbook's archive, unpacked."""
    with ZipFile(BytesIO(response.content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
