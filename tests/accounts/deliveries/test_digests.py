"""The daily message: what a person wants gathered comes once a day, unread only, to no one twice; what is urgent never waits for it."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.enums import ContactKind, NoticeState
from accounts.models import (
    AuditEntry,
    Center,
    Contact,
    Digest,
    DigestNotice,
    DigestRun,
    GatheredNotice,
    SiteNotice,
    User,
)
from accounts.services import digests
from accounts.services.courtesies import choose_notices, courtesies
from accounts.services.digests import make_digests, request_digests, send_digests
from accounts.services.gathering import choose_digest, next_time
from accounts.services.personal_data import personal_data
from accounts.services.site_notices import read_notice
from accounts.sms import parts_of
from courses.enums import SeatNoticeKind
from courses.models import SeatNotice
from courses.services.notices import send_seat_notices
from jobs.errors import LeaseLost
from jobs.services.leases import lease
from tests.accounts.phones import phones
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.courses import CohortFactory
from tests.hypothesis_budget import examples

pytestmark = pytest.mark.django_db
PAGE = "/ar/accounts/messages/"
TOPIC = "waiting_list"


def gathering(center: Center, *, email: str | None = "mona@example.org", is_sent_short: bool = False) -> User:
    """A trainee who wants news of waiting lists once a day."""
    user: User = TraineeFactory(person=PersonFactory(registered_at=center), email=email)
    choose_digest(person_id=user.person_id, topics=[TOPIC], hour=18, is_sent_short=is_sent_short, by=user)
    return user


def news(user: User, kind: SeatNoticeKind = SeatNoticeKind.LIST_CLOSED) -> SeatNotice:
    notice: SeatNotice = SeatNotice.objects.create(
        person=user.person, cohort=CohortFactory(center=user.person.registered_at), kind=kind
    )
    send_seat_notices()
    return notice


def come_due() -> None:
    """As if the hour were over."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    Digest.objects.filter(due_at__isnull=False).update(due_at=hour)


def sent() -> int:
    """Whatever the task of each minute does at that hour."""
    come_due()
    if run := request_digests():
        make_digests(run_id=run.pk)
    return send_digests()


def test_news_wait_for_the_hour_and_come_in_one_mail_by_kind(center: Center):
    mona = gathering(center)
    waiting = [news(mona), news(mona, SeatNoticeKind.LAPSED)]
    before = len(mail.outbox)
    due = Digest.objects.get().due_at

    sent()
    again = sent()

    (letter,) = mail.outbox
    assert (before, again) == (0, 0)
    assert due == next_time(18)
    assert (letter.to, letter.subject) == (["mona@example.org"], "لديك إشعاران جديدان")
    assert letter.body.count("\n- ") == 2
    assert "أخبار قوائم الانتظار" in letter.body
    for notice in waiting:
        notice.refresh_from_db()
        assert notice.state == NoticeState.SHOWN
    assert mona.person.site_notices.filter(read_at=None).count() == 2


def test_what_was_read_meanwhile_is_not_in_it_and_without_the_rest_there_is_none(center: Center):
    mona = gathering(center)
    news(mona)
    news(mona)
    first, second = SiteNotice.objects.order_by("pk")
    read_notice(notice_id=first.pk, by=mona)
    come_due()
    run = request_digests()
    assert run is not None
    make_digests(run_id=run.pk)

    read_notice(notice_id=second.pk, by=mona)
    send_digests()

    assert SiteNotice.objects.get(pk=first.pk).digest is None
    assert DigestNotice.objects.get().state == NoticeState.DROPPED
    assert mail.outbox == []


def test_what_is_urgent_or_timed_never_waits(center: Center):
    mona = gathering(center)

    news(mona, SeatNoticeKind.OFFERED)

    assert len(mail.outbox) == 1
    assert not SiteNotice.objects.exclude(topic="").exists()
    assert {one.topic for one in courtesies() if not one.may_wait} == {"class_reminder", "class_instructor"}
    with pytest.raises(ValueError, match="class_reminder"):
        choose_digest(
            person_id=mona.person_id, topics=["class_reminder"], hour=18, is_sent_short=False, by=mona
        )


@pytest.mark.parametrize(("is_sent_short", "messages"), [(True, 1), (False, 0)])
def test_without_an_address_one_part_says_how_many_to_who_chose_it(
    settings: Settings, noon: dt.datetime, center: Center, is_sent_short: bool, messages: int
):
    settings.SITE_URL = "https://mihna.labor.gov.eg"
    mona = gathering(center, email=None, is_sent_short=is_sent_short)
    Contact.objects.create(person=mona.person, kind=ContactKind.PHONE, value="+201012345678")

    with phones() as gateway:
        settings.SMS_GATEWAY_URL = gateway.url
        news(mona)
        news(mona)
        sent()

    assert len(gateway.messages) == messages
    for message in gateway.messages:
        assert message.text == "لديك إشعاران جديدان: https://mihna.labor.gov.eg/n/"
        assert parts_of(message.text) == 1


def test_a_person_without_a_login_is_told_at_once(center: Center):
    person = PersonFactory(registered_at=center)
    Contact.objects.create(person=person, kind=ContactKind.EMAIL, value="mona@example.org")
    GatheredNotice.objects.create(person=person, topic=TOPIC)
    SeatNotice.objects.create(person=person, cohort=CohortFactory(), kind=SeatNoticeKind.LIST_CLOSED)

    send_seat_notices()

    assert len(mail.outbox) == 1


