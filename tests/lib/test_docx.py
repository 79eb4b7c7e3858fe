"""Official documents: what GB/T 9704 asks of page and lines is in the file."""

from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from lib.docx import OfficialDocument, ordinal


def test_official_document_has_the_page_the_fonts_and_the_line_of_the_standard():
    made = OfficialDocument("首钢矿业公司\n典型案例汇编")
    made.heading("一、食堂")
    made.text("第一段。\n\n第二段。")
    made.signature("首钢矿业公司", "2026年7月5日")
    target = BytesIO()
    made.save(target)
    read = Document(BytesIO(target.getvalue()))
    page = read.sections[0]
    margins = [page.top_margin, page.bottom_margin, page.left_margin, page.right_margin]
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    lines = [p.text for p in read.paragraphs]
    signed = ["", "首钢矿业公司", "2026年7月5日"]
    assert lines == ["首钢矿业公司", "典型案例汇编", "", "一、食堂", "第一段。", "第二段。", *signed]
    body = read.paragraphs[4]
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert body.paragraph_format.first_line_indent == Pt(32)
    run = body.runs[0]
    assert (run.font.size, run._element.rPr.rFonts.get(qn("w:eastAsia"))) == (Pt(16), "仿宋")
    marks = [child.tag for child in run._element.rPr]
    assert marks.index(qn("w:spacing")) < marks.index(qn("w:sz"))


def test_ordinal_counts_as_headings_do():
    assert [ordinal(n) for n in (1, 9, 10, 11, 19, 20, 21, 99)] == [
        "一",
        "九",
        "十",
        "十一",
        "十九",
        "二十",
        "二十一",
        "九十九",
    ]
