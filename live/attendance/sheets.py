"""The contents of the printed attendance sheet. Always in Arabic: it is a document of the center."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from live.attendance.sheet_drawing import Sheet, SheetRow
from live.models import LiveSession
from live.queries.log import early_end_of
from live.queries.presence import objection_term
from live.queries.register import Register, RegisterRow
from typesetting import arabic_digits


def sheet_of(register: Register) -> Sheet:
    with override("ar"):
        return _sheet_of(register)


def _sheet_of(register: Register) -> Sheet:
    session, policy = register.session, register.policy
    meeting = session.class_session
    cohort = meeting.cohort
    least = f" ولا تُحتسب إلا دقائق الموعد، وأقلها {policy.least_minutes}؛" if policy.least_minutes else ""
    checks = f"، وتحقق من الحضور كل {policy.check_minutes} دقيقة" if policy.check_minutes else ""
    return Sheet(
        title=meeting.title,
        facts=[
            ("المركز", str(cohort.center)),
            ("البرنامج والمجموعة", f"{cohort.program.title} – {cohort.code}"),
            ("المدرب", str(meeting.instructor) if meeting.instructor else "–"),
            ("موعد الحصة", f"{_moment(meeting.starts_at)} – {_moment(meeting.ends_at)}"),
            ("انعقدت", _held(session)),
        ],
        rows=[_row(row) for row in register.rows],
        rule=arabic_digits(
            f"سياسة الحضور رقم {policy.version}: تُحتسب الدقيقة بنبضتين من أربع على أي جهاز{checks}؛{least}"
            f" حاضر من {policy.present_share:.0%} من الدقائق، ومتأخر من {policy.late_share:.0%}."
        ).replace("%", "٪"),
        state=_state(register),
        digest=register.snapshot.digest if register.snapshot else "",
        printed_at=timezone.now(),
    )


def _row(row: RegisterRow) -> SheetRow:
    presence = row.presence
    minutes = f"{row.minutes} من {presence.held}"
    if row.amendments and row.minutes != presence.minutes:
        minutes += f" (احتُسب {presence.minutes})"
    return SheetRow(
        name=row.name,
        minutes=arabic_digits(minutes),
        checks=arabic_digits(f"{presence.answered} من {presence.asked}") if presence.asked else "–",
        status=row.status,
        amended=arabic_digits(row.reasons),
    )


def _state(register: Register) -> str:
    session, snapshot = register.session, register.snapshot
    if snapshot:
        return arabic_digits(
            f"جُمّد السجل في {_moment(snapshot.frozen_at)} برقم {snapshot.number} في سلسلة المركز. يتبع البصمة:"
        )
    if session.ended_at:
        return f"لم يُجمّد السجل بعد: يجوز الاعتراض حتى {_moment(objection_term(session))}."
    return "الحصة لم تنته بعد: الأعداد غير نهائية."


def _held(session: LiveSession) -> str:
    if session.opened_at is None:
        return "لم تُفتح"
    end = _moment(session.ended_at) if session.ended_at else "مستمرة"
    early = early_end_of(session)
    why = f" (قبل موعدها: {early.payload['reason']})" if early else ""
    return f"{_moment(session.opened_at)} – {end}{why}"


def _moment(moment: object) -> str:
    return arabic_digits(date_format(timezone.localtime(moment), "DATETIME_FORMAT"))  # type: ignore[arg-type]
