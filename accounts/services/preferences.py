"""What people choose for themselves: the language and the digits of pages and messages."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.enums import Digits, Language
from accounts.models import Person, User


@transaction.atomic
def choose_language_and_digits(*, language: Language | str, digits: Digits | str, by: User) -> User:
    """Both are of the login, the language of its person as well: messages to people without a login are written in it."""
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    before = {"language": user.language, "digits": user.digits}
    chosen = {"language": str(language), "digits": str(digits)}
    if before == chosen:
        return user
    user.language, user.digits = chosen["language"], chosen["digits"]
    user.save(update_fields=["language", "digits"])
    if user.person_id:
        Person.objects.filter(pk=user.person_id).update(language=user.language)
    log(user, "accounts.login.choose_language", user=by, data=chosen)
    return user
