"""Mobile numbers in any spelling to E.164."""

import phonenumbers
from django.utils.translation import gettext_lazy as _

from accounts.digits import latin_digits
from accounts.errors import DomainError

MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
HOME = "EG"
# What people put between the digits, and what a phone's keyboard adds unseen.
PUNCTUATION = str.maketrans(
    "", "", " \u00a0\t-–.()/\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069"
)


class NotAMobileNumber(DomainError):
    message = _(
        "This is not a mobile number. Write it like 010 1234 5678, or with its country like +20 10 1234 5678."
    )


def readable_phone(number: str) -> str:
    """E.164 as people of its country write it, "" for none: 010 12345678, and with its country where that is another one."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    is_ours = parsed.country_code == phonenumbers.country_code_for_region(HOME)
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, formats.NATIONAL if is_ours else formats.INTERNATIONAL)


def masked_phone(number: str) -> str:
    """As `readable_phone`, with only the first three digits and the last three: enough to recognize a number, too little to dial it."""
    readable = readable_phone(number)
    digits = [place for place, letter in enumerate(readable) if letter.isdecimal()]
    hidden = set(digits[3:-3])
    return "".join("•" if place in hidden else letter for place, letter in enumerate(readable))


def normalize_phone(text: str) -> str:
    """Turn 01012345678, ٠١٠ ١٢٣٤ ٥٦٧٨, 0020 10 1234 5678 or a foreign number with + or 00 into E.164.

    Raises `NotAMobileNumber`.
    """
    digits = latin_digits(text).translate(PUNCTUATION)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    # phonenumbers would read letters as a vanity number and stop at the first thing it does not know.
    if not digits.isascii() or not digits.removeprefix("+").isdecimal():
        raise NotAMobileNumber
    try:
        number = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException as unreadable:
        raise NotAMobileNumber from unreadable
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in MOBILE:
        raise NotAMobileNumber
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
