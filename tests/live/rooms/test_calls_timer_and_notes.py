"""Call requests, the timer and the shared notes."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from live.errors import NoPhone, NotesConflict, RoomEnded
from live.models import Event
from live.queries.admission import participant_key
from live.queries.board import notes_of
from live.queries.calls import calls_open
from live.queries.log import logged_events_after
from live.services.board import write_notes
from live.services.calls import ask_for_call, close_call
from live.services.sessions import end_room
from tests.factories.accounts import MembershipFactory
from tests.live.admission.test_lobby_and_moderation import address, client_of
from tests.live.conftest import enrolled

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+201012345678"


@pytest.fixture
def caller(session):
    """A trainee who can be phoned."""
    return enrolled(session, phone=PHONE)


def test_wishes_to_be_called_are_kept_in_order_and_done_one_by_one(session, caller, instructor):
    second = enrolled(session, phone="+201112345678")
    first_wish = ask_for_call(session_id=session.pk, by=caller)
    ask_for_call(session_id=session.pk, by=second)
    again = ask_for_call(session_id=session.pk, by=caller)
    asked = [call.subject for call in calls_open(session.pk)]
    close_call(session_id=session.pk, by=instructor, seq=first_wish.seq)
    close_call(session_id=session.pk, by=second)

    assert again == first_wish
    assert asked == [caller, second]
    assert calls_open(session.pk) == []
    assert close_call(session_id=session.pk, by=second) is None


def test_a_trainee_without_a_phone_number_is_told_what_to_do(session, instructor):
    with pytest.raises(NoPhone):
        ask_for_call(session_id=session.pk, by=enrolled(session, phone=None))


def test_the_number_is_shown_to_staff_who_may_see_people_and_each_look_is_audited(
    session, caller, instructor
):
    wish = ask_for_call(session_id=session.pk, by=caller)
    # Teaches this class, and has no role in its center.
    guest = MembershipFactory(role=RoleName.INSTRUCTOR).user
    session.class_session.cohort.instructors.add(guest)
    url = address("number_to_call", session, seq=wish.seq)

    shown, hidden, missing = [client_of(user).post(url) for user in (instructor, guest, caller)]

    assert shown.json() == {"phone": PHONE}
    assert (hidden.status_code, hidden.json()["code"]) == (403, "phone_hidden")
    assert missing.status_code == 404
    looks = ModelLogEntry.objects.filter(action="live.phone.show")
    assert [(look.user, look.data["subject"]) for look in looks] == [(instructor, caller.pk)]
    close_call(session_id=session.pk, by=instructor, seq=wish.seq)
    assert client_of(instructor).post(url).json()["code"] == "no_such_event"


def test_no_phone_number_is_in_the_log_and_classmates_do_not_see_who_asked(session, caller, instructor):
    wish = ask_for_call(session_id=session.pk, by=caller)
    close_call(session_id=session.pk, by=instructor, seq=wish.seq)

    asked, closed = logged_events_after(session.pk, 0, 10)

    for event in (asked, closed):
        assert "20101" not in event.text + (event.staff_text or "")
        assert participant_key(session.pk, caller.pk) not in event.text
        assert participant_key(session.pk, caller.pk) in (event.staff_text or "")
    # The one who asked knows the request by its number.
    assert f'"of":{wish.seq}' in closed.text


@pytest.mark.engines("sockets of a whole server")
async def test_a_timer_counts_by_the_servers_clock_and_survives_a_disconnect(
    server, session, trainee, instructor
):
    async with server.member(session, instructor) as staff:
        before = timezone.now()
        await staff.ask("timer.start", seconds=90, label="التمرين \u202eالأول")
        async with server.member(session, trainee) as client:
            timer = client.welcome["timer"]
            stopped = await staff.ask("timer.stop")
            await client.until(stopped["seq"])
        async with server.member(session, trainee, since=0) as back:
            replayed = await back.until(stopped["seq"])
            over = back.welcome["timer"]
        wrong = [
            (await staff.ask("timer.start", **facts))["code"]
            for facts in (
                {"seconds": 4},
                {"seconds": 1e9},
                {"seconds": "90"},
                {"seconds": 60, "label": "x" * 61},
            )
        ]

    ends, now = (dt.datetime.fromisoformat(timer[name]) for name in ("ends", "now"))
    assert dt.timedelta(seconds=89) < ends - before < dt.timedelta(seconds=95)
    assert now >= before - dt.timedelta(seconds=1)
    assert timer["label"] == "التمرين الأول"
    assert [event["kind"] for event in replayed] == ["timer.started", "timer.stopped"]
    assert over["ends"] is None
    assert wrong == ["malformed"] * 4


def test_two_editors_do_not_overwrite_each_other(session, instructor):
    first = write_notes(session_id=session.pk, by=instructor, text="١. افصل التيار", revision=0)
    with pytest.raises(NotesConflict):
        write_notes(session_id=session.pk, by=instructor, text="نص آخر", revision=0)
    second = write_notes(
        session_id=session.pk, by=instructor, text="١. افصل التيار\n٢. اختبر", revision=first.seq
    )

    assert notes_of(session.pk)["revision"] == second.seq
    assert notes_of(session.pk)["text"] == "١. افصل التيار\n٢. اختبر"
    # Every version stays in the log.
    assert Event.objects.filter(session=session, kind="notes.changed").count() == 2


def test_notes_stay_with_a_class_that_has_ended(session, trainee, instructor):
    saved = write_notes(session_id=session.pk, by=instructor, text="<b>راجع</b> الدرس ٣", revision=0)
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")

    page = client_of(trainee).get(address("room", session)).content.decode()

    assert "&lt;b&gt;راجع&lt;/b&gt; الدرس ٣" in page
    with pytest.raises(RoomEnded):
        write_notes(session_id=session.pk, by=instructor, text="بعد", revision=saved.seq)


@pytest.mark.engines("sockets of a whole server")
async def test_a_trainee_has_none_of_these_from_the_staff(server, session, trainee):
    async with server.member(session, trainee) as client:
        codes = [
            (await client.ask(kind, **facts))["code"]
            for kind, facts in [
                ("timer.start", {"seconds": 60}),
                ("notes.write", {"text": "x", "revision": 0}),
                ("call.done", {"seq": 1}),
                ("all.mute", {}),
                ("host.add", {"who": "0" * 12}),
            ]
        ]

    assert codes == ["staff_only"] * 5
