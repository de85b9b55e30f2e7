"""Our pages outside the staff workplace, and the API."""

from accounts.enums import Act
from tests.engines import told_by_engines
from tests.project.authorization.table import Entry, closed, own, public, signed_in

SIGNED = "The signature in the address is the pass."
CODE = "Anyone who has the code of a certificate may check it."
SECRET = "Users who have the secret of a link see what its holder shows."
VERIFIERS = "Programs that verify certificates fetch it; it names no one."

OPERATION = {
    "sms_report": public("The gateway reports by the address that it was given; its signature is the pass."),
    "healthz": public("The load balancer asks."),
    "readyz": public("The load balancer asks."),
    "identity_css": public("The colors of the site are on every public page."),
    "robots": public("It tells programs which pages to leave out."),
    "favicon": public("The picture of the site is on every page."),
    "sitemap": public("It lists pages that are for all."),
    "sitemap_part": public("It lists pages that are for all."),
    "picture": public("Pictures of pages are on public pages."),
    "too_large": public("It says that a request was too large, and nothing else."),
    "styleguide": public("It shows the parts that pages are made of, with invented words."),
    "may_upload": signed_in("nginx asks it before it reads a large body; it answers users who hold a role."),
}

LEARNING = {
    "courses:call_back": public("Anyone may ask for a call."),
    "courses:call_back_sent": public("It shows what was sent from the same session, else leads to the form."),
    "short_notices": public("It leads to the own notices, which ask for the login."),
    "courses:complain": public("Anyone may complain."),
    "courses:find_complaint": public("Users who know the reference and the number of a complaint open it."),
    "courses:complaint": own("A complaint is read by the person who made it."),
    "courses:my_learning": signed_in("It shows the user's own courses."),
    "courses:catalog": public("The programs are for all to read."),
    "courses:earlier_catalog": public("It leads to the catalog."),
    "courses:centers": public("Centers and what starts there are for all to read."),
    "courses:info": public("What the ministry says about the site is for all to read."),
    "courses:suggest": public("It names programs that are for all to read."),
    "courses:enroll": signed_in("Any user with a person may ask for a seat in an open cohort."),
    "courses:wait": signed_in("Any user with a person may wait for a seat in a full cohort."),
    "courses:leave_list": own("A waiting list is left by the person who waits."),
    "courses:give_back": own("A seat is given back by the person who has it."),
    "courses:own_attendance": own("Marks of attendance are read by the person whom they are of."),
    "courses:check_in": own("Attendance by code is for the trainees of the session."),
    "courses:unit": own("A unit is read by trainees of its cohort."),
    "courses:unit_questions": own("Questions under a lesson are read by trainees of its cohort."),
    "courses:question": own("A question is read by trainees of its cohort."),
    "courses:unit_done": own("Progress is written by the trainee."),
    "courses:progress": own("Progress is written by the trainee."),
    "insights:public": public("Figures of quarters are for all to read, without small groups."),
    "insights:public_file": public("Figures of quarters are for all to read, without small groups."),
    "assessment:start": own("A trainee starts a quiz of the own program."),
    "assessment:worker": public("It is the same script for all, and says nothing of any person."),
    "assessment:attempt": own("An attempt is read by its trainee."),
    "assessment:appeal": own("A mark is appealed against by the trainee of the attempt."),
    "assessment:picture": own("Pictures of questions are for the trainee of the attempt."),
    "assessment:medium": own("Media of questions are for the trainee of the attempt."),
    "assessment:files": own("Files are sent and taken back by the trainee of the attempt."),
    "assessment:file_part": own("Files are sent by the trainee of the attempt."),
    "assessment:answer_file": own("Files of an answer are read by the trainee of the attempt."),
    "assessment:feedback_file": own("Files that markers send back are read by the trainee of the attempt."),
    "assessment:changes": own("Answers are saved for the trainee of the attempt."),
    "assessment:state": own("How long an attempt has is told to its trainee."),
    "assessment:go_on": own("The trainee of an attempt goes on on another device."),
    "assessment:submit": own("An attempt is submitted by its trainee."),
}

UPLOADS = {
    "uploads:page": signed_in("It is for users who hold MANAGE_MEDIA anywhere; others get a 404."),
    "uploads:state": signed_in("It lists the user's own uploads."),
    "uploads:keep": own("An upload is decided about by the user who made it."),
    "uploads:drop": own("An upload is decided about by the user who made it."),
    "media_pipeline:stream": public(SIGNED),
    "media_pipeline:bucket_stream": public(SIGNED),
    "media_pipeline:live_stream": public(SIGNED),
    "media_pipeline:telemetry": public(SIGNED),
    "media_pipeline:no_stream": closed("No other address below /media/ leads to a file."),
    "live_files:slide_picture": public(SIGNED),
}

