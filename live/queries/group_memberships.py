"""The recipients of group events: computed for each event from the members of groups at its number."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db.models import Q

from live.enums import EventKind
from live.models import Event, GroupMembership, GroupRound
from live.queries.admission import participant_key, plain_name

# Events only for the members of a group and for staff.
GROUP_MEMBERS_ONLY = (EventKind.GROUP_SAID, EventKind.GROUP_CALLED, EventKind.GROUP_VISITED)
# Events with more detail for some recipients. Each names its round by the event that opened it.
FOR_GROUPS = (*GROUP_MEMBERS_ONLY, EventKind.GROUP_OPENED, EventKind.GROUP_MOVED)


def members_at(seq: int) -> Q:
    """Group memberships as of event `seq`."""
    return Q(from_seq__lte=seq) & (Q(until_seq=None) | Q(until_seq__gt=seq))


def round_in(session_id: int, *, up_to: int | None = None) -> GroupRound | None:
    """The last round of groups, as of event `up_to`."""
    rounds = GroupRound.objects.filter(session_id=session_id)
    if up_to is not None:
        rounds = rounds.filter(opened_seq__lte=up_to)
    return rounds.order_by("-opened_seq").first()


def member_facts(session_id: int, memberships: Iterable[GroupMembership]) -> list[dict[str, str]]:
    return [
        {"who": participant_key(session_id, membership.user_id), "name": plain_name(membership.name)}
        for membership in memberships
    ]


class GroupRecipients:
    """The memberships that decide the recipients of some events of one room: one query, none without group events."""

    def __init__(self, session_id: int, events: Iterable[Event]) -> None:
        self.session_id = session_id
        wanted = Q(pk__in=[])
        asks = False
        for event in events:
            if event.kind in FOR_GROUPS:
                memberships = Q(round__opened_seq=self.opening_of(event))
                if event.kind != EventKind.GROUP_OPENED:
                    memberships &= Q(group__in=self._groups_of(event))
                wanted |= memberships
                asks = True
        self._memberships: dict[int, list[GroupMembership]] = defaultdict(list)
        if not asks:
            return
        chosen = GroupMembership.objects.filter(wanted, round__session_id=session_id)
        for membership in chosen.select_related("round").order_by("pk"):
            self._memberships[membership.round.opened_seq].append(membership)

    @staticmethod
    def opening_of(event: Event) -> int:
        return event.seq if event.kind == EventKind.GROUP_OPENED else event.target or 0

    @staticmethod
    def _groups_of(event: Event) -> list[int]:
        return [group for group in (event.payload.get("group"), event.payload.get("left")) if group]

    def of(self, event: Event, group: int | None = None) -> list[GroupMembership]:
        """The memberships as of `event`: of all groups, or of one."""
        return [
            membership
            for membership in self._memberships[self.opening_of(event)]
            if membership.from_seq <= event.seq
            and (membership.until_seq is None or membership.until_seq > event.seq)
            and group in (None, membership.group)
        ]

    def private_texts(
        self, event: Event, body: dict[str, Any], encode: Callable[[dict[str, Any]], str]
    ) -> dict[Hashable, str]:
        """The texts of `event` for members of groups, by login; each text is encoded once."""
        private_texts: dict[Hashable, str] = {}
        if event.kind == EventKind.GROUP_OPENED:
            groups: dict[int, list[GroupMembership]] = defaultdict(list)
            for membership in self.of(event):
                groups[membership.group].append(membership)
            for group, memberships in groups.items():
                text = encode({**body, "group": group, "members": member_facts(self.session_id, memberships)})
                private_texts.update(dict.fromkeys((membership.user_id for membership in memberships), text))
            return private_texts
        text = encode(body)
        for group in self._groups_of(event):
            private_texts.update(
                dict.fromkeys((membership.user_id for membership in self.of(event, group)), text)
            )
        if event.kind == EventKind.GROUP_MOVED and event.subject_id:
            members = self.of(event, event.payload["group"]) if event.payload["group"] else []
            private_texts[event.subject_id] = encode(
                {**body, "members": member_facts(self.session_id, members)}
            )
        return private_texts


def visible_messages(user_id: int, round_: GroupRound) -> Q:
    """The group events that `user_id` received as a member."""
    heard = Q(seq__in=[])
    for membership in GroupMembership.objects.filter(round=round_, user_id=user_id):
        span = Q(payload__group=membership.group, seq__gte=membership.from_seq)
        heard |= span if membership.until_seq is None else span & Q(seq__lt=membership.until_seq)
    return heard & Q(kind__in=GROUP_MEMBERS_ONLY)
