"""The hub of a process: it reads the log when notified, and every second in any case."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Protocol

from live.hub.aggregation import PART, Aggregator, Summarize
from live.hub.buckets import TokenBuckets
from live.hub.notifier import Notifier
from live.hub.rooms import LoggedEvent, Room, frame_of, shared_frame
from live.hub.subscribers import CloseCode, Send, Subscriber

logger = logging.getLogger(__name__)


class LogUnavailable(Exception):
    """The log could not be read just now."""


class Log(Protocol):
    """The source of events and admissions."""

    async def events_after(self, room_id: Hashable, seq: int, limit: int) -> list[LoggedEvent]:
        """Return at most `limit` events after `seq`, dense, oldest first."""

    async def still_admitted(
        self, room_id: Hashable, members: Collection[Hashable], staff: Collection[Hashable]
    ) -> Collection[Hashable]:
        """Return those of `members` who may still be in the room; of `staff`, those who are still its staff."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes and times of a hub; seconds where a time is meant."""

    queue_frames: int = 200
    # A client further behind than the buffer gets a new welcome instead of a replay.
    unconfirmed_events: int = 500
    unconfirmed_bytes: int = 256 * 1024
    ring_events: int = 500
    page_events: int = 100
    sockets_per_member: int = 3
    busy_events: int = 5
    batch_seconds: float = 0.25
    tick_seconds: float = 1.0
    admission_ticks: int = 3


