"""The attendance sheet of one session: every trainee of the cohort in one table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.services.formatting import format_list, format_number
from courses.enums import AttendanceStatus, EnrollmentState
from courses.models import AttendanceRecord, ClassSession, Enrollment, MarkObjection
from courses.queries.own_attendance import is_final, objections_of

THERE = {AttendanceStatus.PRESENT, AttendanceStatus.LATE}


@dataclass(frozen=True)
class SheetLine:
    """One trainee's line: the bound fields of the table's cells."""

    enrollment: Enrollment
    record: AttendanceRecord | None
    # Why it was changed, each time, the oldest first.
    reasons: Sequence[str]
    status: forms.BoundField
    minutes: forms.BoundField
    is_read_only: bool

    @property
    def has_failed(self) -> bool:
        return self.enrollment.state == EnrollmentState.FAILED


@dataclass(frozen=True)
class SheetChange:
    """A change of one trainee's record in the sheet."""

    enrollment: Enrollment
    record: AttendanceRecord | None
    status: AttendanceStatus
    minutes: int

    @property
    def is_of_corrected_mark(self) -> bool:
        return self.record is not None and self.record.is_corrected


class AttendanceSheetForm(forms.Form):
    """Lines left empty record nothing, unless a button for all others was pressed. A sheet is locked only once every line has a
    mark: who has none would count as absent without a word of anyone. A locked session, and one of a closed cohort, asks for the
    reason of every change; any other one for that of a mark that was corrected before. Who ended as not completed gets no new mark.
    """

    # What the button that locks sends where those without a mark are absent.
    REST_ABSENT = "rest_absent"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        session: ClassSession,
        enrollments: Sequence[Enrollment],
        records: Mapping[int, AttendanceRecord],
        reasons: Mapping[int, Sequence[str]],
    ) -> None:
        super().__init__(data)
        self.session = session
        self.enrollments = enrollments
        self.records = records
        self.reasons = reasons
        self.unmarked: list[Person] = []
        self.length = session.length_in_minutes
        # After the closing of the cohort a sheet changes as a locked one.
        self.is_final = is_final(session)
        for enrollment in enrollments:
            self._add_line(enrollment, records.get(enrollment.pk))
        if self.is_final or any(record.is_corrected for record in records.values()):
            self.fields["reason"] = forms.CharField(
                label=_("Reason for the change"),
                max_length=200,
                required=self.is_final,
                help_text=_("Every change is kept next to the first record, with this reason.")
                if self.is_final
                else _("Needed where a mark changes that was corrected before."),
            )

    @property
    def _rest(self) -> str:
        """What a line left empty means: nothing, "present" for a full class marked in one go, "absent" where that was confirmed."""
        if self.is_final:
            return ""
        if self.data.get("lock") == self.REST_ABSENT:
            return AttendanceStatus.ABSENT
        return AttendanceStatus.PRESENT if "rest_present" in self.data else ""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "lock" in self.data and not self._rest and not self.is_final:
            self.unmarked = [
                one.person
                for one in self.enrollments
                if one.pk not in self.records
                and not self._is_read_only(one)
                and not typed.get(f"status-{one.pk}")
            ]
        if self.unmarked:
            raise ValidationError(
                ngettext(
                    "%(count)s trainee has no mark: %(names)s. Mark them, or say below that they were absent.",
                    "%(count)s trainees have no mark: %(names)s. Mark them, or say below that they were absent.",
                    len(self.unmarked),
                )
                % {"count": format_number(len(self.unmarked)), "names": format_list(map(str, self.unmarked))}
            )
        if not self.errors and not typed.get("reason"):
            corrected = [str(one.enrollment.person) for one in self.changes() if one.is_of_corrected_mark]
            if corrected:
                self.add_error("reason", self._reason_missing(corrected))
        return typed

    def _reason_missing(self, people: Sequence[str]) -> str:
        return _("Corrected before, so say why it changes again: %(names)s.") % {"names": format_list(people)}

    def lines(self) -> list[SheetLine]:
        return [
            SheetLine(
                enrollment=enrollment,
                record=self.records.get(enrollment.pk),
                reasons=self.reasons.get(enrollment.pk, ()),
                status=self[f"status-{enrollment.pk}"],
                minutes=self[f"minutes-{enrollment.pk}"],
                is_read_only=self._is_read_only(enrollment),
            )
            for enrollment in self.enrollments
        ]

    def changes(self) -> Iterator[SheetChange]:
        """The changed lines of a valid sheet."""
        for enrollment in self.enrollments:
            if self._is_read_only(enrollment):
                continue
            status = self.cleaned_data[f"status-{enrollment.pk}"] or self._rest
            if not status:
                continue
            status = AttendanceStatus(status)
            minutes = self._minutes(status, self.cleaned_data[f"minutes-{enrollment.pk}"])
            record = self.records.get(enrollment.pk)
            if record is None or (record.status, self._within(record)) != (status, minutes):
                yield SheetChange(enrollment, record, status, minutes)

    def _is_read_only(self, enrollment: Enrollment) -> bool:
        """Whether the services would refuse a change: on a final sheet marks are amended, and none is added. Of who ended without
        a completion a mark changes there only.
        """
        if self.is_final:
            return enrollment.pk not in self.records
        return enrollment.state == EnrollmentState.FAILED

    def _add_line(self, enrollment: Enrollment, record: AttendanceRecord | None) -> None:
        is_read_only = self._is_read_only(enrollment)
        self.fields[f"status-{enrollment.pk}"] = forms.ChoiceField(
            label=_("Attendance of %(name)s") % {"name": enrollment.person},
            choices=AttendanceStatus.choices,
            required=False,
            initial=record.status if record else "",
            disabled=is_read_only,
            widget=forms.RadioSelect,
        )
        self.fields[f"minutes-{enrollment.pk}"] = forms.IntegerField(
            label=_("Minutes %(name)s was there") % {"name": enrollment.person},
            min_value=0,
            max_value=self.length,
            required=False,
            initial=self._counted(record),
            disabled=is_read_only,
            widget=forms.NumberInput(attrs={"placeholder": self.length, "inputmode": "numeric"}),
        )

    def _counted(self, record: AttendanceRecord | None) -> int | None:
        """What is on record, so that saving the sheet for another trainee keeps it. The whole session is left empty."""
        if record is None or record.status not in THERE:
            return None
        minutes = self._within(record)
        is_whole = record.status == AttendanceStatus.PRESENT and minutes == self.length
        return None if is_whole else minutes

    def _within(self, record: AttendanceRecord) -> int:
        """The minutes on record, at most the whole session: it may have been shortened since."""
        return min(record.minutes, self.length)

    def _minutes(self, status: AttendanceStatus, typed: int | None) -> int:
        """Minutes default to the whole session for a trainee who was present, and are 0 for one who was absent."""
        if status not in THERE:
            return 0
        return self.length if typed is None else typed


