"""People, centers and governorates in the staff workplace."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic.edit import FormMixin
from psycopg.errors import RestrictViolation
from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from accounts.digits import is_decimal
from accounts.enums import Act, DataRequestKind, DocumentKind
from accounts.errors import DomainError
from accounts.forms.merging import NoteForm
from accounts.forms.people import PersonForm
from accounts.models import Center, Contact, Governorate, IdentityDocument, Person, PersonPhoto, User
from accounts.photo_responses import photo_response
from accounts.scoping import fenced, may, may_everywhere
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.exports import ShownExport
from accounts.scoping.people import MOST_ROWS, tables_of
from accounts.scoping.policies import ActPolicy
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.contacts import end_contact, record_contact, written
from accounts.services.data_requests import hold, take_down_request
from accounts.services.formatting import format_date, format_list, is_arabic
from accounts.services.identity_documents import register_national_id, register_passport
from accounts.services.notes import add_note
from accounts.services.number_misses import note_miss
from accounts.services.people import correct_person, register_person
from accounts.services.person_search import matching
from accounts.services.photos import remove_photo
from accounts.services.readings import note_reading
from accounts.services.resending import send_again, untold_of
from accounts.signals import center_changed
from accounts.viewsets.merging import ChooseRecordView, MergeView, UndoMergeView, merge_button, merges_into
from accounts.viewsets.mistyped_numbers import CorrectNumberView
from accounts.viewsets.person_tables import own_tables
from accounts.viewsets.view_as import ViewAsView, view_as_button

NOTES_ON_A_PAGE = 10


class PersonIndexView(IndexView):
    """Searches names in any spelling, and a whole national number, mobile number or user name."""

    def search_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        if not self.is_searching:
            return queryset
        return matching(queryset, self.search_query)

    def _get_title_column(
        self, field_name: str, column_class: type[Column] = TitleColumn, **kwargs: Any
    ) -> Column:
        """The name leads to the page of the person, which leads on to the form."""
        titled = self._get_title_column_class(column_class)
        return self._get_custom_column(field_name, titled, get_url=self.get_inspect_url, **kwargs)


class CountsMisses(FormMixin[PersonForm]):
    """Counts a number that was typed and not registered: what the form answers may say that another center has it."""

    request: MemberRequest

    def form_invalid(self, form: PersonForm) -> HttpResponse:
        if form.missed_number:
            center = form.cleaned_data.get("registered_at")
            note_miss(center=center, by=self.request.user, fingerprint=form.missed_number)
        return super().form_invalid(form)


class PersonCreateView(CountsMisses, CreateView):
    pass


class PersonEditView(CountsMisses, EditView):
    pass


class PersonInspectView(InspectViewWithTrail, InspectView):
    """Shows documents by their last four digits, how the person is reached, and what apps above know of them.

    The address of a record that was merged leads to the record that is kept.
    """

    template_name = "accounts/admin/person.html"

    def get_object(self, queryset: QuerySet[Person] | None = None) -> Person:
        return get_object_or_404(Person.everyone.select_related("merged_into"), pk=unquote(str(self.pk)))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.merged_into_id is None:
            response = super().dispatch(request, *args, **kwargs)
            note_reading(person=self.object, by=cast("User", request.user))
            return response
        messages.info(request, gettext("This record was merged into the one you see now."))
        return redirect("person:inspect", self.object.merged_into_id)

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = [*super().header_buttons]
        if self.changes_person:
            buttons.append(merge_button(self.object))
        if (view_as := view_as_button(self.request, self.object)) is not None:
            buttons.append(view_as)
        offered = (make(self.request, self.object) for make in hooks.get_hooks("register_person_button"))
        return [*buttons, *(button for button in offered if button is not None)]

    @cached_property
    def changes_person(self) -> bool:
        """Whether the reader may merge this record and write notes about it."""
        user = self.request.user
        return user.person_id != self.object.pk and may(user, self.viewset.acts["merge"], on=self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, user = self.object, self.request.user
        tables = [*own_tables(person, user=user), *tables_of(person, user=user)]
        filled = [table for table in tables if table.rows or table.elsewhere]
        return super().get_context_data(
            tables=filled,
            merges=merges_into(person),
            notes=self.notes(),
            note_form=NoteForm(),
            changes_person=self.changes_person,
            untold=untold_of(person, user=user, at_most=MOST_ROWS),
            may_protect=may_everywhere(user, Act.PROTECT_DATA),
            data_request_kinds=DataRequestKind.choices,
            photo=PersonPhoto.objects.filter(person=person).only("digest").first(),
            may_manage=may(user, Act.MANAGE_PEOPLE, on=person),
            **kwargs,
        )

    def notes(self) -> Page:
        """What staff wrote where the reader may read it, the newest first."""
        written_here = fenced(self.object.notes.all(), user=self.request.user, act=Act.VIEW_PEOPLE)
        pages = Paginator(written_here.select_related("by", "center"), NOTES_ON_A_PAGE)
        return pages.get_page(self.request.GET.get("p"))

    def get_fields_context(self) -> list[dict[str, Any]]:
        comma = "، " if is_arabic() else ", "
        rows = self.object.contacts.current().select_related("person")
        contacts = format_html_join(comma, "{}", ((described(contact),) for contact in rows))
        return [
            *super().get_fields_context(),
            {"label": _("Contacts"), "value": contacts or "–", "component": None},
            {"label": _("Identity documents"), "value": self._documents(comma) or "–", "component": None},
        ]

    def _documents(self, comma: str) -> str:
        """By their last four digits, with a link where a mistyped number is corrected."""
        rows = self.object.documents.order_by("pk")
        return format_html_join(comma, "{}", ((self._document(row),) for row in rows))

    def _document(self, row: IdentityDocument) -> str:
        if row.kind != DocumentKind.NATIONAL_ID or not self.changes_person:
            return str(row)
        address = reverse("person:correct_number", args=[self.object.pk, row.pk])
        asked = _("the check digit does not fit: mistyped?") if row.is_suspect else _("mistyped?")
        return format_html('{} (<a href="{}">{}</a>)', row, address, asked)


class NoteView(ActView):
    """Adds what was typed on the page of the person."""

    def act_on(self, pk: int) -> str:
        add_note(person_id=pk, text=self.request.POST.get("text", ""), by=self.request.user)
        return str(_("The note was added."))


class TakeDownRequestView(ActView):
    """What the person asks about their data at the desk. Names the address of the answer, for the slip that they take along."""

    def act_on(self, pk: int) -> str:
        kind, text = (self.request.POST.get(name, "") for name in ("kind", "text"))
        asked = take_down_request(person_id=pk, kind=kind, text=text[:500], by=self.request.user)
        address = settings.SITE_URL + reverse("data_request", args=[asked.public_id])
        facts = {"day": format_date(asked.due_on), "address": address}
        return (
            gettext(
                "Taken down. The answer is due by %(day)s, at %(address)s: give this address to the person."
            )
            % facts
        )


class LegalHoldView(ActView):
    """Forbids to erase anything of the person, or allows it again where no reason is typed."""

    def act_on(self, pk: int) -> str:
        held = hold(person_id=pk, reason=self.request.POST.get("reason", "")[:300], by=self.request.user)
        return gettext("Nothing of the person is erased now.") if held else gettext("The legal hold is over.")


class PhotoView(View):
    """The photo of a person, small with `?small`."""

    model = Person

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        photo = get_object_or_404(PersonPhoto, person=pk)
        return photo_response(request, photo, is_small="small" in request.GET)


class RemovePhotoView(ActView):
    model = Person

    def act_on(self, pk: int) -> str:
        remove_photo(person_id=pk, by=self.request.user)
        return str(_("The photo is removed."))


class TellAgainView(ActView):
    model = Person

    def act_on(self, pk: int) -> str:
        about, number = self.request.POST.get("about", ""), self.request.POST.get("notice", "")
        send_again(
            about=about,
            notice_id=int(number) if is_decimal(number) else 0,
            by=self.request.user,
            person_id=pk,
        )
        return str(_("The message is sent again."))


def described(contact: Contact) -> str:
    """The number or address, and how it is known."""
    notes = [contact.get_proved_how_display()] if contact.proved_how else []
    if contact.is_shared:
        notes.append(str(_("shared with another person")))
    if contact.person.is_unproved:
        notes.append(str(_("typed at the sign-up")))
    elif contact.is_disputed:
        notes.append(str(_("proved by another person, too: ask whose it is")))
    shown = format_html('<bdi dir="ltr">{}</bdi>', written(contact))
    return format_html("{} ({})", shown, format_list(notes)) if notes else shown


class PersonViewSet(CenterViewSet):
    model = Person
    icon = "user"
    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    inspect_view_class = PersonInspectView
    list_display = ("__str__", "birth_date", "sex", "residence_governorate", "registered_at")
    list_filter = ("registered_at", "residence_governorate", "sex", "education")
    list_select_related = ("residence_governorate", "registered_at")
    search_fields = ("folded_name",)
    # The guardian is in a table below, which shows no one of another center.
    inspect_view_fields = PersonForm.Meta.fields
    form_class = PersonForm

    def get_urlpatterns(self) -> list[URLPattern]:
        choose = self.construct_view(ChooseRecordView, verb="merge", **self._names())
        merge = self.construct_view(MergeView, verb="merge", **self._names())
        undo = self.construct_view(UndoMergeView, verb="merge", **self._names())
        number = self.construct_view(CorrectNumberView, verb="correct_number", **self._names())
        note = self.construct_view(NoteView, verb="note")
        photo = self.construct_view(PhotoView, verb="view")
        remove = self.construct_view(RemovePhotoView, verb="remove_photo")
        tell_again = self.construct_view(TellAgainView, verb="tell_again")
        view_as = self.construct_view(ViewAsView, verb="view_as", **self._names())
        ask = self.construct_view(TakeDownRequestView, verb="ask")
        legal_hold = self.construct_view(LegalHoldView, verb="hold")
        return [
            *super().get_urlpatterns(),
            path("photo/<int:pk>/", photo, name="photo"),
            path("remove_photo/<int:pk>/", remove, name="remove_photo"),
            path("tell_again/<int:pk>/", tell_again, name="tell_again"),
            path("merge/<int:pk>/", choose, name="merge_choose"),
            path("merge/<int:pk>/<int:other>/", merge, name="merge"),
            path("undo-merge/<int:pk>/<int:merge>/", undo, name="merge_undo"),
            path("correct-number/<int:pk>/<int:card>/", number, name="correct_number"),
            path("note/<int:pk>/", note, name="note"),
            path("ask/<int:pk>/", ask, name="ask"),
            path("hold/<int:pk>/", legal_hold, name="hold"),
            path("view_as/<int:pk>/", view_as, name="view_as"),
        ]

    def _names(self) -> dict[str, Any]:
        return {"index_url_name": self.get_url_name("index")}

    def all_rows(self) -> QuerySet[Person]:
        """Of a merged record the page leads to the kept one; an erased person has none."""
        return Person.everyone.filter(erased_at=None)

    def create_row(self, form: PersonForm, *, by: User) -> Person:
        person = register_person(**form.facts, by=by)
        self._add_documents(person, form, by=by)
        self._record_contacts(person, form, by=by)
        return person

    def change_row(self, form: PersonForm, *, by: User) -> Person:
        person = correct_person(person_id=form.instance.pk, **form.facts, by=by)
        self._add_documents(person, form, by=by)
        self._record_contacts(person, form, by=by)
        return person

    def _record_contacts(self, person: Person, form: PersonForm, *, by: User) -> None:
        for kind, value, same in form.contacts:
            if value:
                record_contact(person_id=person.pk, kind=kind, value=value, same=same, by=by)
            else:
                end_contact(person_id=person.pk, kind=kind, by=by)

    def _add_documents(self, person: Person, form: PersonForm, *, by: User) -> None:
        typed = form.cleaned_data
        if typed["national_number"]:
            register_national_id(person_id=person.pk, number=typed["national_number"], by=by)
        if typed["passport_number"]:
            register_passport(
                person_id=person.pk, number=typed["passport_number"], country=typed["passport_country"], by=by
            )


class CenterInspectView(InspectView):
    """The center, and what apps above say of it (`register_center_panel`)."""

    template_name = "accounts/admin/center.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        panels = [make(user, self.object) for make in hooks.get_hooks("register_center_panel")]
        return super().get_context_data(panels=panels, **kwargs)


class CenterCreateView(CreateView):
    """Leads on to the page of the center, which says what comes next."""

    def get_success_url(self) -> str:
        return reverse("center:inspect", args=[self.object.pk])


class CenterPlaceViewSet(CenterViewSet):
    """The centers themselves: everyone sees the own one, the ministry opens and changes them."""

    model = Center
    icon = "home"
    list_display = (
        "__str__",
        Column("code", label=_("Code"), sort_key="code", classname="code"),
        "kind",
        "governorate",
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
    )
    list_filter = ("kind", "governorate", "is_active")
    list_select_related = ("governorate",)
    form_fields = (
        "code",
        "kind",
        "governorate",
        "name_ar",
        "name_en",
        "phone",
        "address",
        "license",
        "license_expires_on",
        "is_active",
    )
    inspect_view_fields = form_fields
    add_view_class = CenterCreateView
    inspect_view_class = CenterInspectView

    def change_row(self, form: BaseForm, *, by: User) -> Center:
        code = form["code"].initial
        try:
            with transaction.atomic():
                center = cast("Center", super().change_row(form, by=by))
                center_changed.send(sender=Center, center=center)
                return center
        except IntegrityError as refusal:
            # A trigger of the register of certificates refuses to change the code once it is in a number.
            if isinstance(refusal.__cause__, RestrictViolation):
                raise CodeInNumbers(code=code) from refusal
            raise


class CodeInNumbers(DomainError):
    message = _(
        "Certificates were numbered with the code %(code)s, so it stays. Everything else may be changed."
    )


class GovernorateIndexView(ShownExport, IndexView):
    pass


class GovernorateViewSet(ModelViewSet):
    """Reference data, to be looked up only: it has one page, the list."""

    model = Governorate
    icon = "globe"
    index_view_class = GovernorateIndexView
    list_display = ("__str__", "nid_code", "iso_code", "name_ar", "name_en")
    list_per_page = 30
    add_to_reference_index = False
    permission_policy = ActPolicy(Governorate, {"view": Act.VIEW_PEOPLE})

    def get_form_class(self, for_update: bool = False) -> None:  # noqa: FBT001, FBT002 - Wagtail's signature
        return None

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            pattern for pattern in super().get_urlpatterns() if pattern.name in {"index", "index_results"}
        ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(add_url_name=None, edit_url_name=None, **kwargs)

    def register_admin_url_finder(self) -> None:
        """There is no page of one governorate to find."""

    def on_register(self) -> None:
        register_permission_policy(self.model, self.permission_policy, exact_class=True)
        super().on_register()
