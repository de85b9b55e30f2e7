"""Mails and short messages follow the language rules: digits and commas of one kind, no word of the other language."""

import datetime as dt
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.enums import LoginNoticeKind, RoleName
from accounts.models import Center, LoginNotice, User
from accounts.services.login_notices import SHORT, WORK, deliver_login_notices
from accounts.sms import MOST_PARTS, parts_of
from certificates.enums import NoticeKind as CertificateNoticeKind
from certificates.models import Notice as CertificateNotice
from certificates.models import Term
from certificates.services.collecting import Representative
from certificates.services.notices import deliver_notices as deliver_notices_of_certificates
from certificates.services.printing import record_printed
from courses.enums import EnrollmentState, HoldReason, SeatNoticeKind
from courses.models import ClassSession, SeatHold, SeatNotice
from courses.services.notices import send_seat_notices
from live.attendance.policy import CURRENT
from live.enums import EventKind, LiveState, NoticeKind
from live.models import Event, LiveSession, Notice
from live.services.notices import deliver_notices as deliver_notices_of_classes
from scripts.crawl.language import faults_of_text
from tests.factories.accounts import CenterFactory, TraineeFactory, deputy_for, staff_member
from tests.factories.certificates import credential_type, drawn, issued, moved
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.live import LiveSessionFactory
from tests.factories.printed_certificates import BROTHER, collected

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])
TITLES = {"ar": "حصة الأسئلة 3", "en": "Questions 3"}
REASONS = {"ar": "المدرب مريض 2", "en": "The instructor is ill"}
LONG_TITLES = {
    "ar": "تركيب وصيانة شبكات التكييف المركزي والتبريد في المباني 2",
    "en": "Installing and maintaining central air conditioning in buildings 2",
}
PLACEHOLDER = re.compile(r"%[(sd]|\{|\}|\bNone\b")
NAMES = {"ar": "منى السيد عبد الله", "en": "Mona Elsayed Abdallah"}


class Phones(HTTPServer):
    """A gateway that takes every short message and keeps its words."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taken)
        self.texts: list[str] = []


class _Taken(BaseHTTPRequestHandler):
    server: Phones

    def do_POST(self) -> None:
        self.server.texts.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def phones(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Phones]:
    # The next noon: phones are quiet at night, and rows are due from the moment that the real clock shows.
    now = timezone.localtime()
    noon = now.replace(hour=12, minute=7, second=0, microsecond=0)
    if noon < now:
        noon += dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    with Phones() as phones:
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{phones.server_port}/"
        serving = threading.Thread(target=phones.serve_forever, args=[0.01])
        serving.start()
        yield phones
        phones.shutdown()
        serving.join()


def readers(language: str) -> list[User]:
    """One with an address for mails, one with a telephone only."""
    name = {"person__full_name_ar": NAMES["ar"], "person__full_name_en": NAMES["en"]}
    return [
        TraineeFactory(email="mona@example.org", phone=None, language=language, **name),
        TraineeFactory(email="", phone="+201012345678", language=language, **name),
    ]


COLLECTORS = {
    "ar": BROTHER,
    "en": Representative("Mahmoud Ali Hassan", "4412", "Power of attorney 33 of 2026"),
}


def facts_of(kind: LoginNoticeKind, center: Center, user: User) -> dict[str, Any]:
    """What a notice of this kind is about besides the center."""
    if kind in WORK:
        return {
            "colleague": staff_member(RoleName.INSTRUCTOR, center),
            "lines": 12,
            "places": [f"CAI-{number}/1" for number in range(8)],
        }
    if kind not in SHORT:
        return {}
    lender = staff_member(RoleName.REGISTRAR, center)
    return {"deputy": deputy_for(lender.memberships.get(), user)}


# In which state of an enrollment a notice is true, where that is not an active one.
STATES = {
    SeatNoticeKind.WITHDRAWN: EnrollmentState.WITHDRAWN,
    SeatNoticeKind.YIELDED: EnrollmentState.WITHDRAWN,
    SeatNoticeKind.CLOSED: EnrollmentState.FAILED,
}


def sent(phones: Phones) -> list[str]:
    return [f"{message.subject}\n{message.body}" for message in mail.outbox] + phones.texts


def faults_of_short(texts: list[str]) -> list[str]:
    """A phone may be another person's by now: no name. What is longer than three parts is not sent."""
    names = {word for name in NAMES.values() for word in name.split()}
    faults = []
    for text in texts:
        if PLACEHOLDER.search(text):
            faults.append(f"a placeholder is left: {text}")
        if words := names & set(re.findall(r"\w+", text)):
            faults.append(f"the name of a person: {words} in {text}")
        if parts_of(text) > MOST_PARTS:
            faults.append(f"{parts_of(text)} parts: {text}")
    return faults


def faults_in(texts: list[str], language: str) -> list[str]:
    return [f"{fault.law}: {fault.text}" for text in texts for fault in faults_of_text(text, language)]


@LANGUAGES
@pytest.mark.parametrize("kind", LoginNoticeKind)
def test_what_happened_to_a_login(phones: Phones, language: str, kind: LoginNoticeKind):
    center = CenterFactory(name_ar="مركز تدريب شبرا 2", name_en="Shubra Training Center 2")
    for user in readers(language):
        LoginNotice.objects.create(user=user, kind=kind, center=center, **facts_of(kind, center, user))

    deliver_login_notices()

    assert len(sent(phones)) == 2
    assert faults_in(sent(phones), language) == []
    assert faults_of_short(phones.texts) == []


