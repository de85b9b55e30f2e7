"""Merging two records of one person in the staff workplace: choosing the other record, comparing, undoing."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import HeaderButton

from accounts.enums import ContactKind
from accounts.forms.merging import MergeForm, RecordSearchForm, UndoMergeForm
from accounts.models import Contact, Person, PersonMerge, User
from accounts.scoping import fenced
from accounts.scoping.act_forms import ActFormView
from accounts.services.contacts import written
from accounts.services.duplicates import MOST_SHOWN, find_candidates
from accounts.services.formatting import format_date, format_list
from accounts.services.merged_records import name_of_login
from accounts.services.merging import (
    merge_people,
    refusals,
    rows_that_go_back,
    rows_that_would_move,
    undo_merge,
)
from accounts.services.person_search import matching

COMPARED = (
    "full_name_ar",
    "full_name_en",
    "birth_date",
    "sex",
    "residence_governorate",
    "education",
    "registered_at",
)

SHOWN = ("registered_at", "residence_governorate")


class ChooseRecordView(ActFormView):
    """Leads to the page that compares: with who may be the same, and with who is found."""

    model = Person
    select_related = SHOWN
    form_class = RecordSearchForm
    http_method_names = ["get"]
    template_name = "accounts/admin/merge_choose.html"
    page_title = gettext_lazy("Same person as …")
    header_icon = "group"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"data": self.request.GET or None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(person=self.row, **kwargs)
        form = context["form"]
        typed = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
        found = list(self._others(matching(self._within_reach(), typed))[: MOST_SHOWN + 1]) if typed else []
        context.update(
            typed=typed,
            found=found[:MOST_SHOWN],
            are_more=len(found) > MOST_SHOWN,
            alike=[] if typed else self._alike(),
        )
        return context

    def _within_reach(self) -> QuerySet[Person]:
        return fenced(Person.objects.all(), user=self.request.user, act=self.viewset.acts["merge"])

    def _others(self, people: QuerySet[Person]) -> QuerySet[Person]:
        others = people.exclude(pk=self.row.pk).select_related("registered_at")
        return others.prefetch_related("documents").order_by("folded_name", "pk")

    def _alike(self) -> list[Person]:
        """Who has the same name and birth date, or the same number and first name."""
        number = Contact.objects.current().filter(person=self.row, kind=ContactKind.PHONE).first()
        alike = find_candidates(
            full_name_ar=self.row.full_name_ar,
            birth_date=self.row.birth_date,
            phone=number.value if number else "",
            by=self.request.user,
        ).here
        # A person who signed up alone is found by every desk, but merged by the ministry only.
        return list(self._others(self._within_reach().filter(pk__in=[person.pk for person in alike])))


class MergeView(ActFormView):
    """Both records side by side, and what would move from the second one to the one that is kept."""

    model = Person
    select_related = SHOWN
    form_class = MergeForm
    template_name = "accounts/admin/merge.html"
    page_title = gettext_lazy("Merge two records of one person")
    header_icon = "group"

    @cached_property
    def other(self) -> Person:
        people = fenced(Person.objects.all(), user=self.request.user, act=self.viewset.acts["merge"])
        return get_object_or_404(people.select_related(*SHOWN), pk=self.kwargs["other"])

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self.other  # noqa: B018 - 404 before anything is read
        return super().get(*args, **kwargs)

    def carry_out(self, form: MergeForm) -> str:
        merge = merge_people(
            keep_id=self.row.pk,
            duplicate_id=self.other.pk,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )
        return _("“%(duplicate)s” was merged into “%(kept)s”.") % {
            "duplicate": merge.duplicate,
            "kept": merge.kept,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept, other = self.row, self.other
        sides = [facts_of(record) for record in (kept, other)]
        return super().get_context_data(
            kept=kept,
            other=other,
            lines=[(label, value, sides[1][label]) for label, value in sides[0].items()],
            refusals=list(dict.fromkeys(str(one) for one in refusals(kept, other, by=self.request.user))),
            moving=rows_that_would_move(kept, other),
            **kwargs,
        )


class UndoMergeView(ActFormView):
    """What would go back to the other record, and what stays."""

    model = Person
    select_related = SHOWN
    form_class = UndoMergeForm
    template_name = "accounts/admin/merge_undo.html"
    page_title = gettext_lazy("Undo the merge")
    header_icon = "undo"

    @cached_property
    def merge(self) -> PersonMerge:
        return get_object_or_404(merges_into(self.row), pk=self.kwargs["merge"])

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self.merge  # noqa: B018 - 404 before anything is read
        return super().get(*args, **kwargs)

    def carry_out(self, form: UndoMergeForm) -> str:
        merge = undo_merge(merge_id=self.merge.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        return _("“%(duplicate)s” is a record of its own again.") % {"duplicate": merge.duplicate}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            person=self.row, merge=self.merge, going_back=rows_that_go_back(self.merge), **kwargs
        )


def merges_into(person: Person) -> QuerySet[PersonMerge]:
    """The merges by which other records lead to this one, the newest first."""
    merges = PersonMerge.objects.filter(duplicate__merged_into=person, undone_at=None)
    return merges.select_related("duplicate", "kept", "by")


def merge_button(person: Person) -> HeaderButton:
    address = reverse("person:merge_choose", args=[person.pk])
    return HeaderButton(_("Same person as …"), url=address, icon_name="group")


def facts_of(record: Person) -> dict[str, Any]:
    """What staff compare, by its label."""
    facts = {}
    for name in COMPARED:
        field: Any = Person._meta.get_field(name)
        display = getattr(record, f"get_{name}_display", None)
        value = display() if display else getattr(record, name)
        facts[capfirst(str(field.verbose_name))] = (
            format_date(value) if name == "birth_date" and value else value
        ) or "–"
    login = User.objects.filter(person=record).first()
    contacts = Contact.objects.current().filter(person=record)
    facts[_("Identity documents")] = format_list(record.documents.order_by("pk")) or "–"
    facts[_("Contacts")] = format_list(written(contact) for contact in contacts) or "–"
    facts[_("Login")] = "–" if login is None else _login_words(login)
    facts[_("Registered on")] = format_date(record.created_at)
    return facts


def _login_words(login: User) -> str:
    name = name_of_login(login)
    return name if login.is_active else _("%(login)s (closed)") % {"login": name}
