"""Printed certificates at the desk: what was printed, who collected it, and what was spoiled."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.enums import Act, DocumentKind
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.filters import ListFilterSet
from accounts.scoping.viewsets import CenterViewSet
from certificates.enums import CredentialState, Source
from certificates.forms import RejectionForm
from certificates.models import Collection, Credential, Printout
from certificates.queries.printouts import printouts_of, with_collections
from certificates.services.collecting import Representative, hand_out, undo_collection
from certificates.services.printing import spoil_printout
from certificates.viewsets.acts import SimpleActView
from certificates.viewsets.printing import ORIGINAL, papers_called, papers_to_print, unprinted

OF_REPRESENTATIVE = ("name", "document_last4", "authority")


class HandOutForm(forms.Form):
    """Which paper, and who collects it."""

    paper = forms.ChoiceField(label=gettext_lazy("Paper"))
    who = forms.ChoiceField(
        label=gettext_lazy("Who collects it"),
        choices=[
            ("holder", gettext_lazy("the holder in person")),
            ("other", gettext_lazy("a representative")),
        ],
        widget=forms.RadioSelect,
    )
    document_kind = forms.ChoiceField(
        label=gettext_lazy("Identity document that was compared"), choices=DocumentKind.choices
    )
    name = forms.CharField(label=gettext_lazy("Name of the representative"), max_length=160, required=False)
    document_last4 = forms.CharField(
        label=gettext_lazy("Last four signs of their document"),
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    authority = forms.CharField(
        label=gettext_lazy("Power of attorney, or why they may collect it"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_compared = forms.BooleanField(
        label=gettext_lazy("I compared the document with the person at the desk."),
    )

    def __init__(self, *args: Any, papers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = papers  # type: ignore[attr-defined]  # fields are untyped

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("who") == "holder" and any(typed.get(name) for name in OF_REPRESENTATIVE):
            raise forms.ValidationError(
                _(
                    "You typed something about a representative. Choose who collects it, or leave these fields empty."
                )
            )
        return typed

    @property
    def representative(self) -> Representative | None:
        typed = self.cleaned_data
        if typed["who"] == "holder":
            return None
        return Representative(typed["name"], typed["document_last4"], typed["authority"])


class HandOutView(SimpleActView):
    model = Credential
    select_related = ("type", "holder", "center")
    index_url_name = "credentials:index"
    header_icon = "user"
    page_title = gettext_lazy("Hand out the certificate")
    submit_label = gettext_lazy("It was collected")
    form_class = HandOutForm

    @property
    def explanation(self) -> str:
        return _(
            "%(type)s of %(person)s. Of a representative the three fields are filled in, and the holder gets a message who collected it."
        ) % {"type": self.row.type, "person": self.row.holder}

    @cached_property
    def papers(self) -> list[tuple[str, str]]:
        return papers_to_hand_out(self.row)

    def refusal(self) -> str:
        if self.row.state != CredentialState.IN_FORCE:
            return _("It is not in force, so it is not handed out: %(state)s.") % {
                "state": self.row.get_state_display()
            }
        return "" if self.papers else _("Nothing of this certificate waits to be collected.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"papers": self.papers}

    def carry_out(self, form: HandOutForm) -> str:
        copy = form.cleaned_data["paper"]
        collection = hand_out(
            credential_id=self.row.pk,
            copy_number=None if copy == ORIGINAL else int(copy),
            document_kind=DocumentKind(form.cleaned_data["document_kind"]),
            representative=form.representative,
            by=self.request.user,
        )
        return _("Recorded: collected by %(person)s.") % {"person": collection.who}


class SpoilView(SimpleActView):
    model = Printout
    select_related = ("credential__holder", "copy")
    index_url_name = "printouts:index"
    header_icon = "cross"
    page_title = gettext_lazy("Spoiled paper")
    explanation = gettext_lazy(
        "For paper that was spoiled, or not printed after all. It stays in the record, and the certificate may be printed again."
    )
    submit_label = gettext_lazy("This paper does not count")
    is_grave = True
    form_class = RejectionForm

    def refusal(self) -> str:
        waits = Printout.objects.waiting().filter(pk=self.row.pk).exists()
        return "" if waits else _("It was spoiled or collected already.")

    def carry_out(self, form: RejectionForm) -> str:
        spoil_printout(printout_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        return _("Recorded. The certificate may be printed again.")


class PrintoutInspectView(InspectViewWithTrail, generic.InspectView):
    template_name = "certificates/admin/printout.html"

    def rows_of_trail(self) -> list[QuerySet[Any]]:
        return [Collection.objects.filter(printout=self.object)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        printout = self.object
        waits = Printout.objects.waiting().filter(pk=printout.pk).exists()
        may_act = waits and may(self.request.user, Act.HAND_OUT_CERTIFICATES, on=printout)
        return {
            **super().get_context_data(**kwargs),
            "printout": printout,
            "collections": printout.collections.select_related(
                "by", "undone_by", "printout__credential__holder"
            ),
            "may_act": may_act,
        }


class PrintoutIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return with_collections(super().get_base_queryset())


def state_of(printout: Any) -> str:
    """Of a printout that carries `is_collected`."""
    if printout.ended_at:
        return _("spoiled")
    return _("collected") if printout.is_collected else _("waits for the holder")


class PrintoutFilter(ListFilterSet):
    state = ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            ("waiting", gettext_lazy("waits for the holder")),
            ("collected", gettext_lazy("collected")),
            ("spoiled", gettext_lazy("spoiled")),
        ],
        method="in_state",
    )

    class Meta:
        model = Printout
        fields = ("credential__center", "credential__type", "printed_at")

    def in_state(self, rows: QuerySet[Printout], _name: str, state: str) -> QuerySet[Printout]:
        if state == "spoiled":
            return rows.filter(ended_at__isnull=False)
        waiting = Printout.objects.waiting().values("pk")
        current = rows.filter(ended_at__isnull=True)
        return current.filter(pk__in=waiting) if state == "waiting" else current.exclude(pk__in=waiting)


class PrintoutViewSet(CenterViewSet):
    """What was printed, the oldest first: what waits for its holder is a filter."""

    model = Printout
    name = "printouts"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Printed certificates")
    inspect_view_class = PrintoutInspectView
    list_display = (
        "name",
        Column("credential.holder", label=gettext_lazy("Holder")),
        Column("credential.type", label=gettext_lazy("Kind")),
        "sheet",
        "printed_at",
        Column("state", label=gettext_lazy("State"), accessor=state_of),
    )
    list_select_related = ("credential__holder", "credential__type", "copy", "sheet")
    index_view_class = PrintoutIndexView
    filterset_class = PrintoutFilter
    export_filename = "printed-certificates"
    search_fields = ("credential__number", "credential__holder__folded_name")
    search_backend_name = None

    def get_urlpatterns(self) -> list[URLPattern]:
        spoil = self.construct_view(SpoilView, verb="hand_out")
        return [*super().get_urlpatterns(), path("spoil/<int:pk>/", spoil, name="spoil")]


class UndoCollectionView(SimpleActView):
    model = Collection
    select_related = ("printout__credential__holder", "printout__copy")
    index_url_name = "collected:index"
    header_icon = "history"
    page_title = gettext_lazy("Undo")
    explanation = gettext_lazy(
        "For what was recorded by mistake. It stays in the list as undone, and the paper waits for its holder again."
    )
    submit_label = gettext_lazy("Undo it")
    is_grave = True
    form_class = RejectionForm

    def refusal(self) -> str:
        return _("It was undone already.") if self.row.undone_at else ""

    def carry_out(self, form: RejectionForm) -> str:
        undo_collection(collection_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        return _("It is undone. The paper waits for its holder again.")


class CollectionInspectView(InspectViewWithTrail, generic.InspectView):
    template_name = "certificates/admin/collection.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        collection = self.object
        may_undo = not collection.undone_at and may(
            self.request.user, Act.HAND_OUT_CERTIFICATES, on=collection
        )
        return {
            **super().get_context_data(**kwargs),
            "collection": collection,
            "undo_url": reverse("collected:undo", args=[collection.pk]) if may_undo else "",
        }


class CollectionViewSet(CenterViewSet):
    """Who collected which certificate, and when."""

    model = Collection
    name = "collected"
    icon = "user"
    menu_label = gettext_lazy("Collected certificates")
    inspect_view_class = CollectionInspectView
    list_display = (
        "printout",
        Column("who", label=gettext_lazy("Collected by")),
        "collected_at",
        "by",
        Column("state", label=gettext_lazy("State")),
    )
    list_filter = ("printout__credential__center", "printout__credential__type", "by_holder", "collected_at")
    list_select_related = ("printout__credential__holder", "printout__copy", "by")
    export_filename = "collected-certificates"
    search_fields = ("printout__credential__number", "name")
    search_backend_name = None

    def get_urlpatterns(self) -> list[URLPattern]:
        undo = self.construct_view(UndoCollectionView, verb="undo")
        return [*super().get_urlpatterns(), path("undo/<int:pk>/", undo, name="undo")]


def papers_to_hand_out(credential: Credential) -> list[tuple[str, str]]:
    """The original and the copies that wait for the holder, or are drawn and may be printed at the desk."""
    waiting = Printout.objects.waiting().filter(credential=credential).select_related("copy")
    numbers = {one.copy.number if one.copy else 0 for one in waiting}
    if not credential.type.needs_security_paper:
        numbers |= unprinted(credential)
    return papers_called(numbers)


def paper_context(credential: Credential, *, user: User) -> dict[str, Any]:
    """For the page of a certificate: its papers, and what the desk may do."""
    may_hand_out = may(user, Act.HAND_OUT_CERTIFICATES, on=credential)
    is_in_force = credential.state == CredentialState.IN_FORCE and credential.source == Source.ISSUED
    return {
        "printouts": list(printouts_of(credential)),
        "may_hand_out": may_hand_out,
        "is_to_print": may_hand_out
        and credential.type.needs_security_paper
        and bool(papers_to_print(credential)),
        "is_to_hand_out": may_hand_out and is_in_force and bool(papers_to_hand_out(credential)),
    }
