"""What is done to a question of the bank: submitted, decided, withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping.act_forms import ActFormView
from accounts.scoping.viewsets import ActView
from assessment.models import Question
from assessment.queries.bank import reviews_waiting_for
from assessment.queries.bank_use import pages_asking
from assessment.queries.readiness import sittings_that_need
from assessment.services.bank import (
    discard_draft,
    publish_question,
    reinstate_question,
    send_back_question,
    submit_question,
    take_back_question,
    withdraw_question,
)
from assessment.services.figures import keep_question
from assessment.viewsets.bank_form import ReasonForm, SendBackForm


class SubmitView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        submit_question(question_id=pk, by=self.request.user)
        return _("The question waits for its review. Somebody else publishes it.")


class TakeBackView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        take_back_question(question_id=pk, by=self.request.user)
        return _("The question is a draft again.")


class DiscardView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        discard_draft(question_id=pk, by=self.request.user)
        return _("The draft is discarded. What was published is in force, as before.")


class PublishView(ActView):
    """One question, which its reviewer has read: none is published with others, unread. Then the next one, where that is asked for."""

    model = Question

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        answer = super().post(request, pk)
        if "next" not in request.POST or self.is_refused:
            return answer
        following = reviews_waiting_for(self.request.user).exclude(pk=pk).first()
        if following is None:
            messages.info(request, _("No other question waits for your review."))
            return redirect("bank:index")
        return redirect("bank:inspect", following.pk)

    is_refused = False

    def refused(self, pk: int) -> None:
        self.is_refused = True

    def act_on(self, pk: int) -> str:
        digest = self.request.POST.get("digest", "")
        publish_question(question_id=pk, digest=digest, by=self.request.user)
        return _("The question is published. Quizzes and exams may ask it from now on.")


class ReinstateView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        reinstate_question(question_id=pk, by=self.request.user)
        return _("The question is as it was before it was withdrawn.")


class ReasonView(ActFormView):
    """An act that needs a reason."""

    model = Question
    select_related = ("published",)
    header_icon = "help"
    template_name = "assessment/admin/bank_act.html"
    form_class: type[ReasonForm] = ReasonForm
    help_text: Any = ""
    button: Any = ""
    tells_pages = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            pages=pages_asking(self.row, self.request.user) if self.tells_pages else [],
            sittings=sittings_that_need(self.row) if self.tells_pages else [],
            question=self.row,
            help_text=self.help_text,
            button=self.button,
            **kwargs,
        )


class SendBackView(ReasonView):
    page_title = gettext_lazy("Send the question back")
    form_class = SendBackForm
    button = gettext_lazy("Send the question back")
    help_text = gettext_lazy("The question becomes a draft again. What was published before stays in force.")

    def carry_out(self, form: Any) -> str:
        send_back_question(question_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        return _("The question was sent back to who wrote it.")


class WithdrawView(ReasonView):
    tells_pages = True
    page_title = gettext_lazy("Withdraw the question")
    button = gettext_lazy("Withdraw the question")
    help_text = gettext_lazy(
        "No attempt that begins from now on asks it. Attempts that are under way keep it, and marks stay as they are. You can put it in force again."
    )

    def carry_out(self, form: Any) -> str:
        withdraw_question(question_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        return _("The question is withdrawn.")


class KeepView(ReasonView):
    """Its author says that it stays, though those who know more get it wrong more often."""

    page_title = gettext_lazy("The question stays as it is")
    button = gettext_lazy("Leave it as it is")
    help_text = gettext_lazy(
        "Those who know more get this question wrong more often. Say why it stays all the same: then it waits for you no longer. A new version is looked at again."
    )

    def carry_out(self, form: Any) -> str:
        keep_question(question_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        return _("The question stays as it is, with your reason.")