def ended_early(session: LiveSession, reason: str) -> None:
    ended = {"opened_at": timezone.now(), "ended_at": timezone.now(), "attendance_policy": CURRENT.frozen()}
    LiveSession.objects.filter(pk=session.pk).update(state=LiveState.ENDED, **ended)
    Event.objects.create(
        session=session,
        seq=1,
        kind=EventKind.ROOM_ENDED,
        payload={"reason": reason},
        created_at=timezone.now(),
    )


@LANGUAGES
@pytest.mark.parametrize("kind", NoticeKind)
def test_notices_about_a_class(phones: Phones, language: str, kind: NoticeKind):
    tomorrow = timezone.now() + dt.timedelta(hours=20)
    session: LiveSession = LiveSessionFactory(
        class_session__title=TITLES[language],
        class_session__starts_at=tomorrow,
        class_session__instructor=None,
    )
    ClassSession.objects.update(cancel_reason=REASONS[language])
    if kind == NoticeKind.SHORTENED:
        ended_early(session, REASONS[language])
    for user in readers(language):
        EnrollmentFactory(cohort=session.class_session.cohort, person=user.person)
        Notice.objects.create(
            session=session,
            person=user.person,
            kind=kind,
            starts_at=tomorrow,
            sequence=session.class_session.sequence,
            due_at=timezone.now(),
        )

    deliver_notices_of_classes()

    assert sent(phones)
    assert faults_in(sent(phones), language) == []
    assert faults_of_short(phones.texts) == []


@LANGUAGES
@pytest.mark.parametrize("kind", CertificateNoticeKind)
def test_notices_about_a_certificate(phones: Phones, language: str, kind: CertificateNoticeKind):
    Term.objects.create(type=credential_type(), months=12, since=dt.date(2000, 1, 1))
    program = {"program__title": "لحام القوس 2" if language == "ar" else "Arc welding 2"}
    for user in readers(language):
        credential = issued(CohortFactory(**program), person=user.person)
        moved(credential, timezone.localdate() + dt.timedelta(days=5))
        if kind in {CertificateNoticeKind.PRINTED, CertificateNoticeKind.COLLECTED}:
            drawn(credential)
            clerk = staff_member(RoleName.REGISTRAR, credential.center)
            (printout,) = record_printed(proposal_id=credential.proposal_id, by=clerk)
            if kind == CertificateNoticeKind.COLLECTED:
                collected(printout, COLLECTORS[language])
        CertificateNotice.objects.filter(credential=credential).delete()
        CertificateNotice.objects.create(credential=credential, kind=kind)

    deliver_notices_of_certificates()

    assert len(sent(phones)) == 2
    assert faults_in(sent(phones), language) == []
    assert faults_of_short(phones.texts) == []


@LANGUAGES
@pytest.mark.parametrize("kind", SeatNoticeKind)
@pytest.mark.parametrize("how_many", [1, 4])
def test_notices_about_a_seat(phones: Phones, language: str, kind: SeatNoticeKind, how_many: int):
    title = LONG_TITLES[language]
    users = readers(language)
    for _each in range(how_many):
        cohort = CohortFactory(program__title=title, center__name_ar="مركز شبرا", center__name_en="Shubra")
        for user in users:
            hold = SeatHold.objects.create(
                cohort=cohort,
                person=user.person,
                reason=HoldReason.WAITING_LIST,
                held_at=timezone.now(),
                until=timezone.now() + dt.timedelta(days=2),
            )
            state = STATES.get(kind, EnrollmentState.ACTIVE)
            EnrollmentFactory(cohort=cohort, person=user.person, state=state)
            SeatNotice.objects.create(cohort=cohort, person=user.person, kind=kind, hold=hold)

    send_seat_notices()

    assert len(sent(phones)) == 2
    assert faults_in(sent(phones), language) == []
    assert faults_of_short(phones.texts) == []


@LANGUAGES
@pytest.mark.parametrize("kind", LoginNoticeKind)
def test_a_long_name_of_a_center_fits_into_a_short_message(phones: Phones, language: str, kind):
    center = CenterFactory(name_ar="مركز التدريب المهني " * 5, name_en="Vocational training center " * 4)
    for user in readers(language):
        LoginNotice.objects.create(user=user, kind=kind, center=center, **facts_of(kind, center, user))

    deliver_login_notices()

    assert len(phones.texts) == 1
    assert faults_of_short(phones.texts) == []


@LANGUAGES
def test_how_a_password_is_reset(client: Client, phones: Phones, center: Center, language: str):
    with override(language):
        readers(language)
        client.post(reverse("account_reset_password"), {"email": "mona@example.org"})

    assert len(sent(phones)) == 1
    assert faults_in(sent(phones), language) == []


@LANGUAGES
@pytest.mark.parametrize("kind", ["account_already_exists", "password_changed", "unknown_account"])
def test_what_the_library_of_logins_writes(language: str, phones: Phones, kind: str):
    context = {"email": "mona@example.org", "password_reset_url": "https://mihna.example/7", "ip": "10.0.0.7"}
    with override(language), request_context(RequestFactory().get("/")):
        get_adapter().send_mail(f"account/email/{kind}", "mona@example.org", context)

    assert faults_in(sent(phones), language) == []


def test_the_laws_of_messages_notice_what_they_are_about():
    assert faults_in(["تبدأ 29 نوفمبر, 4:00 م"], "ar") == [
        "a page has digits of one kind: تبدأ 29 نوفمبر, 4:00 م",
        "Arabic text has Arabic commas: تبدأ 29 نوفمبر, 4:00 م",
    ]
    assert faults_in(["Log out now"], "ar") == ["Latin text on Arabic pages is marked: Log out now"]
    assert faults_in(["It begins ٤ غدًا"], "en") == [
        "Arabic text on English pages is marked: It begins ٤ غدًا",
        "a page has digits of one kind: It begins ٤ غدًا",
    ]
