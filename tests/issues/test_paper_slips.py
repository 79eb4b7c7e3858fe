"""交办单, 督办单 and 答复单: for office and department the same sheet, with what the department reads alone."""

import datetime as dt
import re
import subprocess
from io import BytesIO
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse
from docx import Document

from issues import services
from issues.enums import Outcome
from issues.models import Dispatch
from lib.periods import SHANGHAI
from records.models import Download
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2016, 3, 21, 10, tzinfo=SHANGHAI)


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


@pytest.fixture
def dispatch(world) -> Dispatch:
    """Of the second issue, so that no paper has the issue's number by chance."""
    for _ in range(2):
        issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return factories.dispatched_issue(issue, to=world.department, by=world.office)


def words_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def slips(dispatch, kind) -> tuple[str, str]:
    """The addresses of the office and of the department."""
    return tuple(reverse(f"issues:{page}", args=[dispatch.key, kind]) for page in ("dispatch_slip", "dept_slip"))


def test_office_and_department_print_the_same_sheet_without_names_and_numbers_of_the_union(world, dispatch):
    office, department = client_of(world.office), client_of(world.handler)
    secrets = [world.friend.name, world.workshop.name, world.office.name, dispatch.issue.number, "希望晚班能吃上热饭"]
    services.supervise_dispatch(dispatch, requirement="限期答复", due_on=dt.date(2016, 3, 25), by=world.office)
    factories.answered_issue(Dispatch.objects.get(pk=dispatch.pk), by=world.handler, outcome=Outcome.PARTLY, at=NOW)
    code = dispatch.key.hex[:8].upper()
    expected = {
        "dispatch": (f"交办单{code}.docx", ["职工诉求交办单", "请研究改进晚班工作餐", "2016年3月17日", "南沟采矿厂"]),
        "supervision": (f"督办单督{world.company.code}-2016-001.docx", ["限期答复", "2016年3月25日"]),
        "reply": (f"答复单{code}.docx", ["部分解决", "食堂已增配保温餐车", "其余部分待停产检修", "2016年12月1日"]),
    }
    for kind, (name, words) in expected.items():
        urls = slips(dispatch, kind)
        pages = [client.get(url) for client, url in zip((office, department), urls, strict=True)]
        files = [client.post(url) for client, url in zip((office, department), urls, strict=True)]
        texts = [words_of(answer.content) for answer in files]
        assert texts[0] == texts[1]
        for word in words:
            assert word in texts[0] and all(word in page.text for page in pages), word
        for secret in secrets:
            assert secret not in texts[0] and secret not in pages[1].text, secret
        assert files[0].headers["Content-Disposition"].endswith(f"filename*=utf-8''{quote(name)}")
    assert Download.objects.filter(kind="issues.paper_slip").count() == 6


def test_there_is_no_sheet_of_what_did_not_happen_nor_for_others(world, dispatch):
    office, department = client_of(world.office), client_of(world.handler)
    for kind in ("supervision", "reply", "other"):
        for client, url in zip((office, department), slips(dispatch, kind), strict=True):
            assert client.get(url).status_code == client.post(url).status_code == 404
    of_office, of_department = slips(dispatch, "dispatch")
    assert department.get(of_office).status_code == 403
    assert office.get(of_department).status_code == 403
    assert client_of(world.other_handler).get(of_department).status_code == 404
    assert client_of(world.other_office).get(of_office).status_code == 404


@pytest.mark.render
def test_each_sheet_is_one_page_of_a4(world, dispatch, tmp_path):
    services.supervise_dispatch(dispatch, requirement="限期答复。" * 20, due_on=dt.date(2016, 3, 25), by=world.office)
    Dispatch.objects.filter(pk=dispatch.pk).update(wording="请研究改进晚班工作餐的保温措施。" * 15)
    dispatch = Dispatch.objects.get(pk=dispatch.pk)
    factories.answered_issue(dispatch, by=world.handler, outcome=Outcome.EXPLAINED, at=NOW)
    for kind in ("dispatch", "supervision", "reply"):
        source = tmp_path / f"{kind}.docx"
        source.write_bytes(client_of(world.office).post(slips(dispatch, kind)[0]).content)
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        pdf = source.with_suffix(".pdf")
        info = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
        assert re.search(r"Pages:\s+1\n", info), kind
        assert "A4" in info
        text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
        flat = "".join(text.split())
        assert "请研究改进晚班工作餐的保温措施" in flat and "签字（盖章）" in flat
