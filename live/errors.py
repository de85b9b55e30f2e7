"""What a live room refuses, with a sentence a person can act on.

`code` is what travels over the socket beside the sentence; `docs/live-protocol.md` lists every one.
"""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class LiveError(DomainError):
    code: ClassVar[str]


class TicketRefused(LiveError):
    """A ticket that opens nothing; the socket is closed with `close_code`."""

    code = "ticket_invalid"
    message = _("This entry ticket is not valid. Reload the page to get a new one.")


class TicketExpired(TicketRefused):
    code = "ticket_expired"
    message = _("The entry ticket has expired. Reload the page to get a new one.")


class TicketUsed(TicketRefused):
    code = "ticket_used"
    message = _("This entry ticket was already used. Reload the page to get a new one.")


class NotAdmitted(LiveError):
    """Not (or no longer) of this cohort."""

    code = "not_admitted"
    message = _("You are not enrolled in the cohort of this class.")


class RemovedFromRoom(LiveError):
    code = "removed"
    message = _("The trainer removed you from this class. Talk to your center if this is a mistake.")


class RoomNotOpen(LiveError):
    code = "room_not_open"
    message = _("The class is not open yet. Wait for the trainer to start it.")


class RoomAlreadyOpen(LiveError):
    code = "room_already_open"
    message = _("The class is already open.")


class TooEarlyToOpen(LiveError):
    code = "too_early"
    message = _("A class can be opened at most half an hour before it starts.")


class RoomEnded(LiveError):
    code = "room_ended"
    message = _("The class has ended.")


class VideoTaken(LiveError):
    """Another login or device sends the picture; `take_over` makes this one follow."""

    code = "video_taken"
    message = _("The picture of this class is being sent from another device. You can take over from it.")


class VideoBusy(LiveError):
    code = "video_busy"
    message = _("The server is still busy with the picture that was sent before. Try again in a moment.")


class MediaRefused(LiveError):
    """Not what a browser's recorder writes: the take is closed."""

    code = "media_refused"
    message = _("The server cannot read what this browser sends as picture and sound. Try Chrome or Firefox.")


class ObsMediaRefused(MediaRefused):
    """What came by SRT is no picture with sound."""

    message = _(
        "The server cannot read what OBS sends. In its output settings choose H.264 for the picture and AAC for the"
        " sound, then start again."
    )


class ObsKeyRefused(LiveError):
    """No such key, or it was renewed, or whoever made it no longer teaches here."""

    code = "obs_key_refused"
    message = _("This key is no longer valid. Make a new address and put it into OBS.")


class NotCalled(LiveError):
    code = "not_called"
    message = _("Raise your hand and wait until the trainer lets you speak.")


class VoiceTaken(LiveError):
    code = "voice_taken"
    message = _("Somebody else is speaking. Your turn comes when they have finished.")


class VoiceUnheard(LiveError):
    """The class is not sent from a browser, which alone can mix a voice into it."""

    code = "voice_unheard"
    message = _("Nobody would hear you now: the trainer is not sending the class from this site's page.")


class VoiceRefused(MediaRefused):
    """Not one sound alone."""

    message = _("The server cannot read the sound of this browser. Try Chrome or Firefox.")


class ChunkGap(LiveError):
    """A chunk without the one before it; the answer's `chunk` is the last that was kept."""

    code = "chunk_gap"
    message = _("A piece of the picture is missing. The page sends it again.")


class MediaTooMuch(LiveError):
    code = "media_too_much"
    message = _("This class has sent all the picture that one class may. Go on with sound in another class.")


class OtherWay(LiveError):
    """The picture of this installation does not come or go this way."""

    code = "other_way"
    message = _("The picture of classes goes another way here. Reload the page.")


class NotInTheRoom(LiveError):
    code = "not_in_room"
    message = _("Only who is in the room can watch the class. Reload the page.")


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


class MediaServerAway(LiveError):
    """Not reached, too slow, or in trouble; everything else of the room goes on."""

    code = "media_server_away"
    message = _(
        "The server for picture and sound cannot be reached just now. Messages and slides go on; the page tries again by itself."
    )


