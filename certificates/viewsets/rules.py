"""The ministry's tables: kinds of certificates, rules of issuing, terms, fees."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView

from accounts.digits import read_key
from accounts.models import User
from accounts.scoping.audit import InspectViewWithTrail, details_of_log
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_pounds
from certificates.enums import FeeFor
from certificates.errors import PeopleWaitForIt
from certificates.models import Credential, CredentialType, Fee, IssuingRule, NumberSeries, Term
from certificates.services.fee_table import change_fee, set_fee
from certificates.services.rules import set_issuing_rule
from certificates.viewsets.fees import PoundsColumn
from courses.clauses import Clauses, Practice, Score
from courses.fields import asked_attendance, asked_hours, asked_practice, asked_score
from courses.queries.requirements import promised_in_a_line


class CredentialTypeForm(WagtailAdminModelForm):
    """The form of a kind of certificate. The parts used in numbers and signed credentials cannot change once there are some."""

    class Meta:
        model = CredentialType
        fields = (
            "code",
            "kind",
            "name_ar",
            "name_en",
            "number_prefix",
            "template",
            "is_active",
            "needs_security_paper",
            "shows_sheet",
        )

    def clean_number_prefix(self) -> str:
        prefix: str = self.cleaned_data["number_prefix"]
        if (
            "number_prefix" in self.changed_data
            and NumberSeries.objects.filter(type=self.instance.pk).exists()
        ):
            raise ValidationError(
                gettext("Numbers were given with this prefix, so it stays. For another one add a new kind.")
            )
        return prefix

    def clean_code(self) -> str:
        return str(self._require_unchanged("code"))

    def clean_kind(self) -> str:
        return str(self._require_unchanged("kind"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        template, kind = cleaned.get("template"), cleaned.get("kind")
        if template and kind and kind not in template.kinds:
            self.add_error("template", gettext("This template does not print this kind of certificate."))
        return cleaned

    def _require_unchanged(self, name: str) -> object:
        if name in self.changed_data and Credential.objects.filter(type=self.instance.pk).exists():
            raise ValidationError(
                gettext("Certificates of this kind name it, so it stays. For another one add a new kind.")
            )
        return self.cleaned_data[name]


class CredentialTypeViewSet(CenterViewSet):
    model = CredentialType
    name = "credential_types"
    icon = "list-ul"
    menu_label = gettext_lazy("Kinds of certificates")
    list_display = (
        "name",
        "code",
        "kind",
        "number_prefix",
        BooleanColumn("is_active", label=gettext_lazy("May be proposed")),
    )
    list_filter = ("kind", "is_active")
    form_class = CredentialTypeForm


class IssuingRuleForm(WagtailAdminModelForm):
    """What a kind asks for beyond the rule of the program. Clauses name no single tests or tasks: those are of a program."""

    attendance = asked_attendance(initial=0)
    hours = asked_hours(initial=0)
    score = asked_score(initial=0)
    practice = asked_practice(initial=0, help_text=gettext_lazy("0 where practical tasks are not asked."))
    field_order = ("type", "completed", "attendance", "hours", "score", "practice")

    class Meta:
        model = IssuingRule
        fields = ("type", "completed", "latin_name", "identity_document", "prerequisite")

    def asks(self) -> Clauses:
        """The clauses that were typed, once the form is valid."""
        typed = self.cleaned_data
        return Clauses(
            attendance=typed["attendance"],
            hours=typed["hours"],
            score=Score(typed["score"]),
            practice=Practice(typed["practice"]),
        )


class IssuingRuleInspectView(InspectViewWithTrail, generic.InspectView):
    def get_fields(self) -> list[str]:
        return [name for name in super().get_fields() if name != "clauses"]

    def get_fields_context(self) -> list[dict[str, Any]]:
        asked = {"label": gettext("What it asks for"), "value": promised_in_a_line(self.object.asks)}
        return [*super().get_fields_context(), asked]


class IssuingRuleViewSet(CenterViewSet):
    """Rules are immutable: a new version applies to later proposals."""

    model = IssuingRule
    name = "issuing_rules"
    icon = "tick"
    menu_label = gettext_lazy("Rules of issuing")
    list_display = (
        "type",
        "version",
        BooleanColumn("completed", label=gettext_lazy("The program completed")),
        Column(
            "asks",
            label=gettext_lazy("What it asks for"),
            accessor=lambda rule: promised_in_a_line(rule.asks),
        ),
        "prerequisite",
    )
    list_filter = ("type",)
    list_select_related = ("type", "prerequisite")
    form_class = IssuingRuleForm
    inspect_view_class = IssuingRuleInspectView

    def create_row(self, form: IssuingRuleForm, *, by: User) -> IssuingRule:
        typed = {name: form.cleaned_data[name] for name in form.Meta.fields}
        return set_issuing_rule(type_id=typed.pop("type").pk, by=by, asks=form.asks(), **typed)


class TermViewSet(CenterViewSet):
    model = Term
    name = "terms"
    icon = "date"
    menu_label = gettext_lazy("Terms")
    list_display = ("type", "level", "months", "renewable_days", "since")
    list_filter = ("type",)
    list_select_related = ("type", "level")
    form_fields = ("type", "level", "months", "renewable_days", "since")


class ConfirmedFeeForm(WagtailAdminModelForm):
    """Asks for a confirmation where people wait of whom another amount will be due: a box appears, and nothing is saved before."""

    confirmed = forms.CharField(
        label=gettext_lazy("Yes, this changes what these people pay"),
        max_length=200,
        required=False,
        widget=forms.HiddenInput,
    )

    @property
    def confirmed_for(self) -> int:
        """For how many people exactly what is typed now was confirmed."""
        people, _mark, what = self.cleaned_data["confirmed"].partition(":")
        return (read_key(people) or 0) if what == self._what else 0

    def ask(self, question: PeopleWaitForIt) -> None:
        """Show the box, not ticked, with what follows from it."""
        value, box = f"{question.people}:{self._what}", self["confirmed"]
        box.field.widget = forms.CheckboxInput({"value": value}, check_test=lambda _value: False)
        box.help_text = format_html('<div class="help-block help-warning">{}</div>', question.consequence)

    @property
    def _what(self) -> str:
        return ":".join(self.data.get(name, "") for name in self.Meta.fields)


class FeeForm(ConfirmedFeeForm):
    class Meta:
        model = Fee
        fields = ("type", "due_for", "level", "amount", "since")


class FeeChangeForm(ConfirmedFeeForm):
    """What it is for stays: that is another fee."""

    class Meta:
        model = Fee
        fields = ("amount", "since")


class FeeInspectView(generic.InspectView):
    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "amount":
            return format_pounds(self.object.amount)
        return super().get_field_display_value(field_name, field)


class FeeHistoryView(HistoryView):
    """With the amounts and the days, before and after."""

    @cached_property
    def columns(self) -> list[Any]:
        action, *others = super().columns
        details = Column("details", label=gettext_lazy("Details"), accessor=details_of_log)
        return [action, details, *others]


class FeeViewSet(CenterViewSet):
    """What was due on a day stays what it was: a fee that began is not changed."""

    model = Fee
    name = "fees"
    icon = "tag"
    menu_label = gettext_lazy("Fees")
    list_display = (
        "type",
        "due_for",
        "level",
        PoundsColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        "since",
    )
    inspect_view_class = FeeInspectView
    history_view_class = FeeHistoryView
    list_filter = ("type", "due_for")
    list_select_related = ("type", "level")
    form_class = FeeForm
    edit_form_class = FeeChangeForm

    def create_row(self, form: FeeForm, *, by: User) -> Fee:
        typed = form.cleaned_data
        with _asking(form):
            return set_fee(
                type_=typed["type"],
                due_for=FeeFor(typed["due_for"]),
                level=typed["level"],
                amount=typed["amount"],
                since=typed["since"],
                confirmed_for=form.confirmed_for,
                by=by,
            )

    def change_row(self, form: FeeChangeForm, *, by: User) -> Fee:
        typed = form.cleaned_data
        with _asking(form):
            return change_fee(
                fee_id=form.instance.pk,
                amount=typed["amount"],
                since=typed["since"],
                confirmed_for=form.confirmed_for,
                by=by,
            )


@contextmanager
def _asking(form: ConfirmedFeeForm) -> Iterator[None]:
    try:
        yield
    except PeopleWaitForIt as question:
        form.ask(question)
        raise
