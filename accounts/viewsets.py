"""People and places in the staff workplace."""

from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg.errors import RestrictViolation
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from accounts.enums import Act, MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.forms import (
    AskForPasswordForm,
    EndRoleForm,
    GiveRoleForm,
    HelpWithLoginForm,
    NewLoginForm,
    PersonForm,
)
from accounts.models import Center, Governorate, Membership, PasswordRecovery, Person, User
from accounts.scoping.policies import ActPolicy
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services import (
    BadNationalNumber,
    correct_person,
    create_login,
    deactivate_login,
    end_role,
    find_by_national_id,
    fold_arabic,
    give_role,
    normalize_login,
    reactivate_login,
    register_national_id,
    register_passport,
    register_person,
    reset_password,
)
from accounts.services.recoveries import (
    TraineeNotHere,
    ask_for_password,
    give_password,
    is_open,
    note_miss,
    refuse_password,
)


class PersonIndexView(IndexView):
    """Searches names in any spelling, and a whole national number."""

    def search_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        if not self.is_searching:
            return queryset
        matches = Q()
        for word in fold_arabic(self.search_query).split():
            matches &= Q(folded_name__contains=word)
        try:
            document = find_by_national_id(self.search_query)
        except BadNationalNumber:
            return queryset.filter(matches)
        return queryset.filter(matches | Q(pk=document and document.person_id))


class PersonInspectView(InspectView):
    """Shows documents by their last four digits."""

    def get_fields_context(self) -> list[dict[str, Any]]:
        documents = ", ".join(str(document) for document in self.object.documents.order_by("pk"))
        return [
            *super().get_fields_context(),
            {"label": _("Identity documents"), "value": documents or "–", "component": None},
        ]


class PersonViewSet(CenterViewSet):
    model = Person
    icon = "user"
    acts = {"view": Act.VIEW_PEOPLE, "add": Act.MANAGE_PEOPLE, "change": Act.MANAGE_PEOPLE}
    index_view_class = PersonIndexView
    inspect_view_class = PersonInspectView
    list_display = ("__str__", "birth_date", "sex", "residence_governorate", "registered_at")
    list_filter = ("registered_at", "residence_governorate", "sex", "education")
    list_select_related = ("residence_governorate", "registered_at")
    search_fields = ("folded_name",)
    inspect_view_fields = (*PersonForm.Meta.fields, "guardian")
    form_class = PersonForm

    def create_row(self, form: PersonForm, *, by: User) -> Person:
        person = register_person(**form.facts, by=by)
        self._add_documents(person, form, by=by)
        return person

    def change_row(self, form: PersonForm, *, by: User) -> Person:
        person = correct_person(person_id=form.instance.pk, **form.facts, by=by)
        self._add_documents(person, form, by=by)
        return person

    def _add_documents(self, person: Person, form: PersonForm, *, by: User) -> None:
        typed = form.cleaned_data
        if typed["national_number"]:
            register_national_id(person_id=person.pk, number=typed["national_number"], by=by)
        if typed["passport_number"]:
            register_passport(
                person_id=person.pk, number=typed["passport_number"], country=typed["passport_country"], by=by
            )


class CenterPlaceViewSet(CenterViewSet):
    """The centers themselves: everyone sees the own one, the ministry opens and changes them."""

    model = Center
    icon = "home"
    acts = {"view": Act.VIEW_PEOPLE, "add": Act.MANAGE_CENTERS, "change": Act.MANAGE_CENTERS}
    list_display = (
        "__str__",
        "code",
        "kind",
        "governorate",
        BooleanColumn("is_active", label=_("active"), sort_key="is_active"),
    )
    list_filter = ("kind", "governorate", "is_active")
    list_select_related = ("governorate",)
    form_fields = (
        "code",
        "kind",
        "governorate",
        "name_ar",
        "name_en",
        "licence",
        "licence_expires_on",
        "is_active",
    )
    inspect_view_fields = form_fields

    def change_row(self, form: BaseForm, *, by: User) -> Center:
        code = form["code"].initial
        try:
            with transaction.atomic():
                return cast("Center", super().change_row(form, by=by))
        except IntegrityError as refusal:
            # The register of certificates guards the code by a trigger; which numbers there are is its own business.
            if isinstance(refusal.__cause__, RestrictViolation):
                raise CodeInNumbers(code=code) from refusal
            raise


