"""Which notices a person does not want: chosen on *My account*, asked before each is sent."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import DeliveryChannel
from accounts.models import DeclinedNotice, Person, PersonalNotice, User
from accounts.models.courtesies import Courtesy, Needed
from accounts.services.notice_models import notice_models

CODES = Needed(_("Codes"), _("you ask for them yourself"))


def courtesies() -> list[Courtesy]:
    """What may be switched off, of all apps."""
    return [courtesy for model in notice_models() for courtesy in model.courtesies]


def needed(*, is_staff: bool) -> list[Needed]:
    """What may not be switched off, of all apps."""
    found = [CODES, *(one for model in notice_models() for one in model.needed)]
    return [one for one in found if is_staff or not one.is_for_staff]


def needed_by_every_login() -> list[Needed]:
    """What logins without a record of a person are told, all of which is needed."""
    return [one for model in notice_models() if model.reaches_every_login for one in model.needed]


def declined_by(person: Person) -> set[tuple[str, str]]:
    """Topics with their channels."""
    return set(person.declined_notices.values_list("topic", "channel"))


@transaction.atomic
def choose_notices(*, person_id: int, declined: Collection[tuple[str, str]], by: User) -> None:
    """Switch these courtesies (topic, channel) off and all others on. Raises ValueError for what is no courtesy."""
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    known = {(courtesy.topic, str(channel)) for courtesy in courtesies() for channel in courtesy.channels}
    if unknown := set(declined) - known:
        raise ValueError(unknown)
    before = declined_by(person)
    if before == set(declined):
        return
    for topic, channel in before - set(declined):
        person.declined_notices.filter(topic=topic, channel=channel).delete()
    DeclinedNotice.objects.bulk_create(
        DeclinedNotice(person=person, topic=topic, channel=channel)
        for topic, channel in set(declined) - before
    )
    names = sorted(f"{topic}: {channel}" for topic, channel in declined)
    log(person, "accounts.person.choose_notices", user=by, data={"declined": names})


def unwanted[N: PersonalNotice](
    notices: list[N], *, person_id: int | None, channel: DeliveryChannel
) -> list[N]:
    """Those of these notices to one person that the person switched off for this channel. No query where none may be."""
    topics = {notice.pk: notice.courtesy.topic for notice in notices if notice.courtesy}
    if person_id is None or not topics:
        return []
    rows = DeclinedNotice.objects.filter(person=person_id, channel=channel, topic__in=set(topics.values()))
    declined = set(rows.values_list("topic", flat=True))
    return [notice for notice in notices if topics.get(notice.pk) in declined]
