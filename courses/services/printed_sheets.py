"""Paper of a cohort: roster, attendance sheets, labels."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from accounts.enums import Act, ContactKind
from accounts.models import Contact, Person, User
from accounts.scoping import fenced
from accounts.services.formatting import format_date, format_datetime, localize_digits
from accounts.services.short_codes import short_code
from courses.enums import AttendanceStatus, CohortState, EnrollmentState
from courses.errors import NothingToPrint, NotPrintable
from courses.models import AttendanceRecord, ClassSession, Cohort, Enrollment
from courses.printing import Label, PrintedColumn, PrintedList, Stamp, draw_labels, draw_list
from courses.queries.own_attendance import is_final
from courses.queries.timetable import days_to_print
from courses.queries.transfers import on_the_sheet, taking_part
from courses.queries.workspace.reaching import reach_of
from typesetting import TypesettingError

# Columns of days that fit on a sheet.
MOST_DAYS = 6
# More than any cohort has; 500 labels are set in 1.7 s.
MOST_PEOPLE = 500


def roster_pdf(cohort: Cohort, *, reader: User) -> bytes:
    """The people of a cohort, with their codes, and telephone numbers as `reader` sees them on pages. Raises `NotPrintable`."""
    people = _people(cohort)
    numbers = _numbers_of(people, reader=reader)
    phone = [PrintedColumn(gettext("Phone"), 1.8, is_code=True)] if numbers else []
    return _drawn(
        PrintedList(
            title=gettext("Roster"),
            authority=str(cohort.center),
            facts=_facts_of(cohort),
            columns=[
                PrintedColumn("#", 0),
                PrintedColumn(gettext("Name"), 4),
                PrintedColumn(gettext("Code"), 1.4, is_code=True),
                *phone,
                PrintedColumn(gettext("Notes"), 2.5),
            ],
            rows=[
                [
                    str(number),
                    row.person.name,
                    short_code(row.person.public_id),
                    *([numbers.get(row.person_id, "")] if numbers else []),
                    "",
                ]
                for number, row in enumerate(people, 1)
            ],
            foot=_foot(cohort),
            language=_language(),
        )
    )


def attendance_sheet_pdf(session: ClassSession) -> bytes:
    """The sheet of one session: to be written on, or with its marks once they are final. Raises `NotPrintable`."""
    return _drawn(_sheet_with_marks(session) if is_final(session) else _sheet_to_write_on(session))


def _sheet_with_marks(session: ClassSession) -> PrintedList:
    marks = {
        record.enrollment_id: record
        for record in AttendanceRecord.objects.filter(session=session, is_current=True)
    }
    return PrintedList(
        title=gettext("Attendance sheet"),
        authority=str(session.cohort.center),
        facts=[*_facts_of_session(session), gettext("The marks on record, in their last version")],
        columns=[
            PrintedColumn("#", 0),
            PrintedColumn(gettext("Name"), 4),
            PrintedColumn(gettext("Attendance"), 2),
            PrintedColumn(gettext("Minutes"), 1),
        ],
        rows=[
            [str(number), row.person.name, *_mark(marks.get(row.pk))]
            for number, row in enumerate(on_the_sheet(session), 1)
        ],
        foot=_foot(session.cohort),
        language=_language(),
    )


def _mark(record: AttendanceRecord | None) -> tuple[str, str]:
    if record is None:
        return gettext("no mark"), ""
    return record.get_status_display(), localize_digits(record.minutes) if record.minutes else ""


def _facts_of_session(session: ClassSession) -> list[str]:
    when = f"{format_datetime(session.starts_at, 'LONG_DATE_FORMAT')} · {_hours(session)}"
    place = [str(part) for part in (session.venue, session.instructor) if part]
    return [session.title, when, _with_code(session.cohort, session.cohort.program.title, *place)]


def _sheet_to_write_on(session: ClassSession) -> PrintedList:
    """With its code, and with the lines of the page where it is typed, to which the QR code leads."""
    cohort, code = session.cohort, short_code(session.public_id)
    columns = [
        *(PrintedColumn(str(AttendanceStatus(status).label), 1) for status in ("present", "late")),
        PrintedColumn(gettext("Minutes, if late"), 1.1),
        *(PrintedColumn(str(AttendanceStatus(status).label), 1) for status in ("excused", "absent")),
        PrintedColumn(gettext("Signature"), 2.4),
    ]
    return PrintedList(
        title=gettext("Attendance sheet"),
        authority=str(cohort.center),
        facts=_facts_of_session(session),
        columns=[PrintedColumn("#", 0), PrintedColumn(gettext("Name"), 4), *columns],
        rows=_lines(taking_part(session), len(columns)),
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


def _numbers_of(people: Sequence[Enrollment], *, reader: User) -> dict[int, str]:
    """By person: whole for those who keep the record of the person, masked for others who see it, as on the page of the cohort.

    The number on record, else the one of the login, as messages go.
    """
    reach = reach_of([row.person for row in people], user=reader)
    kept = fenced(Person.objects.filter(pk__in=reach), user=reader, act=Act.MANAGE_PEOPLE)
    logins = User.objects.filter(person__in=kept, is_active=True, phone__isnull=False)
    contacts = Contact.objects.current().filter(kind=ContactKind.PHONE, person__in=kept)
    shown = {person: one.phone for person, one in reach.items() if one.phone}
    shown |= {person: phone or "" for person, phone in logins.order_by("-pk").values_list("person", "phone")}
    return shown | dict(contacts.order_by("-pk").values_list("person", "value"))


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
