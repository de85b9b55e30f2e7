"""Who is told what of a group: a fact of each event, read from where people sat at its number."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db.models import Q

from live.enums import EventKind
from live.models import Event, GroupRound, GroupSeat
from live.queries.admission import participant_key, plain_name

# What is said in a group is for those who sit in it, and for the staff.
IN_A_GROUP = (EventKind.GROUP_SAID, EventKind.GROUP_CALLED, EventKind.GROUP_VISITED)
# Told to some more than to others. Each names its round by the event that opened it.
FOR_GROUPS = (*IN_A_GROUP, EventKind.GROUP_OPENED, EventKind.GROUP_MOVED)


def seated_at(seq: int) -> Q:
    """Seats taken as of event `seq`."""
    return Q(from_seq__lte=seq) & (Q(until_seq=None) | Q(until_seq__gt=seq))


def round_in(session_id: int, *, up_to: int | None = None) -> GroupRound | None:
    """The last time the class went into groups, as of event `up_to`."""
    rounds = GroupRound.objects.filter(session_id=session_id)
    if up_to is not None:
        rounds = rounds.filter(opened_seq__lte=up_to)
    return rounds.order_by("-opened_seq").first()


def member_facts(session_id: int, seats: Iterable[GroupSeat]) -> list[dict[str, str]]:
    return [
        {"who": participant_key(session_id, seat.user_id), "name": plain_name(seat.name)} for seat in seats
    ]


class Seating:
    """The seats that decide who is told what of some events of one room: one query, none without events of groups."""

    def __init__(self, session_id: int, events: Iterable[Event]) -> None:
        self.session_id = session_id
        wanted = Q(pk__in=[])
        asks = False
        for event in events:
            if event.kind in FOR_GROUPS:
                seats = Q(round__opened_seq=self.opening_of(event))
                if event.kind != EventKind.GROUP_OPENED:
                    seats &= Q(group__in=self._groups_of(event))
                wanted |= seats
                asks = True
        self._seats: dict[int, list[GroupSeat]] = defaultdict(list)
        if not asks:
            return
        chosen = GroupSeat.objects.filter(wanted, round__session_id=session_id)
        for seat in chosen.select_related("round").order_by("pk"):
            self._seats[seat.round.opened_seq].append(seat)

    @staticmethod
    def opening_of(event: Event) -> int:
        return event.seq if event.kind == EventKind.GROUP_OPENED else event.target or 0

    @staticmethod
    def _groups_of(event: Event) -> list[int]:
        return [group for group in (event.payload.get("group"), event.payload.get("left")) if group]

    def of(self, event: Event, group: int | None = None) -> list[GroupSeat]:
        """The seats taken as of `event`: of all groups, or of one."""
        return [
            seat
            for seat in self._seats[self.opening_of(event)]
            if seat.from_seq <= event.seq
            and (seat.until_seq is None or seat.until_seq > event.seq)
            and group in (None, seat.group)
        ]

    def told(
        self, event: Event, body: dict[str, Any], encode: Callable[[dict[str, Any]], str]
    ) -> dict[Hashable, str]:
        """What those who sit in groups are told of `event`, by login; each text is made once."""
        told: dict[Hashable, str] = {}
        if event.kind == EventKind.GROUP_OPENED:
            groups: dict[int, list[GroupSeat]] = defaultdict(list)
            for seat in self.of(event):
                groups[seat.group].append(seat)
            for group, seats in groups.items():
                text = encode({**body, "group": group, "members": member_facts(self.session_id, seats)})
                told.update(dict.fromkeys((seat.user_id for seat in seats), text))
            return told
        text = encode(body)
        for group in self._groups_of(event):
            told.update(dict.fromkeys((seat.user_id for seat in self.of(event, group)), text))
        if event.kind == EventKind.GROUP_MOVED and event.subject_id:
            members = self.of(event, event.payload["group"]) if event.payload["group"] else []
            told[event.subject_id] = encode({**body, "members": member_facts(self.session_id, members)})
        return told


def talk_open_to(user_id: int, round_: GroupRound) -> Q:
    """The events of groups that `user_id` was told while sitting in one."""
    heard = Q(seq__in=[])
    for seat in GroupSeat.objects.filter(round=round_, user_id=user_id):
        span = Q(payload__group=seat.group, seq__gte=seat.from_seq)
        heard |= span if seat.until_seq is None else span & Q(seq__lt=seat.until_seq)
    return heard & Q(kind__in=IN_A_GROUP)
