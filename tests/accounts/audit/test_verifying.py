"""Changes to the audit trail by direct SQL are found; legal erasures are not reported as such."""

import datetime as dt
import io
import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.log_actions import log

from accounts.audit.context import acting_from
from accounts.audit.digests import canonical
from accounts.models import AuditEntry, AuditSeal, Center
from accounts.services.audit_erasing import ErasureNeedsReason, erase_personal_data, expire_addresses
from accounts.services.audit_sealing import seal_due_days
from tests.accounts.audit.tampering import forge, forge_copy, found, kinds_found, last_entry

type Days = list[list[AuditEntry]]


def test_a_trail_that_was_left_alone_has_no_finding(sealed_days: Days):
    log(sealed_days[0][0].person, "accounts.person.correct", data={"changes": {}})

    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wagtailcore_modellogentry SET label = 'another name' WHERE id = %(log)s",
        'UPDATE wagtailcore_modellogentry SET data = \'{"reason": "better"}\' WHERE id = %(log)s',
        "UPDATE wagtailcore_modellogentry SET user_id = 7 WHERE id = %(log)s",
        "UPDATE wagtailcore_modellogentry SET timestamp = timestamp + interval '1 hour' WHERE id = %(log)s",
        "UPDATE accounts_auditentry SET at = at - interval '1 hour' WHERE id = %(number)s",
        "UPDATE accounts_auditentry SET by_id = 7 WHERE id = %(number)s",
        "UPDATE accounts_auditentry SET person_id = NULL WHERE id = %(number)s",
        "UPDATE accounts_auditentry SET action = 'accounts.person.correct' WHERE id = %(number)s",
        "UPDATE accounts_auditentry SET digest = repeat('0', 64) WHERE id = %(number)s",
    ],
)
def test_a_changed_row_is_named(sealed_days: Days, change: str):
    row = sealed_days[1][1]

    forge(change.replace("%(log)s", str(row.model_entry_id)).replace("%(number)s", str(row.pk)))

    (finding,) = found()
    assert finding[0] == "row changed"
    assert f" {row.pk} " in f"{finding[1]} "


def test_a_removed_row_is_named_with_its_day(sealed_days: Days):
    row = sealed_days[1][1]

    forge("DELETE FROM accounts_auditentry WHERE id = %s", row.pk)
    forge("DELETE FROM wagtailcore_modellogentry WHERE id = %s", row.model_entry_id)

    assert found() == [("row removed", f"Row {row.pk} of 2026-11-21 was removed.")]


def test_data_that_were_removed_under_their_row_are_named(sealed_days: Days):
    row = sealed_days[1][1]

    forge("DELETE FROM wagtailcore_modellogentry WHERE id = %s", row.model_entry_id)

    assert found() == [("words removed", f"What row {row.pk} says was removed.")]
    # What leads nowhere would be found once more at the end of the test, by the database.
    forge("DELETE FROM accounts_auditentry")


def test_rows_in_another_order_are_named(sealed_days: Days):
    first, second = sealed_days[0][0].pk, sealed_days[0][1].pk

    for was, becomes in ((first, -1), (second, first), (-1, second)):
        forge("UPDATE accounts_auditentry SET id = %s WHERE id = %s", becomes, was)

    assert found() == [
        ("row moved", f"Row {first} was moved: it was written as row {second}."),
        ("row moved", f"Row {second} was moved: it was written as row {first}."),
    ]


def test_a_row_that_was_forged_into_a_sealed_day_is_named(sealed_days: Days):
    gap = sealed_days[1][1].pk + 1

    forge_copy(sealed_days[1][1], number=gap)

    assert found() == [("row inserted", f"Row {gap} was inserted into 2026-11-21 after the day was sealed.")]


