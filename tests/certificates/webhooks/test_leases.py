"""Workers that die and concurrent workers: one delivery of a subscription at a time, and no lease lasts for ever."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from certificates.enums import Reason, Status
from certificates.models import Webhook, WebhookDelivery
from certificates.services.webhooks import deliver, subscribe
from jobs.enums import JobState
from jobs.services.recovery import recover
from lms.celery import app
from tests.certificates.webhooks.http_server import HttpServer
from tests.factories.certificates import (
    issued,
    officer_of_the_ministry,
    registrar_of,
    revoke,
)
from tests.factories.jobs import lost


@pytest.fixture
def listener(db: None, settings: Settings) -> Iterator[HttpServer]:
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with HttpServer() as listener:
        yield listener


@pytest.fixture
def webhook(listener: HttpServer) -> Webhook:
    by = officer_of_the_ministry()
    return subscribe(name="Ministry of Industry", url=listener.url, about=[Status.REVOKED], by=by)[0]


def revoked() -> None:
    credential = issued()
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=registrar_of(credential))


def begun(delivery: WebhookDelivery, *, lease: timedelta) -> None:
    """What a worker left behind that is sending, or died."""
    delivery.refresh_from_db()
    delivery.state, delivery.lease_until = JobState.RUNNING, timezone.now() + lease
    delivery.attempts += 1
    delivery.fence += 1
    delivery.save()


def make_due() -> None:
    WebhookDelivery.objects.update(due_at=timezone.now())


def test_while_one_is_being_sent_nothing_else_goes_to_that_address(webhook: Webhook, listener: HttpServer):
    revoked()
    revoked()
    begun(webhook.deliveries.earliest("pk"), lease=timedelta(minutes=1))

    heard = deliver(webhook_id=webhook.pk)

    assert heard == 0
    assert listener.heard == []
    assert sorted(webhook.deliveries.values_list("state", flat=True)) == ["running", "waiting"]


def test_a_worker_that_died_has_failed_and_the_due_attempt_follows_after_its_time(
    webhook: Webhook, listener: HttpServer
):
    revoked()
    begun(webhook.deliveries.get(), lease=-timedelta(seconds=1))

    recovered, heard_at_once = recover(WebhookDelivery), deliver(webhook_id=webhook.pk)
    lost = webhook.deliveries.get()
    make_due()
    heard_later = deliver(webhook_id=webhook.pk)

    assert (recovered, heard_at_once, heard_later) == ([], 0, 1)
    assert (lost.state, lost.attempts, lost.lease_until) == (JobState.WAITING, 1, None)
    assert lost.due_at > timezone.now() - timedelta(minutes=1)
    assert "worker died" in lost.error
    assert webhook.deliveries.get().state == JobState.DONE


def test_one_whose_workers_always_die_is_given_up(webhook: Webhook, listener: HttpServer):
    revoked()
    delivery = webhook.deliveries.get()

    for _attempt in range(WebhookDelivery.max_attempts):
        begun(delivery, lease=-timedelta(seconds=1))
        deliver(webhook_id=webhook.pk)

    delivery.refresh_from_db()
    assert delivery.state == JobState.FAILED
    assert listener.heard == []


def test_who_comes_back_after_the_lease_changes_nothing_of_the_due_attempt(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
):
    revoked()

    def slow(*_args: object, **_more: object) -> None:
        begun(webhook.deliveries.get(), lease=timedelta(minutes=1))
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", slow)
    deliver(webhook_id=webhook.pk)

    delivery = webhook.deliveries.get()
    assert (delivery.state, delivery.attempts) == (JobState.RUNNING, 2)


def test_recovery_asks_once_for_a_subscription_and_not_for_one_that_is_off(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
):
    sent: list[list[int]] = []
    monkeypatch.setattr(app, "send_task", lambda _, args, **__: sent.append(args))
    revoked()
    revoked()
    lost(WebhookDelivery.objects)

    with django_capture_on_commit_callbacks(execute=True):
        recovered = recover(WebhookDelivery)
        Webhook.objects.update(is_active=False)
        lost(WebhookDelivery.objects)
        recovered_when_off = recover(WebhookDelivery)

    assert len(recovered) == 2
    assert recovered_when_off == []
    assert sent == [[webhook.pk]]
