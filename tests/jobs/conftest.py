import pytest

from lms.celery import app


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[object]]]:
    """The messages that reach the broker: name of the task, and its arguments."""
    messages: list[tuple[str, list[object]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: messages.append((name, args)))
    return messages
