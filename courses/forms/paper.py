"""Typing a printed attendance sheet, and deciding where two readings of it differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import AttendanceStatus
from courses.forms.attendance import AttendanceSheetForm
from courses.models import ClassSession, Enrollment
from courses.queries.paper_sheets import Mark, TypedLine
from courses.services.paper_sheets import Decision


class PaperSheetForm(AttendanceSheetForm):
    """The lines of the paper in its order, all of them empty: what is on record is not shown."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        session: ClassSession,
        enrollments: Sequence[Enrollment],
        code: str = "",
    ) -> None:
        super().__init__(data, session=session, enrollments=enrollments, records={}, reasons={})
        self.fields["code"] = forms.CharField(
            label=_("Code on the paper"),
            max_length=12,
            initial=code,
            help_text=_("It is printed next to the day of the session, such as 7K3M-9Q2X."),
            widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        )

    def marks(self) -> dict[int, Mark]:
        """What was typed, by enrollment. An empty line is an empty mark."""
        return {
            row.pk: Mark(
                status, self._minutes(AttendanceStatus(status), self.cleaned_data[f"minutes-{row.pk}"])
            )
            if status
            else Mark()
            for row in self.enrollments
            for status in [self.cleaned_data[f"status-{row.pk}"]]
        }


@dataclass(frozen=True)
class DecisionLine:
    line: TypedLine
    choice: forms.BoundField
    reason: forms.BoundField


class DecisionsForm(forms.Form):
    """Each differing line: which reading counts, or what is on record, and why."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, lines: Sequence[TypedLine]) -> None:
        super().__init__(data)
        self.differing = [line for line in lines if not line.is_agreed]
        for line in self.differing:
            key, name = line.enrollment.pk, line.enrollment.person
            self.fields[f"choice-{key}"] = forms.ChoiceField(
                label=_("What counts for %(name)s") % {"name": name},
                choices=self._choices(line),
                widget=forms.RadioSelect,
            )
            self.fields[f"reason-{key}"] = forms.CharField(
                label=_("Reason for %(name)s") % {"name": name}, max_length=200
            )

    def lines(self) -> list[DecisionLine]:
        return [
            DecisionLine(line, self[f"choice-{line.enrollment.pk}"], self[f"reason-{line.enrollment.pk}"])
            for line in self.differing
        ]

    def decisions(self) -> dict[int, Decision]:
        decided = {}
        for line in self.differing:
            key = line.enrollment.pk
            marks = {"first": line.first, "second": line.second, "recorded": line.recorded}
            decided[key] = Decision(
                marks[self.cleaned_data[f"choice-{key}"]], self.cleaned_data[f"reason-{key}"]
            )
        return decided

    def _choices(self, line: TypedLine) -> list[tuple[str, str]]:
        readings = [("first", _("first typing: %(mark)s"), line.first)]
        if line.second != line.first:
            readings.append(("second", _("second typing: %(mark)s"), line.second))
        if line.recorded not in {line.first, line.second}:
            readings.append(("recorded", _("on record: %(mark)s"), line.recorded))
        return [(key, words % {"mark": in_words(mark)}) for key, words, mark in readings]


class DiscardForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why what was typed is discarded"),
        max_length=200,
        help_text=gettext_lazy("Nothing of it is recorded. The reason is kept in the audit trail."),
    )


def in_words(mark: Mark) -> str:
    if not mark.status:
        return _("nothing")
    if mark.status == AttendanceStatus.LATE:
        return _("%(status)s, %(minutes)s minutes") % {"status": mark.label, "minutes": mark.minutes}
    return mark.label
