"""Which question of the bank a page or an exam asks."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView

from accounts.enums import Act
from accounts.scoping.choosers import CenterChooserViewSet
from assessment.bank_words import LONGEST_QUERY
from assessment.blocks.blueprint import BankQuestionChooser
from assessment.models import Question
from assessment.queries.bank import bank_of, excerpt_of, searched

if TYPE_CHECKING:
    # What is mixed into views of Wagtail, which has no types.
    WagtailView = Any
else:
    WagtailView = object


class BankFilterForm(BaseFilterForm):
    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Words of the question, or tags")}),
    )

    def filter(self, objects: QuerySet[Question]) -> QuerySet[Question]:
        return searched(objects, self.cleaned_data["q"])


class ChoosesQuestions(WagtailView):
    filter_form_class = BankFilterForm

    def apply_object_list_ordering(self, objects: QuerySet[Question]) -> QuerySet[Question]:
        return objects.select_related("owner", "published").order_by("-pk")

    @property
    def title_column(self) -> Column:
        column: Column = super().title_column
        column.label, column.accessor = _("Question"), excerpt_of
        return column

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
            Column("difficulty", label=gettext_lazy("Difficulty")),
            Column("owner", label=gettext_lazy("Owner"), accessor=lambda row: row.owner or _("The ministry")),
        ]


class ChooseQuestionView(ChoosesQuestions, ChooseView):
    pass


class ChooseQuestionResultsView(ChoosesQuestions, ChooseResultsView):
    pass


class QuestionChosenView(ChosenView):
    def get_display_title(self, instance: Question) -> str:
        return excerpt_of(instance)


class BankChooserViewSet(CenterChooserViewSet):
    """Published questions: of the own centers, and of the ministry."""

    model = "assessment.Question"
    act = Act.VIEW_QUESTIONS
    icon = "list-ul"
    base_widget_class = BankQuestionChooser
    choose_one_text = BankQuestionChooser.choose_one_text
    choose_another_text = BankQuestionChooser.choose_another_text
    choose_view_class = ChooseQuestionView
    choose_results_view_class = ChooseQuestionResultsView
    chosen_view_class = QuestionChosenView

    def fence_rows(self, rows: QuerySet[Any], *, user: Any) -> QuerySet[Any]:
        return bank_of(user, Question.objects.in_force())
