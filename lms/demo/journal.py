"""Prints the steps of the journey with their times."""

import contextlib
import time
from collections.abc import Callable, Iterator


class Journal:
    """Prints a line when a step begins, lines while it goes on and one when it is done. `steps` holds the seconds."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self.write = write
        self.steps: dict[str, float] = {}
        self.started = time.monotonic()

    @contextlib.contextmanager
    def step(self, name: str, title: str) -> Iterator[None]:
        self.write(f"[{time.monotonic() - self.started:6.1f} s] {title} ...")
        begun = time.monotonic()
        yield
        self.steps[name] = round(time.monotonic() - begun, 2)
        self.write(f"[{time.monotonic() - self.started:6.1f} s] {title}: done in {self.steps[name]:.1f} s")

    def report(self, text: str) -> None:
        """A line of progress inside a step."""
        self.write(f"{'':11}{text}")
