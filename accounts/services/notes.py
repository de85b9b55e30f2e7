"""Notes of staff about a person."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.errors import DomainError
from accounts.models import Person, PersonNote, User
from accounts.models.notes import LONGEST_NOTE
from accounts.scoping.hands import is_own
from accounts.services.people import OwnRecord


class NoteEmpty(DomainError):
    message = _("Write the note first.")


class NoteTooLong(DomainError):
    message = _("A note has at most %(most)s letters. Write it shorter, or as two.")


@transaction.atomic
def add_note(*, person_id: int, text: str, by: User) -> PersonNote:
    """Write a note for staff of the center where the person is registered. It is never changed.

    The audit trail has no copy of the words. Raises `NoteEmpty`, `NoteTooLong`, `OwnRecord`.
    """
    if not (text := text.strip()):
        raise NoteEmpty
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(most=LONGEST_NOTE)
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    if is_own(by, person.pk):
        raise OwnRecord
    note = PersonNote.objects.create(person=person, center_id=person.registered_at_id, text=text, by=by)
    log(note, "accounts.person_note.add", user=by, title=f"#{note.pk}")
    return note