class CodeInNumbers(DomainError):
    message = _(
        "Certificates were numbered with the code %(code)s, so it stays. Everything else may be changed."
    )


class EndRoleView(EditView):
    page_title = _("End role")
    submit_button_label = _("End this role")
    submit_button_active_label = _("Ending…")
    success_message = _("The role “%(object)s” has ended.")


class MembershipViewSet(CenterViewSet):
    """Roles are given and ended, never edited."""

    model = Membership
    icon = "key"
    acts = {"view": Act.MANAGE_MEMBERS, "add": Act.MANAGE_MEMBERS, "change": Act.MANAGE_MEMBERS}
    edit_view_class = EndRoleView
    list_display = ("user", "role", "scope", "governorate", "center", "since", "until")
    list_filter = ("role", "center")
    list_select_related = ("user", "governorate", "center")
    inspect_view_fields = ("user", "role", "scope", "governorate", "center", "since", "until")
    form_class = GiveRoleForm
    edit_form_class = EndRoleForm

    def create_row(self, form: GiveRoleForm, *, by: User) -> Membership:
        typed = form.cleaned_data
        return give_role(
            user_id=typed["login"].pk,
            role=typed["role"],
            scope=typed.get("scope") or MembershipScope.CENTER,
            center=typed["center"],
            governorate=typed.get("governorate"),
            until=typed["until"],
            reason=typed["reason"],
            by=by,
        )

    def change_row(self, form: EndRoleForm, *, by: User) -> Membership:
        return end_role(membership_id=form.instance.pk, reason=form.cleaned_data["reason"], by=by)


class LoginIndexView(IndexView):
    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        if not self.is_searching:
            return queryset
        login = normalize_login(self.search_query)
        return queryset.filter(
            Q(username__contains=login)
            | Q(phone=login)
            | Q(email__icontains=login)
            | Q(display_name__icontains=self.search_query)
        )


class HelpWithLoginView(EditView):
    page_title = _("Help with a login")

    def get_success_message(self) -> str:
        password = getattr(self.object, "told_password", None)
        if password is None:
            return super().get_success_message()
        told = gettext("New password of %(login)s, shown this once: %(password)s")
        return told_once(told, password, login=str(self.object))


def told_once(words: str, password: str, **names: str) -> str:
    """The sentence with the password as it is read aloud: from left to right, on one line."""
    piece = format_html('<bdi dir="ltr" class="w-whitespace-nowrap">{}</bdi>', password)
    escaped = {name: conditional_escape(value) for name, value in names.items()}
    return mark_safe(words % {"password": piece, **escaped})  # noqa: S308 - everything in it is escaped


def left_to_right_phone(user: User) -> str:
    """Keep the plus sign in front where the page runs from right to left."""
    return format_html('<bdi dir="ltr">{}</bdi>', user.phone) if user.phone else ""


