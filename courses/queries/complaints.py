"""Complaints as their reader may see them: with whom each is now, whose work it is, and what a person may complain about."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Act, ContactKind, MembershipScope, RoleName
from accounts.models import Center, Contact, Deputy, Membership, Person, User
from accounts.scoping import fenced, may_everywhere, memberships_of_all_with, memberships_with
from accounts.scoping.hands import done_for, hands_shown, people_shown
from accounts.services.personal_data import Row, register_personal_data
from courses.enums import (
    ComplaintEventKind,
    ComplaintKind,
    ComplaintLevel,
    ComplaintState,
)
from courses.models import (
    ClassSession,
    Cohort,
    Complaint,
    ComplaintEvent,
    Enrollment,
    FormerInstructor,
    HiddenComplaint,
    MutedTrainee,
)
from courses.queries.holidays import working_days
from courses.queries.timetable import teachers_of

LEVEL_OF_SCOPE = {
    MembershipScope.CENTER: ComplaintLevel.CENTER,
    MembershipScope.GOVERNORATE: ComplaintLevel.GOVERNORATE,
    MembershipScope.MINISTRY: ComplaintLevel.MINISTRY,
}
# What a citizen reads of their own complaint.
TOLD = (
    ComplaintEventKind.FILED,
    ComplaintEventKind.ASKED,
    ComplaintEventKind.REPLIED,
    ComplaintEventKind.CLOSED,
    ComplaintEventKind.REOPENED,
)
# So long after its end a complaint may be about it.
MUTED_LATELY = dt.timedelta(days=30)
# On the page of one complaint.
MOST_MUTES = 5
# A complaint about a member of staff who is not named may be about the manager, too.
ABOUT_THE_MANAGER = Q(kind=ComplaintKind.CENTER) | Q(kind=ComplaintKind.STAFF, staff=None)


# Who sees it


def hidden_from(user: User) -> Q:
    """Complaints of which `user` sees nothing, whatever role they hold: those about them, and their own. So of one whose deputy they are.

    Those who were named when it was made are rows; who teaches there or manages the center since is asked today.
    """
    hands = hands_shown(user)
    named = Exists(HiddenComplaint.objects.filter(complaint=OuterRef("pk"), user__in=hands))
    teaches = (
        Q(cohort__in=Cohort.instructors.through.objects.filter(user__in=hands).values("cohort"))
        | Q(cohort__in=ClassSession.objects.filter(instructor__in=hands).order_by().values("cohort"))
        | Q(cohort__in=FormerInstructor.objects.filter(instructor__in=hands).order_by().values("cohort"))
    )
    managed = Membership.objects.current().filter(
        user__in=hands, role=RoleName.CENTER_MANAGER, scope=MembershipScope.CENTER
    )
    hidden = (
        named | Q(staff__in=hands) | teaches | (ABOUT_THE_MANAGER & Q(center__in=managed.values("center")))
    )
    people = people_shown(user)
    return hidden | Q(person__in=people) | Q(staff__person__in=people)


def visible_to(rows: QuerySet[Complaint], user: User) -> QuerySet[Complaint]:
    """Of rows inside the fence, those that are not hidden from `user`."""
    return rows.exclude(Q(pk__in=Complaint.objects.filter(hidden_from(user)).order_by().values("pk")))


# Of apps above: the keys of the logins who decided about certificates of a person.
type Deciders = Callable[[Person], set[int]]
_DECIDERS: list[Deciders] = []


def register_deciders(deciders: Deciders) -> Deciders:
    """A complaint about a decision is hidden from these, too. A decorator for apps above."""
    _DECIDERS.append(deciders)
    return deciders


def accused_by(
    *, kind: str, cohort: Cohort | None, staff: User | None, center: Center | None, person: Person | None
) -> set[int]:
    """Keys of the logins that a complaint of `person` is about."""
    accused = teachers_of(cohort) if cohort else set()
    if person is not None:
        accused |= _silenced_by(person, center)
        if kind == ComplaintKind.DECISION:
            accused |= {login for deciders in _DECIDERS for login in deciders(person)}
    if staff is not None:
        same = Q(pk=staff.pk) | (Q(person=staff.person_id) if staff.person_id else Q())
        accused |= set(User.objects.filter(same).values_list("pk", flat=True))
    is_about_manager = kind == ComplaintKind.CENTER or (kind == ComplaintKind.STAFF and staff is None)
    if center is not None and is_about_manager:
        managers = Membership.objects.current().filter(
            role=RoleName.CENTER_MANAGER, scope=MembershipScope.CENTER, center=center
        )
        accused |= set(managers.values_list("user", flat=True))
    # What a deputy does is the lender's doing.
    lent = Deputy.objects.current().filter(user__in=accused)
    return accused | set(lent.values_list("lent_from__user", flat=True))


def _silenced_by(person: Person, center: Center | None) -> set[int]:
    """Who lately decided that `person` may not write under lessons. Trainees are not told who it was, so they cannot name them."""
    return set(_mutes_lately(person, center, timezone.now()).values_list("by", flat=True))


def _mutes_lately(person: Person, center: Center | None, at: dt.datetime) -> QuerySet[MutedTrainee]:
    lately = at - MUTED_LATELY
    mutes = MutedTrainee.objects.filter(person=person, since__lte=at).exclude(ended_at__lt=lately)
    mutes = mutes.filter(until__gte=timezone.localdate(lately))
    return mutes if center is None else mutes.filter(cohort__center=center)


def mutes_complained_of(complaint: Complaint) -> list[MutedTrainee]:
    """What a complaint about questions may be about: that its person may not write, or lately might not. One query."""
    if complaint.kind != ComplaintKind.QUESTIONS or complaint.person is None:
        return []
    mutes = _mutes_lately(complaint.person, complaint.center, complaint.filed_at)
    return list(mutes.select_related("by", "cohort")[:MOST_MUTES])


def days_to_answer(kind: str, *, person: Person | None, center: Center | None) -> int:
    """Working days that are owed for a complaint that is made now. Where the person may not write under lessons, no more than are left of
    that, and one at the least: an answer after its end is none.
    """
    days: int = settings.COMPLAINT_DAYS[kind]
    if kind != ComplaintKind.QUESTIONS or person is None:
        return days
    today = timezone.localdate()
    mutes = MutedTrainee.objects.filter(person=person, ended_at=None, until__gte=today)
    if center is not None:
        mutes = mutes.filter(cohort__center=center)
    until = mutes.aggregate(first=Min("until"))["first"]
    if until is None:
        return days
    governorate = center.governorate_id if center else None
    left = working_days(today + dt.timedelta(days=1), until, governorate_id=governorate)
    return max(1, min(days, len(left)))


# Who answers it


def acts_before_reopening(complaint: Any, by: Q) -> QuerySet[ComplaintEvent]:
    """What was done with a complaint before it was reopened, `by` whom it asks for; both may refer to a query around this one."""
    reopened = ComplaintEvent.objects.filter(
        complaint=OuterRef("complaint"), kind=ComplaintEventKind.REOPENED, pk__gt=OuterRef("pk")
    )
    acts = ComplaintEvent.objects.filter(by, Exists(reopened), complaint=complaint)
    return acts.exclude(kind=ComplaintEventKind.FILED)


def answerable_by(rows: QuerySet[Complaint], user: User) -> QuerySet[Complaint]:
    """Of rows inside the fence, those that `user` may do something about. Who had part in the first answer only reads the second one."""
    return visible_to(rows, user).exclude(Exists(acts_before_reopening(OuterRef("pk"), by_hand_of(user))))


def by_hand_of(user: User) -> Q:
    """Of what happened with complaints, what `user` did, or one whose deputy `user` is, or a deputy of theirs for them."""
    hands = hands_shown(user)
    return Q(by__in=hands) | Q(done_for(hands, Act.HANDLE_COMPLAINTS, by="by", at="at"))


# With whom it is


def with_level(rows: QuerySet[Complaint], *, now: dt.datetime | None = None) -> QuerySet[Complaint]:
    """Annotate `with_level`: who is asked now. The level of the events, raised by what is late, and past levels where no one may answer."""
    now = now or timezone.now()
    late = [Case(When(**{f"{name}__lte": now}, then=1), default=0) for name in ("rises_at", "rises_again_at")]
    asked = Least(F("level") + late[0] + late[1], Value(int(ComplaintLevel.MINISTRY)))
    answering = {scope: Exists(_answering(scope)) for scope in LEVEL_OF_SCOPE}
    steps = [
        When(answering[scope], asked__lte=int(level), then=int(level))
        for scope, level in LEVEL_OF_SCOPE.items()
    ]
    return rows.annotate(
        asked=Case(
            When(level=ComplaintLevel.LAST, then=int(ComplaintLevel.LAST)),
            default=asked,
            output_field=IntegerField(),
        )
    ).annotate(with_level=Case(*steps, default=int(ComplaintLevel.LAST), output_field=IntegerField()))


def level_asked(complaint: Complaint) -> ComplaintLevel | None:
    """Who has an open complaint now, as its citizen reads it: the last level is one of the ministry. None for a closed one."""
    if complaint.state == ComplaintState.CLOSED:
        return None
    row: Any = with_level(Complaint.objects.filter(pk=complaint.pk)).get()
    return min(ComplaintLevel(row.with_level), ComplaintLevel.MINISTRY)


def _answering(scope: MembershipScope) -> QuerySet[Membership]:
    """Who may answer the complaint of the outer query at one level, had no part in its first answer, and is not among those from whom it is hidden."""
    held = memberships_of_all_with(Act.HANDLE_COMPLAINTS).filter(scope=scope)
    if scope == MembershipScope.CENTER:
        held = held.filter(center=OuterRef("center"))
    elif scope == MembershipScope.GOVERNORATE:
        held = held.filter(governorate=OuterRef("center__governorate"))
    hidden = HiddenComplaint.objects.filter(complaint=OuterRef(OuterRef("pk")))
    of_one_hand = Q(user=OuterRef("user")) | Q(user=OuterRef("lent_from__user"))
    by_that_hand = Q(by=OuterRef("user")) | Q(by=OuterRef("lent_from__user"))
    took_part = acts_before_reopening(OuterRef(OuterRef("pk")), by_that_hand)
    return held.exclude(Exists(hidden.filter(of_one_hand)) | Exists(took_part))


def complaints_waiting_for(user: User) -> QuerySet[Complaint]:
    """The work of `user` today, the earliest due first: open complaints that ask the user's level, or that the user took.

    What waits for the citizen is left out. Auditors and superusers get what no one else may answer.
    """
    rows = fenced(Complaint.objects.all(), user=user, act=Act.VIEW_COMPLAINTS)
    rows = with_level(answerable_by(rows, user)).exclude(
        state__in=(ComplaintState.CLOSED, ComplaintState.ASKED)
    )
    mine = Q(taken_by=user)
    for scope, level in LEVEL_OF_SCOPE.items():
        held = memberships_with(user, Act.HANDLE_COMPLAINTS).filter(scope=scope)
        # What rose stays with those below, too: they have not answered it.
        here = Q(level__lte=level, with_level__gte=level)
        if scope == MembershipScope.CENTER:
            here &= Q(center__in=held.values("center"))
        elif scope == MembershipScope.GOVERNORATE:
            here &= Q(center__governorate__in=held.values("governorate"))
        else:
            here &= Q(Exists(held))
        mine |= here
    if may_everywhere(user, Act.VIEW_COMPLAINTS) and (
        user.is_superuser or not may_everywhere(user, Act.HANDLE_COMPLAINTS)
    ):
        mine |= Q(with_level=ComplaintLevel.LAST)
    # Taken by a colleague at the same level: theirs, until it is late.
    others = Q(taken_by__isnull=False, with_level=F("level")) & ~Q(taken_by=user)
    return rows.filter(mine).exclude(others).order_by("due_at", "filed_at")


# The citizen's own


def complaints_of(person_id: int) -> QuerySet[Complaint]:
    """Those of a person, of records that were merged into theirs, too. The newest first."""
    records = Person.everyone.records_of(person_id).order_by().values("pk")
    return Complaint.objects.filter(person__in=records).order_by("-filed_at", "-pk")


def told_events(complaint: Complaint) -> QuerySet[ComplaintEvent]:
    return complaint.events.filter(kind__in=TOLD)


def may_be_reopened(complaint: Complaint) -> bool:
    """By the citizen: once, within days of the answer."""
    until = timezone.now() - dt.timedelta(days=settings.COMPLAINT_REOPEN_DAYS)
    return (
        complaint.closed_at is not None
        and complaint.closed_at > until
        and not complaint.events.filter(kind=ComplaintEventKind.REOPENED, by=None).exists()
    )


def may_be_taken_back(complaint: Complaint, user: User) -> bool:
    """Whether the ministry may let others answer again what staff closed. What the citizen withdrew stays so until the citizen reopens it."""
    last = complaint.events.last()
    is_answered = last is not None and last.kind == ComplaintEventKind.CLOSED and last.by_id is not None
    return is_answered and may_everywhere(user, Act.HANDLE_COMPLAINTS)


def known_number(person: Person | None, login: User | None) -> str:
    """The mobile number to propose to who complains: the one on record, else the one that the login has; "" for none."""
    numbers = person.contacts.current().filter(kind=ContactKind.PHONE) if person else Contact.objects.none()
    recorded: str | None = numbers.values_list("value", flat=True).first()
    return recorded or (login and login.phone) or ""


def complaint_address(cohort: Cohort, kind: ComplaintKind = ComplaintKind.CLASS) -> str:
    """The path of the form, with what it is about and the cohort chosen for who is in it."""
    chosen = urlencode({"kind": str(kind), "cohort": str(cohort.public_id)})
    return f"{reverse('courses:complain')}?{chosen}"


@dataclass(frozen=True)
class Subjects:
    """What may be named in a complaint: what its person has to do with, else what the member of staff at the desk may see.

    A visitor names a center, which are for all to read.
    """

    person: Person | None = None
    at_desk: User | None = None

    @cached_property
    def cohorts(self) -> QuerySet[Cohort]:
        rows = Cohort.objects.select_related("program", "center").order_by("-starts_on", "code")
        if self.person is not None:
            return rows.filter(pk__in=self._enrollments().values("cohort"))
        if self.at_desk is not None:
            return fenced(rows, user=self.at_desk, act=Act.VIEW_COHORTS)
        return rows.none()

    @cached_property
    def centers(self) -> QuerySet[Center]:
        rows = Center.objects.order_by("governorate__nid_code", "code")
        if self.person is not None and (own := rows.filter(self._ties())).exists():
            return own
        if self.at_desk is not None:
            return fenced(rows, user=self.at_desk, act=Act.MANAGE_PEOPLE)
        return rows.filter(is_active=True)

    @cached_property
    def staff(self) -> QuerySet[User]:
        """Who works where the person learns; at the desk where that one registers people."""
        if self.person is None and self.at_desk is None:
            return User.objects.none()
        there = Q(center__in=self.centers.values("pk"))
        if self.at_desk is not None and may_everywhere(self.at_desk, Act.MANAGE_PEOPLE):
            there |= ~Q(scope=MembershipScope.CENTER)
        working = Membership.objects.current().filter(there).exclude(role=RoleName.TRAINEE)
        return User.objects.filter(pk__in=working.values("user"), is_active=True).order_by(
            "display_name", "pk"
        )

    def only_place(self, staff: User | None) -> Center | None:
        """The center that goes without saying: where `staff` works, or the only one there is to name."""
        places = self.centers
        if staff is not None:
            working = Membership.objects.current().filter(user=staff).exclude(role=RoleName.TRAINEE)
            places = places.filter(pk__in=working.values("center"))
        found = list(places[:2])
        return found[0] if len(found) == 1 else None

    def _ties(self) -> Q:
        registered_at = self.person.registered_at_id if self.person else None
        return Q(pk__in=self._enrollments().values("cohort__center")) | Q(pk=registered_at)

    def _enrollments(self) -> QuerySet[Enrollment]:
        return Enrollment.objects.filter(person=self.person).order_by()


def cohort_named(subjects: Subjects, public_id: str) -> Cohort | None:
    """A cohort that may be named in the complaint, by its public key; None for any other word."""
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    return subjects.cohorts.filter(public_id=key).first()


@register_personal_data("complaints")
def complaint_rows(person: Person) -> Iterable[Row]:
    """What the person wrote and read, without the notes of staff."""
    named = ("reference", "kind", "text", "name", "phone", "filed_at", "state", "outcome", "closed_at")
    for complaint in person.complaints.order_by("pk"):
        yield {
            **{name: getattr(complaint, name) for name in named},
            "events": list(told_events(complaint).values("kind", "at", "text")),
            "messages": list(complaint.notices.values("kind", "state", "created_at", "sent_at")),
        }
