"""Requests for a call: whose desk gets one, what a sender has open, and how many each desk has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext

from accounts.enums import Act
from accounts.models import Center, Person, User
from accounts.scoping import centers_where, may_everywhere
from accounts.services.last_errors import LastError
from accounts.services.personal_data import Row, register_personal_data
from courses.enums import CallBackOutcome, CallBackState, EnrollmentState
from courses.kept_addresses import keys_in, view_of
from courses.models import CallBack, CallBackEntry, ClassSession, Cohort, Enrollment
from courses.page_names import page_name
from courses.queries.content import titles_of_units


def desk_for(person: Person | None, page: str) -> Center | None:
    """The center whose front desk calls; None for the help desk of the ministry.

    That of the cohort whose page it is, where the person learns in it or the page is for all; else where the person learns, or is
    registered. `page`: as `courses.kept_addresses` wrote it.
    """
    center = _nearest_center(person, page)
    return center if center is not None and center.is_active else None


def _nearest_center(person: Person | None, page: str) -> Center | None:
    cohort = _cohort_of(person, page)
    if cohort is not None:
        return cohort.center
    if person is None:
        return None
    own = Enrollment.objects.filter(person=person, state=EnrollmentState.ACTIVE)
    newest = own.select_related("cohort__center").order_by("-enrolled_at", "-pk").first()
    return newest.cohort.center if newest else person.registered_at


def _cohort_of(person: Person | None, page: str) -> Cohort | None:
    keys = keys_in(page)
    cohorts = Cohort.objects.select_related("center")
    if "cohort" in keys:
        return cohorts.filter(public_id=keys["cohort"]).first()
    if person is None:
        return None
    mine = Enrollment.objects.filter(person=person)
    if "enrollment" in keys:
        return cohorts.filter(enrollments__in=mine.filter(public_id=keys["enrollment"])).first()
    # That of a live class is called so.
    session = keys.get("session") or keys.get("public_id")
    if session is None:
        return None
    held = ClassSession.objects.filter(public_id=session, cohort__in=mine.values("cohort"))
    return cohorts.filter(pk__in=held.values("cohort")).first()


def error_of(entry: CallBackEntry) -> LastError | None:
    """The last error page that was sent with an entry."""
    if entry.error_status is None or entry.error_at is None:
        return None
    return LastError(entry.error_status, entry.error_number, entry.error_view, entry.error_at)


@dataclass(frozen=True)
class ShownEntry:
    """What was sent, with the page in words; empty where it has none."""

    entry: CallBackEntry
    error: LastError | None
    page: str
    error_page: str


def shown_entries(call_back: CallBack) -> list[ShownEntry]:
    """What was sent with a request, in its order. Two queries, however many entries."""
    entries = list(call_back.entries.all())
    units = {entry.pk: str(keys_in(entry.page).get("unit_key", "")) for entry in entries}
    titles = titles_of_units({key for key in units.values() if key})
    shown = []
    for entry in entries:
        error, unit = error_of(entry), titles.get(units[entry.pk])
        name = page_name(view_of(entry.page))
        page = gettext("%(page)s: %(title)s") % {"page": name, "title": unit} if name and unit else name
        shown.append(ShownEntry(entry, error, page, page_name(error.view) if error else ""))
    return shown


def open_call_backs_of(person: Person) -> QuerySet[CallBack]:
    """What a person waits for, the newest first."""
    rows = CallBack.objects.filter(person=person, state=CallBackState.OPEN)
    return rows.select_related("center").order_by("-asked_at", "-pk")


@dataclass(frozen=True)
class DeskCount:
    """Numbers of one desk; `center` is None for that of the ministry. Of what is closed, those that are kept."""

    center: Center | None
    facts: Mapping[str, object]


def counts_of_desks(user: User) -> list[DeskCount]:
    """How many requests each desk has, without any of their contents, where `user` reads the audit trail."""
    reach = Q(center__in=centers_where(user, Act.VIEW_AUDIT))
    if may_everywhere(user, Act.VIEW_AUDIT):
        reach |= Q(center=None)
    is_open, is_closed = Q(state=CallBackState.OPEN), Q(state=CallBackState.CLOSED)
    rows = list(
        CallBack.objects.filter(reach)
        .order_by()
        .values("center")
        .annotate(
            waiting=Count("pk", filter=is_open),
            oldest=Min("asked_at", filter=is_open),
            closed=Count("pk", filter=is_closed),
            not_reached=Count("pk", filter=Q(outcome=CallBackOutcome.NOT_REACHED)),
        )
    )
    centers = {row.pk: row for row in Center.objects.filter(pk__in=[row["center"] for row in rows])}
    counts = [DeskCount(centers.get(row["center"]), row) for row in rows]
    return sorted(counts, key=lambda count: (count.center is not None, str(count.center)))


@register_personal_data("requests_for_a_call")
def call_back_rows(person: Person) -> Iterable[Row]:
    """What the person sent, and what became of it, until it is deleted."""
    sent = ("text", "page", "device", "screen", "connection", "saves_data", "language", "at")
    for row in person.call_backs.order_by("pk"):
        yield {
            **{name: getattr(row, name) for name in ("phone", "hours", "state", "asked_at", "closed_at")},
            "outcome": row.outcome,
            # Of others, who only typed the same number, nothing.
            "messages": list(row.entries.filter(is_by_person=True).values(*sent)),
            "events": list(row.events.values("kind", "at")),
        }
