"""Thousands of notices through a real gateway that reports: a night, a morning, workers that are killed, and a cap.

The site that takes the reports, the workers and the gateway are processes of their own. Run by the tests with some hundreds of
notices, and by `make bench BENCH=messages` with 50,000.
"""

import datetime as dt
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.enums import (
    FINAL_DELIVERY_STATES,
    ContactKind,
    DeliveryPurpose,
    DeliveryState,
    LoginNoticeKind,
    NoticeState,
)
from accounts.models import Center, Contact, Delivery, LoginNotice, Person, SmsMonth, User
from accounts.services.names import fold_names
from courses.enums import SeatNoticeKind
from courses.models import Cohort, SeatNotice
from tests.accounts.kannel import PASSWORD, SENDER, USER, reporting_kannel
from tests.accounts.mobile_network import MobileNetwork, Part
from tests.served_site import database_url, served
from tests.waiting import wait_until

WORKERS = 3
# Parts of ten notices that the month has; they would need about nine.
CAP_OF_TEN = 8
ROWS_AT_ONCE = 2_000
PAGES = 15
PATIENCE = 120.0
# A name that is in no sentence of ours.
NAME = "زمرد"
NAME_EN = "Zomorrod"
# What becomes of a message, by the last digit of its number; of all others, it is delivered.
FATES = {"1": "UNDELIV", "2": "EXPIRED", "3": "REFUSE", "4": ""}
WORK = """
import datetime as dt, sys, django
django.setup()
from django.utils import timezone
shift, real = dt.timedelta(seconds=float(sys.argv[1])), timezone.now
timezone.now = lambda: real() + shift
from accounts.enums import NoticeState
from accounts.models import LoginNotice
from accounts.services.login_notices import deliver_login_notices
from courses.models import SeatNotice
from courses.services.notices import send_seat_notices
work = {LoginNotice: deliver_login_notices, SeatNotice: send_seat_notices}
is_due = lambda model: model.objects.filter(state=NoticeState.WAITING, due_at__lte=timezone.now()).exists()
while any([is_due(model) and send(at_most=50) + 1 for model, send in work.items()]):
    pass
"""


def fate_of(part: Part) -> str:
    return FATES.get(part.to[-1], "DELIVRD")


@dataclass
class Flood:
    """What came of it. `seconds` are those of the workers, without the building of the world."""

    notices: int
    cap: int
    seconds: float = 0.0
    texts: list[str] = field(default_factory=list)
    received: Counter[str] = field(default_factory=Counter)
    by_state: dict[str, int] = field(default_factory=dict)
    sent_at_night: dict[str, int] = field(default_factory=dict)
    parts: int = 0
    parts_of_notices: int = 0
    # All parts of the month in which the notices went out: what went out at night counts, unless it was the month before.
    parts_of_the_month: int = 0
    parts_of_rows: int = 0
    repeats: int = 0
    rejected: int = 0
    notices_by_state: dict[str, dict[str, int]] = field(default_factory=dict)
    # Hand-overs that were open when the workers were killed.
    killed: int = 0
    page_ms: tuple[float, float] = (0.0, 0.0)

    @property
    def doubled(self) -> int:
        return sum(count - 1 for count in self.received.values())


def build(count: int, *, cohort: Cohort) -> None:
    """People with a number and two kinds of notices, one each: of ten, one cannot wait. Half of the others have no login."""
    numbers = iter(range(count))
    while chunk := list(itertools.islice(numbers, ROWS_AT_ONCE)):
        people = Person.objects.bulk_create(_person(number, cohort.center) for number in chunk)
        with_login = [(number, person) for number, person in zip(chunk, people, strict=True) if number % 2]
        users = User.objects.bulk_create(
            User(
                username=f"flood{number}",
                person=person,
                phone=_phone(number),
                language="en" if number % 3 else "ar",
            )
            for number, person in with_login
        )
        Contact.objects.bulk_create(
            Contact(person=person, kind=ContactKind.PHONE, value=_phone(number))
            for number, person in zip(chunk, people, strict=True)
        )
        LoginNotice.objects.bulk_create(
            LoginNotice(user=user, kind=LoginNoticeKind.NEW_PASSWORD)
            for (number, _person_of), user in zip(with_login, users, strict=True)
            if number % 10 == 5
        )
        SeatNotice.objects.bulk_create(
            SeatNotice(person=person, cohort=cohort, kind=SeatNoticeKind.LIST_CLOSED)
            for number, person in zip(chunk, people, strict=True)
            if number % 10 != 5
        )


def _person(number: int, center: Center) -> Person:
    name = f"{NAME} {NAME}{number} {NAME}"
    return Person(
        full_name_ar=name,
        full_name_en=f"{NAME_EN} {NAME_EN}{number} {NAME_EN}",
        folded_name=fold_names(name),
        registered_at=center,
    )


def _phone(number: int) -> str:
    # Its last digit is its fate: of every tenth number, another one.
    return f"+2010{number:07}{number // 10 % 10}"


