"""The form of a question of the bank, its filters, and the reasons of those who decide about it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.blocks import BlockField

from accounts.enums import Act
from accounts.models import Center
from accounts.scoping import fenced, holds_everywhere
from accounts.scoping.filters import ListFilterSet
from assessment.bilingual import BankBlocks, Draft, chosen_in, draft_in
from assessment.enums import QuestionKind, QuestionState
from assessment.models import Question
from assessment.models.questions import LONGEST_TAG
from assessment.opening import NotInTheForm, in_the_form, medium_from_a_file
from assessment.queries.bank import draft_of
from assessment.queries.documents import may_open
from assessment.services.bank import LONGEST_REASON, MOST_TAGS, Labels
from assessment.services.media import keep_media, with_media
from courses.queries.occupations import occupations
from media_pipeline.models import Video

DIFFICULTIES = [(number, str(number)) for number in range(1, 6)]


def _occupation_choices() -> list[tuple[str, Any]]:
    return [("", _("none")), *occupations()]


def tags_in(typed: str) -> list[str]:
    """Tags with commas between them. Raises ValidationError."""
    pieces = typed.replace("،", ",").split(",")
    tags = list(dict.fromkeys(" ".join(tag.split()) for tag in pieces if tag.strip()))
    if len(tags) > MOST_TAGS:
        raise ValidationError(_("At most 20 tags."))
    if any(len(tag) > LONGEST_TAG for tag in tags):
        raise ValidationError(_("A tag has at most 40 letters."))
    return tags


class BankQuestionForm(WagtailAdminModelForm):
    """One question in Arabic and English, and what it is found by."""

    question = BlockField(BankBlocks(), label=_("Question"))
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=MOST_TAGS * LONGEST_TAG,
        help_text=_("With commas between them. Exams draw questions by tag and difficulty."),
    )
    difficulty = forms.TypedChoiceField(
        label=_("Difficulty"),
        coerce=int,
        choices=DIFFICULTIES,
        initial=3,
        help_text=_("From 1, easy, to 5, hard."),
    )
    occupation = forms.ChoiceField(label=_("Occupation"), choices=_occupation_choices, required=False)
    # Of a question from a file alone, whose picture is no document that could be chosen.
    keeps_picture = forms.BooleanField(
        label=_("Keep the picture that came from the file"),
        required=False,
        initial=True,
        help_text=_(
            "Unless another picture, a sound or a video is chosen above. What it shows is written there."
        ),
    )

    class Meta:
        model = Question
        fields = ("owner", "competence")

    field_order = ("owner", "question", "keeps_picture", "tags", "difficulty", "competence", "occupation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question: Question = self.instance
        blocks = self.fields["question"].block
        self.fields["question"].initial = blocks.get_default()
        if question.pk:
            del self.fields["owner"]
            self.fields["question"].initial = blocks.to_python(in_the_form(draft_of(question)))
            self.fields["tags"].initial = gettext(", ").join(question.tags)
            self.fields["difficulty"].initial = question.difficulty
            self.fields["occupation"].initial = question.occupation
        elif not holds_everywhere(self.for_user, Act.WRITE_QUESTIONS):
            self.fields["owner"].required = True
            self.fields["owner"].help_text = ""
        if self._from_a_file is None:
            del self.fields["keeps_picture"]

    @property
    def _from_a_file(self) -> Any:
        return medium_from_a_file(draft_of(self.instance)) if self.instance.pk else None

    def clean_tags(self) -> list[str]:
        return tags_in(self.cleaned_data["tags"])

    def clean_question(self) -> Any:
        """What is shown and played are things that the author may choose: the page of the question shows them to others."""
        stream = self.cleaned_data["question"]
        if not stream:
            return stream
        documents, recordings = chosen_in(stream)
        if not all(may_open(self.for_user, document) for document in documents):
            raise ValidationError(_("Choose a picture of your own library."))
        before = draft_of(self.instance).content.get("medium", {}) if self.instance.pk else {}
        added = [one.pk for one in recordings if one.pk != before.get("video")]
        within_reach = fenced(Video.objects.filter(pk__in=added), user=self.for_user, act=Act.MANAGE_MEDIA)
        if within_reach.count() < len(added):
            raise ValidationError(_("Choose a video of a center where you work with videos."))
        return stream

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("question") and self._keeps_picture and not self._alt:
            self.add_error("question", _("Say what the picture shows, for those who cannot see it."))
        return cleaned

    @property
    def _keeps_picture(self) -> bool:
        """Whether the picture that came from a file stays: nothing else was chosen."""
        stream = self.cleaned_data["question"]
        medium = stream[0].value["medium"]
        return bool(self.cleaned_data.get("keeps_picture")) and not (medium["picture"] or medium["recording"])

    @property
    def _alt(self) -> dict[str, str]:
        alt = self.cleaned_data["question"][0].value["medium"]["alt"]
        return {language: text for language, text in alt.items() if text}

    @property
    def draft(self) -> Draft:
        """What was written, with what it shows and plays kept, and with the documents by which the form opens it again."""
        stream = self.cleaned_data["question"]
        draft = draft_in(stream)
        content = with_media(draft.content, keep_media(*chosen_in(stream)), keeps_document=True)
        if self._keeps_picture:
            content["medium"] = {**(self._from_a_file or {}), "alt": self._alt}
        return draft._replace(content=content)

    @property
    def labels(self) -> Labels:
        cleaned = self.cleaned_data
        return Labels(cleaned["tags"], cleaned["difficulty"], cleaned["competence"], cleaned["occupation"])


def opens_in_the_form(question: Question) -> bool:
    """Whether the form shows all of the question. One from a file may have what it cannot show."""
    try:
        in_the_form(draft_of(question))
    except NotInTheForm:
        return False
    return True


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class SendBackForm(ReasonForm):
    reason = forms.CharField(
        label=_("What to change"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Who wrote it reads this."),
    )


class BankFilterSet(ListFilterSet):
    """Filters of the bank; each has an index or narrows what the others leave."""

    state = ChoiceFilter(
        label=_("State"),
        choices=[
            (QuestionState.PUBLISHED, _("may be asked")),
            *[(state, state.label) for state in QuestionState if state != QuestionState.PUBLISHED],
        ],
        method="in_state",
        widget=forms.Select,
    )
    kind = ChoiceFilter(label=_("Kind"), choices=QuestionKind.choices, widget=forms.Select)
    owner = ModelChoiceFilter(
        label=_("Owner"), queryset=Center.objects.all(), null_label=_("The ministry"), widget=forms.Select
    )
    tag = CharFilter(label=_("Tag"), method="with_tag")
    difficulty = ChoiceFilter(label=_("Difficulty"), choices=DIFFICULTIES, widget=forms.Select)
    occupation = ChoiceFilter(label=_("Occupation"), choices=occupations, widget=forms.Select)

    class Meta:
        model = Question
        fields = ["state", "kind", "tag", "difficulty", "owner", "occupation"]

    def in_state(self, rows: QuerySet[Question], _name: str, state: str) -> QuerySet[Question]:
        if state == QuestionState.PUBLISHED:
            return rows.filter(published__isnull=False).exclude(state=QuestionState.WITHDRAWN)
        return rows.filter(state=state)

    def with_tag(self, rows: QuerySet[Question], _name: str, tag: str) -> QuerySet[Question]:
        return rows.filter(tags__contains=[" ".join(tag.split())])
