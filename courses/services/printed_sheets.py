"""Paper of a cohort: roster, attendance sheets, labels."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from accounts.enums import ContactKind
from accounts.models import Contact
from accounts.services.formatting import format_date, format_datetime
from accounts.services.short_codes import short_code
from courses.enums import AttendanceStatus, CohortState, EnrollmentState
from courses.errors import NothingToPrint, NotPrintable
from courses.models import ClassSession, Cohort, Enrollment
from courses.printing import Label, PrintedColumn, PrintedList, Stamp, draw_labels, draw_list
from courses.queries.timetable import days_to_print
from courses.queries.transfers import on_the_sheet, taking_part
from typesetting import TypesettingError

# Columns of days that fit on a sheet.
MOST_DAYS = 6
# More than any cohort has; 500 labels are set in 1.7 s.
MOST_PEOPLE = 500


def roster_pdf(cohort: Cohort) -> bytes:
    """The people of a cohort, with their codes and telephone numbers. Two queries. Raises `NotPrintable`."""
    people = _people(cohort)
    numbers = dict(
        Contact.objects.current()
        .filter(kind=ContactKind.PHONE, person__in=[row.person_id for row in people])
        .order_by("-pk")
        .values_list("person", "value")
    )
    return _drawn(
        PrintedList(
            title=gettext("Roster"),
            authority=str(cohort.center),
            facts=_facts_of(cohort),
            columns=[
                PrintedColumn("#", 0),
                PrintedColumn(gettext("Name"), 4),
                PrintedColumn(gettext("Code"), 1.4, is_code=True),
                PrintedColumn(gettext("Phone"), 1.8, is_code=True),
                PrintedColumn(gettext("Notes"), 2.5),
            ],
            rows=[
                [
                    str(number),
                    row.person.name,
                    short_code(row.person.public_id),
                    numbers.get(row.person_id, ""),
                    "",
                ]
                for number, row in enumerate(people, 1)
            ],
            foot=_foot(cohort),
            language=_language(),
        )
    )


def attendance_sheet_pdf(session: ClassSession) -> bytes:
    """The sheet of one session, with its code. The QR code leads to where it is typed. Raises `NotPrintable`."""
    cohort = session.cohort
    when = f"{format_datetime(session.starts_at, 'LONG_DATE_FORMAT')} · {_hours(session)}"
    place = [str(part) for part in (session.venue, session.instructor) if part]
    code = short_code(session.public_id)
    # The paper of an open cohort is typed: it has the lines of the page where it is.
    people = on_the_sheet(session) if cohort.state == CohortState.CLOSED else taking_part(session)
    columns = [
        *(PrintedColumn(str(AttendanceStatus(status).label), 1) for status in ("present", "late")),
        PrintedColumn(gettext("Minutes, if late"), 1.1),
        *(PrintedColumn(str(AttendanceStatus(status).label), 1) for status in ("excused", "absent")),
        PrintedColumn(gettext("Signature"), 2.4),
    ]
    return _drawn(
        PrintedList(
            title=gettext("Attendance sheet"),
            authority=str(cohort.center),
            facts=[session.title, when, _with_code(cohort, cohort.program.title, *place)],
            columns=[PrintedColumn("#", 0), PrintedColumn(gettext("Name"), 4), *columns],
            rows=_lines(people, len(columns)),
            foot=_foot(cohort),
            note=gettext("Signature of the instructor: ................................"),
            language=_language(),
            stamp=Stamp(
                code=code,
                address=f"{settings.SITE_URL}{reverse('classsession:paper', args=[session.pk])}?code={code}",
                label=gettext("QR code: it leads to the page where this sheet is typed"),
            ),
            is_written_on=True,
        )
    )


def days_sheet_pdf(cohort: Cohort) -> bytes:
    """One sheet for the next sessions of a cohort, each with its code above its column. Raises `NotPrintable`, `NothingToPrint`."""
    sessions = days_to_print(cohort, MOST_DAYS)
    if not sessions:
        raise NothingToPrint
    days = [
        PrintedColumn(
            "\n".join(
                [format_datetime(one.starts_at, "SHORT_DATE_FORMAT"), _hours(one), short_code(one.public_id)]
            ),
            2,
        )
        for one in sessions
    ]
    letters = gettext("P present · L late, with the minutes · E excused · A absent")
    return _drawn(
        PrintedList(
            title=gettext("Attendance sheet"),
            authority=str(cohort.center),
            facts=[*_facts_of(cohort), letters],
            columns=[PrintedColumn("#", 0), PrintedColumn(gettext("Name"), 4), *days],
            rows=_lines(_people(cohort), len(days)),
            foot=_foot(cohort),
            language=_language(),
            is_landscape=True,
            is_written_on=True,
        )
    )


def labels_pdf(cohort: Cohort) -> bytes:
    """Labels for tools, folders and badges: names and short codes, no number of an identity card. Raises `NotPrintable`."""
    labels = [
        # No number of an identity card: a label is seen by everybody in the workshop.
        Label(row.person.name, short_code(row.person.public_id), _with_code(cohort, cohort.center))
        for row in _people(cohort)
    ]
    try:
        return draw_labels(
            labels, title=gettext("Labels"), language=_language(), alt=gettext("QR code of the person")
        )
    except TypesettingError as error:
        raise NotPrintable(text=str(error)) from error


def _people(cohort: Cohort) -> list[Enrollment]:
    """Who was in it to the end: those who did not complete a closed cohort, too, as on its attendance sheets (`on_the_sheet`)."""
    states = {EnrollmentState.ACTIVE, EnrollmentState.COMPLETED}
    if cohort.state == CohortState.CLOSED:
        states.add(EnrollmentState.FAILED)
    rows = Enrollment.objects.filter(cohort=cohort, state__in=states).select_related("person")
    return list(rows.order_by("person__folded_name", "pk")[:MOST_PEOPLE])


def _lines(people: Sequence[Enrollment], empty: int) -> list[list[str]]:
    return [[str(number), row.person.name, *[""] * empty] for number, row in enumerate(people, 1)]


def _facts_of(cohort: Cohort) -> list[str]:
    days = gettext("%(first)s to %(last)s") % {
        "first": format_date(cohort.starts_on),
        "last": format_date(cohort.ends_on),
    }
    return [cohort.program.title, _with_code(cohort, days, cohort.get_shift_display())]


def _with_code(cohort: Cohort, *words: object) -> str:
    """The code last: in a line of Arabic a number after its Latin letters would be set on their wrong side (UAX #9, W7)."""
    return " · ".join(map(str, [*words, cohort.code]))


def _hours(session: ClassSession) -> str:
    hours = {
        "from": format_datetime(session.starts_at, "TIME_FORMAT"),
        "until": format_datetime(session.ends_at, "TIME_FORMAT"),
    }
    return gettext("%(from)s to %(until)s") % hours


def _foot(cohort: Cohort) -> str:
    return _with_code(cohort, cohort.center, format_datetime(timezone.now()))


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _drawn(printed: PrintedList) -> bytes:
    try:
        return draw_list(printed)
    except TypesettingError as error:
        raise NotPrintable(text=str(error)) from error
