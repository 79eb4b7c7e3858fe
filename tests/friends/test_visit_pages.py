"""联系记录: who sees which log, whose eyes a private sentence is for, and how a log is corrected."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from friends.models import ContactLog, Worker
from friends.services import correct_contact, refresh_last_contact
from liaison.models import Membership
from lib.errors import Refused, Stale
from lib.periods import SHANGHAI, today
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.issues.pages import rows_of, sheet_of
from tests.people import build_world
from tests.queries import count_queries

pytestmark = pytest.mark.django_db
URL = "/visits/"


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def log(world) -> ContactLog:
    """Of today, by the insider, with a private sentence."""
    return factories.contact_log(
        world.insider, world.friend, at=timezone.now(), text="夜班冷", notes={world.friend.pk: "家里有病人"}
    )


def revision_notes(log: ContactLog) -> dict[str, str]:
    return log.revisions.first().values["notes"]


def sent(log: ContactLog, *friends, **changes) -> dict:
    """What the form of the correction sends."""
    friends = friends or [row.worker for row in log.participations.all()]
    return {
        "version": log.version,
        "workers": [str(friend.key) for friend in friends],
        "channel": log.channel,
        "text": log.text,
        "day": log.happened_on.isoformat(),
        "clock": f"{timezone.localtime(log.happened_at):%H:%M}",
        "work_kind": log.work_kind,
        "mood": log.mood,
        **changes,
    }


def test_visit_list_shows_each_role_its_scope(world, log):
    foreign = factories.contact_log(world.stranger, world.other_friend)
    accompanied = factories.contact_log(world.stranger, world.other_friend, companions=[world.insider])
    seen = [
        (world.insider, None, {log, accompanied}),
        (world.colleague, None, set()),
        (world.leader_of_group, Role.GROUP_LEADER, {log}),
        (world.office, None, {log, foreign, accompanied}),
        (world.other_office, None, set()),
    ]
    for who, role, expected in seen:
        assert set(rows_of(client_of(who, role).get(URL))) == expected
    for who in (world.handler, world.leader, world.roster_admin, world.auditor):
        assert client_of(who).get(URL).status_code == 403


def test_visit_list_is_searched_and_filtered(world, log):
    factories.contact_log(world.stranger, world.other_friend, channel="qq", place="球团厂大门")
    qq = ContactLog.objects.get(channel="qq")
    office = client_of(world.office)
    world.other_friend.name = "单小龙"
    world.other_friend.save()
    for query in ({"q": "夜班"}, {"q": world.friend.name}, {"unit": world.plant.code}, {"since": today()}):
        assert rows_of(office.get(URL, query)) == [log], query
    for query in ({"q": "sxl"}, {"q": "单小"}, {"q": "大门"}, {"channel": "qq"}, {"cadre": world.stranger.pk}):
        assert rows_of(office.get(URL, query)) == [qq], query
    for wrong in ({"since": "昨天"}, {"channel": "telepathy"}, {"cadre": 2**63}, {"unit": "NONE"}):
        assert rows_of(office.get(URL, wrong)) == [], wrong


def test_visit_list_export_holds_no_private_sentence(world, log):
    response = client_of(world.office).post(URL, {"export": "xlsx"})
    head, row = sheet_of(response)
    assert head[:4] == ["对象", "联系日期", "联系方式", "主要内容"]
    assert row[:4] == [world.friend.name, today(), "面对面走访", "夜班冷"]
    assert not any("家里有病人" in str(cell) for cell in row)


@pytest.mark.parametrize("count", [1, 3])
def test_visit_list_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        factories.opinion(world.friend)
    client = client_of(world.office)
    client.get(URL)
    with django_assert_num_queries(15):
        assert len(rows_of(client.get(URL))) == count


def test_visit_detail_shows_the_private_sentence_to_its_author_alone(world, log):
    url = f"/visits/{log.key}/"
    assert "家里有病人" in client_of(world.insider).get(url).text
    for who, role in ((world.leader_of_group, Role.GROUP_LEADER), (world.office, None)):
        page = client_of(who, role).get(url).text
        assert "夜班冷" in page
        assert "家里有病人" not in page
    log.companions.add(world.stranger)
    assert "家里有病人" not in client_of(world.stranger).get(url).text
    for who in (world.colleague, world.other_office):
        assert client_of(who).get(url).status_code == 404


def test_visit_detail_shows_its_opinions(world):
    opinion = factories.opinion(world.friend, text="澡堂水不热")
    page = client_of(world.insider).get(f"/visits/{opinion.contact_log.key}/").text
    assert "澡堂水不热" in page
    assert f"/opinions/{opinion.key}/" in page


def test_visit_edit_corrects_the_log_and_keeps_what_it_said(world, log):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    client = client_of(world.insider)
    data = sent(log, world.friend, second, text="夜班很冷", place="井口", **{f"note-{second.key}": "怕冷"})
    response = client.post(f"/visits/{log.key}/edit/", data)
    assert (response.status_code, response["Location"]) == (303, f"/visits/{log.key}/")
    moment, version = log.happened_at, log.version
    log.refresh_from_db()
    assert (log.text, log.place, log.version, log.happened_at) == ("夜班很冷", "井口", version + 1, moment)
    assert revision_notes(log) == {str(world.friend.pk): "家里有病人"}
    assert dict(log.participations.values_list("worker", "note")) == {world.friend.pk: "", second.pk: "怕冷"}
    revision = log.revisions.get()
    assert (revision.version, revision.values["text"], revision.recorded_by) == (
        version,
        "夜班冷",
        world.insider.user,
    )
    page = client.get(f"/visits/{log.key}/").text
    assert "修改过 1 次" in page
    second.refresh_from_db()
    assert second.last_contact_on == today()


def test_visit_edit_after_the_friend_moved_leaves_the_contact_where_it_was(world, log):
    Worker.objects.filter(pk=world.friend.pk).update(unit=world.other_workshop)
    client_of(world.insider).post(f"/visits/{log.key}/edit/", sent(log, text="夜班很冷"))
    log.refresh_from_db()
    assert (log.text, log.unit) == ("夜班很冷", world.workshop)


def test_visit_edit_is_for_the_author_within_the_open_month(world, log):
    url = f"/visits/{log.key}/edit/"
    assert client_of(world.insider).get(url).status_code == 200
    for who, role in ((world.leader_of_group, Role.GROUP_LEADER), (world.office, None)):
        assert client_of(who, role).post(url, sent(log)).status_code == 403
    assert client_of(world.stranger).get(url).status_code == 404
    old = factories.contact_log(world.insider, world.friend)
    assert client_of(world.insider).post(f"/visits/{old.key}/edit/", sent(old)).status_code == 403
    answer = client_of(world.insider).post(url, sent(log, day="2016-03-15", text="夜班很冷"))
    assert answer.status_code == 422
    assert "联系日期只能改为本月之内。" in answer.text
    assert "夜班很冷" in answer.text


def test_visit_edit_of_an_old_version_shows_mine_theirs_and_what_was_before(world, log):
    client, url = client_of(world.insider), f"/visits/{log.key}/edit/"
    mine = sent(log, text="夜班冷，要棉衣", place="休息室")
    client.post(url, sent(log, text="夜班冷，要热水", minutes="15"))
    answer = client.post(url, mine)
    assert answer.status_code == 409
    asked = [(d.name, d.mine, d.theirs, d.before) for d in answer.context["differences"]]
    assert asked == [("text", "夜班冷，要棉衣", "夜班冷，要热水", "夜班冷")]
    form = answer.context["form"]
    assert [form[name].value() for name in ("text", "place", "minutes", "version")] == [
        "夜班冷，要棉衣",
        "休息室",
        "15",
        "2",
    ]
    log.refresh_from_db()
    assert log.text == "夜班冷，要热水"
    client.post(url, {**mine, "minutes": "15", "version": "2"})
    log.refresh_from_db()
    assert (log.text, log.place, log.minutes, log.version) == ("夜班冷，要棉衣", "休息室", 15, 3)


def test_visit_edit_keeps_a_friend_who_raised_an_opinion(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    log = factories.contact_log(world.insider, world.friend, second, at=timezone.now())
    factories.opinion(world.friend, log=log)
    answer = client_of(world.insider).post(f"/visits/{log.key}/edit/", sent(log, second, text="夜班冷"))
    assert answer.status_code == 422
    assert "提了意见建议，不能从记录中移除" in answer.text
    assert log.participations.count() == 2


def test_correct_contact_of_an_old_version_writes_no_revision(world, log):
    with pytest.raises(Stale):
        correct_contact(log, by=world.insider.user, version=7, workers=[world.friend], text="别的")
    assert log.revisions.count() == 0


def test_correct_contact_needs_somebody(world, log):
    with pytest.raises(Refused, match="至少选择一位朋友"):
        correct_contact(log, by=world.insider.user, version=1, workers=[])


def test_visit_that_was_entered_late_says_when(world):
    log = factories.contact_log(world.insider, world.friend)
    assert "补录时间" in client_of(world.insider).get(f"/visits/{log.key}/").text
    fresh = factories.contact_log(world.insider, world.friend, at=timezone.now() - dt.timedelta(minutes=5))
    assert "补录时间" not in client_of(world.insider).get(f"/visits/{fresh.key}/").text


@pytest.fixture
def mid_month():
    with time_machine.travel(dt.datetime(2016, 8, 20, 9, tzinfo=SHANGHAI), tick=False) as clock:
        yield clock


def day_of_august(number: int) -> dt.datetime:
    return dt.datetime(2016, 8, number, 9, tzinfo=SHANGHAI)


def corrected(log: ContactLog, **changes) -> ContactLog:
    workers = [row.worker for row in log.participations.all()]
    correct_contact(log, **{"by": log.cadre.user, "version": log.version, "workers": workers, **changes})
    return ContactLog.objects.get(pk=log.pk)


def test_corrected_day_left_the_contact_with_the_group_of_the_first_day(world, mid_month):
    log = factories.contact_log(world.insider, world.friend, at=day_of_august(18))
    Membership.objects.filter(cadre=world.insider).update(ends_on=dt.date(2016, 8, 10))
    Membership.objects.create(cadre=world.insider, group=world.other_group, starts_on=dt.date(2016, 8, 10))
    assert corrected(log, text="改了字").group == world.group
    assert corrected(log, happened_at=day_of_august(12)).group == world.other_group


def test_corrected_day_left_the_opinion_on_the_first_day(world, mid_month):
    log = factories.contact_log(world.insider, world.friend, at=day_of_august(18))
    factories.opinion(world.friend, log=log)
    with pytest.raises(Refused, match="联系日期不能再改"):
        corrected(log, happened_at=day_of_august(12))
    fresh = ContactLog.objects.get()
    assert corrected(fresh, happened_at=day_of_august(18) + dt.timedelta(minutes=9)).version == 2


def test_correct_contact_by_another_or_after_the_month_went_through_the_service(world, mid_month):
    log = factories.contact_log(world.insider, world.friend, at=day_of_august(18))
    with pytest.raises(Refused, match="本人在当月"):
        corrected(log, by=world.colleague.user)
    with pytest.raises(Refused, match="本月之内"):
        corrected(ContactLog.objects.get(), happened_at=day_of_august(18) - dt.timedelta(days=30))
    mid_month.move_to(dt.datetime(2016, 9, 1, 9, tzinfo=SHANGHAI))
    with pytest.raises(Refused, match="本人在当月"):
        corrected(ContactLog.objects.get(), text="晚了")
    assert not ContactLog.objects.get().revisions.exists()


@pytest.mark.parametrize(
    ("fields", "words"), [({"minutes": 0}, "1 分钟以上"), ({"next_contact_on": dt.date(2016, 8, 18)}, "本次联系之后")]
)
def test_contact_of_no_minutes_or_with_the_next_one_before_it_was_recorded(world, mid_month, fields, words):
    with pytest.raises(Refused, match=words):
        factories.contact_log(world.insider, world.friend, at=day_of_august(18), **fields)
    log = factories.contact_log(world.insider, world.friend, at=day_of_august(18))
    with pytest.raises(Refused, match=words):
        corrected(log, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactLog.objects.update(**fields)


def test_last_contacts_were_counted_again_one_worker_at_a_time(world, log):
    second = factories.worker(world.workshop)
    factories.contact_log(world.insider, world.friend, second, at=timezone.now() - dt.timedelta(days=3))
    Worker.objects.update(last_contact_on=None)
    assert count_queries(lambda: refresh_last_contact({world.friend.pk, second.pk, world.other_friend.pk})) == 1
    days = dict(Worker.objects.values_list("pk", "last_contact_on"))
    assert days[world.friend.pk] == today()
    assert days[second.pk] == today() - dt.timedelta(days=3)
    assert days[world.other_friend.pk] is None
