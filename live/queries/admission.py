"""Who may enter a room, and what they are called there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from accounts.enums import Act, RoleName
from accounts.models import Membership, User
from accounts.scoping import fenced, may, memberships_with, roles_held
from accounts.scoping.hands import lent_in
from accounts.scoping.seen import as_far_as_seen
from accounts.services.names import tidy_name
from courses.enums import EnrollmentState
from courses.models import ClassSession, Enrollment
from courses.queries.timetable import cohorts_taught_by
from live.enums import EventKind, LiveRole
from live.models import Event, Host, JointMeeting, LiveSession

# An inspector of a center does not teach there.
NOT_OF_THE_STAFF = (RoleName.TRAINEE, RoleName.INSPECTOR)
# A withdrawn trainee leaves the room; one who completed may still come to the last class.
ADMITTED = (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)


def person_name(user: User) -> str:
    """The name a room shows: the person's own, in Arabic, else the login's. Never the number or address it logs in with."""
    name = user.person.full_name_ar if user.person else user.display_name or user.username or ""
    return plain_name(name) or gettext("Member of staff")


def plain_name(name: str) -> str:
    """One line without bidi controls, so that a name cannot change how the text around it is displayed."""
    return tidy_name(name)


def participant_key(session_id: int, user_id: int) -> str:
    """The key of a person inside one room; it does not reveal the database key."""
    key = salted_hmac("live.participant", f"{session_id}:{user_id}", algorithm="sha256")
    return key.hexdigest()[:12]


def hosted_by(user: User) -> QuerySet[Host]:
    """The classes in which `user` is co-instructor and is still on the center's staff."""
    centers = (
        Membership.objects.current().filter(user=user).exclude(role__in=NOT_OF_THE_STAFF).values("center")
    )
    return Host.objects.filter(user=user, session__class_session__cohort__center__in=centers)


def cohorts_of(session_id: int) -> QuerySet[Any]:
    """The keys of the cohorts that meet in a room: its own, and those that share it."""
    meetings = ClassSession.objects.filter(Q(live=session_id) | Q(joint_meeting__session=session_id))
    return meetings.values("cohort")


def enrolled_in(session: LiveSession) -> QuerySet[Enrollment]:
    """Who may attend: the enrolled of the class's cohort and of every cohort that shares its room."""
    return Enrollment.objects.filter(cohort__in=cohorts_of(session.pk), state__in=ADMITTED)


def sessions_for(cohorts: QuerySet[Any]) -> Q:
    """The rooms of `cohorts` (a query of their keys), their own and shared ones."""
    joint = JointMeeting.objects.filter(class_session__cohort__in=cohorts)
    return Q(class_session__cohort__in=cohorts) | Q(pk__in=joint.values("session"))


def given_by(user: User) -> Q:
    """The rooms where `user`, or one whose deputy `user` is, is named as instructor: as long as they are an instructor of any center, so that substitutes count."""
    lent = lent_in(
        user, Act.TEACH, lender="class_session__instructor", center="class_session__cohort__center"
    )
    named = Q(class_session__instructor=user) | lent | sessions_for(cohorts_taught_by(user))
    if user.is_superuser:
        return named
    return named & Q(Exists(memberships_with(user, Act.TEACH)))


def is_only_a_trainee(user: User) -> bool:
    """Whether `user` enters rooms only as an enrolled trainee: true for most readers, whose classes need a cheaper query.

    Answered from the roles that were read first in this request.
    """
    return not user.is_superuser and roles_held(user) <= {RoleName.TRAINEE}


def attended_by(user: User) -> Q:
    """The rooms of the cohorts in which `user` is enrolled."""
    if user.person_id is None:
        return Q(pk=None)
    mine = as_far_as_seen(Enrollment.objects.filter(person=user.person_id, state__in=ADMITTED))
    return sessions_for(mine.values("cohort"))


