"""Errors of slides and the board."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class SlidesRefused(LiveError):
    """An upload that is refused before anything is stored; subclasses give the reason."""

    code = "slides_refused"
    message = _("Choose one PDF, or pictures (PNG, JPEG, WebP).")


class SlidesTooLarge(SlidesRefused):
    code = "slides_too_large"
    message = _("This is larger than %(limit)s MB. Make the pictures in it smaller.")


class TooManySlides(SlidesRefused):
    code = "too_many_slides"
    message = _("At most %(limit)s pages at once, and %(decks)s uploads for one class.")


class NoSuchSlide(LiveError):
    code = "no_such_slide"
    message = _("That slide is not there, or not ready yet.")


class NothingOnStage(LiveError):
    """The slide or board to draw on or to clear is not shown (any more)."""

    code = "not_on_stage"
    message = _("That slide or board is no longer shown.")


class BoardFull(LiveError):
    code = "board_full"
    message = _("There is no more room on this board. Wipe it, or show another one.")


class NothingToUndo(LiveError):
    code = "nothing_to_undo"
    message = _("You have drawn nothing here that could be taken back.")