def test_a_row_that_was_forged_after_the_last_seal_is_named(
    sealed_days: Days, at: Callable[[dt.datetime], None]
):
    at(dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    number = last_entry().pk + 1

    forge_copy(sealed_days[1][1], number=number)

    assert found() == [("row changed", f"Row {number} was changed, or written past the application.")]


def test_a_row_that_the_histories_show_and_the_trail_does_not_know_is_named(sealed_days: Days):
    number = forge_copy(sealed_days[1][1], number=None)

    assert found() == [
        (
            "not in the trail",
            f"Row {number} of wagtailcore_modellogentry was written past the application: it is not in the trail.",
        )
    ]


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (
            "UPDATE accounts_auditseal SET rows_digest = repeat('0', 64) WHERE day = '2026-11-21'",
            {"seal changed"},
        ),
        ("UPDATE accounts_auditseal SET digest = repeat('0', 64) WHERE day = '2026-11-21'", {"seal changed"}),
        ("UPDATE accounts_auditseal SET previous = '' WHERE day = '2026-11-21'", {"seal changed"}),
        ("DELETE FROM accounts_auditseal WHERE day = '2026-11-21'", {"seal removed"}),
        ("DELETE FROM accounts_auditseal WHERE day = '2026-11-20'", {"chain broken"}),
    ],
)
def test_a_changed_or_removed_seal_is_named(sealed_days: Days, change: str, kinds: set[str]):
    forge(change)

    assert kinds <= set(kinds_found())


def test_seals_that_were_removed_at_the_end_are_missed(sealed_days: Days, at: Callable[[dt.datetime], None]):
    forge("DELETE FROM accounts_auditseal WHERE day > '2026-11-20'")
    at(dt.datetime(2026, 12, 3, tzinfo=dt.UTC))

    assert kinds_found() == ["not sealed"]