def flood(count: int, *, folder: Path, cohort: Cohort) -> Flood:
    """A night on which only what cannot wait is sent; a morning on which the workers are killed; then the rest."""
    build(count, cohort=cohort)
    found = Flood(notices=count, cap=count * CAP_OF_TEN // 10)
    network = MobileNetwork(fate=fate_of)
    with ExitStack() as running:
        running.callback(network.close)
        gateway = running.enter_context(reporting_kannel(folder, network))
        options = {
            "SMS_GATEWAY_URL": gateway,
            "SMS_GATEWAY_USER": USER,
            "SMS_GATEWAY_PASSWORD": PASSWORD,
            "SMS_FROM": SENDER,
            "SMS_MONTHLY_CAP": str(found.cap),
            "SMS_MONTHLY_RESERVE": str(count),
        }
        site = running.enter_context(served(**options))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "DATABASE_URL": database_url(),
            "SITE_URL": site,
            "SMS_REPORTS_URL": site,
            **options,
        }
        idle = _milliseconds_of_a_page(site)
        started = time.monotonic()
        _until_all_end(_hour(23), environment)
        found.sent_at_night = {
            model._meta.label_lower: model._default_manager.filter(state=NoticeState.SENT).count()
            for model in (LoginNotice, SeatNotice)
        }
        found.killed = _kill_in_the_middle(_hour(32), environment, network, count)
        # The leases of what the killed workers had are over by now, by the clock of these.
        with workers(_hour(33), environment) as working:
            busy = _milliseconds_of_a_page(site)
            _wait(working)
        found.seconds = time.monotonic() - started
        found.page_ms = (idle, busy)
        _wait_for_reports(network)
    _count(found, network)
    return found


def _hour(hour: float) -> dt.timedelta:
    """From now to that hour of tomorrow."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    return midnight + dt.timedelta(hours=hour) - now


@contextmanager
def workers(shift: dt.timedelta, environment: dict[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, "-c", WORK, str(shift.total_seconds())]
    running = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(WORKERS)
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def _until_all_end(shift: dt.timedelta, environment: dict[str, str]) -> None:
    with workers(shift, environment) as running:
        _wait(running)


def _wait(running: list[subprocess.Popen[bytes]]) -> None:
    assert [process.wait() for process in running] == [0] * WORKERS


def _kill_in_the_middle(
    shift: dt.timedelta, environment: dict[str, str], network: MobileNetwork, count: int
) -> int:
    """End the workers by SIGKILL when a third was sent. Returns how many hand-overs were open then."""
    with workers(shift, environment) as running:
        wait_until(lambda: len(network.received()) >= count // 3, PATIENCE, every=0.01)
        assert any(process.poll() is None for process in running)
    return Delivery.objects.filter(state=DeliveryState.HANDING_OVER).count()


def _milliseconds_of_a_page(site: str) -> float:
    times = []
    with httpx.Client(timeout=60) as http:
        for _turn in range(PAGES):
            start = time.monotonic()
            http.get(f"{site}/ar/accounts/login/").raise_for_status()
            times.append((time.monotonic() - start) * 1000)
    return round(statistics.median(times), 1)


def _wait_for_reports(network: MobileNetwork) -> None:
    """Until each message that the network reports about is in its last state."""
    promised = sum(bool(FATES.get(number[-1], "DELIVRD")) for number in network.received())
    ended = Delivery.objects.filter(state__in=FINAL_DELIVERY_STATES).exclude(answer=Delivery.REJECTED)
    wait_until(lambda: ended.count() >= promised, PATIENCE)


def _count(found: Flood, network: MobileNetwork) -> None:
    found.texts = [part.text for part in network.parts]
    found.received = network.received()
    rows = Delivery.objects.order_by()
    found.by_state = dict(rows.values_list("state").annotate(count=Count("pk")))
    found.rejected = rows.filter(answer=Delivery.REJECTED).count()
    counted = rows.exclude(state=DeliveryState.REFUSED)
    found.parts = SmsMonth.objects.aggregate(parts=Sum("parts"))["parts"]
    found.parts_of_the_month = SmsMonth.objects.latest("month").parts
    found.parts_of_rows = counted.aggregate(parts=Sum("parts"))["parts"]
    ordinary = counted.filter(purpose=DeliveryPurpose.NOTICE)
    found.parts_of_notices = ordinary.aggregate(parts=Sum("parts"))["parts"]
    found.repeats = rows.filter(is_repeat=True).count()
    for model in (LoginNotice, SeatNotice):
        states = model._default_manager.order_by().values_list("state").annotate(count=Count("pk"))
        found.notices_by_state[model._meta.label_lower] = dict(states)


def faults_of(found: Flood) -> list[str]:
    """What is wrong about it, as sentences."""
    urgent = found.notices // 10
    notices = found.notices_by_state
    on_phones = (
        DeliveryState.HANDED_OVER,
        *(DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.EXPIRED),
    )
    reached = sum(found.by_state.get(state, 0) for state in on_phones) - found.rejected
    laws = {
        "only what cannot wait is sent at night": found.sent_at_night["courses.seatnotice"] == 0
        and found.sent_at_night["accounts.loginnotice"] > urgent // 2,
        "none is doubled but for urgent ones, once": found.doubled <= found.repeats <= 3,
        "the states add up to what the network has": reached == sum(found.received.values()),
        "no hand-over is open": DeliveryState.HANDING_OVER not in found.by_state,
        "the month counts what its rows count": found.parts == found.parts_of_rows,
        "the cap is kept and used": found.parts_of_notices <= found.cap
        and found.parts_of_the_month > found.cap - 3,
        "no notice waits": all(NoticeState.WAITING not in states for states in notices.values()),
        "each notice has an end": sum(sum(states.values()) for states in notices.values()) == found.notices,
        "beyond the cap, notices are on the site or listed": {NoticeState.SHOWN, NoticeState.UNREACHED}
        <= notices["courses.seatnotice"].keys(),
        "what was not delivered is listed": notices["courses.seatnotice"].get(NoticeState.FAILED, 0) > 0,
        "no message has a name": not any(NAME in text or NAME_EN in text for text in found.texts),
    }
    return [law for law, holds in laws.items() if not holds]
