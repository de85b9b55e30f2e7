"""Staff see the pages of a trainee as the trainee sees them: to read only, told to the trainee, in the audit trail, and bounded."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from django.apps import apps
from django.db import InternalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, LoginSession, SiteNotice, User, ViewAs
from accounts.services.personal_data import personal_data
from accounts.services.site_notices import purge_site_notices
from accounts.services.view_as import NotToBeSeen, ReasonMissing, begin_view_as, may_be_seen, purge_views
from accounts.view_as import END, PARTS, SESSION_KEY, SHOWN, is_shown, nothing_written
from courses.enums import ComplaintNoticeKind
from courses.models import ComplaintNotice
from tests.accounts.view_as.conftest import REASON, Place, World
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    staff_member,
)
from tests.factories.complaints import complaint_of
from tests.project.authorization.table import addresses

LEARNING = "/ar/learning/"
CATALOG = "/ar/programs/"
# What staff may leave behind: the trail, the view itself, its notice, and the own session.
MAY_CHANGE = {
    "accounts_auditentry",
    "accounts_loginsession",
    "accounts_sitenotice",
    "accounts_viewas",
    "django_session",
    "wagtailcore_modellogentry",
}
# Some of what is refused, of each kind.
REFUSED = (
    "account",
    "account_change_password",
    "account_photo_file",
    "account_sessions",
    "certificates:links",
    "certificates:new_passport",
    "courses:complain",
    "courses:call_back",
    "live:calendar_address",
    "mfa_index",
    "offers",
    "wagtailadmin_home",
    "person:index",
    "call_backs:index",
    "account_logout",
    "api:keys",
    "courses:centers",
)


def lists_shown(_world: World) -> list[str]:
    return [
        LEARNING,
        reverse("certificates:mine"),
        reverse("live:index"),
        reverse("account_notices"),
        CATALOG,
    ]


def rows_shown(world: World) -> list[str]:
    program = world.here.enrollment.cohort.program
    return [
        *world.here.units,
        program.get_url(),
        reverse("account_notice", args=[world.here.notice.pk]),
    ]


def rows_of_all_tables() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of them."""
    tables = sorted(
        {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - MAY_CHANGE
    )
    counted = " UNION ALL ".join(
        f"SELECT '{table}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{table}\" t"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(counted)
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def pages_of(client: Client, addresses: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    for address in addresses:
        answer = client.get(address)
        yield address, answer.status_code, answer.content.decode()


def test_pages_are_those_of_the_trainee_with_a_banner_on_each(world: World, looking: Client):
    pages = list(pages_of(looking, lists_shown(world) + rows_shown(world)))

    assert [status for _address, status, _page in pages if status not in {200, 302}] == []
    assert all("view-as__text" in page for _address, status, page in pages if status == 200)
    learning = pages[0][2]
    assert "HERE" in learning
    assert world.trainee.get_full_name() in learning


@pytest.mark.parametrize("shown", [lists_shown, rows_shown])
def test_nothing_in_the_database_changes_but_trail_notice_and_session(
    world: World, elsewhere: Place, looking: Client, shown: Callable[[World], list[str]]
):
    before = rows_of_all_tables()

    statuses = {address: status for address, status, _page in pages_of(looking, shown(world))}

    assert rows_of_all_tables() == before
    assert set(statuses.values()) <= {200, 302}
    assert SiteNotice.objects.get(pk=world.here.notice.pk).read_at is None


def test_no_row_of_another_center_is_listed(world: World, elsewhere: Place, looking: Client):
    pages = {address: page for address, _status, page in pages_of(looking, lists_shown(world))}
    # The programs themselves are for all.
    own = "".join(page for address, page in pages.items() if address != CATALOG)

    for name in ("HERE-1", "HERE-2", "انتظار HERE", "خبر HERE", "بث HERE"):
        assert name in own
    assert "ELSEWHERE" not in own
    assert elsewhere.center.name not in own
    # One notice of each center, and the one about the registrar, which is the trainee's alone.
    assert SiteNotice.objects.of(world.trainee).unread().count() == 3
    assert '<span class="bell__count" aria-hidden="true">١</span>' in pages[LEARNING]


def test_no_row_of_another_center_is_shown_or_opens(world: World, elsewhere: Place, looking: Client):
    own = "".join(page for _address, _status, page in pages_of(looking, rows_shown(world)))

    assert "HERE" in own.replace("ELSEWHERE", "")
    assert "ELSEWHERE" not in own
    assert elsewhere.center.name not in own
    for address in (*elsewhere.units, reverse("account_notice", args=[elsewhere.notice.pk])):
        assert looking.get(address).status_code == 404


def without_token(page: HttpResponse) -> str:
    return re.sub(r'value="\w{64}"', "", page.text)


def test_staff_do_not_learn_from_notices_that_the_trainee_complained(world: World, looking: Client):
    """Whom a complaint is about may look at the pages of who made it."""
    looking.get(LEARNING)
    complaint = complaint_of(world.here.enrollment, by=world.trainee)
    notice = ComplaintNotice.objects.create(complaint=complaint, kind=ComplaintNoticeKind.ANSWER)
    before = without_token(looking.get(reverse("account_notices")))
    told = SiteNotice.objects.create(
        user=world.trainee, about="courses.complaintnotice", notice=notice.pk, subject="رد", body="رد"
    )

    after = looking.get(reverse("account_notices"))

    assert without_token(after) == before
    assert looking.get(reverse("account_notice", args=[told.pk])).status_code == 404


def test_the_ministry_sees_rows_of_all_centers(world: World, elsewhere: Place):
    client = Client()
    client.force_login(staff_member(RoleName.MINISTRY_OFFICER))

    client.post(world.person_page, {"reason": REASON})

    assert "ELSEWHERE" in client.get(LEARNING).content.decode()
    assert ViewAs.objects.get().center is None


def test_of_all_addresses_of_the_site_only_these_are_shown_and_none_to_change_anything():
    names = {str(address) for address in addresses()}

    assert {name for name in names if is_shown("GET", name)} == SHOWN & names
    assert {"wagtail_serve", *SHOWN} - names == set()
    assert not any(
        is_shown(method, name) for name in names for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    )


def test_every_other_page_is_refused(looking: Client):
    answers = {name: looking.get(reverse(name)) for name in REFUSED}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(REFUSED, 403)
    assert all("view-as__text" in answer.content.decode() for answer in answers.values())


def test_acts_files_and_what_begins_or_counts_something_are_refused(world: World, looking: Client):
    enrollment, unit = world.here.enrollment.public_id, world.here.lesson.translation_key
    quiz = world.here.quiz.translation_key
    meeting = world.here.enrollment.cohort.sessions.get().public_id
    for method, address in (
        ("post", LEARNING),
        ("post", reverse("courses:progress", args=[enrollment, unit])),
        ("post", reverse("courses:unit_done", args=[enrollment, unit])),
        ("post", reverse("assessment:start", args=[quiz])),
        ("get", reverse("live:room", args=[meeting])),
        ("post", reverse("live:ticket", args=[meeting])),
        ("get", reverse("courses:check_in", args=[meeting])),
        ("post", reverse("account_data")),
        ("post", reverse("account_read_notices")),
        ("post", reverse("account_read_notice", args=[world.here.notice.pk])),
        ("get", reverse("person:inspect", args=[world.trainee.person_id])),
        ("get", reverse("courses:give_back", args=[enrollment])),
    ):
        assert getattr(looking, method)(address).status_code == 403, address


def test_the_lesson_plays_no_video_and_notes_nothing(world: World, looking: Client):
    page = looking.get(world.here.units[0]).content.decode()

    assert "/media/" not in page
    assert "data-player" not in page
    assert not world.here.enrollment.progress.exists()


def test_the_trainee_is_told_and_finds_who_looked(world: World, looking: Client):
    client = Client()
    client.force_login(world.trainee)

    told = SiteNotice.objects.of(world.trainee).get(about="accounts.viewas")
    account = client.get(reverse("account")).content.decode()

    for said in (told.body, account):
        assert REASON in said
        assert str(world.registrar) in said
        assert world.here.center.name in said
    assert REASON in "".join(personal_data(world.trainee.person))


def test_the_trail_has_the_reason_each_page_and_the_end(world: World, looking: Client):
    looking.get(LEARNING)
    looking.get(reverse("account"))
    looking.get("/ar/notices/0/")
    answer = looking.post(reverse(END))

    assert answer.url == reverse("person:inspect", args=[world.trainee.person_id])
    entries = AuditEntry.objects.filter(action__regex=r"_view$|see_page").order_by("pk")
    assert [(entry.action, entry.by, entry.model_entry.data) for entry in entries] == [
        ("accounts.person.begin_view", world.registrar, {"reason": REASON}),
        ("accounts.person.see_page", world.registrar, {"page": LEARNING}),
        ("accounts.person.end_view", world.registrar, {}),
    ]
    assert looking.get(reverse("person:index")).status_code == 200
    assert ViewAs.objects.get().ended_at is not None


def test_no_session_of_the_trainee_is_made_and_staff_stay_themselves(world: World, looking: Client):
    looking.get(LEARNING)

    assert not LoginSession.objects.filter(user=world.trainee).exists()
    assert looking.session["_auth_user_id"] == str(world.registrar.pk)
    assert looking.session[SESSION_KEY] == ViewAs.objects.get().pk
    world.trainee.refresh_from_db()
    assert world.trainee.last_login is None


def test_it_is_over_after_a_quarter_of_an_hour(world: World, looking: Client):
    ViewAs.objects.update(
        began_at=timezone.now() - dt.timedelta(minutes=16), until=timezone.now() - dt.timedelta(minutes=1)
    )

    page = looking.get(LEARNING).content.decode()

    assert "HERE" not in page
    assert SESSION_KEY not in looking.session
    assert looking.get(reverse("person:index")).status_code == 200


@pytest.mark.parametrize("what", ["role ended", "login closed", "became staff"])
def test_it_is_over_when_what_it_rests_on_ended(world: World, looking: Client, what: str):
    match what:
        case "role ended":
            world.registrar.memberships.all().delete()
        case "login closed":
            User.objects.filter(pk=world.trainee.pk).update(is_active=False)
        case "became staff":
            MembershipFactory(user=world.trainee, role=RoleName.INSTRUCTOR, center=world.here.center)

    page = looking.get(LEARNING).content.decode()

    assert "HERE" not in page
    assert "view-as__text" not in page


def test_the_key_of_a_colleagues_view_opens_nothing(world: World, looking: Client, center: Center):
    client = Client()
    client.force_login(staff_member(RoleName.REGISTRAR, center))
    session = client.session
    session[SESSION_KEY] = ViewAs.objects.get().pk
    session.save()

    page = client.get(LEARNING).content.decode()

    assert "HERE" not in page


def test_pages_stand_in_no_frame_and_are_kept_nowhere(looking: Client):
    headers = looking.get(LEARNING).headers

    assert (headers["X-Frame-Options"], headers["Cache-Control"]) == ("DENY", "private, no-store")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_who_may_not_be_seen(center: Center):
    registrar = staff_member(RoleName.REGISTRAR, center)
    colleague = staff_member(RoleName.INSTRUCTOR, center)
    colleague.person = PersonFactory(registered_at=center)
    colleague.save()
    own = MembershipFactory(user=TraineeFactory(person__registered_at=center), center=center).user
    own_role = MembershipFactory(user=own, role=RoleName.REGISTRAR, center=center).user

    refused = [
        (registrar, colleague.person),
        (registrar, TraineeFactory(person__registered_at=CenterFactory()).person),
        (registrar, TraineeFactory(person__registered_at=center, is_active=False).person),
        (registrar, PersonFactory(registered_at=center)),
        (own_role, own.person),
        (colleague, TraineeFactory(person__registered_at=center).person),
        (staff_member(RoleName.AUDITOR), TraineeFactory(person__registered_at=center).person),
    ]

    for by, person in refused:
        assert not may_be_seen(person, by=by)
        with pytest.raises(NotToBeSeen):
            begin_view_as(person_id=person.pk, reason=REASON, by=by)
    assert not ViewAs.objects.exists()


def test_a_reason_of_marks_alone_is_none(world: World):
    with pytest.raises(ReasonMissing):
        begin_view_as(person_id=world.trainee.person_id, reason=" \u202e\n", by=world.registrar)


def test_the_page_of_the_request_for_a_call_is_shown_first(world: World, registrar_client: Client):
    first = registrar_client.post(f"{world.person_page}?page={world.here.units[0]}", {"reason": REASON})
    registrar_client.post(reverse(END))
    other = registrar_client.post(f"{world.person_page}?page=//elsewhere.example/", {"reason": REASON})

    assert (first.url, other.url) == (world.here.units[0], LEARNING)


def test_the_database_itself_refuses_a_write(world: World):
    with pytest.raises(InternalError, match="read-only"), nothing_written():
        SiteNotice.objects.filter(pk=world.here.notice.pk).update(read_at=timezone.now())


def test_parts_of_pages_are_no_ones():
    assert set() == PARTS & SHOWN


def test_old_views_are_deleted_as_their_notices_are(world: World, looking: Client):
    old = timezone.now() - dt.timedelta(days=400)
    ViewAs.objects.update(began_at=old, until=old + dt.timedelta(minutes=15))
    SiteNotice.objects.update(created_at=old)

    assert purge_views() == 1
    assert purge_site_notices() > 0
