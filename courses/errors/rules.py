"""Errors about completion rules, and about who assesses."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class ProgramHasNoUnits(DomainError):
    message = _("This program has no published lessons yet. Publish at least one, then open the cohort.")


class NoCompletionRule(DomainError):
    message = _("This program has no completion rule yet. Set one, then open the cohort.")


class InvalidRule(DomainError):
    message = _(
        "Percentages are from 0 to 100, weights from 1 to 1000. Name each test and each practical task once."
    )


class PracticeWithoutTasks(DomainError):
    message = _("A mean score of practical tasks is asked for. Name the tasks, or write 0.")


class NotATestOfTheProgram(DomainError):
    message = _("“%(test)s” is not a published test of this program. Choose the tests from the list.")


class RuleNamesATestThatIsGone(DomainError):
    message = _(
        "The completion rule counts “%(test)s”, which the content does not have any more. Write a new version of the "
        "rule, or publish the test again."
    )


class TaskNotInRule(DomainError):
    message = _("The completion rule of this cohort does not name this practical task.")


class TaughtByAssessor(DomainError):
    message = _(
        "You teach or taught this cohort, so another assessor says who passes its practical tasks. The center can give"
        " somebody else the role of assessor."
    )


class CorrectedByTeacher(DomainError):
    message = _(
        "You teach or taught this cohort, so another assessor corrects its marks. The center can give somebody else the role"
        " of assessor."
    )
