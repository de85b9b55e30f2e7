"""The register: its printed sheet, its spreadsheet, its pages, and the inspector's view of it."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import MembershipScope, RoleName
from accounts.models import User
from courses.models import AttendanceRecord
from live.attendance.sheet_drawing import Sheet, SheetRow, draw_sheet
from live.models import LiveSession, PresenceMinute
from live.services.attendance import object_to_attendance
from live.services.presence import record_heartbeat
from live.services.presence_checks import has_checks
from live.services.sessions import end_room
from tests.factories.accounts import MembershipFactory
from tests.live.conftest import db, enrolled, instructor_of


def inspector_of(session: LiveSession) -> User:
    center = session.class_session.cohort.center
    return MembershipFactory(role=RoleName.INSPECTOR, scope=MembershipScope.CENTER, center=center).user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, session: LiveSession) -> str:
    with translation.override("ar"):
        return reverse(f"live:{name}", args=[session.class_session.public_id])


@pytest.fixture
def attended(session, trainee) -> LiveSession:
    """A class of the last four minutes, of eight planned, one trainee there for all of it."""
    opened = timezone.now() - dt.timedelta(minutes=4)
    LiveSession.objects.filter(pk=session.pk).update(opened_at=opened)
    meeting = session.class_session
    meeting.starts_at, meeting.ends_at = opened, opened + dt.timedelta(minutes=8)
    meeting.save()
    for beat in range(16):
        at = opened + dt.timedelta(seconds=15 * beat + 1)
        record_heartbeat(session_id=session.pk, user=trainee, device="device-1", at=at)
    session.refresh_from_db()
    return session


@pytest.mark.django_db
def test_instructor_and_inspector_see_the_counts_of_everyone_and_trainees_do_not(
    attended, trainee, instructor
):
    for user in (instructor, inspector_of(attended)):
        (person,) = client_of(user).get(address("register", attended)).json()["people"]
        assert (person["name"], person["minutes"], person["here"]) == (trainee.person.full_name_ar, 4, True)

    assert client_of(trainee).get(address("register", attended)).status_code == 404


@pytest.mark.django_db
def test_an_inspector_of_another_center_finds_neither_room_nor_register_nor_sheet(attended):
    stranger = client_of(MembershipFactory(role=RoleName.INSPECTOR).user)

    for name in ("room", "register"):
        assert stranger.get(address(name, attended)).status_code == 404
    assert stranger.post(address("ticket", attended)).status_code == 404
    for name in ("attendance", "sheet", "export"):
        assert stranger.get(reverse(f"livesession:{name}", args=[attended.pk])).status_code == 404


@pytest.mark.django_db
def test_an_inspector_reads_the_register_and_changes_nothing_there(attended, trainee, instructor):
    end_room(session_id=attended.pk, by=instructor, reason="انقطاع التيار")
    objection = object_to_attendance(session_id=attended.pk, by=trainee, reason="سبب")
    client = client_of(inspector_of(attended))
    page = reverse("livesession:attendance", args=[attended.pk])
    answer = {"objection": objection.pk, "decision": "refuse", "answer": "لا"}

    shown = client.get(page)
    refused = client.post(page, answer)
    taken = client_of(instructor).post(page, answer)

    objection.refresh_from_db()
    assert (shown.status_code, refused.status_code, taken.status_code) == (200, 404, 302)
    assert (objection.is_granted, objection.answered_by) == (False, instructor)


@pytest.mark.django_db
def test_staff_grant_an_objection_on_the_page_and_the_trainee_reads_the_answer(attended, trainee, instructor):
    end_room(session_id=attended.pk, by=instructor, reason="انقطاع التيار")
    client_of(trainee).post(address("objection", attended), {"reason": "كان الخط مقطوعًا"})
    objection = attended.objections.get()

    client_of(instructor).post(
        reverse("livesession:attendance", args=[attended.pk]),
        {"objection": objection.pk, "decision": "grant", "answer": "صحيح", "status": "present", "minutes": 5},
    )

    record = AttendanceRecord.objects.get(is_current=True)
    assert (record.status, record.minutes, record.reason) == ("present", 5, "صحيح")
    page = client_of(trainee).get(address("room", attended)).content.decode()
    assert "كان الخط مقطوعًا" in page
    assert "قُبل اعتراضك" in page


@pytest.mark.django_db
def test_staff_switch_presence_checks_on_the_page_before_the_class(planned):
    instructor = instructor_of(planned)
    page = reverse("livesession:attendance", args=[planned.pk])

    answer = client_of(instructor).post(page, {"checks": "off"})

    planned.refresh_from_db()
    assert answer.status_code == 302
    assert has_checks(planned) is False


@pytest.mark.engines("sockets of a whole server")
@pytest.mark.django_db(transaction=True)
async def test_an_inspector_receives_the_class_cannot_write_and_is_not_counted(server, session, trainee):
    inspector = await db(inspector_of, session)
    async with server.member(session, inspector) as watching, server.member(session, trainee) as client:
        said = await client.ask("chat.send", text="مرحبًا")
        events = await watching.until(said["seq"])
        codes = [
            (await watching.ask(kind, **facts))["code"]
            for kind, facts in [
                ("chat.send", {"text": "x"}),
                ("hand.raise", {}),
                ("room.end", {"reason": "انقطاع التيار"}),
            ]
        ]
        beat = await watching.ask("beat")

    assert watching.welcome["me"]["role"] == "inspector"
    assert [event["text"] for event in events] == ["مرحبًا"]
    assert codes == ["watching_only"] * 3
    assert beat["presence"] == {"minutes": 0, "held": 0, "checks": 0, "asked": 0}
    assert await db(PresenceMinute.objects.filter(person=inspector.person).count) == 0


@pytest.mark.django_db
def test_the_spreadsheet_has_every_person_and_no_formula(attended, trainee, instructor):
    trainee.person.full_name_ar = "=HYPERLINK(أحمد)"
    trainee.person.save()
    client = client_of(instructor)
    url = reverse("livesession:export", args=[attended.pk])

    lines = b"".join(client.get(f"{url}?export=csv")).decode("utf-8-sig").splitlines()
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get(f"{url}?export=xlsx"))))

    assert lines[1].startswith("'=HYPERLINK(أحمد),4,4,")
    assert [cell.value for cell in book.active[2]][1:4] == [4, 4, 4]
    assert book.active["A2"].data_type == "s"


@pytest.mark.django_db
def test_the_sheet_is_a_pdf_for_everyone_who_may_see_the_class(attended, instructor):
    for user in (instructor, inspector_of(attended)):
        answer = client_of(user).get(reverse("livesession:sheet", args=[attended.pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")


def test_a_sheet_of_many_people_runs_over_pages_each_with_the_hash():
    row = SheetRow("محمد أحمد عبد الرحمن السيد", "٨٨ من ٩٠", "٣ من ٤", "حاضر", "")
    sheet = Sheet(
        "قياس المقاومة", [("المركز", "مركز")], [row] * 70, "السياسة", "جُمّد", "a" * 64, timezone.now()
    )

    pdf = draw_sheet(sheet)

    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") >= 3


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_the_same_of_the_database_however_many_people(
    attended, instructor, count, django_assert_num_queries
):
    for _ in range(1, count):
        enrolled(attended)
    client = client_of(instructor)
    client.get(address("register", attended))

    with django_assert_num_queries(16):
        people = client.get(address("register", attended)).json()["people"]

    assert len(people) == count