class ObjectionAnswerForm(forms.Form):
    """Grant an objection with the mark that is right, or refuse it. The trainee reads the answer. One that a colleague answered meanwhile is
    refused by the service, which says so."""

    GRANT, REFUSE = "grant", "refuse"

    objection = forms.ModelChoiceField(MarkObjection.objects.none(), widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=((GRANT, _("Grant it: the mark is corrected")), (REFUSE, _("Refuse it: the mark stays"))),
        widget=forms.RadioSelect,
    )
    status = forms.ChoiceField(
        label=_("The mark that is right, if granted"), choices=AttendanceStatus, required=False
    )
    minutes = forms.IntegerField(label=_("minutes present"), min_value=0, required=False)
    answer = forms.CharField(
        label=_("Answer"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("The trainee reads it. It is kept as the reason of the change."),
    )

    def __init__(
        self, *args: Any, session: ClassSession, objection: MarkObjection | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["objection"].queryset = objections_of(session)  # type: ignore[attr-defined]
        self.fields["objection"].initial = objection
        self.fields["minutes"].initial = session.length_in_minutes

    def answer_given(self) -> dict[str, Any]:
        """The arguments of `answer_mark_objection`."""
        typed = self.cleaned_data
        status = AttendanceStatus(typed["status"]) if typed["status"] else None
        is_there = status in THERE
        return {
            "objection_id": typed["objection"].pk,
            "is_granted": typed["decision"] == self.GRANT,
            "answer": typed["answer"],
            "status": status,
            "minutes": typed["minutes"] if is_there else 0,
        }
