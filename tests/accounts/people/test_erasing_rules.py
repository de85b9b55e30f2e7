"""Every column of text that leads to a person has a rule: it goes, or it stays for a reason that people read."""

from collections.abc import Mapping

import pytest
from celery import Task
from django.apps import apps
from django.db import models
from django.utils.html import escape
from django.utils.translation import override

from accounts.models import Person, User
from accounts.services.erasing import erasing_rules
from accounts.services.notice_models import notice_models
from accounts.services.retention import kept_without_term, terms
from jobs.declaring import schedule

TEXT = (
    models.BinaryField,
    models.CharField,
    models.FileField,
    models.GenericIPAddressField,
    models.JSONField,
    models.TextField,
)
# Emptied by the act itself, by an eraser, or by one of the tables that a column names (`accounts.services.erased_rows` and the like).
BY_ERASERS = {
    "accounts.Contact",
    "accounts.DataRequest",
    "accounts.MergedRow",
    "accounts.Person",
    "accounts.PersonMerge",
    "accounts.User",
    "accounts.LoginSession",
    "assessment.AccommodationReason",
    "assessment.AnswerFilePart",
    "certificates.Passport",
    "courses.Answer",
    "courses.PostReport",
    "courses.Question",
    "live.Event",
}
# Deleted with a row that has a rule.
WITH_ANOTHER = {
    "account.EmailConfirmation",
    "courses.CallBackEntry",
    "courses.CallBackEvent",
    "socialaccount.SocialToken",
}
# Of no person: what staff wrote about things, and states of machines. Staff are not erased (`WorkedAsStaff`).
OF_THINGS = {
    "certificates.RenderJob",
    "certificates.WebhookDelivery",
    "courses.AnnouncementJob",
    "insights.EnrollmentSpan",
}
# Who only reached it as a member of staff, by a column that says who did it.
STAFF_COLUMNS = {
    "added_by", "answered_by", "approved_by", "author", "canceled_by", "changed_by", "checked_by", "claimed_by",
    "decided_by", "ended_by", "filed_by", "finished_by", "given_by", "imported_by", "instructor", "locked_by",
    "made_by", "named_by", "offered_by", "opened_by", "owner", "proposed_by", "published_by", "recorded_by",
    "requested_by", "resolved_by", "sent_by", "settled_by", "started_by", "taken_by", "typed_by", "undone_by",
    "uploaded_by", "uploaded_by_user", "written_by", "hidden_by", "shared_by", "asked_by", "first_by", "second_by",
    "by", "staff", "lent_from", "acted_for", "colleague", "waived_by", "received_by",
}  # fmt: skip
# What only staff have, in Wagtail.
OF_STAFF = {
    "media_pipeline.Upload",
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.ModelLogEntry",
    "wagtailcore.PageLogEntry",
    "wagtailcore.Revision",
}


def reaching_a_person() -> set[type[models.Model]]:
    """Models with a relation to a person, or to a login as whose it is, and what refers to those."""
    every = [
        model
        for model in apps.get_models()
        if not model._meta.proxy and model._meta.managed and model._meta.label not in OF_STAFF
    ]
    found: set[type[models.Model]] = {Person, User}
    while True:
        more = {
            model
            for model in every
            if model not in found and any(_leads_to(found, field) for field in model._meta.concrete_fields)
        }
        if not more:
            return found
        found |= more


def _leads_to(found: set[type[models.Model]], field: "models.Field[object, object]") -> bool:
    if field.related_model is User:
        return field.name not in STAFF_COLUMNS
    return field.is_relation and field.related_model in found


def texts(model: type[models.Model]) -> set[str]:
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT) and not field.choices and not field.primary_key
    }


def test_every_column_of_text_that_leads_to_a_person_has_a_rule():
    ruled: dict[type[models.Model], set[str]] = {}
    for rule in erasing_rules():
        gone = texts(rule.model) if not rule.columns and not rule.because else set(rule.columns)
        ruled.setdefault(rule.model, set()).update(gone)
    ignored = BY_ERASERS | WITH_ANOTHER | OF_THINGS
    # Codes and keys of our own, and digests, say nothing of a person.
    codes = {"error", "about", "kind", "digest", "topic", "device", "reference", "scan_type"}

    without = {
        f"{model._meta.label}.{name}"
        for model in reaching_a_person()
        if model._meta.label not in ignored and not issubclass(model, tuple(notice_models()))
        for name in texts(model) - ruled.get(model, set()) - codes
    }

    assert (
        without - {"accounts.AuditEntry." + name for name in texts(apps.get_model("accounts.AuditEntry"))}
        == set()
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_reason_is_a_sentence_in_both_languages(language: str):
    with override(language):
        reasons = {str(rule.because) for rule in erasing_rules() if rule.because}

    assert all(reason.endswith((".", ").")) for reason in reasons)
    assert all(("\u0600" <= reason[0] <= "\u06ff") == (language == "ar") for reason in reasons)


# Deletes nothing of people.
OF_MACHINES = {
    "assessment.tasks.purge_question_imports",
    "certificates.purge_files",
    "live.tasks.purge_slide_uploads",
    "media_pipeline.tasks.purge_jobs",
    "media_pipeline.tasks.purge_rendition_sets",
    "media_pipeline.tasks.purge_speech",
    "media_pipeline.tasks.purge_watching",
}


def test_the_page_of_what_is_kept_has_every_task_that_deletes(tasks: Mapping[str, Task]):
    asked_for = {entry["task"] for entry in schedule(tasks).values()}
    deleting = {
        task for task in asked_for if "purge" in task or task.endswith(("addresses", "tend_complaints"))
    }

    assert {term.task for term in terms()} == deleting - OF_MACHINES


def test_the_page_shows_each_term_and_each_reason(db: None, client):
    page = client.get("/en/accounts/privacy/kept/").content.decode()

    with override("en"):
        for term in terms():
            assert escape(str(term.what)) in page
            assert term.how_long in page
        for reason in kept_without_term():
            assert escape(reason) in page


def test_a_changed_setting_changes_the_page(db: None, client, settings):
    settings.CALL_BACK_KEEP_DAYS = 77

    assert "77 days" in client.get("/en/accounts/privacy/kept/").content.decode()
