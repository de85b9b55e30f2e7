"""Attendance: scripted classes on a simulated clock, through the services that the socket calls."""

import datetime as dt
import uuid
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from live.attendance.policy import FIRST, policy_of
from live.enums import PlaybackState
from live.models import LiveSession, PresenceMinute, PresenceReturn
from live.queries.presence import minutes_so_far
from live.services.chat import send_message
from live.services.presence import record_heartbeat
from live.services.presence_checks import answer_check, ask_due_checks
from live.services.sessions import end_room
from tests.factories.live import OpenLiveSessionFactory
from tests.live.conftest import db, enrolled, start_server, stop_server
from tests.live.simulated_attendance import Device, minutes_of, play

HOUR = 3600.0


@pytest.mark.engines("an hour of the heartbeats of fourteen devices, each of them a service", nightly=True)
@pytest.mark.django_db
def test_counted_minutes_are_right_to_one_in_an_hour_despite_disconnects(clock, opened):
    """Ground truth: the minutes a person was really there, a drop of at most 90 s with a stay after it included."""
    drops = [(0, 600), (640, 1500), (1585, 2700), (2730, HOUR)]
    flaky = [(float(start), start + 50.0) for start in range(0, int(HOUR), 70)]
    script = {
        "two devices at once": (60, [[(0, HOUR)], [(3, HOUR)]]),
        "half on the phone, half on the laptop": (60, [[(0, 1800)], [(1795, HOUR)]]),
        "phone and laptop by turns, ten minutes each": (
            60,
            [[(0, 600), (1200, 1800), (2400, 3000)], [(600, 1200), (1800, 2400), (3000, HOUR)]],
        ),
        "three short drops": (60, [drops]),
        "a line that breaks every minute for 20 s": (60, [flaky]),
        "gone for ten minutes": (50, [[(0, 1500), (2100, HOUR)]]),
        "twenty minutes late": (40, [[(1200, HOUR)]]),
        "left after 37 minutes": (37, [[(0, 2220)]]),
    }
    devices, people = [], {}
    for number, (name, (truth, lines)) in enumerate(script.items()):
        user = enrolled(opened)
        people[name] = (user, truth)
        for line, spans in enumerate(lines):
            devices.append(Device(user, f"device-{number}-{line}", spans, skew=0.0007 * (number % 3 - 1)))
    wrong_clock, truth = enrolled(opened), 60
    people["a phone whose timer is 3 % slow"] = (wrong_clock, truth)
    devices.append(Device(wrong_clock, "device-slow", [(0, HOUR)], skew=0.03))
    fast = enrolled(opened)
    people["a phone whose timer is 3 % fast"] = (fast, 60)
    devices.append(Device(fast, "device-fast", [(0, HOUR)], skew=-0.03))

    play(opened, clock, devices)
    clock.at(HOUR)
    end_room(session_id=opened.pk, by=None)

    errors = {name: minutes_of(opened, user) - truth for name, (user, truth) in people.items()}
    assert {name: error for name, error in errors.items() if abs(error) > 1} == {}


@pytest.mark.django_db
def test_a_server_restart_during_the_class_costs_no_minutes(clock, opened):
    """Down from 60 to 120 s; everyone comes back within the jitter of the reconnect."""
    chance = Random(7)
    devices, errors, end = [], {}, 300.0
    for number in range(3):
        back = 120 + chance.uniform(0.5, 28)
        devices.append(
            Device(enrolled(opened), f"device-{number:04}", [(chance.uniform(0, 15), 60), (back, end)])
        )

    play(opened, clock, devices, down=(60, 120))
    clock.at(end)
    end_room(session_id=opened.pk, by=None)

    for device in devices:
        errors[device.name] = minutes_of(opened, device.user) - 5
    assert {name: error for name, error in errors.items() if abs(error) > 1} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "here", "reloads", "truth"),
    [
        ("a silence of 85 s and a stay", [(0, 300), (370, 600)], set(), 10),
        ("a silence of 130 s", [(0, 300), (430, 600)], set(), 8),
        ("a reloaded page, without a replay", [(0, 300), (370, 600)], {370.0}, 9),
        ("back for a moment, then gone", [(0, 300), (370, 380)], set(), 5),
    ],
)
def test_only_a_short_silence_that_was_replayed_and_stayed_after_is_forgiven(
    clock, opened, name, here, reloads, truth
):
    user = enrolled(opened)

    play(opened, clock, [Device(user, "device-1", here, reloads=reloads)])
    clock.at(600)
    end_room(session_id=opened.pk, by=None)

    assert minutes_of(opened, user) == truth, name


@pytest.mark.django_db
def test_the_live_counter_forgives_only_after_the_stay(clock, opened):
    user = enrolled(opened)
    play(opened, clock, [Device(user, "device-1", [(0, 585), (670, 680)])])
    just_back = minutes_of(opened, user)

    play(opened, clock, [Device(user, "device-1", [(680, 800)])])
    clock.at(800)

    assert just_back == 10
    assert minutes_of(opened, user) == 13


