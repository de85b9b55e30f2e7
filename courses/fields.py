"""Fields of forms for what a rule asks, as every form about rules has them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.clauses import MOST_HOURS


def percent_field(label: Any, **facts: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100, **facts)


def hours_field(label: Any, **facts: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_HOURS, **facts)


def asked_attendance(**facts: Any) -> forms.IntegerField:
    return percent_field(
        _("Attendance, percent at least"), help_text=_("0 where attendance is not asked."), **facts
    )


def asked_hours(**facts: Any) -> forms.IntegerField:
    return hours_field(
        _("Hours in classes at least"),
        help_text=_("Of classes and workshop days attended. 0 where hours are not asked."),
        **facts,
    )


def asked_score(**facts: Any) -> forms.IntegerField:
    return percent_field(
        _("Mean score of the tests, percent at least"), help_text=_("0 where no score is asked."), **facts
    )


def asked_practice(**facts: Any) -> forms.IntegerField:
    return percent_field(_("Mean score of the practical tasks, percent at least"), **facts)
