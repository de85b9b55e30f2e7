"""What the timetable of live classes adds to that of cohorts: ended rooms, their instructors, shared rooms."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from courses.models import ClassSession
from courses.queries.timetable import register_ended, register_teachers
from live.enums import LiveState
from live.models import JointMeeting, LiveSession


@register_ended
def ended_meetings() -> QuerySet[ClassSession]:
    """The class sessions of ended rooms, of all cohorts that shared them."""
    is_ended = Q(live__state=LiveState.ENDED) | Q(joint_meeting__session__state=LiveState.ENDED)
    return ClassSession.objects.filter(is_ended)


@register_teachers
def instructors_of_joint_classes(cohorts: Collection[int]) -> QuerySet[JointMeeting, int]:
    """Those of the classes of other cohorts that these share."""
    joint = JointMeeting.objects.filter(
        class_session__cohort__in=cohorts,
        class_session__canceled_at__isnull=True,
        session__class_session__instructor__isnull=False,
    )
    return joint.order_by().values_list("session__class_session__instructor", flat=True)


def joint_meetings_of(session: LiveSession) -> dict[int, ClassSession]:
    """The class sessions of the cohorts that share the room, by cohort."""
    rows = JointMeeting.objects.filter(session=session).select_related("class_session__cohort")
    return {row.class_session.cohort_id: row.class_session for row in rows}
