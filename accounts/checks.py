"""System checks: what is missing to send short messages as the settings ask."""

import re
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

ADDRESS = re.compile(r"https?://[^/?#@\s]+/[^?#\s]*")
# What a header of HTTP carries unchanged.
WORD = re.compile(r"[\x21-\x7e]+")
# 3GPP TS 23.040, 9.1.2.5: eleven letters of the network's alphabet, or a number.
SENDER = re.compile(r"[\x20-\x7e]{1,11}|\+?[0-9]{1,15}")


@register("sms")
def check_sms_gateway(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """accounts.E001: a gateway for short messages is named, and what it takes to use it is not all there."""
    if not settings.SMS_GATEWAY_URL:
        return []
    problems = []
    if not ADDRESS.fullmatch(settings.SMS_GATEWAY_URL):
        problems.append(
            "SMS_GATEWAY_URL must be the address of its sendsms page, without a login or a question mark."
        )
    problems += [
        f"{name} must be letters, digits and signs of ASCII without spaces."
        for name in ("SMS_GATEWAY_USER", "SMS_GATEWAY_PASSWORD")
        if not WORD.fullmatch(getattr(settings, name))
    ]
    if not SENDER.fullmatch(settings.SMS_FROM):
        problems.append("SMS_FROM must be up to eleven letters of ASCII, or a number.")
    return [Error(problem, hint="See docs/sms.md.", id="accounts.E001") for problem in problems]