def test_a_login_that_was_closed_and_a_kind_that_is_no_longer_gathered_get_none(center: Center):
    closed, changed = gathering(center), gathering(center, email="ali@example.org")
    news(closed)
    news(changed)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    choose_digest(person_id=changed.person_id, topics=[], hour=18, is_sent_short=False, by=changed)

    sent()

    assert mail.outbox == []
    assert not Digest.objects.filter(due_at__isnull=False).exists()


def test_what_is_switched_off_is_in_no_daily_message(center: Center):
    mona = gathering(center)
    choose_notices(person_id=mona.person_id, declined=[(TOPIC, "email")], by=mona)
    notice = news(mona)

    sent()

    notice.refresh_from_db()
    assert (notice.state, mail.outbox) == (NoticeState.NOT_WANTED, [])


def test_a_worker_that_lost_its_lease_makes_none(center: Center):
    news(gathering(center))
    come_due()
    run = request_digests()
    assert run is not None
    slow = lease(DigestRun, run.pk)
    assert slow is not None
    DigestRun.objects.update(fence=slow.fence + 1)

    with pytest.raises(LeaseLost):
        digests._make_some(slow)

    assert not DigestNotice.objects.exists()


def test_a_batch_takes_as_many_statements_for_three_people_as_for_one(center: Center):
    counts = []
    for people in (1, 3):
        for _number in range(people):
            news(gathering(center, email=None))
        Digest.objects.filter(due_at__isnull=False).update(due_at=timezone.now() - dt.timedelta(hours=people))
        run = DigestRun.objects.create(hour=timezone.now() - dt.timedelta(hours=people))
        held = lease(DigestRun, run.pk)
        assert held is not None
        with CaptureQueriesContext(connection) as asked:
            digests._make_some(held)
        counts.append(len(asked))

    assert DigestNotice.objects.count() == 4
    assert counts[0] == counts[1]


@profile(
    max_examples=examples(0.2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    unread=st.lists(st.integers(min_value=0, max_value=2), min_size=1, max_size=5),
    batch=st.integers(min_value=1, max_value=3),
    kills=st.lists(st.booleans(), max_size=4),
)
def test_however_often_a_worker_dies_everyone_with_something_unread_gets_one(
    unread: list[int], batch: int, kills: list[bool]
):
    """A worker that dies between batches, or in one, leaves whole batches; the next one goes on."""
    with transaction.atomic():
        _die_and_go_on(unread, batch, kills)
        transaction.set_rollback(True)


def _die_and_go_on(unread: list[int], batch: int, kills: list[bool]) -> None:
    for number, count in enumerate(unread):
        user = TraineeFactory(person=PersonFactory(), email=f"p{number}@example.org")
        choose_digest(person_id=user.person_id, topics=[TOPIC], hour=18, is_sent_short=False, by=user)
        SiteNotice.objects.bulk_create(
            SiteNotice(
                person=user.person,
                about="courses.seatnotice",
                notice=100 * number + one,
                topic=TOPIC,
                subject="خبر",
                body="نص",
            )
            for one in range(count)
        )
    Digest.objects.update(due_at=timezone.now() - dt.timedelta(hours=1))
    run = DigestRun.objects.create(hour=timezone.now().replace(minute=0, second=0, microsecond=0))
    mail.outbox.clear()
    ordinary, digests.PEOPLE_AT_ONCE = digests.PEOPLE_AT_ONCE, batch
    try:
        for does_a_batch in kills:
            # Leased, one batch at the most, and gone.
            DigestRun.objects.filter(pk=run.pk).update(due_at=timezone.now(), attempts=0)
            held = lease(DigestRun, run.pk)
            if held is not None and does_a_batch:
                digests._make_some(held)
            DigestRun.objects.filter(pk=run.pk).update(
                state="waiting", lease_until=None, due_at=timezone.now()
            )
        make_digests(run_id=run.pk)
    finally:
        digests.PEOPLE_AT_ONCE = ordinary
    send_digests()
    send_digests()

    told = sorted(letter.to[0] for letter in mail.outbox)
    assert told == sorted(f"p{number}@example.org" for number, count in enumerate(unread) if count)
    assert DigestNotice.objects.filter(run=run).count() == len(told)
    assert not Digest.objects.filter(due_at__isnull=False).exists()


def test_the_page_offers_each_kind_at_once_once_a_day_or_on_the_site_only(client: Client, center: Center):
    mona = TraineeFactory(person=PersonFactory(registered_at=center), email="mona@example.org")
    client.force_login(mona)
    posted = {one.topic: ["email"] for one in courtesies()} | {TOPIC: ["email", "gathered"], "hour": "9"}

    page = client.get(PAGE).content.decode()
    client.post(PAGE, posted)
    client.post(PAGE, posted)
    file = "".join(personal_data(mona.person))

    assert "معًا مرة في اليوم" in page
    assert "متدربيك" not in page
    assert list(GatheredNotice.objects.values_list("topic", flat=True)) == [TOPIC]
    assert Digest.objects.get().hour == 9
    assert '"hour": 9' in file
    assert AuditEntry.objects.filter(action="accounts.person.choose_digest").count() == 1
    client.post(PAGE, {**posted, "hour": "3"})
    assert Digest.objects.get().hour == 9


def test_the_short_address_leads_to_the_notices(client: Client):
    assert client.get("/n/").url == "/ar/notices/"
