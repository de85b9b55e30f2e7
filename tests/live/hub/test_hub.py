"""The fan-out engine by itself: no Django, no database."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Hashable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from live.hub import CloseCode, Hub, Limits, LocalNotifier, LoggedEvent, Summary, TokenBuckets
from live.hub.buckets import Rate
from tests.waiting import becomes_true

ROOM = 7
LIMITS = Limits(tick_seconds=0.05, batch_seconds=0.02)


class MemoryLog:
    """A log in memory; `admitted` None lets everyone stay, and `staff` None leaves everyone what they are."""

    def __init__(self) -> None:
        self.events: list[LoggedEvent] = []
        self.admitted: set[Hashable] | None = None
        self.staff: set[Hashable] | None = None
        self.reads = 0

    def add(self, count: int = 1, **facts: Any) -> None:
        for _ in range(count):
            seq = len(self.events) + 1
            self.events.append(LoggedEvent(seq=seq, text=json.dumps({"seq": seq}), **facts))

    async def events_after(self, room_id: Hashable, seq: int, limit: int) -> list[LoggedEvent]:
        self.reads += 1
        await asyncio.sleep(0)
        return self.events[seq : seq + limit]

    async def still_admitted(
        self, room_id: Hashable, members: Collection[Hashable], staff: Collection[Hashable]
    ) -> Collection[Hashable]:
        replaced = set(staff) - self.staff if self.staff is not None else set()
        return set(members if self.admitted is None else set(members) & self.admitted) - replaced


class Peer:
    """What a server's `send` would be given. While `gate` is closed it suspends, as a full transport does."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.code: CloseCode | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, frame: dict[str, Any]) -> None:
        if not self.gate.is_set():
            await self.gate.wait()
        self.frames.append(frame)

    async def close(self, code: CloseCode) -> None:
        self.code = code

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for frame in self.frames for event in json.loads(frame["text"])["events"]]

    @property
    def seqs(self) -> list[int]:
        return [event["seq"] for event in self.events]


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
async def hub(log: MemoryLog) -> AsyncIterator[Hub]:
    hub = Hub(log=log, notifier=LocalNotifier(), limits=LIMITS)
    yield hub
    await hub.stop()


async def listening(
    hub: Hub,
    peer: Peer,
    *,
    member: Hashable = 1,
    after: int = 0,
    snapshot: int = 0,
    is_staff: bool = False,
):
    subscriber = hub.join(ROOM, member=member, send=peer.send, on_close=peer.close, is_staff=is_staff)
    await hub.replay(subscriber, after=after, snapshot=snapshot)
    return subscriber


async def test_everyone_is_sent_the_very_same_frame(hub, log):
    peers = [Peer() for _ in range(3)]
    for number, peer in enumerate(peers):
        await listening(hub, peer, member=number)

    log.add()
    hub.wake(ROOM)
    await becomes_true(lambda: all(peer.frames for peer in peers))

    assert len({id(peer.frames[0]) for peer in peers}) == 1


async def test_staff_receive_more_of_an_event_and_everyone_gets_its_number(hub, log):
    trainee, instructor, late = Peer(), Peer(), Peer()
    await listening(hub, trainee, member=1)
    await listening(hub, instructor, member=2, is_staff=True)

    log.add()
    log.add(staff_text='{"seq": 2, "text": "between us"}')
    hub.wake(ROOM)
    await becomes_true(lambda: trainee.seqs == instructor.seqs == [1, 2])
    await listening(hub, late, member=3, is_staff=True)
    await becomes_true(lambda: late.seqs == [1, 2])

    assert trainee.events == [{"seq": 1}, {"seq": 2}]
    assert instructor.events == late.events == [{"seq": 1}, {"seq": 2, "text": "between us"}]


async def test_an_ephemeral_event_reaches_only_sockets_that_keep_up(hub, log):
    quick, stalled = Peer(), Peer()
    await listening(hub, quick, member=1)
    await listening(hub, stalled, member=2)
    stalled.gate.clear()
    log.add()
    hub.wake(ROOM)
    await becomes_true(lambda: quick.seqs == [1])

    hub.publish(ROOM, '{"type":"passing"}')
    stalled.gate.set()
    await becomes_true(lambda: bool(stalled.frames))

    assert quick.frames[-1]["text"] == '{"type":"passing"}'
    assert stalled.seqs == [1]


