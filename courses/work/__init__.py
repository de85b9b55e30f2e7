"""Work of this app on the home page of the workplace (`accounts.scoping.work`)."""

from courses.work.call_backs import CallsToMake
from courses.work.complaints import ComplaintsWaiting
from courses.work.content import KeptOffline, OwnDrafts, Reviews
from courses.work.ministry import FactsToDecide, IdleCenters, NewCenters, ProgramsWithoutRule
from courses.work.questions import QuestionsOverdue, QuestionsReported, QuestionsWaiting
from courses.work.results import DoubtfulCompletions, FailedTests, MarksWaiting, PracticeWaiting
from courses.work.seats import (
    CohortsStarting,
    CohortsToClose,
    CohortsToStart,
    LowAttendance,
    MinorsWithoutGuardian,
    SeatsGivenBack,
    WithoutDocument,
    WithoutPhone,
)
from courses.work.sessions import MarkObjections, OldSheets, OpenSheets, SessionsToday
from courses.work.shortcuts import SHORTCUTS

__all__ = ["SHORTCUTS", "WORK"]

WORK = (
    CallsToMake,
    ComplaintsWaiting,
    SessionsToday,
    OpenSheets,
    MarkObjections,
    OldSheets,
    QuestionsReported,
    QuestionsWaiting,
    QuestionsOverdue,
    OwnDrafts,
    Reviews,
    KeptOffline,
    FailedTests,
    MarksWaiting,
    PracticeWaiting,
    DoubtfulCompletions,
    CohortsStarting,
    CohortsToStart,
    CohortsToClose,
    LowAttendance,
    SeatsGivenBack,
    WithoutPhone,
    WithoutDocument,
    MinorsWithoutGuardian,
    FactsToDecide,
    ProgramsWithoutRule,
    NewCenters,
    IdleCenters,
)
