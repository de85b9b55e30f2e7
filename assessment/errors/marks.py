"""Errors about marks by hand."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NotYoursToMark(DomainError):
    message = _("This answer no longer waits for a mark of yours. Nothing was saved: take the next one.")


class BeingMarked(DomainError):
    message = _("A colleague has this answer open. Nothing was saved: take the next one.")


class MarkSettled(DomainError):
    message = _("This mark counts already and is no longer replaced.")


class LevelMissing(DomainError):
    message = _("Choose a level in each line of the rubric.")


class PointsMissing(DomainError):
    message = _("Give from 0 to %(most)s points, in quarters of a point.")


class CommentTooLong(DomainError):
    message = _("Write at most %(most)s characters to the trainee.")


class PlaceUnreadable(DomainError):
    message = _("A comment on a file names no place of it. Nothing was saved: place it again.")
