"""Attendance that decides money: scripted days in class on a simulated clock, over the services the socket calls."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import AttendanceRecord
from live import services
from live.enums import LineState, LiveRole
from live.errors import CheckOver, ChecksAlreadySettled, NoSuchEvent
from live.models import LiveSession, PresenceAnswer, PresenceCheck, PresenceMinute, PresenceReturn
from live.policy import CURRENT, FIRST, Return, policy_of
from live.queries import minutes_so_far, presence_in, welcome_of
from tests.factories.live import OpenLiveSessionFactory
from tests.live.conftest import db, enrolled, start_server, stop_server, trainer_of

HOUR = 3600.0


class Clock:
    """The server's clock, set by hand."""

    def __init__(self, start: dt.datetime) -> None:
        self.start = self.now = start

    def at(self, seconds: float) -> None:
        self.now = self.start + dt.timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(timezone.now().replace(microsecond=0))
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def opened(clock, planned) -> LiveSession:
    """A class of an hour and a half, opened at 0 by its trainer."""
    meeting = planned.class_session
    meeting.starts_at = clock.start
    meeting.ends_at = clock.start + dt.timedelta(minutes=90)
    meeting.save()
    services.open_room(session_id=planned.pk, by=trainer_of(planned))
    planned.refresh_from_db()
    return planned


@dataclass
class Device:
    """A browser in the class, as `connection.js` is: a beat at once, then every 15 s of *its* timer, `since` kept.

    `here` are the spans (seconds) in which it is connected; `skew` is how much its timer runs fast or slow; `reloads`
    are returns without `since`: a page that was opened anew.
    """

    user: User
    name: str
    here: list[tuple[float, float]]
    skew: float = 0.0
    reloads: set[float] = field(default_factory=set)
    state: LineState = LineState.AUDIO

    def acts(self) -> list[tuple[float, str]]:
        acts: list[tuple[float, str]] = []
        for first, last in self.here:
            acts.append((first, "hello"))
            moment = first
            while moment < last:
                acts.append((moment, "beat"))
                moment += CURRENT.beat_seconds * (1 + self.skew)
        return acts


def play(
    session: LiveSession, clock: Clock, devices: list[Device], *, down: tuple[float, float] | None = None
) -> None:
    """Let the devices do what they do, in the order of the clock. While the server is `down` nobody is heard."""
    absences: dict[str, services.Absence] = {}
    acts = sorted(
        (
            (moment, kind == "beat", device.name, kind, device)
            for device in devices
            for moment, kind in device.acts()
        ),
        key=lambda act: act[:3],
    )
    for moment, _, _, kind, device in acts:
        if down and down[0] <= moment < down[1]:
            continue
        clock.at(moment)
        facts = {"session_id": session.pk, "user": device.user, "device": device.name}
        if kind == "hello":
            if moment > device.here[0][0] and moment not in device.reloads:
                absence = services.notice_return(**facts, since=1, replayed_to=1)
                if absence:
                    absences[device.name] = absence
            continue
        if absence := absences.pop(device.name, None):
            services.record_return(**facts, absence=absence)
        services.record_beat(**facts, state=device.state)


def minutes_of(session: LiveSession, user: User) -> int:
    session.refresh_from_db()
    return minutes_so_far(session, user.person_id).minutes


@pytest.mark.django_db
def test_minutes_are_right_to_one_in_an_hour_whatever_the_lines_did(clock, opened):
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
    services.end_room(session_id=opened.pk, by=None)

    errors = {name: minutes_of(opened, user) - truth for name, (user, truth) in people.items()}
    for name, error in errors.items():
        print(f"{error:+d} min/h  {name}")
    assert max(abs(error) for error in errors.values()) <= 1


