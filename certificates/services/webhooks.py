"""Webhooks: status events are delivered to other systems. Deliveries are rows, sent after the commit, signed and retried.

Message and signature are those of Standard Webhooks 1.0 (standardwebhooks.com): `webhook-id`, `webhook-timestamp`,
`webhook-signature`.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Collection, Iterable
from ipaddress import ip_network
from typing import Any
from uuid import uuid5

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from certificates.enums import Status
from certificates.errors import AddressRefused, NotDead, NotForYou
from certificates.models import StatusEvent, Webhook, WebhookDelivery
from certificates.openbadges.credential import timestamp
from certificates.outgoing_http import (
    HostUnreachable,
    OutgoingRequestRefused,
    OutgoingRules,
    Refusal,
    check_url,
    post,
)
from jobs.dispatching import dispatch
from jobs.enums import JobState
from jobs.errors import NotFailed
from jobs.services.leases import WORKER_DIED, end_attempt, fail, finish, lease
from jobs.services.recovery import retry
from jobs.services.working import attempt

# After so many seconds a task stops sending and dispatches itself again, so that other tasks get the worker, too.
SECONDS_A_MESSAGE = 30
_SECRET_BYTES = 32
_WHY = {
    Refusal.NO_ADDRESS: _("it is not an address."),
    Refusal.SCHEME: _("it has to begin with https://."),
    Refusal.HOST: _("it has no host name, or a name and password in it."),
    Refusal.NOT_PUBLIC: _("it leads into a network that is not public."),
}


def outgoing_rules() -> OutgoingRules:
    """Webhooks may go to public addresses, and to networks that the operator configured."""
    return OutgoingRules(
        https_only=settings.HTTPS_ONLY,
        allowed=[ip_network(network) for network in settings.WEBHOOK_ALLOWED_NETWORKS],
    )


@transaction.atomic
def subscribe(*, name: str, url: str, about: Collection[Status], by: User) -> tuple[Webhook, str]:
    """Subscribe `url` to these events. Returns the secret of its signatures, which is shown only once.

    Raises AddressRefused, NotForYou.
    """
    if not may_everywhere(by, Act.SET_RULES):
        raise NotForYou
    _check(url)
    secret = secrets.token_bytes(_SECRET_BYTES)
    webhook = Webhook.objects.create(
        name=name,
        url=url,
        about=sorted(about),
        encrypted_secret=_cipher().encrypt(secret).decode(),
        made_by=by,
        made_at=timezone.now(),
    )
    log(webhook, "certificates.webhook.subscribe", user=by, data={"url": url, "about": webhook.about})
    return webhook, f"whsec_{base64.b64encode(secret).decode()}"


@transaction.atomic
def change_subscription(
    *, webhook_id: int, name: str, url: str, about: Collection[Status], is_active: bool, by: User
) -> Webhook:
    """Change address and events. Pending deliveries go to the new address. Raises AddressRefused, NotForYou."""
    webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook_id)
    if not may_everywhere(by, Act.SET_RULES):
        raise NotForYou
    _check(url)
    webhook.name, webhook.url, webhook.about, webhook.is_active = name, url, sorted(about), is_active
    webhook.save(update_fields=["name", "url", "about", "is_active"])
    log(
        webhook,
        "certificates.webhook.change",
        user=by,
        data={"url": url, "about": webhook.about, "active": is_active},
    )
    return webhook


def create_deliveries(events: Iterable[StatusEvent]) -> None:
    """Write the deliveries in the transaction of the events; they are sent after the commit."""
    webhooks = list(Webhook.objects.filter(is_active=True))
    if not webhooks:
        return
    WebhookDelivery.objects.bulk_create(
        (
            WebhookDelivery(webhook=webhook, event=event, message_id=message_id(event))
            for event in events
            for webhook in webhooks
            if event.status in webhook.about
        ),
        batch_size=500,
        ignore_conflicts=True,
    )
    for webhook in webhooks:
        dispatch("certificates.deliver", webhook.pk)


def message_id(event: StatusEvent) -> Any:
    """The `webhook-id` of an event: the same for every subscription and every attempt."""
    return uuid5(event.credential.public_id, f"event/{event.pk}")


def deliver(*, webhook_id: int) -> int:
    """Send the due deliveries of one subscription, oldest first, until an attempt fails. Returns how many were delivered.

    Called twice or by two workers, one of them sends and the other has nothing to do.
    """
    heard, started = 0, time.monotonic()
    while delivery := _lease(webhook_id):
        if not attempt(delivery, _send):
            # The receiver is down or slow: further attempts would fail, too.
            break
        heard += 1
        if time.monotonic() - started > SECONDS_A_MESSAGE:
            dispatch("certificates.deliver", webhook_id)
            break
    return heard


@transaction.atomic
def resend(*, delivery_id: int, by: User) -> WebhookDelivery:
    """Reset a failed delivery for new attempts. Raises NotDead, NotForYou."""
    delivery = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if not may_everywhere(by, Act.SET_RULES):
        raise NotForYou
    try:
        retry(WebhookDelivery, delivery.pk)
    except NotFailed as error:
        raise NotDead from error
    delivery.refresh_from_db()
    log(delivery, "certificates.webhook.resend", user=by)
    return delivery


def signature(secret: bytes, *, message: str, at: int, body: bytes) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 over id, time and body."""
    signed = f"{message}.{at}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()}"


