"""The socket of a live room, in a real server process."""

import asyncio
import datetime as dt
import json
import uuid
from collections.abc import Iterator

import pytest
import websockets
from django.db import transaction
from django.utils import timezone

from courses.enums import EnrollmentState
from courses.models import AttendanceRecord, ClassSession
from live import protocol
from live.hub import CloseCode
from live.models import Event, LiveSession, PresenceMinute
from live.services.chat import send_message
from live.services.hands import raise_hand
from live.services.presence import record_heartbeat
from tests.live.conftest import (
    Server,
    db,
    enrolled,
    enrollment_of,
    instructor_of,
    start_server,
    stop_server,
    ticket_for,
)

pytestmark = [
    pytest.mark.engines("sockets of a whole server"),
    pytest.mark.xdist_group("both servers"),
    pytest.mark.django_db(transaction=True),
]

# A constant, so that all workers of a parallel run give the tests the same names.
A_UUID = "5f0c7a52-6a36-4f0e-9d0a-0d7f4b3f2c11"


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Server]:
    """Each of the programs that may serve the sockets."""
    server = start_server(SOCKET_SERVER=request.param)
    yield server
    stop_server(server)


def say(session: LiveSession, user, *texts: str) -> None:
    for text in texts:
        send_message(session_id=session.pk, by=user, text=text, client_id=uuid.uuid4())


def say_much(session: LiveSession, user, first: int, last: int) -> None:
    """Send the longest possible messages at once."""
    with transaction.atomic():
        Event.objects.bulk_create(
            Event(
                session=session,
                seq=seq,
                kind="chat",
                actor=user,
                payload={"text": "م" * protocol.MESSAGE_CHARACTERS},
                created_at=timezone.now(),
            )
            for seq in range(first, last + 1)
        )
        LiveSession.objects.filter(pk=session.pk).update(seq=last)


async def test_a_message_reaches_everyone_in_the_room_once(server, session, trainee, instructor):
    async with server.member(session, trainee) as sender, server.member(session, instructor) as reader:
        acknowledged = await sender.ask("chat.send", text="السلام عليكم")
        events = await reader.until(acknowledged["seq"])

    assert [(event["kind"], event["text"]) for event in events] == [("chat", "السلام عليكم")]
    assert events[0]["name"] == trainee.person.full_name_ar


async def test_a_message_sent_again_after_a_lost_answer_is_one_message(server, session, trainee):
    message_id = str(uuid.uuid4())
    async with server.member(session, trainee) as client:
        first = await client.ask("chat.send", text="مرة واحدة", id=message_id)
    async with server.member(session, trainee) as client:
        again = await client.ask("chat.send", text="مرة واحدة", id=message_id)

    assert again["seq"] == first["seq"]
    assert await db(Event.objects.filter(session=session).count) == 1


async def test_events_arrive_exactly_once_in_order_over_many_drops(server, session, trainee, instructor):
    total = 300

    async def talk() -> None:
        for number in range(total):
            await db(say, session, instructor, str(number))

    async def listen(pause: float) -> list[int]:
        seen: list[int] = []
        since = 0
        while since < total:
            async with server.member(session, trainee, since=since, device="device-drop") as client:
                frames = 0
                while since < total and frames < 6:
                    frame = await client.frame()
                    frames += 1
                    if frame["type"] == "events":
                        seen += [event["seq"] for event in frame["events"]]
                        since = seen[-1]
                        await client.command("seen", seen=since)
                # Dropped without a close frame, like a phone in a tunnel.
                client.socket.transport.abort()
            await asyncio.sleep(pause)
        return seen

    talking = asyncio.create_task(talk())
    listeners = await asyncio.gather(listen(0.01), listen(0.3))
    await talking

    assert listeners == [list(range(1, total + 1))] * 2


async def test_a_newcomer_gets_the_room_as_it_is_and_no_more_than_the_last_messages(server, session, trainee):
    await db(say, session, trainee, *(str(number) for number in range(60)))
    raised = await db(lambda: raise_hand(session_id=session.pk, by=trainee))

    async with server.member(session, trainee) as client:
        welcome = client.welcome

    assert (welcome["seq"], welcome["state"], welcome["resync"]) == (61, "open", False)
    assert [message["text"] for message in welcome["messages"]] == [str(number) for number in range(10, 60)]
    assert [(hand["seq"], hand["who"]) for hand in welcome["hands"]] == [(raised.seq, welcome["me"]["key"])]


@pytest.mark.parametrize("since", [0, 10_000])
async def test_a_client_too_far_behind_or_ahead_starts_afresh(server, session, trainee, since):
    await db(say, session, trainee, *(str(number) for number in range(510)))

    async with server.member(session, trainee, since=since) as client:
        welcome = client.welcome

    assert welcome["resync"] is True
    assert len(welcome["messages"]) == 50


