"""People in the search of the workplace (`accounts.scoping.finding`)."""

from typing import Any

from django.db.models import BooleanField, Value
from django.db.models.expressions import ExpressionWrapper
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping import fenced
from accounts.scoping.finding import Finder, Hit
from accounts.services.formatting import format_date
from accounts.services.person_search import exactly, matching


class PeopleFinder(Finder):
    """By any part of the name in any spelling, or by the whole of a national number, mobile number, user name or printed code."""

    title = gettext_lazy("People")
    act = Act.VIEW_PEOPLE
    order = 10
    index_url_name = "person:index"

    def hits(self, typed: str, *, user: User, at_most: int) -> list[Hit]:
        people = fenced(Person.objects.all(), user=user, act=Act.VIEW_PEOPLE)
        exact = exactly(typed)
        is_exact = ExpressionWrapper(exact, BooleanField()) if exact else Value(value=False)
        found = matching(people, typed).annotate(is_exact=is_exact).select_related("registered_at")
        return [_hit(person) for person in found.order_by("-is_exact", "folded_name", "pk")[:at_most]]


def _hit(person: Any) -> Hit:
    born = _("born on %(date)s") % {"date": format_date(person.birth_date)} if person.birth_date else ""
    facts = (born, str(person.registered_at or ""))
    return Hit(
        str(person),
        reverse("person:inspect", args=[person.pk]),
        " · ".join(fact for fact in facts if fact),
        is_exact=bool(person.is_exact),
    )


FINDERS = (PeopleFinder,)