class NearlyLiveFull(LiveError):
    """The page plays segments instead and says nothing of it."""

    code = "nearly_live_full"
    message = _("All places nearly live are taken. The class comes some seconds later.")


class MessageRefused(LiveError):
    code = "message_empty"
    message = _("Write something before you send.")


class Muted(LiveError):
    code = "muted"
    message = _("The trainer has muted you for now. You can still raise your hand.")


class NoSuchEvent(LiveError):
    code = "no_such_event"
    message = _("That message or hand is no longer there.")


class ClientIdTaken(LiveError):
    code = "client_id_taken"
    message = _("This message could not be told apart from another one. Send it again.")


class StaffOnly(LiveError):
    code = "staff_only"
    message = _("Only the trainer can do this.")


class SlowMode(LiveError):
    """`seconds` are left until the person may write again."""

    code = "slow_mode"
    message = _("Slow mode is on: you can write again in %(seconds)s s.")


class ChatOff(LiveError):
    code = "chat_off"
    message = _("The trainer has closed the messages for now. You can still raise your hand.")


class TraineesOnly(LiveError):
    code = "trainees_only"
    message = _("Voting and asking are for the trainees of the class.")


class NoSuchPoll(LiveError):
    code = "no_such_poll"
    message = _("That poll is not in this class.")


class PollClosed(LiveError):
    code = "poll_closed"
    message = _("The poll has ended. Your choice was not counted.")


class AlreadyVoted(LiveError):
    code = "already_voted"
    message = _(
        "You have voted. A vote in an anonymous poll cannot be changed, nobody knows which one was yours."
    )


class NoSuchOption(LiveError):
    code = "no_such_option"
    message = _("The poll has no such option. Choose one of those shown.")


class OneChoiceOnly(LiveError):
    code = "one_choice_only"
    message = _("Only one option can be chosen in this poll.")


class PollIncomplete(LiveError):
    code = "poll_incomplete"
    message = _("Write the question and at least two different options.")


class PollAlreadyOpen(LiveError):
    code = "poll_already_open"
    message = _("Another poll is open. Close it first.")


class PollWasAsked(LiveError):
    code = "poll_was_asked"
    message = _("This poll was asked already. Use it again to ask it once more.")


class PollNotClosed(LiveError):
    code = "poll_not_closed"
    message = _("Close the poll before you show its results.")


class TooManyPolls(LiveError):
    code = "too_many_polls"
    message = _("This class has as many prepared polls as it can hold. Ask or discard some of them.")


class NoSuchQuestion(LiveError):
    code = "no_such_question"
    message = _("That question is no longer waiting.")


class OwnQuestion(LiveError):
    code = "own_question"
    message = _("This is your own question, it counts already.")


class TooManyQuestions(LiveError):
    code = "too_many_questions"
    message = _("Three of your questions are waiting. Ask the next one when one of them is settled.")


class InLobby(LiveError):
    """Not let in yet; asking again asks for nothing new."""

    code = "in_lobby"
    message = _("The trainer lets people in one by one. Stay on this page; it opens by itself.")


class RoomLocked(LiveError):
    code = "room_locked"
    message = _("The trainer has locked this class. Whoever was in may come back; nobody new comes in.")


class NoSuchPerson(LiveError):
    code = "no_such_person"
    message = _("That person is not of this class, or may not be changed this way.")


class NoPhone(LiveError):
    code = "no_phone"
    message = _("There is no mobile number in this login. Ask the center to add one.")


class PhoneHidden(LiveError):
    code = "phone_hidden"
    message = _("Only staff who may see people of this center can see the number.")


class NotesConflict(LiveError):
    """Someone else wrote since; the page shows both texts."""

    code = "notes_conflict"
    message = _(
        "Someone else changed the notes meanwhile. Your text is still here: look at theirs, then save again."
    )


class DoorsClosed(LiveError):
    """Too early for a trainee: the page counts down to the time it says."""

    code = "doors_closed"
    message = _("The doors open at %(time)s. Come back then; the page shows how long that is.")


