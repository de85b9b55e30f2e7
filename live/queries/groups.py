"""The groups of a class as a reader sees them, and the group lists of staff."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from live.enums import EventKind
from live.models import Event, GroupList, GroupMembership, GroupPlace, GroupRound, LiveSession, RoomEntry
from live.queries.admission import Reader, cohorts_of, enrolled_in, participant_key, person_name
from live.queries.group_memberships import (
    GROUP_MEMBERS_ONLY,
    member_facts,
    members_at,
    round_in,
    visible_messages,
)
from live.queries.log import event_body, events_of
from live.queries.people import seen_lately

# Messages of one's own group; staff see those of all groups.
GROUP_MESSAGES = 50
STAFF_MESSAGES = 150
NO_GROUPS: dict[str, Any] = {
    "round": None,
    "open": False,
    "groups": 0,
    "ends": None,
    "mine": None,
    "members": [],
    "called": [],
    "messages": [],
}


def open_round_in(session_id: int) -> GroupRound | None:
    return GroupRound.objects.filter(session_id=session_id, closed_seq=None).first()


def membership_of(user_id: int, round_: GroupRound, *, at: int | None = None) -> GroupMembership | None:
    """The membership of `user_id` now, or as of event `at`."""
    memberships = GroupMembership.objects.filter(round=round_, user_id=user_id)
    return memberships.filter(Q(until_seq=None) if at is None else members_at(at)).first()


def groups_that_call(round_: GroupRound, *, up_to: int | None = None) -> dict[int, Event]:
    """Open calls for an instructor, by group."""
    events = Event.objects.filter(
        session_id=round_.session_id,
        kind__in=(EventKind.GROUP_CALLED, EventKind.GROUP_VISITED),
        target=round_.opened_seq,
    )
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    calls: dict[int, Event] = {}
    for event in events.order_by("seq"):
        if event.kind == EventKind.GROUP_CALLED:
            calls[event.payload["group"]] = event
        else:
            calls.pop(event.payload["group"], None)
    return calls


def groups_shown(reader: Reader) -> dict[str, Any]:
    """The last groups of the class as this reader sees them, without messages of other groups."""
    session = reader.session
    round_ = round_in(session.pk, up_to=session.seq)
    if round_ is None:
        return NO_GROUPS
    membership = None if reader.is_staff else membership_of(reader.user.pk, round_, at=session.seq)
    members = (
        GroupMembership.objects.filter(members_at(session.seq), round=round_, group=membership.group)
        if membership
        else ()
    )
    called = sorted(groups_that_call(round_, up_to=session.seq))
    return {
        "round": round_.opened_seq,
        "open": round_.closed_seq is None or round_.closed_seq > session.seq,
        "groups": round_.groups,
        "ends": round_.ends_at.isoformat(timespec="milliseconds") if round_.ends_at else None,
        "mine": membership.group if membership else None,
        "members": member_facts(session.pk, members),
        "called": called
        if reader.is_staff
        else [membership.group]
        if membership and membership.group in called
        else [],
        "messages": _messages_shown(reader, round_),
    }


def _messages_shown(reader: Reader, round_: GroupRound) -> list[dict[str, Any]]:
    talk = events_of(round_.session_id).filter(target=round_.opened_seq, seq__lte=reader.session.seq)
    if reader.is_staff:
        heard = talk.filter(kind__in=(*GROUP_MEMBERS_ONLY, EventKind.GROUP_ANNOUNCED))
    else:
        in_a_group = visible_messages(reader.user.pk, round_)
        heard = talk.filter(in_a_group | Q(kind=EventKind.GROUP_ANNOUNCED))
    last = heard.order_by("-seq")[: STAFF_MESSAGES if reader.is_staff else GROUP_MESSAGES]
    return [event_body(event, was_removed=event.was_removed) for event in reversed(last)]


# --- For staff -------------------------------------------------------------------------------------------------


def trainees_with_login(session: LiveSession) -> QuerySet[User]:
    """Trainees who can be put into groups, by name."""
    enrolled = enrolled_in(session)
    return (
        User.objects.filter(person__enrollments__in=enrolled, is_active=True)
        .select_related("person")
        .order_by("person__folded_name", "pk")
        .distinct()
    )


def here_now(session_id: int) -> set[int]:
    """The logins that are in the room."""
    return set(RoomEntry.objects.filter(seen_lately(), session_id=session_id).values_list("user", flat=True))


def group_lists_of(session: LiveSession) -> QuerySet[GroupList]:
    """The lists of the class's cohort and of those that share its room, the newest first."""
    return GroupList.objects.filter(cohort__in=cohorts_of(session.pk)).order_by("-pk")


def group_desk_of(session: LiveSession, *, chosen: int | None = None) -> dict[str, Any]:
    """The data of the staff's page: the lists, and everyone with their group in list `chosen` (else the newest).

    While groups are open, `seat` is each one's current group. A fixed number of queries.
    """
    lists = list(group_lists_of(session))
    shown = next((one for one in lists if one.pk == chosen), lists[0] if lists else None)
    places = dict(GroupPlace.objects.filter(list=shown).values_list("user", "group")) if shown else {}
    memberships = dict(
        GroupMembership.objects.filter(
            round__session=session, round__closed_seq=None, until_seq=None
        ).values_list("user", "group")
    )
    here = here_now(session.pk)
    return {
        "lists": [{"list": one.pk, "name": one.name, "groups": one.groups} for one in lists],
        "chosen": shown.pk if shown else None,
        "people": [
            {
                "who": participant_key(session.pk, user.pk),
                "name": person_name(user),
                "here": user.pk in here,
                "place": places.get(user.pk),
                "seat": memberships.get(user.pk),
            }
            for user in trainees_with_login(session)
        ],
    }
