"""People in a class on a simulated clock, over the services the socket calls."""

import datetime as dt
from dataclasses import dataclass, field

from accounts.models import User
from live.attendance.policy import CURRENT
from live.enums import PlaybackState
from live.models import LiveSession, PresenceMinute
from live.queries.presence import minutes_so_far
from live.services.presence import Absence, notice_return, record_heartbeat, record_return


class Clock:
    """The server's clock, set by hand."""

    def __init__(self, start: dt.datetime) -> None:
        self.start = self.now = start

    def at(self, seconds: float) -> None:
        self.now = self.start + dt.timedelta(seconds=seconds)


@dataclass
class Device:
    """A browser in the class, as `connection.js` is: a beat at once, then every 15 s of *its* timer, `since` kept.

    `here` are the spans (seconds) in which it is connected; `skew` is how much its timer runs fast or slow; `reloads`
    are returns without `since`: a page that was opened again.
    """

    user: User
    name: str
    here: list[tuple[float, float]]
    skew: float = 0.0
    reloads: set[float] = field(default_factory=set)
    state: PlaybackState = PlaybackState.AUDIO

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
    """Run the acts of the devices in the order of time. While the server is `down` no heartbeat arrives."""
    absences: dict[str, Absence] = {}
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
                absence = notice_return(**facts, since=1, replayed_to=1)
                if absence:
                    absences[device.name] = absence
            continue
        if absence := absences.pop(device.name, None):
            record_return(**facts, absence=absence)
        record_heartbeat(**facts, state=device.state)


def was_there(session: LiveSession, clock: Clock, user: User, *, minutes: int, first: int = 0) -> None:
    """Create the rows of one device's heartbeats in so many minutes of a class directly, from its `first` on."""
    PresenceMinute.objects.bulk_create(
        PresenceMinute(
            session=session,
            person_id=user.person_id,
            device="device-1",
            minute=minute,
            beats=0b1111,
            states=PlaybackState.AUDIO.letter * 4,
            last_at=clock.start + dt.timedelta(seconds=60 * minute + 45),
        )
        for minute in range(first, first + minutes)
    )


def minutes_of(session: LiveSession, user: User) -> int:
    session.refresh_from_db()
    return minutes_so_far(session, user.person_id).minutes
