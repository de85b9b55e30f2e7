"""Status events are delivered to webhooks: signed, once each, with retries."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from accounts.models import User
from accounts.services.people import correct_person
from certificates.enums import Reason, Status
from certificates.errors import AddressRefused, NotDead, NotForYou
from certificates.models import Credential, StatusEvent, Webhook, WebhookDelivery
from certificates.services.proposing import propose_correction
from certificates.services.statuses import reinstate, suspend
from certificates.services.webhooks import change_subscription, create_deliveries, deliver, resend, subscribe
from jobs.enums import JobState
from tests.certificates.webhooks.http_server import HttpServer
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    issued,
    officer_of_the_ministry,
    registrar_of,
    revoke,
)

ENDS = (Status.REVOKED, Status.SUSPENDED, Status.REINSTATED, Status.SUPERSEDED)


@pytest.fixture
def listener(db: None, settings: Settings) -> Iterator[HttpServer]:
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with HttpServer() as listener:
        yield listener


@pytest.fixture
def officer(db: None) -> User:
    return officer_of_the_ministry()


@pytest.fixture
def subscribed(listener: HttpServer, officer: User) -> tuple[Webhook, bytes]:
    webhook, secret = subscribe(name="Ministry of Industry", url=listener.url, about=ENDS, by=officer)
    return webhook, base64.b64decode(secret.removeprefix("whsec_"))


@pytest.fixture
def credential(db: None) -> Credential:
    return issued()


def revoked(credential: Credential) -> Credential:
    return revoke(
        credential_id=credential.pk, reason=Reason.FRAUD, note="secret", by=registrar_of(credential)
    )


def make_due() -> None:
    WebhookDelivery.objects.update(due_at=timezone.now())


def test_a_revocation_is_delivered_with_a_signature(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential
):
    webhook, secret = subscribed
    revoked(credential)

    deliver(webhook_id=webhook.pk)

    [request] = listener.heard
    told = json.loads(request.body)
    assert told["type"] == "certificate.revoked"
    assert told["data"] == {
        "id": str(credential.public_id),
        "number": credential.number,
        "code": credential.code,
        "status": "revoked",
        "reason": "fraud",
    }
    signed = (
        f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    )
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    assert webhook.deliveries.get().state == JobState.DONE


def test_a_message_names_no_person(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential
):
    revoked(credential)

    deliver(webhook_id=subscribed[0].pk)

    body = listener.heard[0].body.decode("unicode_escape")
    assert credential.claims["name_en"] not in body
    assert "secret" not in body


def test_only_subscribed_events_are_delivered_in_order(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential
):
    by = registrar_of(credential)
    suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=by)
    reinstate(credential_id=credential.pk, note="", by=by)
    revoked(credential)
    issued()

    heard = deliver(webhook_id=subscribed[0].pk)

    assert heard == 3
    assert [json.loads(one.body)["data"]["status"] for one in listener.heard] == [
        "suspended",
        "reinstated",
        "revoked",
    ]


def test_a_corrected_certificate_is_delivered_as_superseded(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential
):
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=credential.center).user
    correct_person(
        person_id=credential.holder_id,
        full_name_ar="سعاد إبراهيم علي حسن",
        full_name_en="Soad Hassan",
        by=manager,
    )
    proposal = propose_correction(
        credential_id=credential.pk,
        reason=Reason.NAME_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    approved(proposal)

    deliver(webhook_id=subscribed[0].pk)

    [told] = [json.loads(one.body)["data"] for one in listener.heard]
    assert (told["number"], told["status"]) == (credential.number, "superseded")
    assert told["reason"] == "name_corrected"


def test_a_change_that_is_rolled_back_is_not_delivered(
    subscribed: tuple[Webhook, bytes], credential: Credential
):
    class ChangedMind(Exception):
        pass

    with pytest.raises(ChangedMind), transaction.atomic():
        revoked(credential)
        raise ChangedMind

    assert WebhookDelivery.objects.count() == 0


def test_an_event_received_twice_is_delivered_once(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential
):
    revoked(credential)
    create_deliveries(StatusEvent.objects.filter(status=Status.REVOKED).select_related("credential"))

    deliver(webhook_id=subscribed[0].pk)
    deliver(webhook_id=subscribed[0].pk)

    assert len(listener.heard) == 1


def test_one_that_fails_is_asked_again_later_under_the_same_id(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential
):
    webhook, _secret = subscribed
    revoked(credential)
    listener.answer = 500
    deliver(webhook_id=webhook.pk)
    failed = webhook.deliveries.get()
    deliver(webhook_id=webhook.pk)  # not due yet
    listener.answer = 204
    make_due()

    deliver(webhook_id=webhook.pk)

    assert (failed.state, failed.error, failed.attempts) == (JobState.WAITING, "HTTP 500", 1)
    assert failed.due_at > timezone.now()
    assert webhook.deliveries.get().state == JobState.DONE
    assert len(listener.heard) == 2
    assert len({request.headers["webhook-id"] for request in listener.heard}) == 1


def test_one_that_is_down_for_two_days_is_given_up_and_can_be_sent_again(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential, officer: User
):
    webhook, _secret = subscribed
    revoked(credential)
    listener.answer = 503
    for _attempt in range(WebhookDelivery.max_attempts):
        make_due()
        deliver(webhook_id=webhook.pk)
    dead = webhook.deliveries.get()
    make_due()
    assert deliver(webhook_id=webhook.pk) == 0
    assert dead.state == JobState.FAILED
    assert len(listener.heard) == WebhookDelivery.max_attempts
    listener.answer = 200

    resend(delivery_id=dead.pk, by=officer)
    deliver(webhook_id=webhook.pk)

    assert webhook.deliveries.get().state == JobState.DONE
    with pytest.raises(NotDead):
        resend(delivery_id=dead.pk, by=officer)


def test_others_wait_while_one_attempt_fails(subscribed: tuple[Webhook, bytes], listener: HttpServer):
    webhook, _secret = subscribed
    for _number in range(3):
        revoked(issued())
    listener.answer = 500

    heard = deliver(webhook_id=webhook.pk)

    assert heard == 0
    assert len(listener.heard) == 1


def test_a_redirect_is_a_failure(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential
):
    revoked(credential)
    listener.answer, listener.location = 307, listener.url

    deliver(webhook_id=subscribed[0].pk)

    assert subscribed[0].deliveries.get().error == "HTTP 307"
    assert len(listener.heard) == 1


def test_a_network_that_is_no_longer_allowed_gets_nothing(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential, settings: Settings
):
    revoked(credential)
    settings.WEBHOOK_ALLOWED_NETWORKS = []

    deliver(webhook_id=subscribed[0].pk)

    assert listener.heard == []
    assert "127.0.0.1" in subscribed[0].deliveries.get().error


def test_a_subscription_into_our_own_network_is_refused(officer: User):
    with pytest.raises(AddressRefused):
        subscribe(name="Inside", url="http://169.254.169.254/latest", about=ENDS, by=officer)


def test_plain_http_is_refused_where_the_site_has_https(officer: User, settings: Settings):
    settings.HTTPS_ONLY = True

    with pytest.raises(AddressRefused):
        subscribe(name="Plain", url="http://hooks.example.org/", about=ENDS, by=officer)


def test_only_the_ministry_subscribes(
    subscribed: tuple[Webhook, bytes], credential: Credential, listener: HttpServer
):
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=credential.center).user

    with pytest.raises(NotForYou):
        subscribe(name="Center", url=listener.url, about=ENDS, by=manager)
    with pytest.raises(NotForYou):
        change_subscription(
            webhook_id=subscribed[0].pk, name="x", url=listener.url, about=ENDS, is_active=True, by=manager
        )


def test_an_inactive_webhook_gets_nothing(
    subscribed: tuple[Webhook, bytes], listener: HttpServer, credential: Credential, officer: User
):
    webhook, _secret = subscribed
    change_subscription(
        webhook_id=webhook.pk, name=webhook.name, url=webhook.url, about=ENDS, is_active=False, by=officer
    )

    revoked(credential)

    assert deliver(webhook_id=webhook.pk) == 0
    assert listener.heard == []


def test_the_secret_is_not_in_the_database(subscribed: tuple[Webhook, bytes]):
    webhook, secret = subscribed

    assert secret.hex() not in webhook.encrypted_secret
    assert base64.b64encode(secret).decode() not in webhook.encrypted_secret