def test_a_trail_rewritten_as_a_whole_is_found_by_a_seal_that_was_written_down(sealed_days: Days):
    written_down = AuditSeal.objects.get(day="2026-11-22").digest
    forge("DELETE FROM accounts_auditseal")
    for table in ("accounts_auditentry", "wagtailcore_modellogentry"):
        forge(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")
    seal_due_days(today=dt.date(2026, 11, 23))

    def verified(**options: object) -> str:
        errors = io.StringIO()
        with pytest.raises(SystemExit, match="1"):
            call_command("verify_audit", stdout=io.StringIO(), stderr=errors, **options)
        return errors.getvalue()

    assert kinds_found() == []
    assert "The seal of 2026-11-22 is not the one" in verified(seal=[f"2026-11-22={written_down}"])


def test_the_command_prints_what_it_verified(sealed_days: Days):
    out = io.StringIO()

    call_command("verify_audit", stdout=out)

    assert "9 rows, 3 sealed days" in out.getvalue()
    assert AuditSeal.objects.last().digest in out.getvalue()


def test_the_command_fails_and_describes_the_row(sealed_days: Days):
    row = sealed_days[0][0]
    forge("UPDATE accounts_auditentry SET by_id = 7 WHERE id = %s", row.pk)
    errors = io.StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("verify_audit", stdout=io.StringIO(), stderr=errors)

    assert errors.getvalue() == f"row changed: Row {row.pk} was changed, or written past the application.\n"


def test_a_seal_that_cannot_be_read_is_refused(db: None):
    with pytest.raises(CommandError, match="yesterday=3f"):
        call_command("verify_audit", seal=["yesterday=3f"])


def test_erased_data_are_gone_and_the_row_still_verifies(sealed_days: Days):
    row = sealed_days[1][1]
    person, name = row.person, str(row.person)

    erased = erase_personal_data(person_id=person.pk, reason="law 151/2020, art. 2", by=None)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM wagtailcore_modellogentry WHERE label LIKE %s", [f"%{name}%"])
        still_named = cursor.fetchone()[0]
    row = AuditEntry.objects.with_contents().get(pk=row.pk)
    assert (erased, still_named) == ([row.pk], 0)
    assert (row.log_entry.label, row.log_entry.data, row.salt) == ("", {}, "")
    assert found() == []


def test_erasing_twice_keeps_the_record_of_the_first_time(sealed_days: Days):
    person = sealed_days[1][1].person
    erase_personal_data(person_id=person.pk, reason="first", by=None)
    log(person, "accounts.person.correct")

    erase_personal_data(person_id=person.pk, reason="second", by=None)

    records = AuditEntry.objects.filter(action="accounts.audit.erase").with_contents()
    assert [record.log_entry.data["reason"] for record in records] == ["second", "first"]
    assert found() == []


def test_erasing_takes_a_reason(sealed_days: Days):
    with pytest.raises(ErasureNeedsReason):
        erase_personal_data(person_id=sealed_days[0][0].person_id, reason=" ", by=None)


def test_data_that_were_erased_without_a_record_are_named(sealed_days: Days):
    row = sealed_days[1][1]

    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_erase_audit(%s)", [[row.pk]])

    assert found() == [
        ("erased without a record", f"The words of row {row.pk} were taken out, and no erasure is recorded.")
    ]


def test_data_in_the_place_of_erased_ones_are_named(sealed_days: Days):
    row = sealed_days[1][1]
    erase_personal_data(person_id=row.person_id, reason="law 151/2020", by=None)

    forge("UPDATE wagtailcore_modellogentry SET label = 'forged' WHERE id = %s", row.model_entry_id)

    assert kinds_found() == ["erased without a record"]


def test_addresses_expire_after_their_days_and_the_chain_holds(
    center: Center, at: Callable[[dt.datetime], None], settings: Settings
):
    settings.AUDIT_ADDRESS_DAYS = 30
    for day in (1, 25):
        at(dt.datetime(2026, 10, day, tzinfo=dt.UTC))
        with acting_from("203.0.113.9"):
            log(center, "accounts.recovery.miss")
    at(dt.datetime(2026, 11, 10, tzinfo=dt.UTC))
    seal_due_days()

    expired = expire_addresses(), expire_addresses()

    kept = (
        AuditEntry.objects.filter(action="accounts.recovery.miss")
        .order_by("pk")
        .values_list("address", flat=True)
    )
    assert (expired, list(kept)) == ((1, 0), [None, "203.0.113.9"])
    assert found() == []


def test_addresses_are_kept_where_the_setting_says_so(
    center: Center, at: Callable[[dt.datetime], None], settings: Settings
):
    settings.AUDIT_ADDRESS_DAYS = 0
    at(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    with acting_from("203.0.113.9"):
        log(center, "accounts.recovery.miss")
    at(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    assert expire_addresses() == 0
    assert last_entry().address == "203.0.113.9"


@pytest.mark.parametrize(
    ("change", "kind"),
    [("address = '10.0.0.1'", "row changed"), ("address = NULL, address_salt = ''", "address removed")],
)
def test_a_changed_address_and_one_taken_out_before_its_time_are_named(
    center: Center, change: str, kind: str
):
    with acting_from("203.0.113.9"):
        log(center, "accounts.recovery.miss")

    forge(f"UPDATE accounts_auditentry SET {change}")

    assert kinds_found() == [kind]


def test_every_day_has_a_seal_that_follows_the_one_before(
    sealed_days: Days, at: Callable[[dt.datetime], None]
):
    at(dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC))

    added = seal_due_days(), seal_due_days()

    seals = list(AuditSeal.objects.all())
    assert [len(some) for some in added] == [3, 0]
    assert [seal.day.day for seal in seals] == [20, 21, 22, 23, 24, 25]
    assert [len(seal.rows) for seal in seals] == [3, 3, 3, 0, 0, 0]
    assert [seal.previous for seal in seals[1:]] == [seal.digest for seal in seals[:-1]]


def test_today_is_not_sealed(center: Center):
    log(center, "accounts.recovery.miss")

    assert seal_due_days(today=timezone.localdate()) == []


def test_a_day_ends_at_midnight_of_the_ministry(center: Center, at: Callable[[dt.datetime], None]):
    # In Cairo it is two hours later.
    for hour in (21, 23):
        at(dt.datetime(2026, 11, 20, hour, tzinfo=dt.UTC))
        log(center, "accounts.recovery.miss")
    at(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC))

    assert [len(seal.rows) for seal in seal_due_days()] == [1, 1]


def test_nothing_is_sealed_before_there_is_anything(db: None):
    assert seal_due_days() == []


@pytest.mark.parametrize(
    "content",
    [1, 1.0, 1e3, 1e22, -0.0, 0.1, 10**30, True, None, "1", 'ﷺ \u200f"', [], {"b": [1, {"ä": 2}], "a": ""}],
)
def test_what_the_database_gives_back_has_the_digest_of_what_was_written(db: None, content: object):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [json.dumps(content)])
        read = json.loads(cursor.fetchone()[0])

    assert canonical(read) == canonical(content)


def test_a_number_and_the_text_of_its_digits_have_different_digests():
    assert len({canonical(1), canonical("1"), canonical(True), canonical([1]), canonical(["1"])}) == 5