async def test_hands_are_called_in_the_order_they_were_raised(server, session, trainee, instructor):
    second = await db(enrolled, session)
    async with (
        server.member(session, trainee) as one,
        server.member(session, second) as two,
        server.member(session, instructor) as staff,
    ):
        first_hand = await one.ask("hand.raise")
        second_hand = await two.ask("hand.raise")
        await staff.ask("hand.call", seq=first_hand["seq"])
        lowered = await one.ask("hand.lower")
        dismissed = await staff.ask("hand.dismiss", seq=second_hand["seq"])
        events = await two.until(dismissed["seq"])

    assert [event["kind"] for event in events] == [
        "hand.raised",
        "hand.raised",
        "hand.called",
        "hand.lowered",
        "hand.lowered",
    ]
    assert lowered["seq"] < dismissed["seq"]


async def test_an_instructor_opens_and_ends_the_class_and_everyone_is_notified(server, planned):
    instructor = await db(instructor_of, planned)
    trainee = await db(enrolled, planned)
    async with server.member(planned, trainee) as learner, server.member(planned, instructor) as staff:
        early = await learner.ask("chat.send", text="هل بدأنا؟")
        await staff.ask("room.open")
        await learner.ask("beat")
        await staff.ask("room.end", reason="انقطاع التيار")
        code = await learner.closed()

    # Too short to say who attended it.
    assert not await db(AttendanceRecord.objects.filter(session=planned.class_session).exists)
    assert early["code"] == "room_not_open"
    assert [event["kind"] for event in learner.events] == ["room.opened", "room.ended"]
    assert code == CloseCode.ENDED


async def test_the_command_that_ends_the_class_is_acknowledged_before_the_socket_closes(
    server_with_silent_redis, session, instructor
):
    async with server_with_silent_redis.member(session, instructor) as staff:
        answer = await staff.ask("room.end", reason="انقطاع التيار")
        code = await staff.closed()

    assert (answer["type"], answer["seq"]) == ("ack", 1)
    assert code == CloseCode.ENDED


async def test_two_devices_of_one_person_do_not_count_twice(server, session, trainee):
    async with (
        server.member(session, trainee, device="phone-0001") as phone,
        server.member(session, trainee, device="laptop-0001") as laptop,
    ):
        await phone.ask("beat")
        answer = await laptop.ask("beat")

    assert await db(PresenceMinute.objects.filter(session=session).count) == 2
    assert answer["presence"] == {"minutes": 1, "held": 1, "checks": 0, "asked": 0}


async def test_a_withdrawn_trainee_is_out_within_five_seconds(server, session, trainee, instructor):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        await db(session.class_session.cohort.enrollments.update, state=EnrollmentState.WITHDRAWN)
        code = await client.closed(within=5)
        still_there = await staff.ask("beat")

    assert code == CloseCode.NOT_ADMITTED
    assert still_there["type"] == "ack"


async def test_a_deactivated_login_is_out_within_five_seconds(server, session, trainee):
    async with server.member(session, trainee) as client:
        trainee.is_active = False
        await db(trainee.save)

        assert await client.closed(within=5) == CloseCode.NOT_ADMITTED


async def test_a_removed_person_is_out_at_once_and_gets_no_new_ticket(server, session, trainee, instructor):
    ticket = await db(ticket_for, session, trainee)
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        message = await client.ask("chat.send", text="كلام مسيء")
        await staff.ask("person.remove", seq=message["seq"])
        code = await client.closed(within=2)

    assert code == CloseCode.NOT_ADMITTED
    assert await server.refuses(ticket) == ("removed", CloseCode.NOT_ADMITTED)


async def test_a_muted_person_is_refused_until_unmuted(server, session, trainee, instructor):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        message = await client.ask("chat.send", text="١")
        await staff.ask("person.mute", seq=message["seq"])
        refused = await client.ask("chat.send", text="٢")
        hand = await client.ask("hand.raise")
        await staff.ask("person.unmute", seq=message["seq"])
        accepted = await client.ask("chat.send", text="٣")

    assert (refused["type"], refused["code"]) == ("error", "muted")
    assert (hand["type"], accepted["type"]) == ("ack", "ack")


async def test_a_removed_message_loses_its_text_for_everyone_who_comes_later(
    server, session, trainee, instructor
):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        message = await client.ask("chat.send", text="رقم هاتفي ٠١٠")
        removal = await staff.ask("message.remove", seq=message["seq"])
        await client.until(removal["seq"])
        async with server.member(session, trainee, since=0, device="device-2") as replayed:
            await replayed.until(removal["seq"])
    async with server.member(session, trainee) as newcomer:
        welcomed = newcomer.welcome["messages"]

    assert [event.get("text") for event in replayed.events] == ["", None]
    assert [(message["text"], message["removed"]) for message in welcomed] == [("", True)]


async def test_a_trainee_cannot_give_an_instructors_commands(server, session, trainee):
    async with server.member(session, trainee) as client:
        codes = [
            (await client.ask(kind, **facts))["code"]
            for kind, facts in [
                ("room.end", {"reason": "انقطاع التيار"}),
                ("message.remove", {"seq": 1}),
                ("person.remove", {"seq": 1}),
            ]
        ]

    assert codes == ["staff_only"] * 3
    assert await db(Event.objects.filter(session=session).count) == 0


