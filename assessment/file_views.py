"""Files of answers: sent by the person of the attempt, in pieces by a script or whole by a form, and read."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from assessment.enums import FileKind, QuestionKind
from assessment.errors import AnswerFull, AttemptOver, AttemptTakenOver, NoSuchFile
from assessment.files.rewriting import MOST_BY_FORM, FileRefused, FileTooLarge, small_picture
from assessment.models import AnswerFile, Attempt, FeedbackFile
from assessment.protocol import problem
from assessment.queries.asking import QuestionToAnswer, to_answer
from assessment.queries.attempts import attempts_of, attempts_to_save
from assessment.queries.exams import are_keys_out
from assessment.queries.feedback import feedback_files_of
from assessment.queries.marker_access import may_read_as_marker
from assessment.queries.questions import questions_of
from assessment.queries.responses import saved_responses
from assessment.queries.responses_by_hand import file_to_read, files_sent
from assessment.services.answer_files import (
    MOST_PART,
    Device,
    arrived_of,
    path_of,
    receive_file,
    receive_part,
)
from assessment.services.saving import holder_of, save_answers, take_over
from assessment.views import is_elsewhere

CONTENT_TYPES = {FileKind.PICTURE: "image/jpeg", FileKind.PDF: "application/pdf"}
ENDINGS = {FileKind.PICTURE: "jpg", FileKind.PDF: "pdf"}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def receive_file_part(request: MemberRequest, public_id: UUID, slot: int, sent_as: UUID) -> JsonResponse:
    """How much of a file has arrived; or take the next piece of it (`docs/reference/save-protocol.md`)."""
    attempt = get_object_or_404(attempts_to_save(request.user), public_id=public_id)
    try:
        if request.method != "POST":
            return _told(arrived_of(attempt=attempt, slot=slot, sent_as=sent_as))
        epoch, offset, length = (
            read_key(request.GET.get(name, "")) for name in ("epoch", "offset", "length")
        )
        if epoch is None or offset is None or length is None or len(request.body) > MOST_PART:
            raise FileRefused
        device = Device(holder_of(request.session.session_key or ""), epoch)
        arrived = receive_part(
            attempt=attempt,
            slot=slot,
            device=device,
            sent_as=sent_as,
            offset=offset,
            length=length,
            data=request.body,
        )
    except NoSuchFile as error:
        raise Http404 from error
    except DomainError as refusal:
        return problem(refusal)
    return _told(arrived)


def _told(arrived: AnswerFile | int) -> JsonResponse:
    if isinstance(arrived, int):
        return JsonResponse({"offset": arrived})
    return JsonResponse({"file": file_to_read(arrived).told})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_files(request: MemberRequest, public_id: UUID, slot: int) -> HttpResponse:
    """The files of one question, by forms without a script: one more, or one taken back."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if not attempt.accepts_at(timezone.now()) or is_elsewhere(request, attempt):
        return redirect("assessment:attempt", attempt.public_id)
    question = _question(attempt, slot)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            if read_key(request.POST.get("epoch", "")) != attempt.epoch:
                raise AttemptTakenOver
            holder = holder_of(request.session.session_key or "")
            attempt = take_over(attempt_id=attempt.pk, holder=holder, by=request.user)
            _change(request, attempt, question)
        except AttemptOver:
            return redirect("assessment:attempt", attempt.public_id)
        except DomainError as refused:
            error = refused
        else:
            return redirect("assessment:files", attempt.public_id, slot)
    context = {"attempt": attempt, "question": _question(attempt, slot), "error": error}
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    return render(request, "assessment/files.html", context, status=status)


def _question(attempt: Attempt, slot: int) -> QuestionToAnswer:
    questions = dict(enumerate(questions_of(attempt)))
    if slot not in questions or questions[slot].kind != QuestionKind.FILES:
        raise Http404
    saved = saved_responses([attempt])[attempt.pk]
    return to_answer(
        questions[slot],
        slot=slot,
        response=saved[slot].response if slot in saved else None,
        attempt=attempt,
        files=files_sent(attempt).get(slot, ()),
    )


def _change(request: HttpRequest, attempt: Attempt, question: QuestionToAnswer) -> None:
    """What the form asks for. Of several files, those before one that is refused are kept."""
    assert question.files is not None  # noqa: S101 - of its kind
    named = [str(file.public_id) for file in question.files.chosen]
    if taken_back := request.POST.get("take_back"):
        if taken_back not in named:
            raise NoSuchFile
        named.remove(taken_back)
        _save(attempt, question, named)
        messages.success(request, _("The file is taken back."))
        return
    sent = request.FILES.getlist("file")
    if not sent:
        raise FileRefused
    if len(named) + len(sent) > question.files.most:
        raise AnswerFull(most=question.files.most)
    device = Device(attempt.holder, attempt.epoch)
    for file in sent:
        if (file.size or 0) > MOST_BY_FORM:
            raise FileTooLarge(MOST_BY_FORM)
        kept = receive_file(attempt=attempt, slot=question.slot, device=device, data=file.read())
        named.append(str(kept.public_id))
        _save(attempt, question, named)
    messages.success(request, _("The file is saved."))


def _save(attempt: Attempt, question: QuestionToAnswer, named: list[str]) -> None:
    save_answers(attempt_id=attempt.pk, responses={question.slot: named or None}, epoch=attempt.epoch)


@login_required
@require_safe
def own_file(request: MemberRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of one's own attempt. It never changes."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if is_elsewhere(request, attempt):
        raise Http404
    file = get_object_or_404(AnswerFile, attempt=attempt, public_id=file_id)
    if "small" in request.GET and file.kind == FileKind.PICTURE:
        return _small(request, file)
    return _sent(request, file)


def _small(request: HttpRequest, file: AnswerFile) -> HttpResponse:
    """A picture for a list, made from the file as this site wrote it."""
    etag = f'"{file.sha256[:32]}-small"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        small_picture(path_of(file.path).read_bytes()), content_type="image/webp"
    )
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, max_age=24 * 60 * 60)
    return response


@login_required
@require_safe
def marking_file(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A file of an answer, for those who mark it: without a name, also in what is downloaded."""
    file = get_object_or_404(AnswerFile.objects.select_related("attempt"), public_id=public_id)
    if not may_read_as_marker(request.user, file):
        raise Http404
    return _sent(request, file)


@login_required
@require_safe
def feedback_file(request: MemberRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A file that came back with a mark, for the person of the attempt, once its page shows what was written about it."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if not are_keys_out(attempt):
        raise Http404
    return _sent(request, get_object_or_404(feedback_files_of(attempt), public_id=file_id))


def _sent(request: HttpRequest, file: AnswerFile | FeedbackFile) -> HttpResponse:
    etag = f'"{file.sha256[:32]}"'
    response: Any
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        kind = FileKind(file.kind)
        response = HttpResponse(path_of(file.path).read_bytes(), content_type=CONTENT_TYPES[kind])
        response.headers["Content-Disposition"] = f'inline; filename="answer.{ENDINGS[kind]}"'
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, max_age=24 * 60 * 60)
    return response
