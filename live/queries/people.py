"""The people of a room: in the lobby, in the room, co-instructors."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import RoleName
from accounts.folding import fold_arabic
from accounts.models import Membership, User
from live.enums import EventKind
from live.models import Event, Host, LiveSession, RoomEntry
from live.queries.admission import (
    NOT_OF_THE_STAFF,
    Reader,
    cohorts_of,
    enrolled_in,
    participant_key,
    person_name,
    removed_from,
)
from live.queries.chat import muted_in
from live.queries.hands import hands_up

# Two heartbeats may be lost before a person is no longer counted.
HERE_SECONDS = 40
ROSTER_PAGE = 50
LOBBY = (EventKind.LOBBY_WAITING, EventKind.LOBBY_ADMITTED)


# --- Lobby -----------------------------------------------------------------------------------------------


def has_entered(session_id: int, user_id: int) -> bool:
    return RoomEntry.objects.filter(session_id=session_id, user_id=user_id).exists()


def is_let_in(session_id: int, user_id: int) -> bool:
    """Whether staff admitted this person, alone or with everyone who waited, after they came to the lobby."""
    events = Event.objects.filter(session_id=session_id)
    waiting = events.filter(kind=EventKind.LOBBY_WAITING, subject_id=user_id).order_by("seq").first()
    if waiting is None:
        return False
    return events.filter(
        Q(subject_id=user_id) | Q(subject=None), kind=EventKind.LOBBY_ADMITTED, seq__gt=waiting.seq
    ).exists()


def waiting_in(session_id: int, *, up_to: int | None = None) -> list[Event]:
    """People in the lobby, in order of arrival, each by the event of arrival."""
    events = Event.objects.filter(session_id=session_id, kind__in=LOBBY)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    all_let_in = events.filter(subject=None).order_by("-seq").first()
    if all_let_in is not None:
        events = events.filter(seq__gt=all_let_in.seq)
    came_in = RoomEntry.objects.filter(session_id=session_id, user=OuterRef("subject"))
    last_of_each = (
        events.exclude(subject=None)
        .exclude(Exists(came_in))
        .order_by("subject_id", "-seq")
        .distinct("subject_id")
    )
    waiting = [event for event in last_of_each if event.kind == EventKind.LOBBY_WAITING]
    return sorted(waiting, key=lambda event: event.seq)


def lobby_shown(reader: Reader) -> list[dict[str, Any]]:
    if not reader.is_staff:
        return []
    return [
        {"seq": event.seq, "who": reader.key_of(event.subject_id), "name": event.name}
        for event in waiting_in(reader.session.pk, up_to=reader.session.seq)
        if event.subject_id
    ]


# --- In the room ---------------------------------------------------------------------------------------------------


def seen_lately() -> Q:
    return Q(seen_at__gte=timezone.now() - dt.timedelta(seconds=HERE_SECONDS))


def here_count(session_id: int) -> int:
    return RoomEntry.objects.filter(seen_lately(), session_id=session_id).count()


def here_shown(reader: Reader) -> int:
    return here_count(reader.session.pk)


def people_of(session: LiveSession) -> QuerySet[User]:
    """Every login of the room: the trainees of its cohorts, staff who entered, and co-instructors."""
    trainees = User.objects.filter(person__enrollments__cohort__in=cohorts_of(session.pk))
    entered = RoomEntry.objects.filter(session=session)
    return User.objects.filter(
        Q(pk__in=trainees.values("pk"))
        | Q(pk__in=entered.values("user"))
        | Q(pk__in=Host.objects.filter(session=session).values("user"))
    )


def user_of_key(session: LiveSession, key: str, users: QuerySet[User]) -> User | None:
    """Find the user of a room's key. Keys cannot be reversed, so all of `users` (one class) are tried."""
    for user_id in users.values_list("pk", flat=True):
        if participant_key(session.pk, user_id) == key:
            return User.objects.select_related("person").get(pk=user_id)
    return None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of the roster."""

    who: str
    name: str
    is_staff: bool
    is_host: bool
    is_here: bool
    has_hand_up: bool
    is_muted: bool
    is_removed: bool


def roster_of(session: LiveSession, *, search: str = "", page: int = 1) -> tuple[list[RosterRow], Page]:
    """A page of the room's people, present ones first, then by name; a fixed number of queries."""
    entry = RoomEntry.objects.filter(session=session, user=OuterRef("pk"))
    enrolled = enrolled_in(session).filter(person__user=OuterRef("pk"))
    people = (
        people_of(session)
        .select_related("person")
        .annotate(
            is_here=Exists(entry.filter(seen_lately())),
            is_trainee=Exists(enrolled),
            is_host=Exists(Host.objects.filter(session=session, user=OuterRef("pk"))),
        )
        .order_by("-is_here", "person__folded_name", "display_name", "pk")
    )
    if search.strip():
        people = people.filter(
            Q(person__folded_name__contains=fold_arabic(search)) | Q(display_name__icontains=search.strip())
        )
    shown = Paginator(people, ROSTER_PAGE).get_page(page)
    hands = {hand.user_id for hand in hands_up(session.pk)}
    muted = muted_in(session.pk)
    users: list[Any] = list(shown.object_list)
    removed = removed_from(session.pk, [user.pk for user in users])
    roster_rows = [
        RosterRow(
            who=participant_key(session.pk, user.pk),
            name=person_name(user),
            is_staff=not user.is_trainee,
            is_host=user.is_host,
            is_here=user.is_here,
            has_hand_up=user.pk in hands,
            is_muted=user.pk in muted,
            is_removed=user.pk in removed,
        )
        for user in users
    ]
    return roster_rows, shown


# --- Co-instructors ------------------------------------------------------------------------------------------------


def host_candidates(session: LiveSession, *, search: str = "") -> QuerySet[User]:
    """Staff of the class's center who may not teach it already, by name."""
    meeting = session.class_session
    here = Membership.objects.current().filter(center=meeting.cohort.center)
    staff = here.exclude(role__in=NOT_OF_THE_STAFF)
    people = (
        User.objects.filter(pk__in=staff.values("user"), is_active=True)
        .exclude(pk__in=here.filter(role=RoleName.INSTRUCTOR).values("user"))
        .exclude(pk__in=meeting.cohort.instructors.values("pk"))
        .exclude(pk=meeting.instructor_id or 0)
        .exclude(person__enrollments__cohort=meeting.cohort)
        .exclude(pk__in=Host.objects.filter(session=session).values("user"))
        .select_related("person")
        .order_by("person__folded_name", "display_name", "pk")
    )
    if search.strip():
        people = people.filter(
            Q(person__folded_name__contains=fold_arabic(search)) | Q(display_name__icontains=search.strip())
        )
    return people
