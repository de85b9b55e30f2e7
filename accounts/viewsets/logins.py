"""Roles and logins of staff in the staff workplace."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView
from wagtail.admin.widgets import HeaderButton

from accounts.enums import MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.folding import fold_arabic
from accounts.forms.logins import HelpWithLoginForm, NewLoginForm
from accounts.forms.roles import EndRoleForm, GiveRoleForm
from accounts.models import Membership, User
from accounts.scoping.handover import count_named, kinds_of_named_work
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.deputies import may_name
from accounts.services.logins import (
    deactivate_login,
    end_all_sessions,
    normalize_login,
    reactivate_login,
)
from accounts.services.memberships import RoleAlreadyEnded, end_role, give_role
from accounts.services.number_misses import note_miss
from accounts.services.recoveries import ask_for_password_of_staff
from accounts.services.second_factors import remove_second_factors
from accounts.services.staff_logins import create_staff_login
from accounts.viewsets.hands import ConfirmCardView, confirm_card_buttons


def called(typed: str, path: str = "") -> Q:
    """Logins by a part of their user name, address or name, or by their whole number; `path` leads to the login."""
    login, name = normalize_login(typed), fold_arabic(typed)
    person = Q(**{f"{path}person__folded_name__contains": name}) if name else Q()
    return (
        Q(**{f"{path}username__contains": login})
        | Q(**{f"{path}phone": login})
        | Q(**{f"{path}email__icontains": login})
        | Q(**{f"{path}display_name__icontains": typed})
        | person
    )


class EndRoleView(EditView):
    page_title = _("End role")
    submit_button_label = _("End this role")
    submit_button_active_label = _("Ending…")
    template_name = "accounts/admin/end_role.html"

    def get_page_subtitle(self) -> str:
        return gettext("End role: %(person)s") % {"person": self.object.user}

    def get_success_message(self) -> str:
        words = gettext("%(person)s no longer has this role: %(role)s.")
        return words % {"person": self.object.user, "role": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "named": count_named(self.object)}


class MembershipInspectView(InspectView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        lent: Membership = self.object
        buttons = [*super().header_buttons]
        is_over = self.viewset.refusal_to_change(lent) is not None
        if not is_over and lent.role != RoleName.TRAINEE and may_name(self.request.user, lent):
            address = reverse("name_deputy", args=[lent.pk])
            buttons.append(HeaderButton(_("Name a deputy"), url=address, icon_name="group"))
        if not is_over and kinds_of_named_work(lent.role) and lent.center_id:
            address = reverse("hand_over", args=[lent.pk])
            buttons.append(HeaderButton(_("Hand work over"), url=address, icon_name="clipboard-list"))
        return buttons


class ByLoginIndexView(IndexView):
    """Finds rows by the login they are about."""

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(called(self.search_query, "user__")) if self.is_searching else queryset


class MembershipViewSet(CenterViewSet):
    """Roles are given and ended, never edited."""

    model = Membership
    icon = "key"
    index_view_class = ByLoginIndexView
    search_fields = ("user",)
    edit_view_class = EndRoleView
    inspect_view_class = MembershipInspectView
    change_label = _("End role")
    list_display = ("user", "role", "scope", "governorate", "center", "since", "until")
    list_filter = ("role", "center")
    list_select_related = ("user", "governorate", "center")
    inspect_view_fields = ("user", "role", "scope", "governorate", "center", "since", "until")
    form_class = GiveRoleForm
    edit_form_class = EndRoleForm

    def within(self, rows: QuerySet[Membership], *, user: User) -> QuerySet[Membership]:
        """What deputies hold is on their own list."""
        return rows.filter(lent_from=None)

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

    def refusal_to_change(self, row: Membership) -> DomainError | None:
        is_over = row.until is not None and row.until < timezone.localdate()
        return RoleAlreadyEnded() if is_over else None

    def change_row(self, form: EndRoleForm, *, by: User) -> Membership:
        return end_role(membership_id=form.instance.pk, reason=form.cleaned_data["reason"], by=by)


class LoginIndexView(IndexView):
    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(called(self.search_query)) if self.is_searching else queryset


class HelpWithLoginView(EditView):
    page_title = _("Help with a login")

    def get_success_message(self) -> str:
        if self.form.cleaned_data["step"] != HelpWithLoginForm.NEW_PASSWORD:
            return super().get_success_message()
        return gettext(
            "A colleague compares the card and gives the password of %(login)s: “Lost passwords”."
        ) % {"login": self.object}


def password_message(words: str, password: str, **names: str) -> str:
    """The sentence with the password as it is read aloud: from left to right, on one line."""
    piece = format_html('<bdi dir="ltr" class="w-whitespace-nowrap">{}</bdi>', password)
    escaped = {name: conditional_escape(value) for name, value in names.items()}
    return mark_safe(words % {"password": piece, **escaped})  # noqa: S308 - everything in it is escaped


def left_to_right_phone(user: User) -> str:
    """Keep the plus sign in front where the page runs from right to left."""
    return format_html('<bdi dir="ltr">{}</bdi>', user.phone) if user.phone else ""


class LoginCreateView(CreateView):
    def form_invalid(self, form: NewLoginForm) -> HttpResponse:
        if form.missed_number:
            center = form.cleaned_data.get("center")
            note_miss(center=center, by=self.request.user, fingerprint=form.missed_number)
        return super().form_invalid(form)


class LoginInspectView(InspectView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        return [*super().header_buttons, *confirm_card_buttons(self.request, self.object)]


class LoginViewSet(CenterViewSet):
    """Logins of staff, by the places where they hold roles. Replaces Wagtail's own pages of users."""

    model = User
    icon = "group"
    index_view_class = LoginIndexView
    add_view_class = LoginCreateView
    edit_view_class = HelpWithLoginView
    inspect_view_class = LoginInspectView
    change_label = _("Help with this login")
    list_display = (
        "__str__",
        "username",
        Column("phone", label=_("Mobile number"), accessor=left_to_right_phone, sort_key="phone"),
        "email",
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
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
        login = create_staff_login(
            full_name_ar=typed["display_name"],
            number=typed["number"],
            country=typed["country"],
            phone=typed["phone"],
            username=typed["username"] or "",
            email=typed["email"] or "",
            language=typed["language"],
            center=typed["center"],
            by=by,
        )
        if typed["role"]:
            give_role(
                user_id=login.pk,
                role=RoleName(typed["role"]),
                scope=MembershipScope(typed.get("scope") or MembershipScope.CENTER),
                center=typed["center"],
                governorate=typed.get("governorate"),
                by=by,
            )
        return login

    def buttons_after_add(self, row: User) -> list[Any]:
        """A new login has no password: its holder chooses one by a code, or the message leads to the form that asks for one."""
        return [messages.button(reverse("user:edit", args=[row.pk]), gettext("Ask for a password"))]

    def get_urlpatterns(self) -> list[URLPattern]:
        confirm = self.construct_view(ConfirmCardView, verb="confirm_card")
        return [*super().get_urlpatterns(), path("card/<int:pk>/", confirm, name="confirm_card")]

    def change_row(self, form: HelpWithLoginForm, *, by: User) -> User:
        user, reason = form.instance, form.cleaned_data["reason"]
        match form.cleaned_data["step"]:
            case HelpWithLoginForm.CLOSE:
                return deactivate_login(user_id=user.pk, reason=reason, by=by)
            case HelpWithLoginForm.OPEN:
                return reactivate_login(user_id=user.pk, reason=reason, by=by)
            case HelpWithLoginForm.END_SESSIONS:
                return end_all_sessions(user_id=user.pk, reason=reason, by=by)
            case HelpWithLoginForm.REMOVE_FACTORS:
                return remove_second_factors(user_id=user.pk, reason=reason, by=by)
            case _:
                return ask_for_password_of_staff(user_id=user.pk, reason=reason, by=by).user