class RoomCanceled(LiveError):
    code = "room_canceled"
    message = _("This class was canceled. Look at your timetable for the next one.")


class RoomFull(LiveError):
    code = "room_full"
    message = _(
        "All %(places)s places of this room are taken. Reload the page in a moment: a place is free as soon as someone leaves."
    )


class SeriesEmpty(DomainError):
    message = _("No day is left: choose weekdays, and dates between which they lie and that are no holidays.")


class SeriesTooLong(DomainError):
    message = _("A series has at most %(most)s classes. Choose an earlier last day.")


class ClassesClash(DomainError):
    """`rows`: a `live.queries.Clash` for each class that cannot be held as asked."""

    message = _("Nothing was written. These classes clash: %(sentences)s")


class ClassBegun(DomainError):
    message = _("This class has already begun or is over. Only a class to come can be changed or canceled.")


class CohortOfAnotherCenter(DomainError):
    message = _("Cohorts share a room within one center only.")


class NotATrainerHere(DomainError):
    message = _("Choose a trainer who teaches in the center of this class.")


class SlidesRefused(LiveError):
    """An upload that is refused before anything is kept; subclasses say why."""

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
    """What was drawn on, or was to be wiped, is not shown (any more)."""

    code = "not_on_stage"
    message = _("That slide or board is no longer shown.")


class BoardFull(LiveError):
    code = "board_full"
    message = _("There is no more room on this board. Wipe it, or show another one.")


class NothingToUndo(LiveError):
    code = "nothing_to_undo"
    message = _("You have drawn nothing here that could be taken back.")


class CheckOver(LiveError):
    code = "check_over"
    message = _(
        "The time to answer this presence check had passed, so it is not counted. The next one counts again."
    )


class ChecksAlreadySettled(LiveError):
    code = "checks_settled"
    message = _("Presence checks can be switched on or off only before the class is opened.")


class WatchingOnly(LiveError):
    """An inspector's socket: it sees and says nothing."""

    code = "watching_only"
    message = _("You are here as an inspector: you see the class and take no part in it.")


class RoomNotEnded(LiveError):
    code = "room_not_ended"
    message = _("The class is not over yet. Its attendance is counted when it ends.")


class ObjectionTermOver(LiveError):
    code = "objection_term_over"
    message = _("The term for objections is over and the attendance of this class is final.")


class ObjectionNeedsReason(LiveError):
    code = "objection_reason"
    message = _("Write the reason in a sentence.")


class ObjectionMade(LiveError):
    code = "objection_made"
    message = _("You have already objected to the attendance of this class. Wait for the answer.")


class ObjectionAnswered(LiveError):
    code = "objection_answered"
    message = _("This objection was answered already.")


class NothingToAmend(LiveError):
    code = "nothing_to_amend"
    message = _("To grant an objection, give the status and the minutes that are right.")


class RecordFrozen(LiveError):
    code = "record_frozen"
    message = _("The attendance of this class is frozen. Amend it in the register, with a reason.")


class NothingRecorded(LiveError):
    code = "nothing_recorded"
    message = _("This class has no recording.")


class WrongCut(LiveError):
    code = "wrong_cut"
    message = _("There is nothing between these two times. The lesson must begin before it ends.")


class NoSuchGroup(LiveError):
    code = "no_such_group"
    message = _("There is no such group or list any more. Choose another one.")


class NotInGroup(LiveError):
    code = "not_in_group"
    message = _("You are in no group. Ask the trainer to put you into one.")


class GroupsNotOpen(LiveError):
    code = "groups_not_open"
    message = _("The groups are closed. Write to the whole class instead.")


class GroupsAlreadyOpen(LiveError):
    code = "groups_open"
    message = _("Groups are at work already. Close them first.")


class GroupsEmpty(LiveError):
    code = "groups_empty"
    message = _("Nobody is in a group of this list yet. Put people into groups first.")


class TooManyGroupLists(LiveError):
    code = "too_many_lists"
    message = _("The cohort has many lists of groups already. Delete one you no longer use.")
