"""The form of a mark."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.digits import latin_digits
from accounts.errors import DomainError
from accounts.services.formatting import localize_digits
from assessment.files.rewriting import MOST_BYTES, FileTooLarge, Rewritten, rewritten
from assessment.models import Mark
from assessment.queries.marking import STEPS_OF_A_POINT
from assessment.queries.responses_by_hand import CriterionToRead
from assessment.services.marks import LONGEST_COMMENT, Given

# Of the field that the script fills with comments on places of files.
LONGEST_POINTS = 40_000


class PointsField(forms.DecimalField):
    """Points in quarters, in digits of either kind."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(latin_digits(value).replace("٫", ".") if isinstance(value, str) else value)


class MarkForm(forms.Form):
    """A level for each line of the rubric, or points for the whole where there is none, and what the trainee reads about it."""

    comment = forms.CharField(
        label=_("To the trainee"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Read with the result, without your name. Say what was good and what was missing."),
    )
    file = forms.FileField(
        label=_("A file for the trainee"),
        required=False,
        help_text=_("A picture or a PDF, at most 8 MB. Names in it that programs note are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    points = forms.CharField(required=False, max_length=LONGEST_POINTS, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rubric: Sequence[CriterionToRead], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rubric = rubric
        for line in rubric:
            self.fields[name_of(line)] = forms.ChoiceField(
                label=line.text,
                choices=[(level.level_id, _with_points(level.text, level.points)) for level in line.levels],
                widget=forms.RadioSelect,
            )
            # For the script, which adds up what is chosen.
            points = {level.level_id: level.points for level in line.levels}
            self.fields[name_of(line)].level_points = json.dumps(points)  # type: ignore[attr-defined]
        if not rubric:
            self.fields["earned"] = PointsField(
                label=_("Points"),
                min_value=0,
                max_value=most,
                step_size=1 / STEPS_OF_A_POINT,
                widget=forms.NumberInput(
                    attrs={"min": 0, "max": most, "step": 1 / STEPS_OF_A_POINT, "inputmode": "decimal"}
                ),
            )

    @property
    def lines(self) -> list[forms.BoundField]:
        """The lines of the rubric, or the one field for points."""
        names = [name_of(line) for line in self._rubric]
        return [self[name] for name in names or ["earned"]]

    def clean_file(self) -> list[Rewritten]:
        sent = self.cleaned_data["file"]
        if not sent:
            return []
        try:
            if sent.size > MOST_BYTES:
                raise FileTooLarge
            return [rewritten(sent.read())]
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_points(self) -> list[dict[str, Any]]:
        text = self.cleaned_data["points"]
        try:
            points = json.loads(text) if text else []
        except ValueError as error:
            raise forms.ValidationError(_("A comment on a file cannot be read. Place it again.")) from error
        return points if isinstance(points, list) else []

    @property
    def given(self) -> Given:
        """Of a valid form."""
        typed = self.cleaned_data
        return Given(
            levels={line.criterion_id: typed[name_of(line)] for line in self._rubric},
            earned=typed.get("earned"),
            comment=typed["comment"],
            points=typed["points"],
            files=typed["file"],
        )


class DecisionForm(MarkForm):
    """A mark that counts alone: asked about once."""

    is_final = forms.BooleanField(
        label=_("I read both marks. Mine counts alone."),
        error_messages={"required": _("Say that you read both marks, then save.")},
        help_text=_(
            "Where no other answer of the test waits for a mark, its result is there at once, and the trainee is told: then a decision is no longer corrected."
        ),
    )


def name_of(line: CriterionToRead) -> str:
    return f"level-{line.criterion_id}"


def initial_of(mark: Mark) -> dict[str, Any]:
    """What a form shows of a mark that is given once more."""
    return {
        "comment": mark.comment,
        "points": json.dumps(mark.points, ensure_ascii=False) if mark.points else "",
        "earned": mark.earned.normalize(),
        **{f"level-{criterion}": level for criterion, level in mark.levels.items()},
    }


def _with_points(text: str, points: int) -> str:
    said = ngettext("%(points)s point", "%(points)s points", points) % {"points": points}
    return localize_digits(f"{text} · {said}")