class Hub:
    """Everything runs on one event loop; only `wake_threadsafe` may be called from other threads."""

    def __init__(
        self,
        *,
        log: Log,
        notifier: Notifier,
        limits: Limits | None = None,
        summarize: Summarize | None = None,
    ) -> None:
        self.log = log
        self.summarize = summarize
        self._aggregator = Aggregator()
        self.notifier = notifier
        self.limits = limits or Limits()
        self.buckets = TokenBuckets()
        self.rooms: dict[Hashable, Room] = {}
        self._sockets: dict[Hashable, list[Subscriber]] = {}
        self.loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._spawn(self._tick())
        self._spawn(notifier.listen(self.wake, self.wake_all, self.receive))

    def _spawn(self, work: "Awaitable[None]") -> None:
        # The event loop holds only weak references to tasks.
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End the hub's own tasks; sockets are not touched."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- Members ---------------------------------------------------------------------------------------------

    def join(
        self,
        room_id: Hashable,
        *,
        member: Hashable,
        send: Send,
        on_close: Callable[[CloseCode], Awaitable[None]],
        is_staff: bool = False,
        is_counted: bool = True,
    ) -> Subscriber:
        """Register a socket; it receives nothing until `replay`. The member's oldest socket is closed when there are too many.

        A socket with `is_counted` False accompanies another one of the member and is limited elsewhere.
        """
        room = self.rooms.get(room_id)
        if room is None:
            room = Room(room_id, ring=self.limits.ring_events, busy_events=self.limits.busy_events)
            self.rooms[room_id] = room
        subscriber = Subscriber(
            room_id=room_id,
            member=member,
            send=send,
            on_close=on_close,
            is_staff=is_staff,
            max_waiting=self.limits.queue_frames,
            max_unconfirmed=self.limits.unconfirmed_events,
            max_bytes=self.limits.unconfirmed_bytes,
        )
        room.subscribers.add(subscriber)
        if not is_counted:
            return subscriber
        mine = self._sockets.setdefault(member, [])
        mine.append(subscriber)
        while len(mine) > self.limits.sockets_per_member:
            mine.pop(0).disconnect(CloseCode.NEWER_SOCKET)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        subscriber.is_closed = True
        mine = self._sockets.get(subscriber.member, [])
        if subscriber in mine:
            mine.remove(subscriber)
        if not mine:
            self._sockets.pop(subscriber.member, None)
        room = self.rooms.get(subscriber.room_id)
        if room is not None:
            room.subscribers.discard(subscriber)
            if not room.subscribers:
                del self.rooms[subscriber.room_id]

    async def replay(self, subscriber: Subscriber, *, after: int, snapshot: int) -> None:
        """Send every event after `after`, then let the room's own deliveries follow without a gap or a repetition.

        `snapshot` is a sequence number known to be committed (that of the welcome).
        """
        room = self.rooms[subscriber.room_id]
        if room.last is None:
            room.last = snapshot
        cursor = after
        while not room.holds_all_after(cursor):
            events = await self.log.events_after(room.id, cursor, self.limits.page_events)
            if not events:
                break
            cursor = events[-1].seq
            subscriber.push(frame_of(events, member=subscriber.member, is_staff=subscriber.is_staff))
        due = [event for event in room.ring if event.seq > cursor]
        if due:
            cursor = due[-1].seq
            subscriber.push(frame_of(due, member=subscriber.member, is_staff=subscriber.is_staff))
        subscriber.after = cursor
        subscriber.is_live = True
        self.wake(room.id)

    # --- Ephemeral events ---------------------------------------------------------------------------------------

    def publish(self, room_id: int, text: str) -> None:
        """Send a frame that is not stored to everyone in the room, in every process."""
        self.publish_locally(room_id, text)
        self.notifier.publish(room_id, text)

    def publish_threadsafe(self, room_id: int, text: str) -> None:
        """The same from another thread of this process."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.publish_locally, room_id, text)

    def publish_locally(self, room_id: Hashable, text: str) -> None:
        """Send a frame to the sockets of this process. A socket that lags does not get it."""
        room = self.rooms.get(room_id)
        if room is None:
            return
        frame = shared_frame(text)
        for subscriber in list(room.subscribers):
            if subscriber.is_live and not subscriber.is_lagging:
                subscriber.push(frame)

    def receive(self, room_id: Hashable, text: str) -> None:
        """Handle an ephemeral frame, or a part of the next summary, that another process published."""
        if text.startswith(PART):
            self.aggregate(room_id, text.removeprefix(PART))
        else:
            self.publish_locally(room_id, text)

    def aggregate(self, room_id: Hashable, part: str) -> None:
        """Count a part of the room's next summary. Each process sums up for its own sockets."""
        if room_id in self.rooms:
            self._aggregator.add(room_id, part)

    def aggregate_threadsafe(self, room_id: Hashable, part: str) -> None:
        """The same from another thread of this process."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.aggregate, room_id, part)

    async def _publish_summaries(self, room_id: Hashable, parts: Mapping[str, int]) -> None:
        if self.summarize is None:
            return
        try:
            summaries = await self.summarize(room_id, parts)
        except LogUnavailable:
            for part, count in parts.items():
                self._aggregator.add(room_id, part, count)
            return
        room = self.rooms.get(room_id)
        for summary in summaries if room else ():
            frame = shared_frame(summary.text)
            staff_frame = shared_frame(summary.staff_text) if summary.staff_text else frame
            for subscriber in list(room.subscribers) if room else ():
                if subscriber.is_live and not subscriber.is_lagging:
                    subscriber.push(staff_frame if subscriber.is_staff else frame)

    # --- The log ---------------------------------------------------------------------------------------------

    def wake_threadsafe(self, room_id: Hashable) -> None:
        """Call `wake` from another thread of this process."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.wake, room_id)

    def wake_all(self) -> None:
        for room_id in list(self.rooms):
            self.wake(room_id)

    def wake(self, room_id: Hashable) -> None:
        """Read the log of the room, now or (in a busy room) in one batch a moment later."""
        room = self.rooms.get(room_id)
        if room is None or room.last is None:
            return
        if room.is_pulling:
            room.must_look_again = True
            return
        room.is_pulling = True
        self._spawn(self._pull(room))

    async def _pull(self, room: Room) -> None:
        try:
            while True:
                if room.is_busy:
                    await asyncio.sleep(self.limits.batch_seconds)
                room.must_look_again = False
                assert room.last is not None  # noqa: S101 - wake() never pulls before the first snapshot
                events = await self.log.events_after(room.id, room.last, self.limits.page_events)
                if events:
                    room.deliver(events)
                if not room.must_look_again and len(events) < self.limits.page_events:
                    return
        except LogUnavailable:
            # The next tick tries again.
            logger.warning("The log of room %s cannot be read; the next tick tries again.", room.id)
        except Exception:
            logger.exception("The events of room %s could not be delivered.", room.id)
        finally:
            room.is_pulling = False

    async def _tick(self) -> None:
        """Deliver events whose notification was lost, and disconnect members who are no longer admitted."""
        count = 0
        while True:
            await asyncio.sleep(self.limits.tick_seconds)
            count += 1
            self.wake_all()
            for room_id, parts in self._aggregator.drain().items():
                self._spawn(self._publish_summaries(room_id, parts))
            if count % self.limits.admission_ticks == 0:
                self.buckets.discard_full()
                for room in list(self.rooms.values()):
                    try:
                        await self._check_admissions(room)
                    except Exception:
                        # An error in one room must not stop the ticks of the others.
                        logger.exception("Admissions to room %s could not be checked.", room.id)

    async def _check_admissions(self, room: Room) -> None:
        members = {subscriber.member for subscriber in room.subscribers}
        if not members:
            return
        try:
            staff = {subscriber.member for subscriber in room.subscribers if subscriber.is_staff}
            admitted = await self.log.still_admitted(room.id, members, staff)
        except LogUnavailable:
            return
        for subscriber in list(room.subscribers):
            if subscriber.member in members and subscriber.member not in admitted:
                subscriber.disconnect(CloseCode.NOT_ADMITTED)
