"""What the assessment app registers with Wagtail."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.documents.models import AbstractDocument
from wagtail.log_actions import LogActionRegistry

from accounts.scoping.filters_in_words import filters_in_words
from accounts.scoping.named_keys import CalledBy
from accounts.scoping.work import Shortcut, Work
from assessment.enums import FileFormat, KeyRule, MarkRound, QuestionKind, TakenOutAs
from assessment.file_views import marking_file
from assessment.picture_views import author_picture, keep_private, question_medium
from assessment.queries.accommodations import facts_for_staff
from assessment.queries.bank import numbers_of_versions
from assessment.viewsets.accommodations import (
    AccommodationView,
    EndAccommodationView,
    button_on_enrollment,
    button_on_person,
)
from assessment.viewsets.appeals import AppealViewSet
from assessment.viewsets.bank import BANK_ACTIONS, BankViewSet
from assessment.viewsets.choosers import BankChooserViewSet
from assessment.viewsets.cohort_tests import (
    CancelSittingView,
    FurtherAttemptView,
    PlanSittingView,
    WindowView,
    facts_of_tab,
)
from assessment.viewsets.decisions import AttemptDecisionsView
from assessment.viewsets.figures import TestFiguresView
from assessment.viewsets.late import LateAnswersView, LateAttemptView
from assessment.viewsets.marker_agreement import AgreementView
from assessment.viewsets.marking import (
    AgreementMenuItem,
    DecisionsMenuItem,
    DecisionsView,
    MarkingMenuItem,
    MarkingView,
    NextAnswerView,
    NextDecisionView,
)
from assessment.viewsets.marking_answers import (
    DecideLaterView,
    DecideMarkView,
    LaterView,
    MarkAnswerView,
    ReplaceMarkView,
)
from assessment.viewsets.own_marks import OwnDecisionsView, OwnMarksView
from assessment.viewsets.picture_chooser import question_pictures
from assessment.viewsets.question_files import QuestionFilesViewSet
from assessment.viewsets.quiz_drafts import QuizDraftView, button_with_keys
from assessment.viewsets.regrades import RegradeViewSet, button_of_listed_quiz, button_of_quiz
from assessment.viewsets.sittings import (
    BoardPeopleView,
    BoardView,
    EndSittingView,
    GiveTimeView,
    IncidentView,
    SimilarityView,
    SittingCodeView,
)
from assessment.viewsets.touched import TouchedView
from assessment.viewsets.without_marker import AppealLeftView, AppealsLeftView, WithoutMarkerView
from assessment.work import SHORTCUTS, WORK
from courses.queries.occupations import occupation_title
from courses.queries.workspace.registry import WorkspaceTab, register_tab

register_tab(
    WorkspaceTab(
        "tests",
        _("Tests"),
        "cohort:tests",
        order=35,
        template="assessment/admin/cohort_tests.html",
        facts=facts_of_tab,
    )
)

hooks.register("register_page_header_buttons", button_of_quiz)
hooks.register("register_page_listing_more_buttons", button_of_listed_quiz)
hooks.register("register_page_header_buttons", button_with_keys)
hooks.register("register_enrollment_facts", facts_for_staff)
hooks.register("register_enrollment_button", button_on_enrollment)
hooks.register("register_person_button", button_on_person)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in BANK_ACTIONS.items():
        actions.register_action(action, label, message)
    actions.register_action("assessment.attempt.start", _("Start attempt"), _("Attempt started"))
    actions.register_action("assessment.attempt.submit", _("Submit attempt"), _("Attempt submitted"))
    actions.register_action(
        "assessment.attempt.close", _("Close attempt"), _("Attempt closed: its time ran out")
    )
    actions.register_action(
        "assessment.appeal.file", _("Appeal against a mark"), _("Trainee appealed against a mark")
    )
    actions.register_action("assessment.appeal.answer", _("Answer an appeal"), _("Appeal was answered"))
    actions.register_action(
        "assessment.attempt.correct", _("Correct marks"), _("Marks of an attempt corrected")
    )
    actions.register_action("assessment.attempt.end", _("End an attempt"), _("Attempt ended by a supervisor"))
    actions.register_action("assessment.attempt.hold", _("Hold a result"), _("Result of an attempt held"))
    actions.register_action(
        "assessment.attempt.release", _("Let a result count"), _("Result of an attempt counts again")
    )
    actions.register_action(
        "assessment.attempt.void", _("Declare an attempt void"), _("Attempt declared void")
    )
    actions.register_action(
        "assessment.attempt.take_over", _("Go on on another device"), _("Attempt went on on another device")
    )
    actions.register_action(
        "assessment.file.erase", _("Erase files"), _("Files that no answer names were deleted")
    )
    actions.register_action(
        "assessment.attempt.count_late", _("Count late answers"), _("Late answers were counted")
    )
    actions.register_action(
        "assessment.attempt.leave_late", _("Leave late answers"), _("Late answers were left as they are")
    )
    actions.register_action(
        "assessment.correction.review",
        _("Look at a corrected certificate"),
        _("Certificate that a corrected key touches was looked at"),
    )
    actions.register_action(
        "assessment.attempt.give", _("Give another attempt"), _("Another attempt at a test given")
    )
    actions.register_action("assessment.attempt.give_time", _("Give time"), _("More time given"))
    actions.register_action("assessment.sitting.plan", _("Plan sitting"), _("Sitting planned"))
    actions.register_action("assessment.sitting.cancel", _("Cancel sitting"), _("Sitting canceled"))
    actions.register_action("assessment.sitting.release", _("Tell the code"), _("Code of the sitting told"))
    actions.register_action("assessment.sitting.end", _("End sitting"), _("Sitting ended"))
    actions.register_action(
        "assessment.sitting.compare", _("Compare papers"), _("Papers of a sitting were compared")
    )
    actions.register_action("assessment.sitting.note", _("Note incident"), _("Incident noted"))
    actions.register_action(
        "assessment.sitting.give_time", _("Give the room time"), _("More time given to the room")
    )
    actions.register_action(
        "assessment.window.set", _("Set when a test may be started"), _("When a test may be started was set")
    )
    actions.register_action(
        "assessment.accommodation.give", _("Give help in tests"), _("More time or help in tests given")
    )
    actions.register_action(
        "assessment.accommodation.end", _("End help in tests"), _("More time or help in tests ended")
    )
    actions.register_action(
        "assessment.accommodation.erase",
        _("Erase reasons of help in tests"),
        _("Reasons of help in tests erased"),
    )
    actions.register_action("assessment.mark.give", _("Mark an answer by hand"), _("Answer marked by hand"))
    actions.register_action(
        "assessment.mark.decide",
        _("Decide about two marks"),
        _("Decided about an answer with two marks far apart"),
    )
    actions.register_action(
        "assessment.regrade.propose", _("Count another key"), _("Effect of another key was asked for")
    )
    actions.register_action(
        "assessment.regrade.start", _("Correct the key"), _("Key of a question was corrected")
    )
    actions.register_action(
        "assessment.regrade.finish", _("Mark again"), _("Attempts were marked again by the corrected key")
    )
    actions.register_action(
        "assessment.regrade.drop", _("Drop the correction"), _("Correction of a key was dropped")
    )


@hooks.register("register_admin_viewset")
def register_appeals() -> AppealViewSet:
    return AppealViewSet()


@hooks.register("register_admin_viewset")
def register_regrades() -> RegradeViewSet:
    return RegradeViewSet()


@hooks.register("register_admin_urls")
def register_accommodations() -> list[URLPattern]:
    return [
        path("accommodations/<int:pk>/", AccommodationView.as_view(), name="accommodation"),
        path(
            "accommodations/<int:pk>/end/<int:accommodation>/",
            EndAccommodationView.as_view(),
            name="end_accommodation",
        ),
    ]


@hooks.register("register_admin_urls")
def register_sittings() -> list[URLPattern]:
    return [
        path("tests/<int:pk>/draft/", QuizDraftView.as_view(), name="quiz_draft"),
        path("tests/<int:pk>/window/", WindowView.as_view(), name="exam_window"),
        path("tests/<int:pk>/attempt/", FurtherAttemptView.as_view(), name="further_attempt"),
        path("tests/<int:pk>/figures/", TestFiguresView.as_view(), name="test_figures"),
        path("tests/<int:pk>/late/", LateAnswersView.as_view(), name="late_answers"),
        path("attempts/<int:pk>/decide/", AttemptDecisionsView.as_view(), name="attempt_decisions"),
        path("attempts/<int:pk>/late/", LateAttemptView.as_view(), name="late_attempt"),
        path("enrollments/<int:pk>/corrected/", TouchedView.as_view(), name="touched_certificate"),
        path("tests/<int:pk>/sitting/", PlanSittingView.as_view(), name="plan_sitting"),
        path("sittings/<int:pk>/", BoardView.as_view(), name="sitting"),
        path("sittings/<int:pk>/people/", BoardPeopleView.as_view(), name="sitting_people"),
        path("sittings/<int:pk>/code/", SittingCodeView.as_view(), name="sitting_code"),
        path("sittings/<int:pk>/time/", GiveTimeView.as_view(), name="sitting_time"),
        path("sittings/<int:pk>/incident/", IncidentView.as_view(), name="sitting_incident"),
        path("sittings/<int:pk>/end/", EndSittingView.as_view(), name="end_sitting"),
        path("sittings/<int:pk>/similarity/", SimilarityView.as_view(), name="sitting_similarity"),
        path("sittings/<int:pk>/cancel/", CancelSittingView.as_view(), name="cancel_sitting"),
    ]


@hooks.register("register_admin_urls")
def register_marking() -> list[URLPattern]:
    return [
        path("marking/", MarkingView.as_view(), name="marking"),
        path("marking/next/", NextAnswerView.as_view(), name="marking_next"),
        path("marking/mine/", OwnMarksView.as_view(), name="marking_mine"),
        path("marking/decided/", OwnDecisionsView.as_view(), name="marking_decided"),
        path("marking/missing/", WithoutMarkerView.as_view(), name="marking_without_marker"),
        path("marking/missing/appeals/", AppealsLeftView.as_view(), name="marking_appeals_left"),
        path("marking/missing/appeals/<int:pk>/", AppealLeftView.as_view(), name="marking_appeal_left"),
        path("marking/agreement/", AgreementView.as_view(), name="marking_agreement"),
        path("marking/decisions/", DecisionsView.as_view(), name="marking_decisions"),
        path("marking/decisions/next/", NextDecisionView.as_view(), name="marking_next_decision"),
        path("marking/files/<uuid:public_id>/", marking_file, name="marking_file"),
        path("marking/<uuid:code>/", MarkAnswerView.as_view(), name="marking_answer"),
        path("marking/<uuid:code>/decide/", DecideMarkView.as_view(), name="marking_decide"),
        path("marking/<uuid:code>/again/", ReplaceMarkView.as_view(), name="marking_again"),
        path("marking/<uuid:code>/later/", LaterView.as_view(), name="marking_later"),
        path("marking/<uuid:code>/decide/later/", DecideLaterView.as_view(), name="marking_decide_later"),
    ]


@hooks.register("register_admin_menu_item")
def list_marking() -> MenuItem:
    return MarkingMenuItem(
        _("Answers to mark"), reverse_lazy("marking"), name="marking", icon_name="edit", order=255
    )


@hooks.register("register_admin_menu_item")
def list_decisions() -> MenuItem:
    return DecisionsMenuItem(
        _("Marks to decide"),
        reverse_lazy("marking_decisions"),
        name="marking-decisions",
        icon_name="edit",
        order=255,
    )


@hooks.register("register_reports_menu_item")
def list_agreement() -> MenuItem:
    return AgreementMenuItem(
        _("How far markers agree"),
        reverse_lazy("marking_agreement"),
        name="marking-agreement",
        icon_name="group",
        order=1300,
    )


def _occupation(code: str, _data: Mapping[str, Any]) -> str:
    return occupation_title(code)


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, Any]:
    return {
        "assessment.appeal.file:question": _("question"),
        "assessment.appeal.answer:question": _("question"),
        "assessment.appeal.answer:granted": _("granted"),
        "assessment.appeal.answer:answer": _("answer"),
        "assessment.attempt:number": _("number of the attempt"),
        "assessment.attempt:score": _("score, %"),
        "assessment.bank:format": (_("format"), TakenOutAs),
        "assessment.bank:list": None,
        "assessment.bank:named": None,
        "assessment.bank:filters": (_("filters"), filters_in_words),
        "assessment.bank:rows": _("questions in the file"),
        "assessment.bank:left_out": _("questions left out"),
        "assessment.question_import:format": (_("format"), FileFormat),
        "assessment.question_import:sha256": _("digest of the file"),
        "assessment.question_import:created": _("new drafts"),
        "assessment.question_import:unchanged": _("already there"),
        "assessment.question_import:left_out": _("questions left out"),
        "assessment.question:kind": (_("kind"), QuestionKind),
        "assessment.question:version": (_("number of the version"), CalledBy(numbers_of_versions)),
        "assessment.question:occupation": (_("occupation"), _occupation),
        "assessment.question:reason": _("reason"),
        "assessment.question:discrimination": _("discrimination"),
        "assessment.attempt:epoch": _("device, by number"),
        "assessment.attempt:answers": _("late answers"),
        "assessment.correction:corrections": _("corrections of attempts"),
        "assessment.correction:reason": _("what follows"),
        "assessment.attempt:test": _("test"),
        "assessment.attempt:minutes": _("minutes"),
        "assessment.attempt:reason": _("reason"),
        "assessment.sitting:minutes": _("minutes"),
        "assessment.sitting:reason": _("reason"),
        "assessment.sitting:people": _("people"),
        "assessment.sitting:text": _("what happened"),
        "assessment.mark:round": (_("round"), MarkRound),
        "assessment.mark:edition": _("edition"),
        "assessment.mark:earned": _("points"),
        "assessment.mark:most": _("points of the question"),
        "assessment.regrade:rule": (_("from now on"), KeyRule),
        "assessment.regrade:reason": _("reason"),
        "assessment.regrade:asked": _("attempts with this question"),
        "assessment.regrade:changed": _("attempts that change"),
        "assessment.regrade:now_passed": _("pass now"),
        "assessment.regrade:now_failed": _("pass no more"),
        "assessment.regrade:completed": _("of people who completed"),
        "assessment.regrade:documented": _("of people with a certificate in force"),
        "assessment.regrade:kept_by_hand": _("score set by a person, which stays"),
        "assessment.window:test": _("test"),
        "assessment.window:before": _("before"),
        "assessment.window:after": _("after"),
        "assessment.file:files": _("files"),
        "assessment.accommodation:reasons": _("reasons"),
        "assessment.accommodation:factor": _("factor of the time"),
        "assessment.accommodation:break_minutes": _("minutes of breaks that do not count"),
        "assessment.accommodation:has_reader": _("somebody reads the questions aloud"),
        "assessment.accommodation:has_large_text": _("larger text"),
        "assessment.accommodation:since": _("first day"),
        "assessment.accommodation:until": _("last day"),
    }


@hooks.register("register_admin_urls")
def picture_urls() -> list[URLPattern]:
    return [
        path("questions/pictures/<int:document_id>/", author_picture, name="question_picture"),
        path("questions/media/<str:token>/<str:part>/", question_medium, name="question_medium"),
    ]


@hooks.register("before_serve_document")
def keep_pictures_private(document: AbstractDocument, request: HttpRequest) -> None:
    keep_private(document, request)


@hooks.register("insert_editor_js")
def areas_script() -> SafeString:
    return format_html(
        '<script type="module" src="{}" data-question-pictures="{}" data-draw="{}" data-remove="{}"></script>',
        static("js/hotspot_areas.js"),
        reverse("question_picture", args=[0]),
        gettext("Draw a frame around each right place."),
        gettext("Remove place {number}"),
    )


@hooks.register("register_admin_viewset")
def register_bank() -> list[ViewSet]:
    return [BankViewSet(), BankChooserViewSet("bank_chooser"), question_pictures, QuestionFilesViewSet()]


@hooks.register("register_work")
def register_work() -> Sequence[type[Work]]:
    return WORK


@hooks.register("register_shortcuts")
def register_shortcuts() -> Sequence[Shortcut]:
    return SHORTCUTS
