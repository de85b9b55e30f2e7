"""Labels, colors and icons for the results of public verification."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.enums import LookupResult

register = template.Library()

_OK, _WARN, _BAD = "#2c6a35", "#8f4508", "#a12a2f"
_CHECK, _CLOCK, _CROSS = "M-7 0l5 5 9-10", "M0-7v8l5 4", "M-6-6l12 12M6-6l-12 12"
_LOOKS = {
    LookupResult.VALID: ("ok", "check", _OK, _CHECK),
    LookupResult.IN_DOUBT: ("warn", "clock", _WARN, _CLOCK),
    LookupResult.EXPIRED: ("warn", "clock", _WARN, _CLOCK),
    LookupResult.MALFORMED: ("warn", "help", _WARN, _CROSS),
}
_ENDED = ("bad", "close", _BAD, _CROSS)

# {since} and {from} are filled in on the device.
_OFFLINE: dict[str, tuple[str, str | Promise, str | Promise]] = {
    "valid": (
        "ok",
        _("This certificate is valid"),
        _(
            "Signed by us, and in force by the register as of {since}. It is the certificate below: compare kind, name, level and number with the paper."
        ),
    ),
    "revoked": (
        "bad",
        _("This certificate was revoked"),
        _("It is genuine but no longer in force, by the register as of {since}."),
    ),
    "replaced": (
        "bad",
        _("This certificate was replaced"),
        _(
            "It is genuine but no longer in force, by the register as of {since}. Ask its holder for the new one."
        ),
    ),
    "not-yet-valid": (
        "warn",
        _("This certificate is not yet valid"),
        _("It is genuine, and valid from {from}."),
    ),
    "expired": ("warn", _("This certificate has expired"), _("It is genuine, but its last day is over.")),
    "suspended": (
        "bad",
        _("This certificate is suspended"),
        _("It is genuine but not in force, by the register as of {since}. Check again before you decide."),
    ),
    "status-unknown": (
        "warn",
        _("Status unknown since {since}"),
        _(
            "The signature is right, but this device was last updated on {since}. The certificate may have been"
            " revoked since. Go on the network once, then check again."
        ),
    ),
    "status-never": (
        "warn",
        _("Status unknown"),
        _(
            "The signature is right, but this device has no list of the register that says whether it is in force. Go on the"
            " network once, then check again."
        ),
    ),
    "forged": (
        "bad",
        _("This is a forgery"),
        _("The signature does not fit what the square says. Do not rely on it."),
    ),
    "damaged": (
        "warn",
        _("This square could not be read"),
        _(
            "It is damaged or cut off, or newer than this page. Read or paste the whole of it again; if that does not"
            " help, ask the register about its code."
        ),
    ),
    "key-unknown": (
        "warn",
        _("Signed with a key that this device does not know"),
        _("It may be a forgery, or a new key. Go on the network once, then check again."),
    ),
    "key-not-valid-then": (
        "bad",
        _("Signed with an expired key"),
        _(
            "The key that signed it was not in use on the day that it says. Do not rely on it without asking the register."
        ),
    ),
    "key-compromised": (
        "bad",
        _("Signed with a stolen key"),
        _("Anyone who has the stolen key could have written this. Ask the register about its code."),
    ),
    "none": (
        "warn",
        _("No certificate in it"),
        _(
            "This square or text carries no certificate that can be checked without a network. Check its code with one."
        ),
    ),
    "no-keys": (
        "warn",
        _("Nothing to check with yet"),
        _("This device has no keys of ours. Open this page once with a network, then check again."),
    ),
}


@register.filter
def answer_badge(result: str) -> dict[str, str]:
    """The label of an answer, its tone and icon on a page, its color and sign in a picture."""
    tone, icon, color, path = _LOOKS.get(LookupResult(result), _ENDED)
    return {
        "label": str(LookupResult(result).label),
        "tone": tone,
        "icon": icon,
        "color": color,
        "path": path,
    }


@register.simple_tag
def offline_verdicts() -> list[dict[str, str]]:
    """The texts of the offline verification page: one entry for each state of `verdict.js`, and two for the page itself."""
    return [
        {"state": state, "tone": tone, "title": str(title), "text": str(text)}
        for state, (tone, title, text) in _OFFLINE.items()
    ]
