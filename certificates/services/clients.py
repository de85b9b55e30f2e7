"""API clients: make, authenticate, count and end their keys."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection

from django.db import connection, transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from certificates.enums import ClientScope
from certificates.errors import AlreadyEndedClient, NotForYou
from certificates.models import ApiClient, ApiUse

# Secret scanners recognize keys by this prefix.
PREFIX = "mihna_"
RETENTION = dt.timedelta(days=1)


@transaction.atomic
def make_client(
    *, name: str, scopes: Collection[ClientScope], by: User | None, codes_per_minute: int = 5000
) -> tuple[ApiClient, str]:
    """Make a client. Returns it with its key, which is shown this once. `by` is None at the console. Raises NotForYou."""
    if by is not None and not may_everywhere(by, Act.SET_RULES):
        raise NotForYou
    key = PREFIX + secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        name=name,
        scopes=sorted(scopes),
        codes_per_minute=codes_per_minute,
        key_hash=_hash(key),
        key_hint=key[: len(PREFIX) + 4],
        made_by=by,
        made_at=timezone.now(),
    )
    log(client, "certificates.client.make", user=by, data={"scopes": client.scopes})
    return client, key


@transaction.atomic
def end_client(*, client_id: int, by: User | None) -> ApiClient:
    """End a key. Raises AlreadyEndedClient, NotForYou."""
    client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client_id)
    if by is not None and not may_everywhere(by, Act.SET_RULES):
        raise NotForYou
    if client.ended_at:
        raise AlreadyEndedClient(client=client)
    client.ended_at = timezone.now()
    client.save(update_fields=["ended_at"])
    log(client, "certificates.client.end", user=by)
    return client


def client_with(key: str) -> ApiClient | None:
    """The client whose key this is, unless it was ended."""
    return ApiClient.objects.filter(key_hash=_hash(key), ended_at__isnull=True).first()


def consume_rate_limit(*, client: ApiClient, codes: int) -> bool:
    """Count `codes` certificates for this minute. False where that is more than the client may; nothing is counted then."""
    minute = timezone.now().replace(second=0, microsecond=0)
    if codes > client.codes_per_minute:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ApiUse._meta.db_table} AS used (client_id, minute, codes) VALUES (%s, %s, %s)"  # noqa: S608 - a table name of our own
            " ON CONFLICT (client_id, minute) DO UPDATE SET codes = used.codes + EXCLUDED.codes"
            " WHERE used.codes + EXCLUDED.codes <= %s RETURNING codes",
            [client.pk, minute, codes, client.codes_per_minute],
        )
        return cursor.fetchone() is not None


def purge_old_uses() -> int:
    """Delete counts of minutes that are over. Returns how many."""
    deleted, _by_model = ApiUse.objects.filter(minute__lt=timezone.now() - RETENTION).delete()
    return deleted


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
