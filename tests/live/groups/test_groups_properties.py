"""Property: in any sequence of steps, no one receives a group event of a group they were not in at that event."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from live.enums import EventKind
from live.hub import Hub, LocalNotifier, LoggedEvent
from live.queries.group_memberships import GROUP_MEMBERS_ONLY
from live.queries.log import logged_events_after
from live.services.chat import remove_message
from live.services.group_talk import call_to_group, visit_group
from live.services.groups import close_groups
from tests.factories.live import OpenLiveSessionFactory
from tests.live.conftest import enrolled, instructor_of
from tests.live.groups.grouping import moved, opened, said
from tests.live.hub.test_hub import LIMITS, ROOM, MemoryLog, Peer
from tests.waiting import becomes_true

PEOPLE, GROUPS = 4, 3
# Every socket of a person stays open, and most of a replay is read from the log.
MANY_SOCKETS = replace(LIMITS, sockets_per_member=100, ring_events=3)
# An example is a class in a database: reading one is quicker than having a smaller one found.
PHASES = (Phase.reuse, Phase.generate)
who, where = st.integers(0, PEOPLE - 1), st.integers(1, GROUPS)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), who, st.none()),
        st.tuples(st.just("move"), who, st.one_of(st.none(), where)),
        st.tuples(st.just("call"), who, st.none()),
        st.tuples(st.just("visit"), st.none(), where),
        st.tuples(st.just("remove"), who, st.none()),
        st.tuples(st.just("round"), who, where),
        # A socket of that person, which has everything up to so many events before the last.
        st.tuples(st.just("join"), who, st.integers(0, 12)),
    ),
    max_size=25,
)


class World:
    """A class, what its log delivered after each step, and the groups of everyone at each event."""

    def __init__(self) -> None:
        self.session = OpenLiveSessionFactory()
        self.instructor = instructor_of(self.session)
        self.users = [enrolled(self.session) for _ in range(PEOPLE)]
        self.seat: dict[int, int | None] = dict.fromkeys(range(PEOPLE))
        self.seats_at: dict[int, dict[int, int | None]] = {0: {}}
        self.group_of: dict[int, int | None] = {}
        self.last_said: dict[int, int] = {}
        self.script: list[list[LoggedEvent] | tuple[int, int, list[LoggedEvent]]] = []
        self.last = 0

    def open(self, first: int, group: int) -> None:
        """Open groups: everyone but `first` is placed from `group` on."""
        groups: list[list[Any]] = [[] for _ in range(GROUPS)]
        self.seat = dict.fromkeys(range(PEOPLE))
        for person in range(PEOPLE):
            if person != first:
                self.seat[person] = (group + person) % GROUPS + 1
                groups[self.seat[person] - 1].append(self.users[person])
        opened(self.session, self.instructor, *groups)

    def take(self, kind: str, person: int, value: int) -> None:
        verb = {"session_id": self.session.pk}
        if kind == "join":
            self.join(person, max(0, self.last - value))
        elif kind == "say" and self.seat[person]:
            self.last_said[person] = said(self.session, self.users[person])
        elif kind == "call" and self.seat[person]:
            call_to_group(**verb, by=self.users[person])
        elif kind == "move":
            moved(self.session, self.instructor, self.users[person], value)
            self.seat[person] = value
        elif kind == "visit":
            visit_group(**verb, by=self.instructor, group=value)
        elif kind == "remove" and person in self.last_said:
            remove_message(**verb, by=self.instructor, seq=self.last_said[person])
        elif kind == "round":
            close_groups(**verb, by=self.instructor)
            self.record()
            self.open(person, value)
        self.record()

    def join(self, person: int, after: int) -> None:
        # The log as it would be read at this moment.
        self.script.append((person, after, logged_events_after(self.session.pk, 0, 1000)))

    def record(self) -> None:
        fresh = logged_events_after(self.session.pk, self.last, 100)
        for event in fresh:
            self.seats_at[event.seq] = dict(self.seat)
            self.group_of[event.seq] = json.loads(event.text_for(None, is_staff=True)).get("group")
        if fresh:
            self.last = fresh[-1].seq
            self.script.append(fresh)

    async def play(self) -> list[tuple[int, Peer]]:
        """Run the script over a real hub; give the sockets with the person of each."""
        log, peers = MemoryLog(), []
        hub = Hub(log=log, notifier=LocalNotifier(), limits=MANY_SOCKETS)
        for step in self.script:
            if isinstance(step, list):
                log.events += step
                hub.wake(ROOM)
                await becomes_true(lambda: ROOM not in hub.rooms or hub.rooms[ROOM].last == len(log.events))
            else:
                person, after, log.events = step
                peer = Peer()
                subscriber = hub.join(ROOM, member=self.users[person].pk, send=peer.send, on_close=peer.close)
                await hub.replay(subscriber, after=after, snapshot=len(log.events))
                peers.append((person, peer))
        await hub.stop()
        return peers


def groups_told(event: dict[str, Any]) -> set[int]:
    """The groups that a body reveals something of."""
    return {event[field] for field in ("group", "left") if event.get(field)}


@pytest.mark.engines("each example is a class in the database, and its leak is found by many")
@pytest.mark.django_db
@settings(phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_no_one_receives_messages_of_a_group_they_were_not_in(plan):
    with transaction.atomic():
        world = World()
        world.open(0, 0)
        world.record()
        # One socket of everyone from the beginning, in addition to later ones.
        for person in range(PEOPLE):
            world.join(person, 0)
        for step in plan:
            world.take(*step)
        transaction.set_rollback(True)

    peers = asyncio.run(world.play())

    for person, peer in peers:
        assert peer.seqs == list(range(world.last + 1))[-len(peer.seqs) :] or not peer.seqs
        for event in peer.events:
            seq, kind, private_texts = event["seq"], event["kind"], groups_told(event)
            mine, before = world.seats_at[seq].get(person), world.seats_at[seq - 1].get(person)
            if kind == EventKind.GROUP_MOVED:
                assert not private_texts or private_texts & {mine, before}
            elif kind == EventKind.GROUP_OPENED:
                assert private_texts == {mine} - {None}
            elif kind in GROUP_MEMBERS_ONLY:
                assert private_texts == {mine} & {world.group_of[seq]} - {None}
                assert ("by" in event) == bool(private_texts)
