"""What papers of a cohort print: asked to be corrected by one officer of the ministry, decided by another."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping.viewsets import ActView
from courses.enums import FactsState
from courses.errors import FactsAreDecided
from courses.forms.facts import CorrectFactsForm
from courses.models import Cohort, CohortFacts
from courses.queries.facts import facts_in_force, facts_in_words
from courses.services.facts import ask_for_correction, decide_correction, is_by
from courses.viewsets.closing import CohortActView


class CorrectFactsView(CohortActView):
    """The facts in force and what they were, a correction that waits, and the form that asks for one."""

    template_name = "courses/admin/cohort_facts.html"
    page_title = gettext_lazy("What papers of the cohort print")
    form_class = CorrectFactsForm

    @cached_property
    def in_force(self) -> CohortFacts:
        return facts_in_force(self.cohort)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "facts": self.in_force.facts}

    def carry_out(self, form: CorrectFactsForm) -> str:
        ask_for_correction(
            cohort_id=self.cohort.pk,
            facts=form.corrected(),
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )
        return _("Another officer of the ministry decides about it. Until then papers print what they did.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.cohort.facts.select_related("by", "decided_by"))
        waiting = next((row for row in rows if row.state == FactsState.WAITING), None)
        is_own = waiting is not None and is_by(self.request.user, waiting)
        return super().get_context_data(
            facts=facts_in_words(self.in_force.facts),
            in_force=self.in_force,
            rows=[row for row in rows if row != waiting],
            waiting=waiting,
            changes=facts_in_words(waiting.facts, self.in_force.facts) if waiting else [],
            is_own=is_own,
            **kwargs,
        )


class DecideFactsView(ActView):
    """Puts the correction that waits in force, or refuses it; who asked takes it back."""

    model = Cohort

    def act_on(self, pk: int) -> str:
        waiting = CohortFacts.objects.filter(cohort=pk, state=FactsState.WAITING).first()
        # The one that the page showed, not one that was asked for since.
        if waiting is None or str(waiting.number) != self.request.POST.get("number"):
            raise FactsAreDecided
        is_accepted = "accept" in self.request.POST
        decide_correction(facts_id=waiting.pk, is_accepted=is_accepted, by=self.request.user)
        if is_accepted:
            return _("The facts are corrected. Papers that were issued before are in doubt.")
        return _("Nothing was corrected.")
