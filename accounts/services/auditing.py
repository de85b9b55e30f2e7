"""What an audit reads about people and logins; it changes nothing."""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import DocumentKind, HandKind
from accounts.models import IdentityDocument, LoginHand, Membership, User
from accounts.services.identity_documents import decrypt_number
from accounts.services.national_number import BadNationalNumber, parse_national_number

ROWS_AT_ONCE = 500
# Actions in the trail after which the acting user knew a password of the login.
PASSWORD_KNOWN = (
    "accounts.login.create",
    "accounts.login.give_first",
    "accounts.login.reset_password",
    "accounts.recovery.give",
)


def documents_with_unfit_digits() -> Iterator[IdentityDocument]:
    """Cards whose number is none that could be printed, or whose check digit does not fit the others, until somebody typed it off the card again.

    The numbers do not leave this function, which reads them all: the home page goes by `is_suspect`.
    """
    rows = IdentityDocument.objects.filter(kind=DocumentKind.NATIONAL_ID).select_related("person")
    documents = ContentType.objects.get_for_model(IdentityDocument)
    compared = ModelLogEntry.objects.filter(
        content_type=documents,
        action="accounts.identity_document.compare",
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    rows = rows.filter(~Exists(compared))
    today = timezone.localdate()
    for document in rows.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        try:
            fits = parse_national_number(
                decrypt_number(bytes(document.number_encrypted)), today=today
            ).check_digit_fits
        except BadNationalNumber:
            fits = False
        if not fits:
            yield document


def logins_of_one_hand() -> list[User]:
    """Logins of staff to whom one and the same login gave a role that they hold, and a password that it knew, until another person compared
    their card.
    """
    logins = ContentType.objects.get_for_model(User)
    passwords = ModelLogEntry.objects.filter(
        content_type=logins, action__in=PASSWORD_KNOWN, user__isnull=False
    )
    known = {(int(key), by) for key, by in passwords.values_list("object_id", "user_id")}
    roles = ModelLogEntry.objects.filter(action="accounts.membership.give", user__isnull=False)
    given = roles.values_list("data__login", "user_id", "object_id")
    held = [int(membership) for login, by, membership in given if (login, by) in known]
    current = Membership.objects.current().filter(pk__in=held)
    cards = LoginHand.objects.filter(kind=HandKind.CARD, login=OuterRef("pk"))
    found = User.objects.filter(~Exists(cards), pk__in=current.values("user"), is_active=True)
    return list(found.order_by("username"))
