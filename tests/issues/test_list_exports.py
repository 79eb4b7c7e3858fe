"""Long lists are made by the worker: the same rows, in the scope that its asker has then."""

from pathlib import Path

import pytest
from django.conf import settings
from python_calamine import CalamineWorkbook

from issues import services as issue_services
from organization.roles import Role
from records import downloads, services
from records.enums import ExportState
from records.models import Download, Export
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db
URL = "/opinions/"


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(downloads, "DIRECT_ROWS", 2)
    return build_world()


def made(export: Export) -> list[list[str]]:
    services.run_export(services.claim_export())
    export.refresh_from_db()
    assert export.state == ExportState.DONE, export.error
    book = CalamineWorkbook.from_path(Path(settings.MEDIA_ROOT) / export.file.name)
    return [row[1:] for row in book.get_sheet_by_index(0).to_python()]


def test_long_list_becomes_an_export_of_the_same_rows(world):
    opinions = [factories.opinion(world.friend, text=f"第{n}条") for n in range(3)]
    factories.opinion(world.other_friend, text="另一个厂的")
    issue_services.set_aside_opinion(opinions[0], reason="重复", by=world.office)
    client = client_of(world.office)
    client.post(f"{URL}?tab=all&unit={world.plant.code}&order=raised_on", {"export": "xlsx"})
    export = Export.objects.get()
    assert export.parameters == {"tab": "all", "unit": world.plant.code, "order": "raised_on"}
    head, *rows = made(export)
    assert head[0] == "意见建议"
    assert [row[0] for row in rows] == ["第0条", "第1条", "第2条"]
    assert export.rows_done == 3


def test_list_of_few_rows_is_answered_at_once(world):
    for _ in range(2):
        factories.opinion(world.friend)
    assert client_of(world.office).post(f"{URL}?tab=all", {"export": "xlsx"}).status_code == 200
    assert (Export.objects.count(), Download.objects.get().rows) == (0, 2)


def test_search_words_are_not_kept_in_an_export(world):
    for _ in range(3):
        factories.opinion(world.friend)
    response = client_of(world.office).post(f"{URL}?tab=all&q={world.friend.name}", {"export": "xlsx"}, follow=True)
    assert "请改用筛选条件" in response.text
    assert not Export.objects.exists()


def test_export_of_a_cadre_holds_his_scope(world):
    own = [factories.opinion(world.friend, text=f"自己{n}") for n in range(3)]
    factories.opinion(world.other_friend, text="别人的")
    client_of(world.insider, Role.CADRE).post(URL, {"export": "xlsx"})
    _head, *rows = made(Export.objects.get())
    assert {row[0] for row in rows} == {opinion.text for opinion in own}
