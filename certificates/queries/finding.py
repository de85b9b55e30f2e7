"""Certificates as staff type them: a number, a code as it is printed or in the address of its QR code, a name in any spelling."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from accounts.digits import latin_digits
from accounts.folding import fold_arabic
from certificates.codes import code_of_address, parse_code
from certificates.models import Credential


def matching(credentials: QuerySet[Credential], typed: str) -> QuerySet[Any]:
    """Those whom the typed text names; `is_exact` where it is the whole number or the code."""
    typed = latin_digits(typed)
    code = parse_code(code_of_address(typed)) or typed
    name = Q()
    for word in fold_arabic(typed).split():
        name &= Q(holder__folded_name__contains=word)
    exact = Q(number__iexact=typed.strip()) | Q(code=code)
    found = credentials.filter(Q(number__icontains=typed) | Q(code__icontains=code) | name)
    return found.annotate(is_exact=ExpressionWrapper(exact, BooleanField()))