async def test_small_messages_are_aggregated_and_sent_once_a_tick(log):
    async def summarize(room_id: Hashable, parts: Mapping[str, int]) -> list[Summary]:
        return [Summary(json.dumps(parts), staff_text=json.dumps({**parts, "staff": True}))]

    hub = Hub(log=log, notifier=LocalNotifier(), limits=LIMITS, summarize=summarize)
    trainee, instructor = Peer(), Peer()
    await listening(hub, trainee, member=1)
    await listening(hub, instructor, member=2, is_staff=True)

    for part in ("a", "b", "a"):
        hub.aggregate(ROOM, part)
    hub.receive(ROOM, "+a")
    hub.aggregate(ROOM + 1, "elsewhere")
    await becomes_true(lambda: bool(trainee.frames and instructor.frames))
    await hub.stop()

    assert [json.loads(frame["text"]) for frame in trainee.frames] == [{"a": 3, "b": 1}]
    assert [json.loads(frame["text"]) for frame in instructor.frames] == [{"a": 3, "b": 1, "staff": True}]


async def test_events_written_during_a_replay_come_once_and_in_order(hub, log):
    log.add(450)
    early = Peer()
    await listening(hub, early, member=1, after=450, snapshot=450)
    late = Peer()

    replaying = asyncio.create_task(listening(hub, late, member=2, after=0, snapshot=450))
    for _ in range(60):
        log.add()
        hub.wake(ROOM)
        await asyncio.sleep(0)
    await replaying
    await becomes_true(lambda: bool(early.seqs and late.seqs) and early.seqs[-1] == late.seqs[-1] == 510)

    assert late.seqs == list(range(1, 511))
    assert early.seqs == list(range(451, 511))


async def test_without_a_notification_the_tick_finds_new_events(hub, log):
    peer = Peer()
    await listening(hub, peer)

    log.add(3)
    await becomes_true(lambda: peer.seqs == [1, 2, 3])

    assert peer.seqs == [1, 2, 3]


async def test_a_mass_reconnect_is_served_without_asking_the_log_for_each(hub, log):
    first = Peer()
    await listening(hub, first)
    log.add(300)
    hub.wake(ROOM)
    await becomes_true(lambda: first.seqs[-1:] == [300])
    before = log.reads

    peers = [Peer() for _ in range(50)]
    for number, peer in enumerate(peers):
        await listening(hub, peer, member=100 + number, after=200, snapshot=300)

    assert all(peer.seqs == list(range(201, 301)) for peer in peers)
    assert log.reads - before <= 3


async def test_a_busy_room_is_sent_in_batches(hub, log):
    peer = Peer()
    await listening(hub, peer)

    for _ in range(100):
        log.add()
        hub.wake(ROOM)
        await asyncio.sleep(0.001)
    await becomes_true(lambda: peer.seqs[-1:] == [100])

    assert peer.seqs == list(range(1, 101))
    assert len(peer.frames) < 40


async def test_a_removed_message_is_not_replayed_from_the_buffer(hub, log):
    early, late = Peer(), Peer()
    await listening(hub, early, member=1)
    log.add(2)
    hub.wake(ROOM)
    await becomes_true(lambda: early.seqs == [1, 2])
    log.add(hides=LoggedEvent(seq=1, text=json.dumps({"seq": 1, "removed": True})))
    hub.wake(ROOM)
    await becomes_true(lambda: early.seqs == [1, 2, 3])

    await listening(hub, late, member=2, after=0, snapshot=3)

    assert json.loads(late.frames[0]["text"])["events"][0] == {"seq": 1, "removed": True}


async def test_members_of_a_group_share_a_frame_that_others_do_not_get(hub, log):
    """Live, in one batch with events for all, and again in a replay."""
    peers = {member: Peer() for member in range(1, 6)}
    for member, peer in peers.items():
        await listening(hub, peer, member=member, is_staff=member == 5)
    of_two = json.dumps({"seq": 1, "text": "for two"})
    of_one = json.dumps({"seq": 2, "text": "for one"})

    log.add(private_texts={1: of_two, 2: of_two}, staff_text=of_two)
    log.add(private_texts={3: of_one})
    log.add()
    hub.wake(ROOM)
    await becomes_true(lambda: all(peer.seqs == [1, 2, 3] for peer in peers.values()))
    late = {member: Peer() for member in (2, 4)}
    for member, peer in late.items():
        await listening(hub, peer, member=member, snapshot=3)

    told = {member: [event.get("text") for event in peer.events] for member, peer in peers.items()}
    assert told[1] == told[2] == ["for two", None, None]
    assert told[3] == [None, "for one", None]
    assert told[4] == [None, None, None]
    assert told[5] == ["for two", None, None]
    assert peers[1].frames[0] is peers[2].frames[0]
    assert [event.get("text") for event in late[2].events] == told[2]
    assert [event.get("text") for event in late[4].events] == told[4]