@transaction.atomic
def _lease(webhook_id: int) -> WebhookDelivery | None:
    """The next delivery to send; none while another one of the same subscription is being sent, or just ended."""
    now = timezone.now()
    # A new event that is written meanwhile only needs the key of this row to stay.
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook_id)
    running = list(webhook.deliveries.select_for_update(of=("self",)).filter(state=JobState.RUNNING))
    for delivery in running:
        if delivery.lease_until and delivery.lease_until < now:
            end_attempt(delivery, WORKER_DIED, now=now)
    if running or not webhook.is_active:
        return None
    due = webhook.deliveries.filter(state=JobState.WAITING, due_at__lte=now)
    first = due.order_by("event_id").values_list("pk", flat=True).first()
    if first is None:
        return None
    return lease(WebhookDelivery, first, related=("webhook", "event__credential"))


def _send(delivery: WebhookDelivery) -> bool:
    """Send a delivery; returns whether the receiver answered with a 2xx status. Raises LeaseLost."""
    webhook, at = delivery.webhook, int(timezone.now().timestamp())
    body, message = _body(delivery.event), str(delivery.message_id)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Mihna",
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(
            _cipher().decrypt(webhook.encrypted_secret), message=message, at=at, body=body
        ),
    }
    try:
        status = post(webhook.url, content=body, headers=headers, rules=outgoing_rules())
    except (OutgoingRequestRefused, HostUnreachable) as fault:
        fail(delivery, str(fault))
        return False
    if status // 100 != 2:
        fail(delivery, f"HTTP {status}")
        return False
    finish(delivery)
    return True


def _body(event: StatusEvent) -> bytes:
    """The body of a message. It names no person: a client with that scope asks the API by the code."""
    credential = event.credential
    told = {
        "type": f"certificate.{event.status}",
        "timestamp": timestamp(event.at),
        "data": {
            "id": str(credential.public_id),
            "number": credential.number,
            "code": credential.code,
            "status": event.status,
            "reason": event.reason,
        },
    }
    return json.dumps(told, separators=(",", ":")).encode()


def _check(url: str) -> None:
    try:
        check_url(url, rules=outgoing_rules())
    except OutgoingRequestRefused as fault:
        raise AddressRefused(why=_WHY[fault.refusal]) from fault


def _cipher() -> MultiFernet:
    """The first key encrypts; every key decrypts, so that keys can be rotated."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
