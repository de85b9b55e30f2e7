"""Why a file is refused, and what is wrong with one of its lines.

A run keeps the name of the class and its facts, so that each reader gets the sentence in their own language.
"""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.services.contacts import BadEmail, ContactOfAnother
from accounts.services.guardians import BirthDateMissing, GuardianMissing
from accounts.services.identity_documents import BadPassportNumber, UnknownCountry
from accounts.services.logins import LoginTaken
from accounts.services.memberships import OwnRole, RoleOutOfReach
from accounts.services.national_number import (
    BirthDateInTheFuture,
    ImpossibleBirthDate,
    NotOnlyDigits,
    UnknownBirthPlace,
    UnknownCentury,
    WrongLength,
)
from accounts.services.people import BornInTheFuture, OwnRecord
from accounts.services.phones import NotAMobileNumber
from courses.errors import (
    AlreadyEnrolled,
    CohortCodeTaken,
    CohortDatesReversed,
    CohortFull,
    CorrectedByTeacher,
    EnrollmentClosed,
    EnrollmentNotActive,
    NoCompletionRule,
    OwnMark,
    ProgramHasNoUnits,
    ReservedAboveSeats,
    RuleNamesATestThatIsGone,
    StaffGivesSeats,
    UnitNotInCohort,
)


class FileRefused(DomainError):
    """The file cannot be read; nothing of it is imported."""

    message = _("The file cannot be read.")


class FileTooLarge(FileRefused):
    message = _("The file is larger than %(megabytes)s MB. Divide it into several files.")


class NotATable(FileRefused):
    message = _("This is not a table. Save it as an Excel workbook (.xlsx) or as “CSV UTF-8”.")


class OldOrLockedWorkbook(FileRefused):
    message = _("The workbook has a password, or an old format (.xls). Save it as .xlsx without a password.")


class MacrosInside(FileRefused):
    message = _("The workbook contains macros. Save it as .xlsx, which has none.")


class WorkbookTooLarge(FileRefused):
    message = _("The workbook unpacks to more than %(megabytes)s MB. Keep only the list in it.")


class WorkbookBroken(FileRefused):
    message = _("The workbook is damaged. Open it in Excel, save it again, and upload that file.")


class LineBroken(FileRefused):
    message = _("Line %(line)s cannot be read: a quotation mark is missing, or the line is too long.")


class FormulaInside(FileRefused):
    message = _("Line %(line)s, column %(column)s is a formula. Paste values only, then upload again.")


class TooManyLines(FileRefused):
    message = _("The file has more than %(lines)s lines. Divide it into several files.")


class TooManyColumns(FileRefused):
    message = _("The first line has more than %(columns)s columns. Delete those that you do not need.")


class HeadingMissing(FileRefused):
    message = _("The first line has no column for: %(columns)s. Compare it with the sample file.")


class HeadingTwice(FileRefused):
    message = _("The first line names “%(column)s” twice. Delete one of the two columns.")


class HeadingUnknown(FileRefused):
    message = _("Column “%(column)s” is not known. Delete it, or give it a name from the list.")


class NoLines(FileRefused):
    message = _("The file has no line below its headings.")


class TooManyElsewhere(FileRefused):
    message = _(
        "More than %(lines)s lines of today's lists have a number of another center. Take them out, and serve these people at the front desk, "
        "with their cards."
    )


class FileChanged(FileRefused):
    message = _("The stored file is no longer the one that was checked. Upload it again.")


class NoLongerAllowed(FileRefused):
    message = _("The person who started this may no longer do so in this center.")


class ValueMissing(DomainError):
    message = _("This cell is empty and is needed.")


class NameNotFull(DomainError):
    message = _("Write at least three names in Arabic letters, without digits or signs.")


class NumberMissing(DomainError):
    message = _("Without a national number or a passport, a person would be registered twice.")


class NumberTwice(DomainError):
    message = _("Give a national number or a passport, not both.")


class NumberRounded(DomainError):
    message = _("The spreadsheet rounded this number. Make the column text, and type the number again.")


