"""Which notices a person gets with the daily message instead of at once: chosen on *My account*, asked when each is sent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Digest, GatheredNotice, Person, PersonalNotice, SiteNotice, User
from accounts.models.digests import FIRST_HOUR, LAST_HOUR
from accounts.services.courtesies import courtesies


def gathered_topics(person: Person) -> set[str]:
    return set(person.gathered_notices.values_list("topic", flat=True))


def digest_of(person: Person) -> Digest:
    """The row of a person, not saved where nothing was chosen yet."""
    return Digest.objects.filter(person=person).first() or Digest(person=person)


@transaction.atomic
def choose_digest(
    *, person_id: int, topics: Collection[str], hour: int, is_sent_short: bool, by: User
) -> None:
    """Have these courtesies gathered in a message at an hour of the day, and all others sent at once.

    Raises ValueError for what is no courtesy, or cannot wait, and for an hour of the night.
    """
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    may_wait = {courtesy.topic for courtesy in courtesies() if courtesy.may_wait}
    if unknown := set(topics) - may_wait:
        raise ValueError(unknown)
    if not FIRST_HOUR <= hour <= LAST_HOUR:
        raise ValueError(hour)
    before = gathered_topics(person)
    digest = Digest.objects.select_for_update(of=("self",)).filter(person=person).first()
    if before == set(topics) and (
        digest is None or (digest.hour, digest.is_sent_short) == (hour, is_sent_short)
    ):
        return
    person.gathered_notices.exclude(topic__in=topics).delete()
    GatheredNotice.objects.bulk_create(
        GatheredNotice(person=person, topic=topic) for topic in sorted(set(topics) - before)
    )
    digest = digest or Digest(person=person)
    digest.hour, digest.is_sent_short = hour, is_sent_short
    if digest.due_at is not None:
        digest.due_at = next_time(hour)
    digest.save()
    data = {"gathered": sorted(topics), "hour": hour, "short": is_sent_short}
    log(person, "accounts.person.choose_digest", user=by, data=data)


def next_time(hour: int) -> dt.datetime:
    """When it is that hour next, after this moment."""
    now = timezone.localtime()
    day = now.date() + dt.timedelta(days=1 if now.hour >= hour else 0)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


@transaction.atomic
def gather[N: PersonalNotice](notices: list[N], *, person_id: int | None) -> list[N]:
    """Leave those of these notices on the site for the daily message that their person wants with it. Returns them.

    No query where none may wait. The row of the daily message is locked before they are marked: the run that empties it either
    finds them, or leaves the next time to be set here.
    """
    topics = {one.pk: one.courtesy.topic for one in notices if one.courtesy and one.courtesy.may_wait}
    if person_id is None or not topics:
        return []
    chosen = set(
        GatheredNotice.objects.filter(person=person_id, topic__in=set(topics.values())).values_list(
            "topic", flat=True
        )
    )
    gathered = [notice for notice in notices if topics.get(notice.pk) in chosen]
    if not gathered:
        return []
    digest, _is_new = Digest.objects.select_for_update(of=("self",)).get_or_create(person_id=person_id)
    keys: defaultdict[str, list[int]] = defaultdict(list)
    for notice in gathered:
        keys[topics[notice.pk]].append(notice.pk)
    about = gathered[0]._meta.label_lower
    for topic, of_topic in keys.items():
        SiteNotice.objects.filter(about=about, notice__in=of_topic).update(topic=topic)
    if digest.due_at is None:
        digest.due_at = next_time(digest.hour)
        digest.save(update_fields=["due_at"])
    return gathered
