"""Certificates in the search of the workplace (`accounts.scoping.finding`)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from accounts.scoping.finding import Finder, Hit
from accounts.services.formatting import format_date
from certificates.codes import code_of_address, is_like_number, parse_code
from certificates.models import Credential
from certificates.queries.finding import matching


class CertificateFinder(Finder):
    title = gettext_lazy("Certificates")
    act = Act.VIEW_CERTIFICATES
    order = 30
    index_url_name = "credentials:index"

    def is_named_by(self, typed: str) -> bool:
        return is_like_number(typed) or parse_code(code_of_address(typed)) is not None

    def hits(self, typed: str, *, user: User, at_most: int) -> list[Hit]:
        rows = fenced(Credential.objects.all(), user=user, act=Act.VIEW_CERTIFICATES)
        found = matching(rows, typed).select_related("holder", "type", "center")
        return [_hit(row) for row in found.order_by("-is_exact", "-issued_on", "-pk")[:at_most]]


def _hit(credential: Any) -> Hit:
    told = (
        credential.holder,
        credential.type,
        credential.get_state_display(),
        format_date(credential.issued_on),
    )
    return Hit(
        credential.number,
        reverse("credentials:inspect", args=[credential.pk]),
        " · ".join(map(str, told)),
        is_exact=credential.is_exact,
        is_code=True,
    )


FINDERS = (CertificateFinder,)
