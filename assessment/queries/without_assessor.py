"""Appeals that no one at their center may answer, for who appoints people there: read without whose they are, and who might be appointed."""

from django.db.models import Q, QuerySet

from accounts.enums import Act, RoleName
from accounts.models import Deputy, User
from accounts.scoping import fenced
from accounts.scoping.appointing import staff_without_conflict
from accounts.scoping.hands import made_by, people_shown
from assessment.models import Appeal, Mark
from assessment.queries.without_marker import appeals_without_assessor
from courses.queries.timetable import teachers_of_enrollment

# More names than these are no help.
MOST_COLLEAGUES = 10


def appeals_to_pass_on(user: User) -> QuerySet[Appeal]:
    """At the centers whose cohorts `user` manages, the oldest first, but for the user's own."""
    waiting = fenced(appeals_without_assessor(), user=user, act=Act.MANAGE_COHORTS)
    others = waiting.exclude(attempt__enrollment__person__in=people_shown(user))
    return others.order_by("filed_at", "pk")


def colleagues_to_appoint(appeal: Appeal, *, by: User) -> list[User]:
    """Staff of the center of an appeal who could answer it as assessors: by name, `MOST_COLLEAGUES` at the most.

    Not `by`, who gives no role to themselves; not who took the test, marked the answer or taught the cohort, nor their deputies today; nor who has a role
    there that conflicts with that of an assessor.
    """
    enrollment = appeal.attempt.enrollment
    marks = Mark.objects.filter(task__attempt=appeal.attempt_id, task__slot=appeal.slot)
    markers = made_by(set(marks.values_list("by", flat=True)), Act.MARK_ANSWERS)
    involved = Q(pk__in={*markers, *teachers_of_enrollment(enrollment)}) | Q(person=enrollment.person_id)
    logins = User.objects.filter(involved).values("pk")
    deputies = Deputy.objects.current().filter(lent_from__user__in=logins).values("user")
    fitting = staff_without_conflict(RoleName.ASSESSOR, enrollment.cohort.center).exclude(
        Q(pk=by.pk) | involved | Q(pk__in=deputies)
    )
    return sorted(fitting.order_by("pk")[:MOST_COLLEAGUES], key=str)
