"""Errors of classes that are carried by a media server."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class OffersNotAccepted(LiveError):
    """This installation's media backend does not use offers, or uses only them."""

    code = "other_way"
    message = _("The picture of classes goes another way here. Reload the page.")


class TooManyOffers(LiveError):
    code = "too_many_offers"
    message = _("Too many tries in a minute. Wait a moment and try again.")


class OfferTooBig(LiveError):
    code = "offer_too_big"
    message = _("This browser offers more than the server reads. Try Chrome or Firefox.")


class OfferNotTaken(LiveError):
    """The media server and the browser found no common way of sending picture and sound."""

    code = "offer_not_taken"
    message = _("The media server cannot work with this browser. Try Chrome or Firefox.")


class NoPictureYet(LiveError):
    code = "no_picture_yet"
    message = _("The picture has not arrived at the media server yet. The page tries again by itself.")


class MediaServerUnavailable(LiveError):
    """The media server is unreachable, too slow or failing; the rest of the room still works."""

    code = "media_server_away"
    message = _(
        "The server for picture and sound cannot be reached just now. Messages and slides go on; the page tries again by itself."
    )
