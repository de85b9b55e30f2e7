"""System checks of the settings for short messages and for the identity provider."""

import re
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.services.merge_rules import relations_without_rule

ADDRESS = re.compile(r"https?://[^/?#@\s]+/[^?#\s]*")
# Kannel writes a report's words where it finds a percent sign.
ORIGIN = re.compile(r"https?://[^/?#@%\s]+/?")
# What a header of HTTP carries unchanged.
WORD = re.compile(r"[\x21-\x7e]+")
# 3GPP TS 23.040, 9.1.2.5: eleven letters of the network's alphabet, or a number.
SENDER = re.compile(r"[\x20-\x7e]{1,11}|\+?[0-9]{1,15}")

# OpenID Connect Core 1.0, 1.2.
ISSUER = re.compile(r"(https://[^/?#@\s]+|http://(localhost|127\.0\.0\.1)(:\d+)?)(/[^?#\s]*)?")


@register("sms")
def check_sms_gateway(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """accounts.E001: a gateway for short messages is set, but not everything that it needs."""
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
    if settings.SMS_REPORTS_URL and not ORIGIN.fullmatch(settings.SMS_REPORTS_URL):
        problems.append("SMS_REPORTS_URL must be like https://mihna.example, without a path, or empty.")
    return [Error(problem, hint="See docs/how-to/sms.md.", id="accounts.E001") for problem in problems]


@register("sms")
def check_message_limits(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """accounts.E003: a number about messages is too small to mean anything."""
    least = {
        "SMS_MONTHLY_CAP": 0,
        "SMS_MONTHLY_RESERVE": 0,
        "SMS_REPORT_HOURS": 1,
        "DELIVERY_DAYS": 1,
        "SITE_NOTICE_DAYS": 1,
        "MESSAGES_A_DAY": 0,
    }
    return [
        Error(f"{name} must be {number} or more.", hint="See docs/how-to/sms.md.", id="accounts.E003")
        for name, number in least.items()
        if getattr(settings, name) < number
    ]


@register("merging")
def check_merge_rules(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """accounts.E004: a model refers to people, and no app said what becomes of its rows when two records are merged."""
    return [
        Error(
            f"{relation} refers to a person and has no rule for merging two records.",
            hint="Call rows_move or rows_stay of accounts.services.merge_rules.",
            id="accounts.E004",
        )
        for relation in relations_without_rule()
    ]


@register("oidc")
def check_identity_provider(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """accounts.E002: the identity provider is not a valid HTTPS address, or the credentials of this site are missing."""
    if not settings.OIDC_ISSUER:
        return []
    problems = []
    if not ISSUER.fullmatch(settings.OIDC_ISSUER):
        problems.append("OIDC_ISSUER must be an https address without a query; http on this machine only.")
    problems += [
        f"{name} must not be empty."
        for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
        if not getattr(settings, name)
    ]
    return [Error(problem, hint="See docs/how-to/logging-in.md.", id="accounts.E002") for problem in problems]
