"""A module of rules, some of which have tests (`examples.py`)."""

from collections.abc import Callable

from accounts.errors import DomainError


class TooYoung(DomainError):
    message = "No."


class Full(DomainError):
    message = "No."


def admit(*, age: int, seats: int) -> str:
    if age < 15:
        raise TooYoung
    if seats < 1:
        raise Full(
            seats=seats,
        )
    return "admitted"


def refusal_to_admit(age: int) -> TooYoung | None:
    return TooYoung() if age < 15 else None


def admit_by_variable(age: int) -> None:
    refusal = refusal_to_admit(age)
    if refusal:
        raise refusal from None


def admit_by_call(age: int) -> None:
    if age < 15:
        raise refusal_to_admit(age)


def admit_either(*, age: int, seats: int) -> None:
    if age < 15 or seats < 1:
        raise TooYoung if age < 15 else Full


def rule_for(least: int) -> Callable[[int], None]:
    def check(age: int) -> None:
        if age < least:
            raise TooYoung
        if age < 0:
            raise ValueError

    return check


class Door:
    age = 0

    @property
    def least(self) -> int:
        if self.age < 0:
            raise TooYoung
        return 15

    @least.setter
    def least(self, value: int) -> None:
        if value < 0:
            raise Full