class LoginViewSet(CenterViewSet):
    """Logins of staff, by the places where they hold roles. Stands in for Wagtail's own pages of users."""

    model = User
    icon = "group"
    acts = {"view": Act.MANAGE_MEMBERS, "add": Act.MANAGE_MEMBERS, "change": Act.MANAGE_MEMBERS}
    index_view_class = LoginIndexView
    edit_view_class = HelpWithLoginView
    list_display = (
        "__str__",
        "username",
        Column("phone", label=_("mobile number"), accessor=left_to_right_phone, sort_key="phone"),
        "email",
        BooleanColumn("is_active", label=_("active"), sort_key="is_active"),
        "last_login",
    )
    list_filter = ("is_active",)
    search_fields = ("display_name",)
    inspect_view_fields = (
        "display_name",
        "username",
        "phone",
        "email",
        "language",
        "is_active",
        "last_login",
    )
    ordering = "username"
    form_class = NewLoginForm
    edit_form_class = HelpWithLoginForm

    def create_row(self, form: NewLoginForm, *, by: User) -> User:
        typed = form.cleaned_data
        login = create_login(
            username=typed["username"] or "",
            phone=typed["phone"] or "",
            email=typed["email"] or "",
            display_name=typed["display_name"],
            language=typed["language"],
            by=by,
        )
        give_role(user_id=login.pk, role=RoleName(typed["role"]), center=typed["center"], by=by)
        return login

    def change_row(self, form: HelpWithLoginForm, *, by: User) -> User:
        user, reason = form.instance, form.cleaned_data["reason"]
        match form.cleaned_data["step"]:
            case HelpWithLoginForm.CLOSE:
                return deactivate_login(user_id=user.pk, reason=reason, by=by)
            case HelpWithLoginForm.OPEN:
                return reactivate_login(user_id=user.pk, reason=reason, by=by)
            case _:
                user.told_password = reset_password(user_id=user.pk, reason=reason, by=by)
                return user


class AskForPasswordView(CreateView):
    def form_valid(self, form: AskForPasswordForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except TraineeNotHere:
            # Here the transaction that was refused has ended.
            note_miss(center=form.cleaned_data["center"], by=self.request.user)
            raise


class GivePasswordView(ActView):
    model = PasswordRecovery

    def act_on(self, pk: int) -> str:
        password = give_password(recovery_id=pk, by=self.request.user)
        return told_once(gettext("The new password, shown this once: %(password)s"), password)


class RefusePasswordView(ActView):
    model = PasswordRecovery

    def act_on(self, pk: int) -> str:
        refuse_password(recovery_id=pk, by=self.request.user)
        return str(_("The password stays as it was."))


class PasswordRecoveryInspectView(InspectView):
    template_name = "accounts/admin/recovery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "recovery": self.object,
            "is_own": self.object.asked_by == self.request.user,
            "is_open": is_open(self.object),
        }


class PasswordRecoveryViewSet(CenterViewSet):
    """Lost passwords of trainees: one member of staff asks, another one gives the new password."""

    model = PasswordRecovery
    name = "lost_passwords"
    icon = "key"
    menu_label = _("Lost passwords")
    acts = {
        "view": Act.HELP_TRAINEES_IN,
        "add": Act.HELP_TRAINEES_IN,
        "give": Act.HELP_TRAINEES_IN,
        "refuse": Act.HELP_TRAINEES_IN,
    }
    add_view_class = AskForPasswordView
    inspect_view_class = PasswordRecoveryInspectView
    list_display = ("user", "center", "state", "asked_by", "asked_at", "decided_by")
    list_filter = ("state", "center")
    list_select_related = ("user", "center", "asked_by", "decided_by")
    form_class = AskForPasswordForm

    def get_urlpatterns(self) -> list[URLPattern]:
        give = self.construct_view(GivePasswordView, verb="give")
        refuse = self.construct_view(RefusePasswordView, verb="refuse")
        return [
            *super().get_urlpatterns(),
            path("give/<int:pk>/", give, name="give"),
            path("refuse/<int:pk>/", refuse, name="refuse"),
        ]

    def create_row(self, form: AskForPasswordForm, *, by: User) -> PasswordRecovery:
        return ask_for_password(**form.cleaned_data, by=by)


class GovernorateViewSet(ModelViewSet):
    """Reference data, to be looked up only: it has one page, the list."""

    model = Governorate
    icon = "globe"
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


class PeopleAndCentersGroup(ViewSetGroup):
    menu_label = _("Centers and people")
    menu_name = "people-and-centers"
    menu_icon = "group"
    menu_order = 300
    items = (
        PersonViewSet,
        CenterPlaceViewSet,
        MembershipViewSet,
        LoginViewSet,
        PasswordRecoveryViewSet,
        GovernorateViewSet,
    )


class NoUserViewSet(ViewSet):
    """Takes the place of Wagtail's pages of users: they know first and last names, groups and no center."""

    def on_register(self) -> None:
        """No page, no menu item."""
