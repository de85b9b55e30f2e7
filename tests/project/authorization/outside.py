"""What an act changed outside the rule: rows of other places, and logins of other people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import authenticate
from django.db import connection
from django.db.models import Model
from wagtail.models import Page

from accounts.enums import Act
from accounts.models import ContentOwner, User
from accounts.rule import RULE
from tests.project.authorization.actors import Actor
from tests.project.authorization.places import MINISTRY, Place

# Verbs that change nothing.
READING = {"view", "choose"}
# Rows that are written on the way by an act on another one, by the act that does it.
ON_THE_WAY: dict[str, tuple[Act, ...]] = {
    "certificates.Credential": (Act.APPROVE_CERTIFICATES,),
    "courses.Cohort": (Act.ENROLL,),
    "accounts.Person": (Act.ENROLL,),
}
# Logins are looked at one by one, with what they are to the actor; every act is written into the audit trail.
NOT_HERE = {"accounts.AuditEntry", "accounts.User"}
# Passwords that pages show: `accounts.services.logins.generate_password`.
SPOKEN = re.compile(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b")

type Rows = dict[tuple[str, int], tuple[frozenset[Place], str]]


@dataclass(frozen=True)
class Secret:
    """The names and the password of a login."""

    password: str
    is_active: bool
    session_generation: int


def rows_now(governorates: dict[int, int]) -> Rows:
    """Every row of the rule's models with its places and a digest. `governorates` are by center."""
    found: Rows = {}
    for label in set(RULE) - NOT_HERE:
        model = apps.get_model(label)
        digests = _digests(model)
        for key, places in _places(model, governorates).items():
            found[label, key] = (frozenset(places), digests.get(key, ""))
    return found


def _digests(model: type[Model]) -> dict[int, str]:
    table, key = model._meta.db_table, model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{key.column}", md5(t::text) FROM "{table}" AS t')
        return dict(cursor.fetchall())


def _places(model: type[Model], governorates: dict[int, int]) -> dict[int, set[Place]]:
    if model is Page:
        return _places_of_pages(governorates)
    way = getattr(model, "center_path", None)
    rows = model._default_manager.values_list("pk", way) if way else ((pk, None) for pk in _keys(model))
    places: dict[int, set[Place]] = {}
    for key, center in rows:
        places.setdefault(key, set()).add(Place(center, governorates[center]) if center else MINISTRY)
    return places


def _keys(model: type[Model]) -> Iterable[int]:
    return model._default_manager.values_list("pk", flat=True)


def _places_of_pages(governorates: dict[int, int]) -> dict[int, set[Place]]:
    owners = dict(ContentOwner.objects.values_list("translation_key", "center"))
    pages = list(Page.objects.values_list("pk", "path", "translation_key"))
    written = {path: owners[key] for _pk, path, key in pages if key in owners}
    return {
        pk: {
            next(
                (
                    Place(center, governorates[center])
                    for above, center in written.items()
                    if path.startswith(above)
                ),
                MINISTRY,
            )
        }
        for pk, path, _key in pages
    }


def outside_the_rule(actor: Actor, before: Rows, after: Rows) -> list[str]:
    """The rows that were added, changed or removed where the actor holds no act that changes rows of their kind."""
    return [
        f"{label} {key}"
        for label, key in sorted(before.keys() | after.keys())
        if before.get((label, key)) != after.get((label, key))
        and not all(
            _may_change(actor, label, places)
            for places, _digest in (rows[label, key] for rows in (before, after) if (label, key) in rows)
        )
    ]


def _may_change(actor: Actor, label: str, places: frozenset[Place]) -> bool:
    acts = {grant.act for verb, grant in RULE[label].items() if verb not in READING}
    return any(actor.holds(act, place) for act in acts.union(ON_THE_WAY.get(label, ())) for place in places)


def secrets_of(users: Iterable[User]) -> dict[int, Secret]:
    rows = User.objects.filter(pk__in=[user.pk for user in users])
    return {
        pk: Secret(*facts)
        for pk, *facts in rows.values_list("pk", "password", "is_active", "session_generation")
    }


def opened_with(shown: str, users: Iterable[User]) -> list[str]:
    """The users as whom somebody who saw this page can log in: every password on it is tried."""
    passwords = set(SPOKEN.findall(shown))
    return [
        str(user.username)
        for user in users
        for password in passwords
        if authenticate(None, username=user.username, password=password) is not None
    ]
