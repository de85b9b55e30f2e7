"""The operator's gateway for short messages."""

from django.conf import settings

from accounts.sms import SmsGateway


def sends_codes() -> bool:
    """Whether pages offer codes by short message."""
    return bool(settings.SMS_GATEWAY_URL)


def sms_gateway() -> SmsGateway | None:
    """The gateway that the operator set, None where there is none."""
    if not settings.SMS_GATEWAY_URL:
        return None
    return SmsGateway(
        url=settings.SMS_GATEWAY_URL,
        user=settings.SMS_GATEWAY_USER,
        password=settings.SMS_GATEWAY_PASSWORD,
        sender=settings.SMS_FROM,
    )