@pytest.mark.django_db
def test_a_server_that_restarts_in_the_middle_costs_nobody_a_minute(clock, opened):
    """Down from 1800 to 1860 s; everyone comes back within the jitter of the reconnect."""
    chance = Random(7)
    devices, errors = [], {}
    for number in range(3):
        back = 1860 + chance.uniform(0.5, 28)
        devices.append(
            Device(enrolled(opened), f"device-{number:04}", [(chance.uniform(0, 15), 1800), (back, HOUR)])
        )

    play(opened, clock, devices, down=(1800, 1860))
    clock.at(HOUR)
    services.end_room(session_id=opened.pk, by=None)

    for device in devices:
        errors[device.name] = minutes_of(opened, device.user) - 60
    print("restart of 60 s, errors in min/h:", sorted(errors.values()))
    assert max(abs(error) for error in errors.values()) <= 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "here", "reloads", "truth"),
    [
        ("a silence of 85 s and a stay", [(0, 1200), (1270, 2400)], set(), 40),
        ("a silence of 130 s", [(0, 1200), (1330, 2400)], set(), 38),
        ("a page opened anew, without what was missed", [(0, 1200), (1270, 2400)], {1270.0}, 39),
        ("back for a moment, then gone", [(0, 1200), (1270, 1280)], set(), 20),
    ],
)
def test_only_a_short_silence_that_was_replayed_and_stayed_after_is_forgiven(
    clock, opened, name, here, reloads, truth
):
    user = enrolled(opened)

    play(opened, clock, [Device(user, "device-1", here, reloads=reloads)])
    clock.at(2400)
    services.end_room(session_id=opened.pk, by=None)

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
    for second, state in [(0, LineState.VIDEO), (16, LineState.AUDIO), (31, None), (46, LineState.AWAY)]:
        clock.at(second)
        services.record_beat(session_id=opened.pk, user=user, device="device-1", state=state)

    row = PresenceMinute.objects.get()
    assert (row.beats, row.states, row.last_at) == (0b1111, "va-b", clock.now)


@pytest.mark.django_db
def test_a_session_of_the_first_policy_is_still_read_as_it_was(clock, opened):
    """Without bridges and without checks: what was decided then stays decided."""
    user = enrolled(opened)
    play(opened, clock, [Device(user, "device-1", [(0, 1200), (1270, 2400)])])
    clock.at(2400)
    services.end_room(session_id=opened.pk, by=None)
    second = minutes_of(opened, user)

    frozen = {name: value for name, value in FIRST.frozen().items() if name in FIRST_FIELDS}
    LiveSession.objects.filter(pk=opened.pk).update(attendance_policy=frozen)

    assert (second, minutes_of(opened, user)) == (40, 39)
    assert policy_of(frozen).status(minutes=30, held=40, answered=0, asked=2) == "present"


FIRST_FIELDS = {"version", "beat_seconds", "beats_per_minute", "minute_share", "present_share", "late_share"}


# --- Laws ----------------------------------------------------------------------------------------------------------

beats = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 15)), max_size=40)
returns = st.lists(st.builds(Return, came=st.floats(0, HOUR), silent=st.floats(0, 200)), max_size=6)
devices_heard = st.lists(st.tuples(beats, returns), min_size=1, max_size=3)
lengths = st.floats(0, HOUR, allow_nan=False)


def counted(devices, held: float) -> int:
    rows = []
    for heard, came_back in devices:
        rows += heard
        rows += CURRENT.bridges(heard, came_back, seconds=held)
    return CURRENT.minutes_counted(rows, seconds=held)


@settings(max_examples=200)
@given(devices_heard, lengths)
def test_never_more_minutes_than_were_held(devices, held):
    assert 0 <= counted(devices, held) <= CURRENT.held_minutes(held)


@settings(max_examples=200)
@given(devices_heard, devices_heard, lengths)
def test_devices_are_a_union_another_one_never_takes_minutes_away(some, others, held):
    together = counted(some + others, held)

    assert together >= max(counted(some, held), counted(others, held))
    assert together <= counted(some, held) + counted(others, held) + len(some + others) * 60


@settings(max_examples=200)
@given(devices_heard, lengths)
def test_the_order_in_which_things_arrived_does_not_matter(devices, held):
    turned = [(heard[::-1] * 2, came_back[::-1]) for heard, came_back in reversed(devices)]

    assert counted(turned, held) == counted(devices, held)


