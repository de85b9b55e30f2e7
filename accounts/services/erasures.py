"""Erasing a person, and erasing again who came back with an older copy of the database.

The register lies outside the database: a line of JSON for each erasure, with the time and keyed hashes (HMAC-SHA256) of the public ids and the
identity numbers. It names no one without the key, and a number that is registered after that time is that of a new record.
"""

import datetime as dt
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.files import sync
from accounts.models import IdentityDocument, Person, User
from accounts.services.audit_erasing import erase_personal_data
from accounts.services.erasing import erase_rows_of, refusals_to_erase

NAMELESS = {
    "full_name_ar": "",
    "full_name_en": "",
    "folded_name": "",
    "birth_date": None,
    "sex": "",
    "education": "",
    "residence_governorate": None,
    "guardian": None,
    "legal_hold": "",
}


class ErasedAlready(DomainError):
    message = _("This person was erased already.")


class RegisterNotWritten(DomainError):
    message = _(
        "The register of erasures cannot be written, so nothing was erased. Tell who runs the site: it needs the file of ERASURE_REGISTER."
    )


@transaction.atomic
def erase_person(*, person_id: int, reason: str, by: User | None) -> Person:
    """Take name, documents, contacts, login and words of a person out of all apps; what has to stay names no one by this row any more.

    It cannot be undone. Raises `ErasedAlready`, `RegisterNotWritten`, and what the apps refuse (`erasing.register_erasure_guard`).
    """
    records = _lock(person_id)
    for refusal in refusals_to_erase(records):
        raise refusal
    keys = sorted(_keys_of(records))
    _erase(records, reason=reason, by=by)
    _register(keys)
    return records[0]


def erase_again() -> Iterator[int]:
    """Erase everyone whom the register names and the database still knows: after a restore. Yields keys; each is its own transaction.

    What would have refused it is not asked: it was decided.
    """
    erased_at = dict(_registered())
    known = Person.everyone.filter(merged_into=None, erased_at=None).order_by("pk")
    for key in list(known.values_list("pk", flat=True)) if erased_at else ():
        with transaction.atomic():
            records = list(Person.everyone.records_of(key))
            if any(_is_named(record, erased_at) for record in records):
                _erase(_lock(key), reason="ERASURE_REGISTER", by=None)
                yield key


def _lock(person_id: int) -> list[Person]:
    rows = Person.everyone.select_for_update(of=("self",))
    records = list(rows.records_of(person_id))
    if not records:
        raise Person.DoesNotExist
    if records[0].erased_at is not None:
        raise ErasedAlready
    return records


def _erase(records: Sequence[Person], *, reason: str, by: User | None) -> None:
    """Names first: triggers ask whether this transaction erases the person. The trail last: what was logged until then loses its words, too."""
    Person.everyone.filter(pk__in=[record.pk for record in records]).update(erased_at=Now(), **NAMELESS)
    for record in records:
        record.refresh_from_db()
    erase_rows_of(records, by=by)
    erase_personal_data(person_id=records[0].pk, reason=reason, by=by)
    # What waits for the commit fails here, before the register says that it is done.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _register(keys: Iterable[str]) -> None:
    """Before the commit: a line too many is of a decision that two people made; a line that is missing would bring a person back."""
    path = Path(settings.ERASURE_REGISTER)
    line = json.dumps({"at": timezone.now().isoformat(), "keys": list(keys)}) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as register:
            register.write(line)
            register.flush()
            os.fsync(register.fileno())
        sync(path.parent)
    except OSError as failure:
        raise RegisterNotWritten from failure


def _registered() -> Iterator[tuple[str, dt.datetime]]:
    """A keyed hash and when it was erased last. The lines are in order of time."""
    path = Path(settings.ERASURE_REGISTER)
    if not path.exists():
        return
    with path.open(encoding="ascii") as register:
        for line in register:
            entry = json.loads(line)
            for key in entry["keys"]:
                yield key, dt.datetime.fromisoformat(entry["at"])


def _is_named(record: Person, erased_at: dict[str, dt.datetime]) -> bool:
    times = (erased_at[key] for key in _keys_of([record]) if key in erased_at)
    return any(record.created_at < at for at in times)


def _keys_of(records: Sequence[Person]) -> Iterator[str]:
    for record in records:
        yield _keyed(record.public_id)
    numbers = IdentityDocument.objects.filter(person__in=records)
    yield from map(_keyed, numbers.values_list("number_hmac", flat=True))


def _keyed(name: UUID | str) -> str:
    key = settings.IDENTITY_HMAC_KEY.encode()
    return hmac.new(key, f"erasure:{name}".encode(), hashlib.sha256).hexdigest()