class ValueTooLong(DomainError):
    message = _("This is longer than %(longest)s characters.")


class LettersBroken(DomainError):
    message = _("Letters of this cell are broken. Save the file again as “CSV UTF-8”.")


class CellWithoutHeading(DomainError):
    message = _("This line has a value in a column without a heading.")


class LineOfSample(DomainError):
    message = _("This is the line of the sample file. Delete it, or write your own over all of it.")


class NotADate(DomainError):
    message = _("This is not a date. Write it like 25/3/2004 or 2004-03-25.")


class BirthDateDiffers(DomainError):
    message = _("The national number states another date of birth.")


class SexUnknown(DomainError):
    message = _("Write “male” or “female”.")


class SexDiffers(DomainError):
    message = _("The national number states the other sex.")


class GovernorateUnknown(DomainError):
    message = _("No governorate has this name.")


class EducationUnknown(DomainError):
    message = _("This is none of the levels of education. The import page lists the words for them.")


class NameDiffers(DomainError):
    message = _("This number belongs to another name. Compare both with the card.")


class RegisterDiffers(DomainError):
    message = _("On record there is another value. It was kept: correct it there if it is wrong.")


class RegisteredElsewhere(DomainError):
    message = _(
        "This person is on record, but not in this center. Give them a seat at the front desk, with their card: their record stays as it is."
    )


class MaybeOnRecord(DomainError):
    message = _(
        "A person with this name, and this or no date of birth, is on record without this number. Serve them at the front desk."
    )


class LineDiffers(DomainError):
    message = _("Line %(line)s has the same number with other values.")


class SameNameAsLine(DomainError):
    message = _(
        "Line %(line)s has the same name and date of birth with another number. Compare both with the cards."
    )


class CheckDigitUnfit(DomainError):
    """Not a fault."""

    message = _(
        "The last digit does not fit the others: one may be mistyped. Compare the number with the card."
    )


class SharedWithLine(DomainError):
    message = _("Line %(line)s gives the same contact to another person.")


class SameAsLine(DomainError):
    """Not a fault: told, so that staff do not look for a second person."""

    message = _("The same person as in line %(line)s.")


class NotACount(DomainError):
    message = _("Write a whole number up to %(most)s.")


class ShiftUnknown(DomainError):
    message = _("Write “morning” or “evening”.")


class ProgramUnknown(DomainError):
    message = _("No published program has this code.")


class SameCohortAsLine(DomainError):
    """Not a fault."""

    message = _("The same cohort as in line %(line)s.")


class NoLoginMade(DomainError):
    """Not a fault."""

    message = _("No login is made: there is no mobile number of this person alone. The front desk gives one.")


class PersonUnknown(DomainError):
    message = _(
        "No person who is registered at your center has this number. Register them first; people of other centers get a seat at the "
        "front desk, with their card."
    )


class CohortUnknown(DomainError):
    message = _("This center has no cohort with this code.")


class UnitUnknown(DomainError):
    message = _("The cohort has no unit with this title or number.")


class UnitAmbiguous(DomainError):
    message = _("Several units of the cohort have this title. Write the number of the unit.")


class UnitNotMarked(DomainError):
    message = _("This unit has no marks: it is completed by reading or watching.")


class NotAScore(DomainError):
    message = _("Write a percentage from 0 to 100, like 85 or 85.5.")


class PassedUnknown(DomainError):
    message = _("Write “passed” or “not passed”.")


class PassedMissing(DomainError):
    message = _("This unit states no pass mark. Write whether the test was passed.")


class TakenInTheFuture(DomainError):
    message = _("This day is still to come. Compare it with the paper.")


class TakenBeforeCohort(DomainError):
    message = _("This day is before the first day of the cohort. Compare it with the paper.")


class NotEnrolledThere(DomainError):
    message = _("No one with this number is enrolled in this cohort.")


class ResultDiffers(DomainError):
    message = _(
        "Another result of this test was imported before. It was kept: correct the mark on the page of the enrollment if it is wrong."
    )


class OtherResultInLine(DomainError):
    message = _("Line %(line)s gives another result of the same test on the same day.")


