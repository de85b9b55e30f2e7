"""Forms of completion rules, and of results in practical tasks."""

from collections.abc import Collection, Iterator
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.clauses import (
    MOST_TASKS,
    MOST_WEIGHT,
    Clauses,
    CountedAttempt,
    Practice,
    Score,
    Task,
    Test,
)
from courses.fields import asked_attendance, asked_hours, asked_practice, asked_score, percent_field
from courses.forms.cohorts import programs_to_choose
from courses.models import CompletionRule, ProgramPage, UnitPage
from courses.queries.pinning import tests_of
from courses.queries.requirements import title_of
from courses.services.completion import USUAL

_ATTEMPTS = (
    (CountedAttempt.BEST.value, _("the best one")),
    (CountedAttempt.LAST.value, _("the last one")),
    (CountedAttempt.MEAN.value, _("the mean of all")),
)


class ChooseProgramForm(forms.Form):
    """Which program the rule is for: the next page lists its tests."""

    program = forms.ModelChoiceField(ProgramPage.objects.none(), label=_("Program"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["program"]).queryset = programs_to_choose()


class CompletionRuleForm(WagtailAdminModelForm):
    """The clauses of a program's next rule, filled in with those of its newest one."""

    units = forms.BooleanField(label=_("Every required unit"), required=False)
    attendance = asked_attendance()
    hours = asked_hours()
    score = asked_score()
    attempts = forms.ChoiceField(label=_("Of several attempts at a test counts"), choices=_ATTEMPTS)
    tasks = forms.CharField(
        label=_("Practical tasks"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One on each line, in Arabic, then | and in English. An assessor who does not teach the cohort says who "
            "passes each of them. Empty where there is no practical assessment."
        ),
    )
    practice = asked_practice(help_text=_("0 where passing them is enough."))

    class Meta:
        model = CompletionRule
        fields = ("program",)

    field_order = ("program", "units", "attendance", "hours", "score", "attempts")

    def __init__(self, *args: Any, program: ProgramPage | None = None, **kwargs: Any) -> None:
        newest = program.completion_rules.first() if program else None
        asks = newest.asks if newest else USUAL
        kwargs["initial"] = {"program": program, **_initial(asks), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = programs_to_choose()
        # Chosen on the page before: its tests are among the fields.
        self.fields["program"].disabled = program is not None
        self.tests = tests_of(program) if program else []
        self._add_tests(asks)

    def _add_tests(self, asks: Clauses) -> None:
        """Two fields for each test of the program, between those of the score and of practical tasks."""
        named = {test.unit: test for test in asks.score.tests}
        last = {name: self.fields.pop(name) for name in ("tasks", "practice")}
        for unit in self.tests:
            test = named.get(str(unit.translation_key))
            self.fields[_weight(unit)] = forms.IntegerField(
                label=gettext("Weight of “%(test)s”") % {"test": unit.title},
                min_value=0,
                max_value=MOST_WEIGHT,
                initial=test.weight if test else int(not named),
                help_text=gettext("0 where it does not count."),
            )
            self.fields[_minimum(unit)] = percent_field(
                gettext("“%(test)s”, percent at least") % {"test": unit.title},
                initial=test.minimum if test else 0,
                help_text=gettext("0 where it has no minimum of its own."),
            )
        self.fields.update(last)

    def clean_tasks(self) -> tuple[Task, ...]:
        tasks = tuple(_tasks(self.cleaned_data["tasks"]))
        if len(tasks) > MOST_TASKS:
            raise ValidationError(gettext("At most %(most)s practical tasks.") % {"most": MOST_TASKS})
        if len({task.code for task in tasks}) < len(tasks):
            raise ValidationError(gettext("The same practical task is there twice."))
        return tasks

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        weights = [cleaned.get(_weight(unit)) for unit in self.tests]
        if cleaned.get("score") and weights and not any(weights):
            self.add_error("score", gettext("A score is asked for, and no test counts. Give one a weight."))
        for unit in self.tests:
            if cleaned.get(_minimum(unit)) and not cleaned.get(_weight(unit)):
                self.add_error(_weight(unit), gettext("A test with a minimum counts. Give it a weight."))
        return cleaned

    def asks(self) -> Clauses:
        """The clauses that were typed, once the form is valid."""
        typed = self.cleaned_data
        return Clauses(
            units=typed["units"],
            attendance=typed["attendance"],
            hours=typed["hours"],
            score=Score(typed["score"], CountedAttempt(typed["attempts"]), self._tests()),
            practice=Practice(typed["practice"], typed["tasks"]),
        )

    def _tests(self) -> tuple[Test, ...]:
        """Empty where all count alike: tests that are added later count, too."""
        typed = [
            (unit, self.cleaned_data[_weight(unit)], self.cleaned_data[_minimum(unit)]) for unit in self.tests
        ]
        if all((weight, minimum) == (1, 0) for _unit, weight, minimum in typed):
            return ()
        return tuple(
            Test(str(unit.translation_key), _titles(unit), weight, minimum)
            for unit, weight, minimum in typed
            if weight
        )


class PracticalResultForm(forms.Form):
    task = forms.ChoiceField(label=_("Practical task"))
    score = percent_field(_("Score, percent"))
    passed = forms.BooleanField(label=_("The task is passed"), required=False)
    remark = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        help_text=_("What you saw. The trainee may ask to read it."),
    )

    def __init__(self, *args: Any, tasks: Collection[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["task"]
        field.choices = [(task.code, title_of(task.titles)) for task in tasks]


def _initial(asks: Clauses) -> dict[str, Any]:
    return {
        "units": asks.units,
        "attendance": asks.attendance,
        "hours": asks.hours,
        "score": asks.score.percent,
        "attempts": asks.score.attempts.value,
        "practice": asks.practice.percent,
        "tasks": "\n".join(" | ".join(task.titles.values()) for task in asks.practice.tasks),
    }


def _tasks(typed: str) -> Iterator[Task]:
    for line in typed.splitlines():
        arabic, _bar, english = (part.strip() for part in line.partition("|"))
        if english and not arabic:
            raise ValidationError(
                gettext("“%(line)s” has no words in Arabic."), params={"line": line.strip()}
            )
        if arabic:
            titles = {"ar": arabic, **({"en": english} if english else {})}
            # By its title, so that a result stays with its task where a person goes on under another version of the rule.
            yield Task(slugify(arabic, allow_unicode=True)[:40] or arabic[:40], titles)


def _titles(unit: UnitPage) -> dict[str, str]:
    pages = unit.get_translations(inclusive=True).select_related("locale")
    titles = {page.locale.language_code: page.title for page in pages}
    return {unit.locale.language_code: unit.title, **titles}


def _weight(unit: UnitPage) -> str:
    return f"weight_{unit.pk}"


def _minimum(unit: UnitPage) -> str:
    return f"minimum_{unit.pk}"