@pytest.mark.django_db
def test_what_was_playing_is_kept_with_every_beat(clock, opened):
    user = enrolled(opened)
    for second, state in [
        (0, PlaybackState.VIDEO),
        (16, PlaybackState.AUDIO),
        (31, None),
        (46, PlaybackState.AWAY),
    ]:
        clock.at(second)
        record_heartbeat(session_id=opened.pk, user=user, device="device-1", state=state)

    row = PresenceMinute.objects.get()
    assert (row.beats, row.states, row.last_at) == (0b1111, "va-b", clock.now)


@pytest.mark.django_db
def test_a_session_of_the_first_policy_is_still_read_as_it_was(clock, opened):
    """Without bridges and without checks: what was decided then stays decided."""
    user = enrolled(opened)
    play(opened, clock, [Device(user, "device-1", [(0, 300), (370, 600)])])
    clock.at(600)
    end_room(session_id=opened.pk, by=None)
    second = minutes_of(opened, user)

    frozen = {name: value for name, value in FIRST.frozen().items() if name in FIRST_FIELDS}
    LiveSession.objects.filter(pk=opened.pk).update(attendance_policy=frozen)

    assert (second, minutes_of(opened, user)) == (10, 9)
    assert policy_of(frozen).status(minutes=30, held=40, answered=0, asked=2) == "present"


FIRST_FIELDS = {"version", "beat_seconds", "beats_per_minute", "minute_share", "present_share", "late_share"}


# --- Raw facts stay raw ----------------------------------------------------------------------------------------------

TAMPERING = [
    "UPDATE live_presenceminute SET beats = 0",
    "UPDATE live_presenceminute SET person_id = person_id + 1",
    "DELETE FROM live_presenceminute",
    "UPDATE live_presencereturn SET silent_seconds = 1",
    "DELETE FROM live_presencereturn",
    "UPDATE live_presencecheck SET asked_at = asked_at - interval '1 day' WHERE asked_at IS NOT NULL",
    "DELETE FROM live_presencecheck",
    "UPDATE live_presenceanswer SET answered_at = now()",
    "DELETE FROM live_presenceanswer",
]


def refuses(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", TAMPERING)
def test_the_database_refuses_to_rewrite_raw_attendance(clock, opened, statement):
    user = enrolled(opened)
    play(opened, clock, [Device(user, "device-1", [(0, 100), (160, 300)])])
    first = opened.checks.first()
    clock.now = first.due_at
    ask_due_checks()
    first.refresh_from_db()
    answer_check(session_id=opened.pk, by=user, seq=first.seq)
    assert PresenceReturn.objects.count() == 1

    refuses(statement)


@pytest.mark.django_db
def test_no_heartbeat_is_added_after_the_class(clock, opened):
    user = enrolled(opened)
    play(opened, clock, [Device(user, "device-1", [(0, 100)])])
    end_room(session_id=opened.pk, by=None)

    refuses("UPDATE live_presenceminute SET beats = 15")
    refuses(
        "INSERT INTO live_presenceminute (session_id, person_id, device, minute, beats, states)"
        " SELECT session_id, person_id, 'device-9', 50, 15, 'vvvv' FROM live_presenceminute LIMIT 1"
    )


# --- A real restart --------------------------------------------------------------------------------------------------


@pytest.mark.engines("kills a whole server")
@pytest.mark.django_db(transaction=True)
async def test_a_real_server_is_killed_in_the_middle_and_the_minutes_are_whole(django_db_setup):
    """Ten minutes of class; the server dies while a phone is silent, another one takes it back and replays."""
    session, trainee = await db(_ten_minutes_of_class)
    first = await db(start_server)
    async with first.member(session, trainee) as client:
        since = (await client.ask("chat.send", text="قبل الانقطاع"))["seq"]
        first.process.kill()
        first.process.wait()
    missed = await db(send_message, session_id=session.pk, by=trainee, text="فاتته", client_id=uuid.uuid4())
    second = await db(start_server)
    try:
        async with second.member(session, trainee, since=since) as client:
            unconfirmed = await client.ask("beat", seen=since)
            await client.until(missed.seq)
            counter = (await client.ask("beat", seen=missed.seq))["presence"]
            returns = await db(PresenceReturn.objects.count)
    finally:
        await db(stop_server, second)
    await db(end_room, session_id=session.pk, by=None)

    back = await db(PresenceReturn.objects.get)
    minutes = await db(minutes_of, session, trainee)
    held = await db(lambda: minutes_so_far(session, trainee.person_id).held)
    assert unconfirmed["type"] == "ack"
    assert (returns, back.since, back.replayed_to) == (1, since, missed.seq)
    assert 40 <= back.silent_seconds <= 90
    assert counter["minutes"] >= held - 2
    assert abs(minutes - held) <= 1


def _ten_minutes_of_class() -> tuple[LiveSession, User]:
    opened = timezone.now() - dt.timedelta(minutes=10)
    session = OpenLiveSessionFactory(opened_at=opened, class_session__starts_at=opened)
    trainee = enrolled(session)
    for second in range(0, 10 * 60 - 40, 15):
        at = opened + dt.timedelta(seconds=second)
        record_heartbeat(session_id=session.pk, user=trainee, device="device-1", at=at)
    return session, trainee
