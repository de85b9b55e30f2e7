"""Proposing certificates for chosen people of a cohort."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import fenced
from accounts.scoping.bulk_acts import BulkActView, LeftAlone
from accounts.services.formatting import format_list, format_number
from certificates.enums import BlockingReason, CredentialKind
from certificates.models import CertificateTemplate, CredentialType, Proposal
from certificates.queries.proposals import templates_for
from certificates.services.proposing import blocking_reasons_in, propose
from courses.errors import EnrollmentNotActive
from courses.models import Cohort, Enrollment
from courses.queries.workspace.selection import chosen_in, mark_of, selection_in
from courses.queries.workspace.workspace import OF_A_COHORT


class KindOfCertificateForm(forms.Form):
    """What is proposed: asked first, because it decides who may be."""

    type = forms.ModelChoiceField(CredentialType.objects.none(), label=gettext_lazy("Kind of certificate"))
    template = forms.ModelChoiceField(
        CertificateTemplate.objects.none(),
        label=gettext_lazy("Template"),
        required=False,
        empty_label=gettext_lazy("The usual one of the kind, or the only one"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["type"]
        kinds.queryset = CredentialType.objects.filter(is_active=True, rules__isnull=False).distinct()
        templates: Any = self.fields["template"]
        templates.queryset = templates_for(CredentialKind)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        type_ = cleaned.get("type")
        if type_ and "template" not in self.errors and not cleaned.get("template"):
            only = list(templates_for([type_.kind])[:2])
            cleaned["template"] = type_.template or (only[0] if len(only) == 1 else None)
            if cleaned["template"] is None:
                self.add_error("template", gettext_lazy("This kind has no usual template. Choose one."))
        return cleaned


class Blocked(DomainError):
    """A person would be in the proposal without a certificate."""

    message = "%(reasons)s"


class ProposeManyView(BulkActView):
    """One proposal for those who may be proposed. Outsiders of the cohort's center get 404."""

    model = Cohort
    page_title = gettext_lazy("Propose certificates")
    header_icon = "tasks"
    index_url_name = "cohort:index"
    choice_form_class = KindOfCertificateForm
    form_class = forms.Form
    submit_label = gettext_lazy("Propose")
    explanation = gettext_lazy(
        "The people below are proposed together; another person decides. No one else is in the proposal."
    )
    undo_note = gettext_lazy(
        "Until somebody decides, the proposal is taken back as a whole on its page: “Take the proposal back”."
    )
    proposal: Proposal | None = None

    @cached_property
    def row(self) -> Cohort:
        cohorts = Cohort.objects.select_related(*OF_A_COHORT)
        reach = fenced(cohorts, user=self.request.user, act=Act.PROPOSE_CERTIFICATES)
        cohort: Cohort = get_object_or_404(reach, pk=self.kwargs["pk"])
        return cohort

    def get_page_subtitle(self) -> str:
        """Of no viewset, which would say it."""
        return str(self.row)

    @cached_property
    def selected(self) -> QuerySet[Enrollment]:
        return chosen_in(self.row, selection_in(self.request.GET))

    def chosen(self) -> QuerySet[Enrollment]:
        return self.selected

    def rows(self, keys: Iterable[int]) -> QuerySet[Enrollment]:
        return self.row.enrollments.filter(pk__in=keys).select_related("person")

    def mark_of(self, row: Enrollment) -> str:
        return mark_of(row)

    def name_of(self, row: Enrollment) -> str:
        return str(row.person)

    def back_url(self) -> str:
        return reverse("cohort:people", args=[self.row.pk])

    def refusals(self, rows: Sequence[Enrollment]) -> dict[int, DomainError]:
        try:
            found = blocking_reasons_in(enrollment_ids=[row.pk for row in rows], **self._asked())
        except DomainError as refusal:
            # Of the cohort or the kind: it is everybody's.
            return {row.pk: refusal for row in rows}
        refused: dict[int, DomainError] = {
            key: Blocked(reasons=_in_words(blocks)) for key, blocks in found.items() if blocks
        }
        return refused | {row.pk: EnrollmentNotActive() for row in rows if row.pk not in found}

    def act_on_rows(self, rows: Sequence[Enrollment], form: Any) -> list[LeftAlone]:
        self.proposal = propose(enrollment_ids=[row.pk for row in rows], **self._asked())
        return []

    def _asked(self) -> dict[str, Any]:
        chosen = self.choice.cleaned_data
        return {
            "cohort_id": self.row.pk,
            "type_id": chosen["type"].pk,
            "template_id": chosen["template"].pk,
            "by": self.request.user,
        }

    def done_message(self, count: int) -> str:
        return ngettext("%(count)s person is proposed.", "%(count)s people are proposed.", count) % {
            "count": format_number(count)
        }

    def next_url(self) -> str:
        return reverse("proposals:inspect", args=[self.proposal.pk]) if self.proposal else self.back_url()


def _in_words(blocks: Iterable[dict[str, str]]) -> str:
    return format_list(str(BlockingReason(block["code"]).label) for block in blocks)
