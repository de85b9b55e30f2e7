"""What a reader asks of the figures, from the query of the address."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.digits import latin_digits
from accounts.enums import Act, Sex
from accounts.models import Center, Governorate, User
from accounts.scoping import centers_where
from accounts.services.formatting import format_date, localize_digits
from courses.models import Cohort, ProgramPage
from courses.queries.occupations import occupation_title
from courses.queries.programs import titles_in_language
from insights.enums import AgeBand, Cut
from insights.models import Snapshot
from insights.queries.asking import NONE, Asked, recorded_day
from insights.queries.figures import occupations_taught

MOST_YEARS = 10
MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")


class MonthField(forms.CharField):
    """A month such as 2026-09. Its value is the first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-09", "dir": "ltr"})

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        found = MONTH.fullmatch(latin_digits(text).strip())
        if found is None or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2200:
            raise forms.ValidationError(_("Write a month as a year and a number, such as 2026-09."))
        return dt.date(int(found[1]), int(found[2]), 1)


def _or_none(value: str) -> str | None:
    """A choice: all, or one of them, which may be that nothing is on record."""
    return None if not value else "" if value == NONE else value


class FiguresForm(forms.Form):
    """Every field may be left empty. After validation `asked` says what is asked, and `snapshot` of which day; None where no day is recorded."""

    governorate = forms.ModelChoiceField(
        Governorate.objects.all(), required=False, label=_("Governorate"), empty_label=_("All")
    )
    center = forms.ModelChoiceField(
        Center.objects.none(), required=False, label=_("Center"), empty_label=_("All")
    )
    program = forms.ChoiceField(required=False, label=_("Program"))
    occupation = forms.ChoiceField(required=False, label=_("Occupation"))
    sex = forms.ChoiceField(required=False, label=_("Sex"))
    age_band = forms.ChoiceField(required=False, label=_("Age at enrollment"))
    since = MonthField(required=False, label=_("Enrolled from"))
    until = MonthField(required=False, label=_("Enrolled until"))
    day = forms.DateField(
        required=False,
        label=_("As of the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty: the last day that is recorded."),
    )
    by = forms.ChoiceField(required=False, label=_("A line for each"), choices=Cut.choices)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.snapshot: Snapshot | None = None
        everyone = ("", _("All"))
        unknown = (NONE, _("not on record"))
        self.fields["center"].queryset = centers_where(user, Act.VIEW_COHORTS)  # type: ignore[attr-defined]
        self.fields["program"].choices = [everyone, *_programs()]  # type: ignore[attr-defined]
        occupations = [(code, occupation_title(code)) for code in occupations_taught()]
        self.fields["occupation"].choices = [  # type: ignore[attr-defined]
            everyone,
            *sorted(occupations, key=lambda both: both[1]),
            (NONE, _("no occupation named")),
        ]
        self.fields["sex"].choices = [everyone, *Sex.choices, unknown]  # type: ignore[attr-defined]
        bands = [(band, localize_digits(label)) for band, label in AgeBand.choices]
        self.fields["age_band"].choices = [everyone, *bands, unknown]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        since, until, day = typed.get("since"), typed.get("until"), typed.get("day")
        if since and until and since > until:
            self.add_error("until", _("The period ends before it begins. Exchange the two months."))
        elif since and until and until.year - since.year > MOST_YEARS:
            text = gettext("A period of %(years)s years at most can be shown. Choose a shorter one.")
            self.add_error("until", text % {"years": localize_digits(MOST_YEARS)})
        if day and day >= timezone.localdate():
            self.add_error(
                "day", _("The figures of a day are recorded when it is over. Choose an earlier day.")
            )
        elif not self.errors:
            self.snapshot = recorded_day(day or timezone.localdate())
            self._check_recorded(day)
        return typed

    def _check_recorded(self, day: dt.date | None) -> None:
        first = Snapshot.objects.complete().order_by("day").first() if day and not self.snapshot else None
        if first:
            text = gettext("Figures are recorded from %(day)s on. Choose that day or a later one.")
            self.add_error("day", text % {"day": format_date(first.day)})

    @property
    def asked(self) -> Asked | None:
        """What is asked of the figures of `snapshot`."""
        if not self.is_valid() or self.snapshot is None:
            return None
        typed = self.cleaned_data
        return Asked(
            day=self.snapshot.day,
            governorate=typed["governorate"] and typed["governorate"].pk,
            center=typed["center"] and typed["center"].pk,
            program=int(typed["program"]) if typed["program"] else None,
            occupation=_or_none(typed["occupation"]),
            sex=_or_none(typed["sex"]),
            age_band=_or_none(typed["age_band"]),
            since=typed["since"],
            until=typed["until"],
        )

    @property
    def cut(self) -> Cut:
        """Where none is named, the first, as the list of choices shows it."""
        return Cut(self.cleaned_data.get("by") or next(iter(Cut)))


def _programs() -> list[tuple[str, str]]:
    """Those that ever had a cohort, by their title for the reader."""
    programs = ProgramPage.objects.filter(pk__in=Cohort.objects.order_by().values("program"))
    titles = titles_in_language(programs, get_language() or "ar")
    return sorted(((str(pk), title) for pk, title in titles.items()), key=lambda both: both[1])