ROOM = (Act.TEACH, Act.INSPECT_CLASSES)
LIVE = {
    "live:index": signed_in("It lists the classes that the user may enter."),
    "live:calendar_address": signed_in("The address of the user's own calendar."),
    "live:feed": public("The calendar of a phone has no login; the address holds a secret of 128 bits."),
    "live:class_calendar": own("A class of one's own cohort.", *ROOM),
    "live:room": own("A class of one's own cohort.", *ROOM),
    "live:register": own(
        "The register of a class, for its staff and users who inspect it.", Act.TEACH, Act.INSPECT_CLASSES
    ),
    "live:objection": own(
        "A trainee objects to the own attendance; others are told that there is none.", *ROOM
    ),
    "live:ticket": own("A class of one's own cohort.", *ROOM),
    "live:sender_ticket": own(
        "An instructor of the center sends; inspectors are told that they watch.", *ROOM
    ),
    "live:voice_ticket": own("A trainee who was called speaks.", *ROOM),
    "live:roster": own("Instructors of the center.", Act.TEACH),
    "live:candidates": own("Instructors of the center.", Act.TEACH),
    "live:number_to_call": own("Instructors of the center.", Act.TEACH),
    "live:groups": own("Instructors of the center.", Act.TEACH),
    "live:slides": own("Instructors of the center.", Act.TEACH),
    "live:lesson": own("Instructors of the center.", Act.TEACH),
    "live:replay": own("A class of one's own cohort.", *ROOM),
    "live:recorded": own("A class of one's own cohort.", *ROOM),
    "live:lesson_replay": own("A lesson of one's own program.", Act.TEACH, Act.EDIT_CONTENT),
}

CERTIFICATES = {
    "certificates:verify": public(CODE),
    "certificates:badge": public(CODE),
    "certificates:check_file": public("Anyone may check a file."),
    "certificates:check_list": public("Anyone may check a list of codes."),
    "certificates:file_too_large": public("It says that a file was too large, and nothing else."),
    "certificates:list_too_large": public("It says that a list was too large, and nothing else."),
    "scanned_certificate": public(CODE),
    "scanned_offline_certificate": public(CODE),
    "share_link": public(SECRET),
    "certificates:shared": public(SECRET),
    "certificates:shared_certificate": public(SECRET),
    "certificates:shared_passport": public(SECRET),
    "passport_schema": public(VERIFIERS),
    "certificates:mine": signed_in("The user's own certificates."),
    "certificates:bundle": own("Files of a proposal, for staff who see it.", Act.VIEW_CERTIFICATES),
    "certificates:download": own("One's own certificate.", Act.VIEW_CERTIFICATES),
    "certificates:download_copy": own("One's own certificate.", Act.VIEW_CERTIFICATES),
    "certificates:download_card": own("One's own certificate.", Act.VIEW_CERTIFICATES),
    "certificates:download_copied_card": own("One's own certificate.", Act.VIEW_CERTIFICATES),
    "certificates:links": signed_in("The user's own links; users without a person get a 404."),
    "certificates:new_link": signed_in("A link to the user's own certificates."),
    "certificates:end_link": own("A link is ended by its holder."),
    "certificates:passports": signed_in("The user's own passports."),
    "certificates:new_passport": signed_in("A passport of the user's own certificates."),
    "certificates:withdraw_consent": signed_in("The user's own consent."),
    "certificates:passport_pdf": own("One's own passport."),
    "certificates:passport_data": own("One's own passport."),
    "certificates:new_passport_link": own("One's own passport."),
    "certificates:withdraw_passport": own("One's own passport."),
    "offline_verifier:home": public("The page says nothing of any person."),
    "offline_verifier:worker": public("The page says nothing of any person."),
    "offline_verifier:manifest": public("The page says nothing of any person."),
    "offline_verifier:page": public("The page says nothing of any person."),
    "offline_verifier:keys": public(VERIFIERS),
    "offline_verifier:hand_overs": public(VERIFIERS),
    "offline_verifier:status": public(VERIFIERS),
}

API = {
    "did_document": public(VERIFIERS),
    "status_list": public(VERIFIERS),
    "achievement": public("What a certificate means is public."),
    "api_documentation": public("The documentation of the API."),
    "api:openapi-json": public("The documentation of the API."),
    "api:api-root": public("The documentation of the API."),
    "api:keys": public(VERIFIERS),
    "api:verify": public(CODE),
    "api:verify_many": own("An API client with the scope `verify`."),
    "api:credential": own(
        "The holder, or an API client with the scope `credentials`.", Act.VIEW_CERTIFICATES
    ),
}

SITE: dict[str, Entry] = {
    **OPERATION,
    **LEARNING,
    **UPLOADS,
    **LIVE,
    **CERTIFICATES,
    **API,
    **told_by_engines("ADDRESSES"),
}
