"""Certificates in force that are based on a revoked or suspended one are suspended, until somebody decides about them."""

from django.db import migrations
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

WITHDRAWN = ["revoked", "suspended"]


def suspend_followers(apps, schema_editor):
    """As `certificates.services.statuses` does from now on, in the name of who took the basis back."""
    credentials = apps.get_model("certificates", "Credential").objects
    events = apps.get_model("certificates", "StatusEvent").objects
    asked = credentials.filter(state__in=WITHDRAWN).order_by("pk")
    while True:
        followers = []
        for basis in asked.iterator(chunk_size=500):
            event = events.filter(credential=basis, status__in=WITHDRAWN).order_by("-at", "-pk").first()
            in_force = credentials.alias(stands_on=KeyTextTransform("basis", "facts")).filter(
                stands_on__in=_numbers(basis), facts__has_key="basis", holder=basis.holder_id, state="in_force"
            )
            for follower in in_force if event else ():
                # The event first: the database moves no state without it.
                events.create(
                    credential=follower,
                    status="suspended",
                    reason="basis_withdrawn",
                    by_id=event.by_id,
                    at=timezone.now(),
                )
                credentials.filter(pk=follower.pk).update(state="suspended")
                followers.append(follower.pk)
        if not followers:
            return
        asked = credentials.filter(pk__in=followers).order_by("pk")


def _numbers(basis):
    """The number of a certificate and of those whose place it took."""
    numbers = []
    while basis:
        numbers.append(basis.number)
        basis = basis.supersedes or basis.renews
    return numbers


class Migration(migrations.Migration):
    dependencies = [("certificates", "0030_cascade_of_revocations")]

    operations = [migrations.RunPython(suspend_followers, migrations.RunPython.noop)]