class SameResultAsLine(DomainError):
    """Not a fault."""

    message = _("The same result as in line %(line)s.")


class PassMarkDiffers(DomainError):
    """Not a fault."""

    message = _("The pass mark of the unit is %(percent)s%%. What the line says counts.")


class BetterScoreStays(DomainError):
    """Not a fault."""

    message = _("A better score of this unit is on record. It stays, and this attempt is kept with it.")


class RoleUnknown(DomainError):
    message = _("This is none of the roles of staff. The import page lists the words for them.")


class PlaceUnknown(DomainError):
    message = _("No center has this code, and no governorate this name.")


class ContactMissing(DomainError):
    message = _("Give a mobile number or an e-mail address: without one there is no login.")


class StaffElsewhere(DomainError):
    message = _("This person is on record, but not in this center. Offer them the role (“Offered roles”).")


class LoginClosed(DomainError):
    message = _("The login of this person is closed. Open it again first, if that is right.")


class RoleWasEnded(DomainError):
    message = _("This role was ended. If the person is to have it again, give it under “Memberships”.")


class RolesClash(DomainError):
    message = _(
        "This person has a role there that conflicts with this one. If it has to be, give it under “Memberships”, with the reason."
    )


class RoleNeedsTwo(DomainError):
    message = _(
        "This role takes two people: one makes the login, and another one compares the card and gives the role. Do both by hand."
    )


_KNOWN: tuple[type[DomainError], ...] = (
    FileTooLarge, NotATable, OldOrLockedWorkbook, MacrosInside, WorkbookTooLarge, WorkbookBroken, LineBroken, FormulaInside,
    TooManyLines, TooManyColumns, HeadingMissing, HeadingTwice, HeadingUnknown, NoLines, TooManyElsewhere, FileChanged, NoLongerAllowed,
    ValueMissing, NameNotFull, NumberMissing, NumberTwice, NumberRounded, ValueTooLong, LettersBroken, CellWithoutHeading, LineOfSample, NotADate,
    BirthDateDiffers, SexUnknown, SexDiffers, GovernorateUnknown, EducationUnknown, NameDiffers, RegisterDiffers,
    RegisteredElsewhere, SameNameAsLine, CheckDigitUnfit, MaybeOnRecord, LineDiffers, SharedWithLine, SameAsLine, NoLoginMade, PersonUnknown, CohortUnknown, SameCohortAsLine, NotACount, ShiftUnknown, ProgramUnknown,
    BadEmail, ContactOfAnother, BirthDateMissing, GuardianMissing, BadPassportNumber, UnknownCountry,
    BirthDateInTheFuture, ImpossibleBirthDate, NotOnlyDigits, UnknownBirthPlace, UnknownCentury, WrongLength,
    BornInTheFuture, OwnRecord, NotAMobileNumber, AlreadyEnrolled, CohortFull, EnrollmentClosed, StaffGivesSeats,
    UnitUnknown, UnitAmbiguous, UnitNotMarked, NotAScore, PassedUnknown, PassedMissing, TakenInTheFuture, TakenBeforeCohort,
    NotEnrolledThere, ResultDiffers, OtherResultInLine, SameResultAsLine, PassMarkDiffers, BetterScoreStays,
    EnrollmentNotActive, OwnMark, CorrectedByTeacher, UnitNotInCohort,
    RoleUnknown, PlaceUnknown, ContactMissing, StaffElsewhere, LoginClosed, RoleWasEnded, RolesClash, RoleNeedsTwo,
    LoginTaken, OwnRole, RoleOutOfReach,
    CohortCodeTaken, CohortDatesReversed, NoCompletionRule, ProgramHasNoUnits, ReservedAboveSeats,
    RuleNamesATestThatIsGone,
)  # fmt: skip
BY_CODE = {kind.__name__: kind for kind in _KNOWN}


def code_of(error: DomainError) -> str:
    """The name under which a run keeps an error. Raises `KeyError` for one that no import may meet."""
    name = type(error).__name__
    if BY_CODE[name] is not type(error):
        raise KeyError(name)
    return name
