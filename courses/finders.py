"""Cohorts, programs and complaints in the search of the workplace (`accounts.scoping.finding`)."""

from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, Q, When
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.digits import latin_digits
from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced, holds_everywhere
from accounts.scoping.finding import Finder, Hit
from accounts.services.formatting import format_date
from courses.models import Cohort, Complaint, ProgramPage
from courses.queries.complaints import visible_to
from courses.queries.search import find_programs, read_query
from courses.references import parse_reference

# Of a word that very many programs have, those that suit it best.
MOST_PROGRAMS = 50


def _programs_named(typed: str) -> list[int]:
    """Keys of published programs, in both languages, the best first, as the catalog finds them. Up to six statements."""
    reading = read_query(typed)
    found = find_programs(ProgramPage.objects.live(), reading).programs if reading.terms else []
    return found[:MOST_PROGRAMS]


class CohortFinder(Finder):
    """By the code or a part of it, and by words of the program."""

    title = gettext_lazy("Cohorts")
    act = Act.VIEW_COHORTS
    order = 20
    index_url_name = "cohort:index"

    def hits(self, typed: str, *, user: User, at_most: int) -> list[Hit]:
        code = latin_digits(typed)
        named = ProgramPage.objects.filter(pk__in=_programs_named(typed)).values("translation_key")
        found = fenced(
            Cohort.objects.filter(Q(code__icontains=code) | Q(program__translation_key__in=named)),
            user=user,
            act=Act.VIEW_COHORTS,
        ).annotate(
            is_exact=ExpressionWrapper(Q(code__iexact=code), BooleanField()),
            is_of_code=ExpressionWrapper(Q(code__icontains=code), BooleanField()),
        )
        rows = found.select_related("program", "center")
        return [
            _hit(row) for row in rows.order_by("-is_exact", "-is_of_code", "-starts_on", "code")[:at_most]
        ]


def _hit(cohort: Any) -> Hit:
    until = _("until %(date)s") % {"date": format_date(cohort.ends_on)}
    facts = (cohort.program.title, cohort.center, cohort.get_state_display(), until)
    return Hit(
        cohort.code,
        reverse("cohort:inspect", args=[cohort.pk]),
        " · ".join(map(str, facts)),
        is_exact=cohort.is_exact,
        is_code=True,
    )


class ProgramFinder(Finder):
    """Published programs, which are for everybody: the page, and for the ministry its form."""

    title = gettext_lazy("Programs")
    act = None
    order = 40

    def hits(self, typed: str, *, user: User, at_most: int) -> list[Hit]:
        keys = _programs_named(typed)
        order = Case(*(When(pk=pk, then=place) for place, pk in enumerate(keys))) if keys else "pk"
        pages = ProgramPage.objects.live().filter(Q(pk__in=keys) | Q(code__iexact=latin_digits(typed)))
        pages = pages.select_related("locale").order_by(order)
        shown: dict[Any, ProgramPage] = {}
        for page in pages:
            if page.locale.language_code == get_language() or page.translation_key not in shown:
                shown[page.translation_key] = page
        edits = holds_everywhere(user, Act.EDIT_CONTENT)
        return [_page_hit(page, typed, edits=edits) for page in shown.values()][:at_most]


def _page_hit(page: ProgramPage, typed: str, *, edits: bool) -> Hit:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk]) if edits else page.get_url() or ""
    is_exact = page.code.casefold() == latin_digits(typed).casefold()
    return Hit(page.title, address, page.code, is_exact=is_exact)


class ComplaintFinder(Finder):
    """By the whole reference number alone, and for those who may read it: whom it is about finds nothing."""

    title = gettext_lazy("Complaints")
    act = Act.VIEW_COMPLAINTS
    order = 50

    def hits(self, typed: str, *, user: User, at_most: int) -> list[Hit]:
        reference = parse_reference(typed)
        if reference is None:
            return []
        rows = fenced(Complaint.objects.filter(reference=reference), user=user, act=Act.VIEW_COMPLAINTS)
        return [_complaint_hit(row) for row in visible_to(rows, user).select_related("center")[:at_most]]


def _complaint_hit(complaint: Complaint) -> Hit:
    facts = (complaint.get_kind_display(), complaint.center or "", complaint.get_state_display())
    return Hit(
        str(complaint),
        reverse("complaints:inspect", args=[complaint.pk]),
        " · ".join(str(fact) for fact in facts if fact),
        is_exact=True,
        is_code=True,
    )


FINDERS = (CohortFinder, ProgramFinder, ComplaintFinder)
