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
from wagtail.documents.models import AbstractDocument
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import policy_registry

from accounts.enums import Act
from accounts.models import Center
from accounts.scoping import holds_everywhere
from accounts.scoping.filters import ListFilterSet
from assessment.bilingual import BankBlocks, Draft, NotInTheForm, document_in, draft_in, in_the_form
from assessment.enums import QuestionKind, QuestionState
from assessment.models import Question
from assessment.models.questions import LONGEST_TAG
from assessment.queries.bank import draft_of
from assessment.services.bank import LONGEST_REASON, MOST_TAGS, Labels
from assessment.services.pictures import keep_pictures
from courses.queries.occupations import occupations

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

    class Meta:
        model = Question
        fields = ("owner", "competence")

    field_order = ("owner", "question", "tags", "difficulty", "competence", "occupation")

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

    def clean_tags(self) -> list[str]:
        return tags_in(self.cleaned_data["tags"])

    def clean_question(self) -> Any:
        """A picture is one that the author may choose: the page of the question shows it to others."""
        stream = self.cleaned_data["question"]
        document = document_in(stream) if stream else None
        if document is not None and not self._may_choose(document):
            raise ValidationError(_("Choose a picture of your own library."))
        return stream

    def _may_choose(self, document: AbstractDocument) -> bool:
        policy: BasePermissionPolicy[Any] = policy_registry.get_by_type(type(document))
        verbs = ["choose", "add", "change", "delete"]
        return bool(policy.user_has_any_permission_for_instance(self.for_user, verbs, document))

    @property
    def draft(self) -> Draft:
        """What was written, with its picture kept."""
        stream = self.cleaned_data["question"]
        draft, document = draft_in(stream), document_in(stream)
        if document is None:
            return draft
        # With the document, by which the form opens it again.
        kept = keep_pictures([document])[document.pk] | {"document": document.pk}
        ratio = f"{kept['height']}/{kept['width']}"
        return draft._replace(content=draft.content | {"picture": kept, "ratio": ratio})

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