def live_sessions_of(user: User) -> QuerySet[LiveSession]:
    """The sessions `user` may enter: of their cohorts, those they teach, those of centers where they teach or inspect."""
    shown = LiveSession.objects.select_related(
        "class_session__cohort__program", "class_session__cohort__center", "class_session__instructor"
    )
    if is_only_a_trainee(user):
        return shown.filter(attended_by(user))
    taught = fenced(LiveSession.objects.all(), user=user, act=Act.TEACH)
    inspected = fenced(LiveSession.objects.all(), user=user, act=Act.INSPECT_CLASSES)
    return shown.filter(
        Q(pk__in=taught.values("pk"))
        | Q(pk__in=inspected.values("pk"))
        | given_by(user)
        | attended_by(user)
        | Q(pk__in=hosted_by(user).values("session"))
    )


def with_titles(sessions: QuerySet[LiveSession]) -> QuerySet[LiveSession]:
    """`sessions` with only the columns that a list shows."""
    meeting = ("public_id", "title", "starts_at", "ends_at", "cohort__code", "cohort__program__title")
    return (
        sessions.select_related(None)
        .select_related("class_session__cohort__program")
        .only("state", "ended_at", *(f"class_session__{field}" for field in meeting))
    )


def role_in(session: LiveSession, user: User) -> LiveRole | None:
    """The role of `user` in this room. An enrolled person is a trainee there, whatever roles they have elsewhere."""
    if not user.is_active:
        return None
    if enrolled_in(session).filter(person__user=user).exists():
        return LiveRole.TRAINEE
    gives_it = LiveSession.objects.filter(given_by(user), pk=session.pk).exists()
    if gives_it or may(user, Act.TEACH, on=session) or hosted_by(user).filter(session=session).exists():
        return LiveRole.INSTRUCTOR
    return LiveRole.INSPECTOR if may(user, Act.INSPECT_CLASSES, on=session) else None


def is_removed(session_id: int, user_id: int) -> bool:
    return user_id in removed_from(session_id, [user_id])


def removed_from(session_id: int, user_ids: Collection[int]) -> set[int]:
    """Those of `user_ids` whose last removal was not revoked."""
    last_of_each = (
        Event.objects.filter(
            session_id=session_id,
            subject_id__in=user_ids,
            kind__in=(EventKind.PERSON_REMOVED, EventKind.PERSON_READMITTED),
        )
        .order_by("subject_id", "-seq")
        .distinct("subject_id")
    )
    return {
        event.subject_id
        for event in last_of_each
        if event.kind == EventKind.PERSON_REMOVED and event.subject_id is not None
    }


def still_admitted(session_id: int, user_ids: Collection[int], staff_ids: Collection[int] = ()) -> set[int]:
    """Keep those of `user_ids` who may still be in the room, and of `staff_ids` those who are still its staff."""
    session = LiveSession.objects.select_related("class_session__cohort").filter(pk=session_id).first()
    if session is None:
        return set()
    trainees = set(
        User.objects.filter(
            pk__in=user_ids,
            is_active=True,
            person__enrollments__in=enrolled_in(session),
        ).values_list("pk", flat=True)
    )
    others = {
        user.pk: role_in(session, user) for user in User.objects.filter(pk__in=set(user_ids) - trainees)
    }
    admitted = trainees | {pk for pk, role in others.items() if role is not None}
    replaced = {pk for pk in staff_ids if others.get(pk) != LiveRole.INSTRUCTOR}
    return admitted - replaced - removed_from(session_id, user_ids)


@dataclass(frozen=True, slots=True)
class Reader:
    """The person a room is described to, as of the event `session.seq`."""

    session: LiveSession
    user: User
    role: LiveRole

    @property
    def is_staff(self) -> bool:
        return self.role == LiveRole.INSTRUCTOR

    @property
    def is_counted(self) -> bool:
        """Whether minutes and presence checks are counted for this reader."""
        return self.role == LiveRole.TRAINEE

    def key_of(self, user_id: int) -> str:
        return participant_key(self.session.pk, user_id)