@settings(max_examples=200)
@given(beats, returns, lengths)
def test_no_silence_above_ninety_seconds_is_ever_forgiven(heard, came_back, held):
    long = [back for back in came_back if back.silent > 90]

    assert CURRENT.bridges(heard, long, seconds=held) == []


@given(st.floats(0, 4 * HOUR))
def test_checks_begin_apart_and_end_within_the_class(length):
    windows = CURRENT.check_windows(length)

    assert len(windows) == int(length // 1200)
    assert all(last + CURRENT.check_seconds <= length for _, last in windows)
    assert all(last + CURRENT.check_seconds <= first for (_, last), (first, _) in pairwise(windows))


# --- Presence checks -------------------------------------------------------------------------------------------------


def asked(session: LiveSession, clock: Clock) -> list[PresenceCheck]:
    """Let every check of the session be asked at its moment."""
    for check in session.checks.order_by("due_at"):
        clock.now = check.due_at
        services.ask_due_checks()
    return list(session.checks.order_by("number"))


@pytest.mark.django_db
def test_a_class_of_ninety_minutes_is_asked_four_times_and_a_short_one_never(clock, opened):
    assert opened.checks.count() == 4
    assert CURRENT.check_windows(19 * 60) == []
    assert len({check.due_at for check in opened.checks.all()}) == 4


@pytest.mark.django_db
def test_a_check_is_asked_once_however_many_ask(clock, opened):
    first = opened.checks.first()
    clock.now = first.due_at - dt.timedelta(seconds=1)
    too_early = services.ask_due_checks()
    clock.now = first.due_at

    counts = [services.ask_due_checks() for _ in range(3)]

    assert (too_early, counts) == (0, [1, 0, 0])
    assert opened.events.filter(kind="check.asked").count() == 1


@pytest.mark.django_db
def test_after_an_outage_two_due_checks_are_asked_one_after_the_other(clock, opened):
    clock.at(2500)
    at_once = services.ask_due_checks()
    clock.at(2619)
    still_open = services.ask_due_checks()
    clock.at(2621)

    assert (at_once, still_open, services.ask_due_checks()) == (1, 0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("answered", "status"), [(4, "present"), (3, "present"), (2, "late"), (0, "late")])
def test_present_needs_two_thirds_of_the_checks(clock, opened, answered, status):
    user = enrolled(opened)
    play(opened, clock, [Device(user, "device-1", [(0, 4200)])])
    for number, check in enumerate(asked(opened, clock)):
        if number < answered:
            clock.now = check.asked_at + dt.timedelta(seconds=20)
            services.answer_check(session_id=opened.pk, by=user, seq=check.seq)
    clock.at(5400)
    services.end_room(session_id=opened.pk, by=None)

    opened.refresh_from_db()
    (presence,) = presence_in(opened)
    assert (presence.answered, presence.asked, presence.status) == (answered, 4, status)
    assert AttendanceRecord.objects.get().status == status


@pytest.mark.django_db
def test_an_answer_counts_once_in_time_and_never_late(clock, opened):
    user, other = enrolled(opened), enrolled(opened)
    (check, *_) = asked(opened, clock)
    clock.now = check.asked_at + dt.timedelta(seconds=120)
    for _ in range(2):
        services.answer_check(session_id=opened.pk, by=user, seq=check.seq)
    clock.now = check.asked_at + dt.timedelta(seconds=121)

    with pytest.raises(CheckOver):
        services.answer_check(session_id=opened.pk, by=other, seq=check.seq)
    with pytest.raises(NoSuchEvent):
        services.answer_check(session_id=opened.pk, by=other, seq=1)

    assert PresenceAnswer.objects.get().person == user.person


@pytest.mark.django_db
def test_a_check_cut_short_by_the_end_of_the_class_counts_for_nobody(clock, opened):
    user = enrolled(opened)
    first = opened.checks.first()
    clock.now = first.due_at
    services.ask_due_checks()
    clock.now = first.due_at + dt.timedelta(seconds=60)
    services.end_room(session_id=opened.pk, by=None)

    opened.refresh_from_db()
    assert minutes_so_far(opened, user.person_id).asked == 0


@pytest.mark.django_db
def test_who_comes_back_is_asked_again_until_they_have_answered(clock, opened):
    user = enrolled(opened)
    trainer = trainer_of(opened)
    (first, *_) = opened.checks.all()
    clock.now = first.due_at
    services.ask_due_checks()
    clock.now = first.due_at + dt.timedelta(seconds=50)

    def shown(who: User, role: LiveRole):
        return welcome_of(opened.pk, who, role, since=None).facts["check"]

    before = shown(user, LiveRole.TRAINEE)
    services.answer_check(session_id=opened.pk, by=user, seq=before["seq"])
    after = shown(user, LiveRole.TRAINEE)

    assert (before["left"], after, shown(trainer, LiveRole.TRAINER)) == (70, None, None)
    assert minutes_so_far(opened, user.person_id).shown() | {"minutes": 0, "held": 0} == {
        "minutes": 0,
        "held": 0,
        "checks": 1,
        "asked": 1,
    }


@pytest.mark.django_db
def test_staff_switch_checks_off_before_the_class_only(clock, planned):
    trainer = trainer_of(planned)
    meeting = planned.class_session
    meeting.ends_at = meeting.starts_at + dt.timedelta(hours=3)
    meeting.save()
    services.switch_checks(session_id=planned.pk, is_on=False, by=trainer)
    services.open_room(session_id=planned.pk, by=trainer)

    with pytest.raises(ChecksAlreadySettled):
        services.switch_checks(session_id=planned.pk, is_on=True, by=trainer)

    assert planned.checks.count() == 0


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
    services.ask_due_checks()
    first.refresh_from_db()
    services.answer_check(session_id=opened.pk, by=user, seq=first.seq)
    assert PresenceReturn.objects.count() == 1

    refuses(statement)


@pytest.mark.django_db
def test_no_heartbeat_is_added_after_the_class(clock, opened):
    user = enrolled(opened)
    play(opened, clock, [Device(user, "device-1", [(0, 100)])])
    services.end_room(session_id=opened.pk, by=None)

    refuses("UPDATE live_presenceminute SET beats = 15")
    refuses(
        "INSERT INTO live_presenceminute (session_id, person_id, device, minute, beats, states)"
        " SELECT session_id, person_id, 'device-9', 50, 15, 'vvvv' FROM live_presenceminute LIMIT 1"
    )


# --- A real restart --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
async def test_a_real_server_is_killed_in_the_middle_and_the_minutes_are_whole(django_db_setup):
    """Ten minutes of class; the server dies while a phone is silent, another one takes it back and replays."""
    session, trainee = await db(_ten_minutes_of_class)
    first = await db(start_server)
    async with first.member(session, trainee) as client:
        since = (await client.ask("chat.send", text="قبل الانقطاع"))["seq"]
        first.process.kill()
        first.process.wait()
    missed = await db(
        services.send_message, session_id=session.pk, by=trainee, text="فاتته", client_id=uuid.uuid4()
    )
    second = await db(start_server)
    try:
        async with second.member(session, trainee, since=since) as client:
            unconfirmed = await client.ask("beat", seen=since)
            await client.until(missed.seq)
            counter = (await client.ask("beat", seen=missed.seq))["presence"]
            returns = await db(PresenceReturn.objects.count)
    finally:
        await db(stop_server, second)
    await db(services.end_room, session_id=session.pk, by=None)

    back = await db(PresenceReturn.objects.get)
    minutes = await db(minutes_of, session, trainee)
    held = await db(lambda: minutes_so_far(session, trainee.person_id).held)
    print(f"killed server: {minutes} of {held} minutes, silence of {back.silent_seconds:.0f} s forgiven")
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
        services.record_beat(session_id=session.pk, user=trainee, device="device-1", at=at)
    return session, trainee
