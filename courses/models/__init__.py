from courses.models.announcements import Announcement, AnnouncementJob, AnnouncementNotice
from courses.models.attendance import AttendanceRecord, ClassSession, Venue
from courses.models.attendance_codes import AttendanceCode, CodeCheckIn
from courses.models.attendance_notices import AttendanceNotice
from courses.models.call_backs import CallBack, CallBackEntry, CallBackEvent
from courses.models.checked_imports import CheckedImport
from courses.models.cohorts import Cohort, FormerInstructor
from courses.models.complaints import Complaint, ComplaintEvent, ComplaintNotice, HiddenComplaint
from courses.models.completion import CompletionRule, Eligibility, PracticalResult
from courses.models.content import ContentVersion, PinnedFile, PinnedUnit, UrgentCorrection
from courses.models.correction_notices import CorrectionAnnouncement, CorrectionNotice
from courses.models.corrections import ConfirmedCompletion, ScoreCorrection
from courses.models.enrollments import Enrollment
from courses.models.facts import CohortFacts
from courses.models.holidays import Holiday
from courses.models.imports import ImportedResult, ImportFault, ImportRun
from courses.models.info import InfoPage
from courses.models.levels import SkillLevel
from courses.models.mark_objections import MarkObjection
from courses.models.pages import CatalogPage, CoursePage, LessonPage, ProgramPage, UnitPage
from courses.models.paper_sheets import PaperMark, PaperSheet
from courses.models.progress import UnitProgress
from courses.models.questions import (
    Answer,
    MutedTrainee,
    MuteNotice,
    PostReport,
    Question,
    QuestionNotice,
    QuestionsWaitingNotice,
)
from courses.models.releases import UnitRelease
from courses.models.reviews import ContentPage, ContentReview
from courses.models.search import ProgramSearchEntry, SearchWord, StaleSearchEntry, SynonymGroup
from courses.models.seats import SeatHold, SeatNotice, Transfer, WaitingEntry

__all__ = [
    "Announcement",
    "AnnouncementJob",
    "AnnouncementNotice",
    "Answer",
    "AttendanceCode",
    "AttendanceNotice",
    "AttendanceRecord",
    "CallBack",
    "CallBackEntry",
    "CallBackEvent",
    "CatalogPage",
    "CheckedImport",
    "ClassSession",
    "CodeCheckIn",
    "Cohort",
    "CohortFacts",
    "Complaint",
    "ComplaintEvent",
    "ComplaintNotice",
    "CompletionRule",
    "ConfirmedCompletion",
    "ContentPage",
    "ContentReview",
    "ContentVersion",
    "CorrectionAnnouncement",
    "CorrectionNotice",
    "CoursePage",
    "Eligibility",
    "Enrollment",
    "FormerInstructor",
    "HiddenComplaint",
    "Holiday",
    "ImportFault",
    "ImportRun",
    "ImportedResult",
    "InfoPage",
    "LessonPage",
    "MarkObjection",
    "MuteNotice",
    "MutedTrainee",
    "PaperMark",
    "PaperSheet",
    "PinnedFile",
    "PinnedUnit",
    "PostReport",
    "PracticalResult",
    "ProgramPage",
    "ProgramSearchEntry",
    "Question",
    "QuestionNotice",
    "QuestionsWaitingNotice",
    "ScoreCorrection",
    "SearchWord",
    "SeatHold",
    "SeatNotice",
    "SkillLevel",
    "StaleSearchEntry",
    "SynonymGroup",
    "Transfer",
    "UnitPage",
    "UnitProgress",
    "UnitRelease",
    "UrgentCorrection",
    "Venue",
    "WaitingEntry",
]
