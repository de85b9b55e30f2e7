"""Whom a complaint is about sees nothing of it: every page, count, export and search is the same with it and without it."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import DeliveryState, MembershipScope, RoleName
from accounts.models import AuditEntry, Center, Delivery, Person, SiteNotice, SmsMonth, User
from accounts.services.short_messages import begin, month_of
from courses.enums import ComplaintKind, ComplaintOutcome
from courses.models import ClassSession, Cohort, Complaint, ComplaintNotice, Enrollment
from courses.services.complaint_notices import send_complaint_notices
from courses.services.complaints import answer_complaint, ask_citizen, reply_at_desk, take_complaint
from tests.courses.seats.clock import at
from tests.factories.accounts import (
    MembershipFactory,
    TraineeFactory,
    UserFactory,
    staff_member,
)
from tests.factories.complaints import complaint_of
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory
from tests.project.authorization.changes import same_session
from tests.project.authorization.subjects import ARGUMENTS
from tests.project.authorization.table import Address, addresses

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

# What differs between two answers to one request: tokens, and the time that a page says it was made.
TOKENS = re.compile(
    r'name=\\?"csrfmiddlewaretoken\\?" value=\\?"[^"]*"|"CSRF_TOKEN": "[^"]*"|csrf-?token[^>]*value="[^"]*"|nonce="[^"]*"'
    r"|data-csrf[a-z-]*=\"[^\"]*\"|\"csrfToken\": ?\"[^\"]*\"|<updated>[^<]*</updated>|DTSTAMP:\S+|Signature=[^\"&]*"
    # Signed with the time.
    r'|name="page" value="[^"]*"',
    re.IGNORECASE,
)
# Of new blocks in editors, drawn for each form, and the number of an error.
DRAWN = re.compile(
    r"<bdi dir=\"ltr\">[0-9a-f]{8}</bdi>|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
# They draw what they return by chance.
RANDOM = {"mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "account_logout"}


@pytest.fixture
def cohort(center: Center) -> Cohort:
    cohort: Cohort = CohortFactory(center=center)
    ClassSessionFactory(cohort=cohort)
    return cohort


@pytest.fixture
def enrollment(cohort: Cohort) -> Enrollment:
    enrollment: Enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=cohort.center)
    TraineeFactory(person=enrollment.person)
    return enrollment


def teaches(cohort: Cohort) -> User:
    user = staff_member(RoleName.INSTRUCTOR, cohort.center)
    cohort.instructors.add(user)
    return user


def manages(cohort: Cohort) -> User:
    return staff_member(RoleName.CENTER_MANAGER, cohort.center)


def officiates(_cohort: Cohort) -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)


def audits(_cohort: Cohort) -> User:
    return staff_member(RoleName.AUDITOR)


def superuses(_cohort: Cohort) -> User:
    return UserFactory(is_superuser=True)  # type: ignore[no-any-return]


ACCUSED = [
    (teaches, ComplaintKind.CLASS),
    (manages, ComplaintKind.CENTER),
    (officiates, ComplaintKind.STAFF),
    (audits, ComplaintKind.STAFF),
    (superuses, ComplaintKind.STAFF),
]


def handled(enrollment: Enrollment, kind: ComplaintKind, accused: User, by: User) -> Complaint:
    """A complaint with everything that can happen to one, messages included; another one waits."""
    for _number in range(2):
        complaint = complaint_of(enrollment, kind)
        # As if named: a superuser, an officer and an auditor work at no center.
        if kind == ComplaintKind.STAFF:
            complaint.hidden_from.get_or_create(user=accused)
    take_complaint(complaint_id=complaint.pk, by=by)
    ask_citizen(complaint_id=complaint.pk, text="في أي يوم؟", by=by)
    reply_at_desk(complaint_id=complaint.pk, text="يوم الأحد", by=by)
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="تم", by=by)
    send_complaint_notices()
    assert SiteNotice.objects.exists()
    delivery = begin("x" * 100, "notice", person_id=None, about=ComplaintNotice._meta.label_lower)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED)
    ComplaintNotice.objects.update(state="failed", delivery=delivery)
    return complaint


def rows_there() -> list[Model]:
    return [
        *(model.objects.order_by("pk")[0] for model in (Cohort, Enrollment, ClassSession, Center)),
        *Person.objects.order_by("pk"),
        *User.objects.order_by("pk"),
    ]


def paths() -> Iterator[str]:
    """Every address that takes no row; of those that do, each with the rows that are there; lists searched and exported."""
    shown = {type(row): [] for row in rows_there()}  # type: ignore[var-annotated]
    for row in rows_there():
        shown[type(row)].append(row.pk)
    for address in addresses():
        if address in RANDOM or address.startswith(("complaints:", "courses:complain", "courses:find_compl")):
            continue
        if set(address.arguments) == {"pk"} and getattr(address.viewset, "model", None) in shown:
            yield from (reverse(str(address), args=[key]) for key in shown[address.viewset.model])
        elif not address.arguments or set(address.arguments) <= ARGUMENTS.keys():
            yield from listed(address)


def listed(address: Address) -> Iterator[str]:
    try:
        path = reverse(str(address), kwargs={name: ARGUMENTS[name] for name in address.arguments})
    except NoReverseMatch:
        return
    yield path
    if address.endswith(":index") and address.viewset is not None:
        yield f"{path}?{urlencode({'q': 'المدرب'})}"
        yield f"{path}?export=csv"


def walked(client: Client, those: list[str]) -> dict[str, tuple[int, str]]:
    """What each address answers. What a visit wrote is taken back, so that the next one finds the site as this one did."""
    return {path: answered(client, path) for path in those}


def answered(client: Client, path: str) -> tuple[int, str]:
    with transaction.atomic(), same_session(client):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return answer.status_code, DRAWN.sub("", TOKENS.sub("", body.decode("utf-8", "replace")))


def look_the_same(enrollment: Enrollment, accused: User, kind: ComplaintKind, those: list[str]) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(accused)
    # Who handles it is there before: a new login is in the list of logins.
    by = UserFactory(is_superuser=True)
    # Printed sheets and badges say when they were drawn.
    moment = timezone.now()
    with at(moment):
        without = walked(client, those)

    complaint = handled(enrollment, kind, accused, by)

    with at(moment):
        them = walked(client, those)
    assert [path for path in those if them[path] != without[path]] == []
    opened = [
        client.get(reverse(f"complaints:{name}", args=[complaint.pk])).status_code
        for name in ("inspect", "take", "ask", "note", "reply", "hand_over", "answer", "open_again")
    ]
    assert set(opened) == {404}


@pytest.mark.engines("walks the lists of the workplace twice: more than a second")
@pytest.mark.parametrize(
    ("make", "kind"), [(manages, ComplaintKind.CENTER), (officiates, ComplaintKind.STAFF)]
)
def test_the_lists_and_the_page_of_the_person_are_the_same(
    enrollment: Enrollment, make: Callable[[Cohort], User], kind: ComplaintKind
):
    lists = reverse("complaints:index")
    those = [
        lists,
        f"{lists}?export=csv",
        f"{lists}?{urlencode({'q': enrollment.person.name})}",
        reverse("wagtailadmin_home"),
        reverse("person:inspect", args=[enrollment.person_id]),
    ]

    look_the_same(enrollment, make(enrollment.cohort), kind, those)


@pytest.mark.engines("every address of the site, twice for each of five people: minutes", nightly=True)
@pytest.mark.parametrize(("make", "kind"), ACCUSED, ids=lambda one: getattr(one, "__name__", str(one)))
def test_every_page_is_the_same_with_and_without_a_complaint(
    enrollment: Enrollment,
    make: Callable[[Cohort], User],
    kind: ComplaintKind,
    settings: Settings,
):
    # Operators see figures of short messages where there is a gateway.
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    SmsMonth.objects.create(month=month_of(enrollment.enrolled_at), parts=3)
    accused = make(enrollment.cohort)

    look_the_same(
        enrollment,
        accused,
        kind,
        [*paths(), *(f"{reverse('complaints:index')}{one}" for one in ("", "?export=csv"))],
    )


def test_the_audit_trail_has_no_row_of_it(enrollment: Enrollment):
    before = AuditEntry.objects.count()

    handled(enrollment, ComplaintKind.CLASS, UserFactory(), UserFactory(is_superuser=True))

    assert AuditEntry.objects.count() == before


def test_who_comes_to_teach_or_manage_there_later_sees_nothing_either(enrollment: Enrollment):
    about_class = complaint_of(enrollment)
    about_center = complaint_of(enrollment, ComplaintKind.CENTER)
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    client = Client()
    client.force_login(officer)
    pages = [reverse("complaints:inspect", args=[one.pk]) for one in (about_class, about_center)]
    before = [client.get(page).status_code for page in pages]

    enrollment.cohort.instructors.add(officer)
    after_teaching = [client.get(page).status_code for page in pages]
    MembershipFactory(
        user=officer,
        role=RoleName.CENTER_MANAGER,
        scope=MembershipScope.CENTER,
        center=enrollment.cohort.center,
    )

    assert before == [200, 200]
    assert after_teaching == [404, 404]
    assert [client.get(page).status_code for page in pages] == [404, 404]