NO_COMMANDS = [
    "not json",
    "[]",
    '{"type": "events", "id": "1", "events": []}',
    json.dumps({"type": "dispatch", "id": str(uuid.uuid4())}),
    '{"type": "chat.send", "id": "no-uuid", "text": "x"}',
    json.dumps({"type": "chat.send", "id": str(uuid.uuid4()), "text": 5}),
    json.dumps({"type": "chat.send", "id": str(uuid.uuid4()), "text": "x", "name": "forged"}),
]


async def test_what_is_no_command_is_an_error_and_the_fifth_closes(server, session, trainee):
    codes = []
    for frames in (NO_COMMANDS[:5], NO_COMMANDS[2:]):
        async with server.member(session, trainee) as client:
            for frame in frames:
                await client.socket.send(frame)
            closed = await client.closed()
            codes += [error["code"] for error in client.errors]

    assert closed == CloseCode.PROTOCOL
    assert codes == [
        *("malformed", "malformed", "unknown_command", "unknown_command", "malformed"),
        *("unknown_command", "unknown_command", "malformed", "malformed", "malformed"),
    ]
    assert await db(Event.objects.filter(session=session).count) == 0


async def test_a_frame_over_eight_kilobytes_closes_the_socket(server, session, trainee):
    async with server.member(session, trainee) as client:
        await client.command("chat.send", text="ب" * 8192)

        assert await client.closed() == CloseCode.TOO_BIG


async def test_a_socket_without_a_hello_first_gets_an_error(server, session):
    async with server.socket() as client:
        answer = await client.ask("chat.send", text="x")

    assert answer["code"] == "hello_first"


async def test_a_flood_is_refused_and_then_closed(server, session, trainee):
    async with server.member(session, trainee) as client:
        for number in range(40):
            await client.command("chat.send", text=str(number))
        code = await client.closed()

    assert code == CloseCode.RATE
    assert await db(Event.objects.filter(session=session).count) <= 8


async def test_the_fourth_socket_of_a_person_closes_the_first(server, session, trainee):
    async with (
        server.member(session, trainee) as first,
        server.member(session, trainee),
        server.member(session, trainee),
        server.member(session, trainee) as newest,
    ):
        code = await first.closed()
        answer = await newest.ask("beat")

    assert code == CloseCode.NEWER_SOCKET
    assert answer["type"] == "ack"


async def test_a_client_that_does_not_read_is_cut_and_loses_nothing(server, session, trainee, instructor):
    total = 500
    async with server.member(session, trainee) as stalled, server.member(session, instructor) as reading:
        for first, last in ((1, 200), (201, total)):
            await db(say_much, session, instructor, first, last)
            await reading.until(last)
            await reading.command("seen", seen=last)
        code = await stalled.closed()
        got = [event["seq"] for event in stalled.events]
    async with server.member(session, trainee, since=got[-1]) as back:
        await back.until(total)

    assert code == CloseCode.SLOW
    assert len(got) < total
    written = json.dumps(stalled.events, ensure_ascii=False, separators=(",", ":"))
    assert len(written) <= 256 * 1024
    assert got + [event["seq"] for event in back.events] == list(range(1, total + 1))


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
async def test_a_foreign_or_missing_origin_is_refused(server, session, origin):
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(server.url, origin=origin or None, proxy=None):
            pass

    assert refused.value.response.status_code == 403


async def test_bidi_overrides_and_controls_are_taken_out_of_messages(server, session, trainee):
    async with server.member(session, trainee) as client:
        sent = await client.ask("chat.send", text="\u202eabc\u2066 def\u0007\r\n<b>س</b>")
        events = await client.until(sent["seq"])

    assert events[0]["text"] == "abc def\n<b>س</b>"


async def test_attendance_follows_the_heartbeats(server, session, trainee, instructor):
    """Two trainees in a class of ten minutes: one there for eight, one for five."""
    half = await db(enrolled, session)
    absent = await db(enrolled, session)
    opened = timezone.now() - dt.timedelta(minutes=10)
    await db(LiveSession.objects.filter(pk=session.pk).update, opened_at=opened)
    await db(
        ClassSession.objects.filter(pk=session.class_session_id).update,
        starts_at=opened,
        ends_at=opened + dt.timedelta(minutes=10),
    )
    for user, beats in [(trainee, 32), (half, 20)]:
        for beat in range(beats):
            await db(
                record_heartbeat,
                session_id=session.pk,
                user=user,
                device="device-1",
                at=opened + dt.timedelta(seconds=15 * beat + 2),
            )

    async with server.member(session, instructor) as staff:
        await staff.ask("room.end", reason="انقطاع التيار")

    records = {record.enrollment_id: record for record in await db(list, AttendanceRecord.objects.all())}
    expected = {trainee: ("present", 8), half: ("late", 5), absent: ("absent", 0)}
    for user, facts in expected.items():
        record = records[(await db(enrollment_of, user)).pk]
        assert (record.status, record.minutes) == facts
