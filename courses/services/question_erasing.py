"""The questions of a person whose data are erased."""

from wagtail.log_actions import log

from accounts.models import Person, User
from accounts.services.erasing import register_eraser
from courses.models import Answer, PostReport, Question


@register_eraser
def erase_questions(person: Person, by: User | None) -> None:
    """Questions without reactions are deleted. Of others, and of answers, the words and the name go: what colleagues wrote stays."""
    own = Question.objects.filter(person=person)
    lonely = own.filter(answers=None, reports=None).values("pk")
    deleted, _by_model = Question.objects.filter(pk__in=list(lonely.values_list("pk", flat=True))).delete()
    nothing = {"text": "", "edited_at": None}
    # A shared question without its words, or without its answer, says nothing.
    changed = own.exclude(text="").update(
        is_anonymous=True, waiting_since=None, shared_at=None, shared_by=None, **nothing
    )
    Question.objects.filter(accepted__person=person).update(shared_at=None, shared_by=None)
    answers = Answer.objects.filter(person=person).exclude(text="").update(**nothing)
    PostReport.objects.filter(person=person).update(reason="")
    if deleted or changed or answers:
        log(
            person,
            "courses.question.erase",
            user=by,
            title=f"#{person.pk}",
            data={"questions": deleted + changed, "answers": answers},
        )
