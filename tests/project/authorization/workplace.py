"""Our pages of the staff workplace."""

from accounts.enums import Act
from tests.project.authorization.table import Entry, about, closed, of, own, staff, viewset, wagtails

LIST = "index index_results"
HISTORY = "history history_results"

ACCOUNTS = {
    "work": staff(
        "A kind of work is for its roles, else 404, and shows rows within their reach: tests/lms/test_home.py."
    ),
    "find": staff("It finds rows within the reader's reach: tests/lms/test_find.py."),
    **{
        name: staff(
            "Own views of a list that the reader may open, else 404: tests/accounts/scoping/test_saved_views.py."
        )
        for name in ("list_views", "list_columns")
    },
    **viewset(
        "person",
        "accounts.Person",
        view=f"{LIST} {HISTORY} inspect photo",
        add="add",
        change="edit",
        merge="merge_choose merge merge_undo",
        correct_number="correct_number",
        note="note",
        remove_photo="remove_photo",
        tell_again="tell_again",
        ask="ask",
        hold="hold",
    ),
    "person:view_as": of(
        "accounts.Person", "view_as", "Trainees with an open login who work nowhere, and not oneself."
    ),
    **viewset("center", "accounts.Center", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"),
    "first_cohort": of("accounts.Center", "first_cohort"),
    **viewset(
        "membership", "accounts.Membership", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"
    ),
    **viewset(
        "user",
        "accounts.User",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        change="edit",
        confirm_card="confirm_card",
    ),
    **viewset(
        "role_requests",
        "accounts.RoleRequest",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        give="give",
        refuse="refuse",
    ),
    **viewset(
        "lost_passwords",
        "accounts.PasswordRecovery",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        give="give",
        refuse="refuse",
    ),
    **viewset("data_requests", "accounts.DataRequest", view=f"{LIST} {HISTORY} inspect", change="edit"),
    **viewset("deputy", "accounts.Deputy", view=f"{LIST} {HISTORY} inspect"),
    "deputies": staff("The own roles, and those that colleagues lend to the reader."),
    "name_deputy": own("The holder of a role of a center, or who gives roles there.", Act.MANAGE_MEMBERS),
    "hand_over": own("The holder of the role sees it, and who gives roles there.", Act.MANAGE_MEMBERS),
    "end_deputy": own("The two whom it concerns, or who gives roles there.", Act.MANAGE_MEMBERS),
    **viewset(
        "role_offers",
        "accounts.RoleOffer",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        withdraw="withdraw",
    ),
    **viewset("audit", "accounts.AuditEntry", view=f"{LIST} inspect"),
    **wagtails(
        {
            "governorate:index": of("accounts.Center", "view"),
            "governorate:index_results": of("accounts.Center", "view"),
        }
    ),
    "jobs": of(
        "accounts.VisualIdentity",
        "change",
        "In the whole ministry: jobs are of all kinds and centers (`lms.job_views`).",
    ),
    "admin/login/": closed("It leads to the one login page; users who may not enter get a 404."),
    "admin/account/": staff("Language and theme of the own workplace."),
}

COURSES = {
    **viewset(
        "cohort",
        "courses.Cohort",
        view=f"{LIST} {HISTORY} inspect people progress sessions risks print_roster print_days print_labels",
        add="add",
        change="edit",
        withdraw_many="withdraw_many undo_withdraw_many",
        transfer_many="transfer_many undo_transfer_many",
        enroll_many="enroll_many",
        assess_many="assess_many",
        start="start",
        close="close",
        reopen="reopen",
        take_content="content",
        correct_facts="facts",
        decide_facts="decide_facts",
        release="unit",
        questions="questions",
    ),
    "cohort:units": of("courses.Cohort", "view", writes="release"),
    "cohort:write_to": of(
        "courses.Cohort", "write_to", "Cohorts that one teaches; all where one also enrolls."
    ),
    "cohort:messages": of(
        "courses.Cohort", "write_to", "Messages to cohorts that one teaches; all where one also enrolls."
    ),
    **viewset(
        "enrollment",
        "courses.Enrollment",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        change="edit",
        transfer="transfer",
        reinstate="reinstate",
        settle_given_back="settle_given_back",
        correct="correct",
        practice="practice",
        confirm="confirm",
    ),
    **viewset(
        "announcement",
        "courses.Announcement",
        view=LIST,
        add="add to",
    ),
    **{
        f"announcement:{name}": of(
            "courses.Announcement", verb, "Where one also enrolls, of cohorts one teaches, and one's own."
        )
        for verb, names in {
            "view": f"{HISTORY} inspect progress people",
            "change": "edit",
            "send": "send",
            "cancel": "cancel",
        }.items()
        for name in names.split()
    },
    **viewset("question", "courses.Question", view="index index_results"),
    **{
        f"question:{name}": of(
            "courses.Question", verb, "Of cohorts one teaches; all where one manages cohorts, too."
        )
        for verb, names in {
            "view": f"{HISTORY} inspect",
            "answer": "answer",
            "moderate": "hide restore accept settle_reports share stop_sharing mute unmute",
        }.items()
        for name in names.split()
    },
    **viewset(
        "complaints",
        "courses.Complaint",
        view=f"{LIST} inspect",
        handle="take ask note reply hand_over answer open_again",
    ),
    "complaint_desk": of("courses.Complaint", "enter"),
    **viewset(
        "call_backs",
        "courses.CallBack",
        view=f"{LIST} {HISTORY} inspect",
        answer="take no_answer reopen close",
        count="counts",
    ),
    **viewset("seathold", "courses.SeatHold", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"),
    **viewset(
        "waitingentry", "courses.WaitingEntry", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"
    ),
    **viewset(
        "imports",
        "courses.ImportRun",
        view=LIST,
        add="add sample",
    ),
    **viewset(
        "classsession",
        "courses.ClassSession",
        view=f"{LIST} {HISTORY} inspect print",
        add="add series",
        change="edit cancel",
        attend="code paper objections",
    ),
    **{
        f"imports:{name}": of(
            "courses.ImportRun", verb, "Lists of what one may enter by hand, and one's own."
        )
        for verb, names in {"view": f"{HISTORY} inspect progress faults", "start": "start"}.items()
        for name in names.split()
    },
    "classsession:attendance": of("courses.ClassSession", "view", writes="attend"),
    **viewset(
        "venue", "courses.Venue", view=f"{LIST} {HISTORY} inspect", add="add", change="edit", delete="delete"
    ),
    **viewset(
        "holiday",
        "courses.Holiday",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        change="edit",
        delete="delete",
    ),
    **viewset("completionrule", "courses.CompletionRule", view=f"{LIST} {HISTORY} inspect", add="add"),
    **viewset(
        "synonymgroup",
        "courses.SynonymGroup",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        change="edit",
        delete="delete",
    ),
    **viewset("skilllevel", "courses.SkillLevel", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"),
    **about(
        "accounts.Person",
        viewset("person_chooser", "courses.Enrollment", add="choose choose_results chosen chosen_multiple"),
    ),
    "desk": of("accounts.Person", "add", "and who may enroll, which the same roles may"),
    "videos_watched": of("media_pipeline.Video", "view"),
    "videos_watched_results": of("media_pipeline.Video", "view"),
    **dict.fromkeys(
        ("figures", "figures_attendance", "figures_centers"), of("insights.FigureSnapshot", "view")
    ),
    "figure_rows": of("insights.EnrollmentSpan", "view", "and who may see the figures"),
    "figure_rows_results": of("insights.EnrollmentSpan", "view", "and who may see the figures"),
    "content_review": of("wagtailcore.Page", "review"),
    "content_offline": of("wagtailcore.Page", "take_offline"),
    "content_owner": of("wagtailcore.Page", "assign"),
    "content_correct": of("wagtailcore.Page", "correct"),
}

BANK = {
    **viewset(
        "bank",
        "assessment.Question",
        view=f"{LIST} inspect figures picture",
        take_out="take_out",
        add="add drafts",
        change=f"edit {HISTORY}",
        submit="submit",
        take_back="take_back",
        discard="discard",
        publish="publish",
        send_back="send_back",
        withdraw="withdraw",
        reinstate="reinstate",
        keep="keep",
    ),
    **viewset(
        "question_imports",
        "assessment.QuestionImport",
        view=f"{LIST} {HISTORY} inspect progress remarks",
        add="add",
        start="start",
    ),
    **viewset("bank_chooser", "assessment.Question", view="choose choose_results chosen chosen_multiple"),
}

MEDIA = {
    **viewset(
        "video",
        "media_pipeline.Video",
        view=f"{LIST} {HISTORY} inspect progress watching",
        add="add",
        change="edit retry cancel reprocess",
    ),
    **viewset("video_chooser", "media_pipeline.Video", view="choose choose_results chosen chosen_multiple"),
    **viewset(
        "captions",
        "media_pipeline.CaptionTrack",
        view=f"{LIST} revisions download missing missing_results",
        add="add",
        write="editor autosave",
        delete="delete",
    ),
    "captions:restore": of("media_pipeline.CaptionTrack", "write", "a revision that the body names"),
    **viewset(
        "media_quota",
        "media_pipeline.MediaQuota",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        change="edit",
        delete="delete",
    ),
    **viewset("transcription", "media_pipeline.Transcription", view=f"{LIST} {HISTORY}", add="add"),
}

LIVE = {
    **viewset(
        "livesession",
        "live.LiveSession",
        view=f"{LIST} {HISTORY} inspect sheet export polls",
        add="add",
        change="edit",
    ),
    "livesession:attendance": of("live.LiveSession", "view", "only users who record attendance write it"),
}

CERTIFICATES = {
    **viewset(
        "proposals",
        "certificates.Proposal",
        view=f"{LIST} {HISTORY} inspect draft progress zip cards print_run",
        add="add",
        decide="approve reject",
        withdraw="withdraw",
        mend="redraw tell_again",
        record_fees="fees",
        waive_fees="waive_fees",
        hand_out="printed",
    ),
    "outlook": of("courses.Enrollment", "outlook"),
    "cohort:tests": of("courses.Cohort", "view"),
    "further_attempt": of("courses.Cohort", "further_attempt"),
    "exam_window": of("courses.Cohort", "plan_tests"),
    "plan_sitting": of("courses.Cohort", "plan_tests"),
    "quiz_draft": of("wagtailcore.Page", "read_keys"),
    "test_figures": of("courses.Cohort", "read_figures"),
    "late_answers": of("courses.Cohort", "late_answers"),
    "touched_certificate": of("courses.Enrollment", "review_touched", "Not one's own."),
    "attempt_decisions": of("assessment.Attempt", "decide"),
    "late_attempt": of("assessment.Attempt", "decide_late"),
    **{
        name: of("assessment.Sitting", "supervise")
        for name in (
            "sitting",
            "sitting_people",
            "sitting_code",
            "sitting_time",
            "sitting_incident",
            "end_sitting",
        )
    },
    "cancel_sitting": of("assessment.Sitting", "cancel"),
    "sitting_similarity": of("assessment.Sitting", "compare", "Once it has ended."),
    "accommodation": of("courses.Enrollment", "accommodate", "Active enrollments, and not for oneself."),
    "end_accommodation": of("courses.Enrollment", "accommodate", "Active enrollments, and not for oneself."),
    **viewset("appeals", "assessment.Appeal", view=f"{LIST} {HISTORY} inspect", answer="answer"),
    **dict.fromkeys(("marking", "marking_next", "marking_mine"), of("assessment.MarkingTask", "mark")),
    **dict.fromkeys(
        ("marking_decisions", "marking_next_decision", "marking_decided"),
        of("assessment.MarkingTask", "moderate"),
    ),
    "marking_without_marker": of("assessment.MarkingTask", "count_missing"),
    "marking_appeals_left": of("assessment.Appeal", "read_blind"),
    "marking_appeal_left": own(
        "Who manages the cohorts of its center, as long as no one there may answer it: tests/assessment/test_appeals_left.py.",
        Act.MANAGE_COHORTS,
    ),
    "marking_agreement": of("assessment.MarkingTask", "compare"),
    **dict.fromkeys(
        ("marking_answer", "marking_later", "marking_decide", "marking_decide_later"),
        own(
            "Who has the answer open to mark it or to decide about it: tests/assessment/test_blind_marking.py."
        ),
    ),
    "marking_file": own("Who has the answer open to mark it or to decide about it."),
    "marking_again": own("Who gave the mark, until it counts."),
    **viewset(
        "regrade",
        "assessment.Regrade",
        view=f"{LIST} {HISTORY} inspect progress",
        propose="questions propose",
        start="start",
        drop="drop",
    ),
    "propose_many": of("courses.Cohort", "propose_many"),
    **viewset(
        "credentials",
        "certificates.Credential",
        view=f"{LIST} {HISTORY} inspect",
        propose="correct renew follow redraw ending bases",
        revoke="revoke decide_revocation drop_revocation suspend confirm_suspension reinstate",
        lift_doubt="lift_doubt",
        copy_paper="issue_copy",
        record_fees="copy_fee",
        waive_fees="waive_copy_fee",
        hand_out="hand_out printed",
    ),
    **viewset(
        "sheet_deliveries",
        "certificates.SheetDelivery",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        recall="recall",
    ),
    **viewset("sheets", "certificates.Sheet", view=f"{LIST} {HISTORY} inspect", end="end"),
    **viewset("printouts", "certificates.Printout", view=f"{LIST} {HISTORY} inspect", hand_out="spoil"),
    **viewset("collected", "certificates.Collection", view=f"{LIST} {HISTORY} inspect", undo="undo"),
    **viewset(
        "settled_fees",
        "certificates.SettledFee",
        view=f"{LIST} {HISTORY} inspect",
        cancel="cancel",
        cancel_waiver="cancel_waiver",
    ),
    **viewset(
        "legacy_batches",
        "certificates.LegacyBatch",
        view=f"{LIST} {HISTORY} inspect",
        add="add scans",
        enter="enter",
    ),
    **viewset(
        "legacy_papers",
        "certificates.LegacyPaper",
        view=f"{LIST} {HISTORY} inspect scan",
        change="edit",
        delete="delete",
        check="check send_back",
    ),
    **viewset(
        "credential_types",
        "certificates.CredentialType",
        view=f"{LIST} {HISTORY} inspect",
        add="add",
        change="edit",
    ),
    **viewset("issuing_rules", "certificates.IssuingRule", view=f"{LIST} {HISTORY} inspect", add="add"),
    **viewset("terms", "certificates.Term", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"),
    **viewset("fees", "certificates.Fee", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"),
    **viewset(
        "api_clients", "certificates.ApiClient", view=f"{LIST} {HISTORY} inspect", add="add", delete="delete"
    ),
    **viewset("webhooks", "certificates.Webhook", view=f"{LIST} {HISTORY} inspect", add="add", change="edit"),
    **viewset(
        "webhook_deliveries",
        "certificates.WebhookDelivery",
        view=f"{LIST} {HISTORY} inspect",
        resend="resend",
    ),
}

ASSESSMENT = {
    "question_picture": of("wagtaildocs.Document", "choose"),
    "question_medium": own("The address of a medium is of the login whose page showed the question."),
}

MANUAL = {f"manual:{name}": staff("All staff read the same pages.") for name in ("index", "page")}

WORKPLACE: dict[str, Entry] = {
    **ACCOUNTS,
    **COURSES,
    **MEDIA,
    **LIVE,
    **CERTIFICATES,
    **ASSESSMENT,
    **BANK,
    **MANUAL,
}
