"""Certificates in force whose test was marked again by a corrected key, until an officer looked at them."""

from django.db.models import Exists, F, Min, OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.scoping.hands import people_shown
from assessment.enums import CorrectionCause
from assessment.models import AttemptCorrection
from courses.models import Enrollment


def touching() -> QuerySet[AttemptCorrection]:
    """What changed a score under a certificate that was in force then, and was not looked at."""
    rows = AttemptCorrection.objects.filter(cause=CorrectionCause.KEY, has_document=True, review=None)
    return rows.exclude(from_score=F("to_score"), from_passed=F("to_passed"))


def enrollments_touched() -> QuerySet[Enrollment]:
    """With `touched_at`, the first change; the one that waits longest first."""
    own = touching().filter(attempt__enrollment=OuterRef("pk")).order_by()
    first = own.values("attempt__enrollment").annotate(first=Min("at")).values("first")
    rows = Enrollment.objects.filter(Exists(own)).annotate(touched_at=Subquery(first))
    return rows.order_by("touched_at", "pk")


def not_of_oneself(rows: QuerySet[Enrollment], user: User) -> QuerySet[Enrollment]:
    """Without those of `user`, and of those whose deputy `user` is."""
    return rows.exclude(person__in=people_shown(user))


def corrections_of(enrollment: Enrollment) -> QuerySet[AttemptCorrection]:
    """Those that wait, the oldest first."""
    rows = touching().filter(attempt__enrollment=enrollment)
    return rows.select_related("attempt", "correction__by").order_by("pk")
