"""Files that no answer names, of a person whose data are erased."""

from wagtail.log_actions import log

from accounts.models import Person, User
from accounts.services.erasing import register_eraser
from assessment.models import AnswerFile, AnswerFilePart
from assessment.services.answer_files import delete_file, named_in_attempts


@register_eraser
def erase_files(person: Person, by: User | None) -> None:
    """Essays and files that were marked, or wait for it, are a record of study and stay, as all answers do. What was taken back goes at once."""
    of_the_person = {"attempt__enrollment__person": person}
    AnswerFilePart.objects.filter(**of_the_person).delete()
    files = list(AnswerFile.objects.filter(**of_the_person, kept_at=None))
    named = named_in_attempts([file.attempt_id for file in files])
    lonely = [file for file in files if str(file.public_id) not in named]
    for file in lonely:
        delete_file(file)
    if lonely:
        log(person, "assessment.file.erase", user=by, title=f"#{person.pk}", data={"files": len(lonely)})
