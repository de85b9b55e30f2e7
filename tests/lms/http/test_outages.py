"""During outages the site shows a message, loses nothing and recovers by itself."""

import errno

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisAway

from lms.outages import is_outage
from lms.views import broken


def raised_from(cause: Exception) -> Exception:
    error = ValueError("rendering failed")
    error.__cause__ = cause
    return error


def answer_to(error: Exception, path: str = "/ar/learning/") -> HttpResponse:
    try:
        raise error
    except type(error):
        return broken(RequestFactory().get(path))


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the database system is shutting down"),
        RedisAway("Connection refused"),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EMFILE, "Too many open files"),
        raised_from(OperationalError("timeout")),
    ],
)
def test_what_comes_back_by_itself_is_answered_with_when_to_ask_again(error: Exception):
    response = answer_to(error)

    assert (response.status_code, response["Retry-After"]) == (503, "10")


@pytest.mark.parametrize(
    "error", [ValueError("a fault"), OSError(errno.ENOENT, "No such file"), KeyError("x")]
)
def test_a_fault_of_ours_is_no_outage(error: Exception):
    assert not is_outage(error)
    assert answer_to(error).status_code == 500


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/ar/learning/", "الموقع غير جاهز الآن"),
        ("/en/learning/", "The site is not ready at the moment"),
        ("/x", "الموقع"),
    ],
)
def test_the_page_of_an_outage_is_in_the_language_of_the_address(path: str, sentence: str):
    page = answer_to(OperationalError("gone"), path).content.decode()

    assert sentence in page