async def test_a_peer_that_reads_nothing_is_disconnected_within_its_limit(hub, log):
    stalled, quick = Peer(), Peer()
    slow = await listening(hub, stalled, member=1)
    fast = await listening(hub, quick, member=2)
    stalled.gate.clear()

    for _ in range(8):
        log.add(100)
        hub.wake(ROOM)
        await becomes_true(lambda: quick.seqs[-1:] == [len(log.events)])
        fast.confirm(len(log.events))
    await becomes_true(lambda: stalled.code is not None)

    assert stalled.code is CloseCode.SLOW
    assert slow.unconfirmed[0] <= LIMITS.unconfirmed_events + LIMITS.page_events
    assert quick.code is None


async def test_a_peer_is_cut_by_bytes_before_it_owes_many_events(log):
    hub = Hub(log=log, notifier=LocalNotifier(), limits=replace(LIMITS, unconfirmed_bytes=1_000))
    stalled = Peer()
    slow = await listening(hub, stalled)
    stalled.gate.clear()

    for _ in range(3):
        log.events.append(LoggedEvent(seq=len(log.events) + 1, text=json.dumps({"text": "x" * 600})))
        hub.wake(ROOM)
        await becomes_true(lambda: stalled.code is not None or slow.after == len(log.events))
    await becomes_true(lambda: stalled.code is not None)

    assert stalled.code is CloseCode.SLOW
    assert slow.unconfirmed[0] <= 2
    await hub.stop()


async def test_a_peer_that_confirms_is_never_cut(hub, log):
    peer = Peer()
    subscriber = await listening(hub, peer)

    for _ in range(20):
        log.add(100)
        hub.wake(ROOM)
        await becomes_true(lambda: peer.seqs[-1:] == [len(log.events)])
        subscriber.confirm(len(log.events))

    assert (peer.code, subscriber.unconfirmed) == (None, (0, 0))


async def test_a_member_who_is_no_longer_admitted_is_disconnected(hub, log):
    stays, goes = Peer(), Peer()
    await listening(hub, stays, member=1)
    await listening(hub, goes, member=2)

    log.admitted = {1}
    await becomes_true(lambda: goes.code is not None)

    assert (stays.code, goes.code) == (None, CloseCode.NOT_ADMITTED)


async def test_who_is_no_longer_of_the_staff_loses_the_socket_of_the_staff(hub, log):
    stays, replaced = Peer(), Peer()
    await listening(hub, stays, member=1, is_staff=True)
    await listening(hub, replaced, member=2, is_staff=True)

    log.staff = {1}
    await becomes_true(lambda: replaced.code is not None)

    assert (stays.code, replaced.code) == (None, CloseCode.NOT_ADMITTED)


async def test_the_end_of_a_room_is_delivered_before_its_sockets_close(hub, log):
    peer = Peer()
    await listening(hub, peer)

    log.add(ends=True)
    hub.wake(ROOM)
    await becomes_true(lambda: peer.code is not None)

    assert (peer.seqs, peer.code) == ([1], CloseCode.ENDED)


async def test_an_empty_room_is_forgotten(hub):
    subscriber = await listening(hub, Peer())

    hub.leave(subscriber)

    assert hub.rooms == {}


def test_a_bucket_gives_its_burst_and_then_one_at_a_time():
    now = 100.0
    buckets = TokenBuckets(clock=lambda: now)
    rate = Rate(burst=3, seconds=2.0)

    first = [buckets.consume("member", rate) for _ in range(4)]
    now += 2.0
    later = [buckets.consume("member", rate) for _ in range(2)]

    assert first == [0.0, 0.0, 0.0, 2.0]
    assert later == [0.0, 2.0]
