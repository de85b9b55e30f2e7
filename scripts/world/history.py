"""One history: a world of people, the acts they choose, and what has to hold after each."""

import datetime as dt
import random
import re
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import connection
from django.db.models import Model

from accounts.enums import Act, MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Membership, User
from accounts.roles import ROLES
from accounts.scoping import may
from scripts.world.clock import Clock
from scripts.world.mailbox import Mailbox
from scripts.world.outermost import as_outermost
from scripts.world.people import Goal, Human
from scripts.world.registry import ACTS, INVARIANTS, Declared, NotNow, Refused

EVERY = 50
# How often somebody tries what is not theirs.
ASTRAY = 0.15
# How much more so, where the act was done so often in this history and never refused; and where it was mostly refused.
SMOOTH = 2
TOO_SMOOTH, TOO_ROUGH = 3.0, 0.3
# What is mostly refused is tried more often, until it is done, too.
REFUSED_COUNTS = 0.4
# How often an act is done to a row for which it is meant.
APT = 0.75
# How much more often the acts are done that serve the goal of somebody dishonest, and how much more often by them.
GOES_AFTER = 3
DOES_IT = 10

WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


@dataclass(frozen=True)
class Violation:
    sentence: str
    what: str
    seed: int
    step: int
    last_acts: tuple[str, ...]


@dataclass
class Tally:
    """Of one worker."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    histories: int = 0
    with_paper: int = 0
    violations: list[Violation] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class World:
    """What is so, apart from the tables: who is who, who can open which login, what a page said on which day."""

    def __init__(self, seed: int, clock: Clock, stage: Any) -> None:
        self.seed, self.clock, self.stage = seed, clock, stage
        self.chance = random.Random(seed)  # noqa: S311 - repeated from its seed
        self.mailbox = Mailbox(self.chance)
        self.humans: list[Human] = []
        self.actor: Human | None = None
        # The goal that the act serves which is tried now.
        self.serves: Goal | None = None
        self.last_acts: list[str] = []
        # By login: the human whose it is.
        self.owner: dict[int, Human] = {}
        # By record of a person: the human it is about.
        self.subject: dict[int, Human] = {}
        # By cohort: the facts of its page on the day it opened.
        self.said: dict[int, dict[str, Any]] = {}
        # By correction of facts: what it asks for.
        self.asked_facts: dict[int, dict[str, Any]] = {}
        # By label and key of a row: the humans who did each of its two acts.
        self.hands: dict[tuple[str, int], dict[str, Human]] = defaultdict(dict)
        # By login of staff: the number of the card with which it was made.
        self.cards: dict[int, str] = {}
        # By request for a password: who asked.
        self.askers: dict[int, Human] = {}
        self.erased: list[Human] = []
        # Names with which somebody else signed up.
        self.borrowed: list[str] = []
        # Certificates that an officer let stay in spite of a cause of doubt.
        self.lifted: set[int] = set()
        # By certificate: the cohort whose page it prints, which a correction does not change.
        self.issued_in: dict[int, int] = {}
        # By certificate: the name that its person had when it was approved.
        self.named: dict[int, str] = {}
        # Tests whose keys somebody of a cohort has read, and attempts begun after that.
        self.read_in: set[tuple[int, object]] = set()
        self.cheats: list[str] = []
        # Right answers that were shown to somebody too early.
        self.leaks: list[str] = []
        # By attempt: the device on which it was last opened, and the epoch that this one knows.
        self.devices: dict[int, tuple[str, int]] = {}
        # By number of a phone: who holds it, where that is not whose it seems to be; and who has asked for a code to it.
        self.phones: dict[str, Human] = {}
        self.asked_codes: dict[str, tuple[int, Human]] = {}
        self.oracles: list[str] = []
        self.takeovers: list[str] = []
        # What an act that takes another one back did not give back.
        self.kept: list[str] = []
        # By closed cohort: the state of each enrollment before and after the closing.
        self.closed: dict[int, tuple[dict[int, str], dict[int, str]]] = {}
        # By merge: the record of each enrollment of the two before it.
        self.merged: dict[int, dict[int, int]] = {}
        # By model: the key of the last row that `rows_since` gave.
        self.read_to: dict[type[Model], int] = {}
        # Names of the tables that were written since the last check.
        self.written: set[str] = set()
        # The name of the act that is tried now. How often each was done and refused in this history steers the choice of the next.
        self.trying = ""
        self.done, self.refused = Counter[str](), Counter[str]()
        # What is violated goes on being so: it is said once in a history.
        self.reported: set[tuple[str, str]] = set()

    def note_write(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
        """Around each statement."""
        if found := WRITES.match(sql):
            self.written.add(found[1])
        return execute(sql, params, many, context)

    # --- choosing ---------------------------------------------------------------------------------------------

    def pick[T](self, options: Iterable[T]) -> T:
        """One of them. Raises `NotNow` where there are none."""
        found = options if isinstance(options, Sequence) else list(options)
        if not found:
            raise NotNow
        return self.chance.choice(found)

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def strays(self, share: float = ASTRAY) -> bool:
        """Whether somebody tries what is to be refused: more often where this act never was, and less often where it mostly is."""
        done, refused = self.done[self.trying], self.refused[self.trying]
        return self.happens(
            share * (TOO_ROUGH if refused > done else TOO_SMOOTH if done >= SMOOTH and not refused else 1)
        )

    def fits(self) -> bool:
        """Whether the act is tried where it is meant."""
        return not self.strays(1 - APT)

    def tried(self, name: str) -> float:
        return self.done[name] + REFUSED_COUNTS * self.refused[name]

    def row(self, rows: Any) -> Any:
        """One row of a queryset, by its key. Raises `NotNow`."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:60])
        return rows.model._default_manager.get(pk=self.pick(keys))

    def apt(self, rows: Any, among: Any) -> Any:
        """Mostly a row of the narrower queryset `among`, for which the act is meant; sometimes any, to be refused. Raises `NotNow`."""
        is_meant = self.fits() or (not among.exists() and self.fits())
        return self.row(among if is_meant else rows)

    def busy(self, rows: Any, among: Any) -> Any:
        """Often a row of `among`, on which something hangs, where there is one: so acts have consequences. Raises `NotNow`."""
        return self.row(among if self.happens(0.5) and among.exists() else rows)

    def somebody(self, among: Sequence[Human]) -> Human:
        """One of them: more often who has the goal that the act serves. Raises `NotNow`."""
        if not among:
            raise NotNow
        weights = [DOES_IT if human.goal and human.goal is self.serves else 1 for human in among]
        return self.chance.choices(among, weights)[0]

    def staff(self, act: Act | None = None, *, on: Model | None = None, of: Human | None = None) -> User:
        """A login of staff and who uses it (`of`: this human): mostly one that may do the act (to the row), sometimes any. Whose hands it
        is in is noted in `actor`.
        """
        center = _center_of(on) if on is not None else None
        is_astray = act is None or self.strays()
        held = Membership.objects.current().filter(user__is_active=True)
        able = {
            one.user_id
            for one in held.only("user", "role", "scope", "center", "governorate")
            if is_astray or (act in ROLES[RoleName(one.role)].acts and _covers(one, center))
        }
        humans = [of] if of else self.humans
        logins = [(human, key) for human in humans for key in sorted(human.logins & able)]
        if not logins:
            raise NotNow
        weights = [
            DOES_IT if human.goal and human.goal is self.serves else 2 if human.goal else 1
            for human, _key in logins
        ]
        self.actor, key = self.chance.choices(logins, weights)[0]
        return User.objects.get(pk=key)

    def require(self, user: User | AnonymousUser, act: Act, *, on: Model) -> None:
        """As the page does before its form. Raises `Refused`."""
        if not may(user, act, on=on):
            raise Refused

    def center_of(self, user: User) -> Center:
        """Where a login of staff works, mostly; sometimes another place."""
        places = set(Membership.objects.current().filter(user=user).values_list("center", flat=True))
        own = [one for one in self.stage.centers if one.pk in places]
        return self.pick(own if own and not self.strays() else self.stage.centers)

    def trainee(self, human: Human) -> User:
        """The own login of a human. Raises `NotNow`."""
        own = [key for key in sorted(human.logins) if self.owner.get(key) is human]
        user = User.objects.filter(pk__in=own, is_active=True, person__isnull=False).first()
        if user is None:
            raise NotNow
        self.actor = human
        return user

    def rows_since[M: Model](self, model: type[M]) -> list[M]:
        """Rows that were written since this was last asked; the first time none."""
        newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        before, self.read_to[model] = self.read_to.get(model, newest), newest
        return list(model._default_manager.filter(pk__gt=before).order_by("pk"))

    # --- what is so -------------------------------------------------------------------------------------------

    def learn_login(self, human: Human, user: User) -> None:
        """A human knows the password of a login now."""
        human.logins.add(user.pk)
        owner = self.owner.setdefault(user.pk, human)
        if owner is not human and human.goal:
            self.takeovers.append(f"{human} can log in as {owner} (login {user.pk})")

    def forget_login(self, user: User, *, but: Human | None = None) -> None:
        """The password was changed: who knew the old one can no longer log in."""
        for human in self.humans:
            if human is not but:
                human.logins.discard(user.pk)

    def tie(self, user: User, human: Human, *, former: str) -> None:
        """A login belongs to this human from now on, whose card was seen; `former` is its password before."""
        user.refresh_from_db()
        if user.password != former:
            self.forget_login(user)
        self.owner[user.pk] = human
        for other in self.humans:
            if other is not human and other.goal and user.pk in other.logins:
                self.takeovers.append(f"{other} signed up, and can log in as {human} (login {user.pk})")

    def did(self, label: str, key: int, deed: str) -> None:
        if self.actor:
            self.hands[label, key][deed] = self.actor


def live(world: World, tally: Tally, steps: int) -> None:
    """Let one history happen; its rows are gone afterwards."""
    for name in ("default", "pages"):
        caches[name].clear()
    step, tries = 0, 0
    with connection.execute_wrapper(world.note_write):
        while step < steps and tries < 20 * steps:
            tries += 1
            step += _step(world, tally, step, is_last=step == steps - 1)
    tally.histories += 1
    connection.run_on_commit = []


def _step(world: World, tally: Tally, step: int, *, is_last: bool) -> bool:
    """Whether an act was done or refused."""
    declared = _choose(world)
    world.actor, world.serves, world.trying = None, declared.serves, declared.name
    outcome = _try(declared, world, tally)
    if outcome == "":
        return False
    world.mailbox.collect()
    world.last_acts.append(f"{step} {declared.name} by {world.actor or 'the machine'}: {outcome}")
    _check(world, tally, step, everything=is_last or step % EVERY == EVERY - 1)
    return True


def _try(declared: Declared, world: World, tally: Tally) -> str:
    refusal: Exception | None = None
    try:
        with as_outermost():
            try:
                declared.run(world)
            except (DomainError, Refused) as error:
                # What was noted before stays, such as a number that was typed in vain.
                refusal = error
    except NotNow:
        return ""
    except Exception:  # noqa: BLE001 - reported with the seed that repeats it
        tally.errors.append(f"seed {world.seed}, {declared.name}:\n{traceback.format_exc(limit=-6)}")
        return ""
    (world.done if refusal is None else world.refused)[declared.name] += 1
    if refusal is not None:
        tally.refused[declared.name] += 1
        tally.refusals[f"{declared.name}: {type(refusal).__name__}"] += 1
        return f"refused ({type(refusal).__name__})"
    tally.done[declared.name] += 1
    return "done"


def _choose(world: World) -> Declared:
    """Acts that were tried less often in this history are chosen more often. Other histories have no say: a seed repeats its own."""
    acts = list(ACTS.values())
    goals = {human.goal for human in world.humans if human.goal}
    tried = {one.name: world.tried(one.name) for one in acts}
    usual = (sum(tried.values()) + len(acts)) / len(acts)
    weights = [
        one.weight * (GOES_AFTER if one.serves in goals else 1) / (0.2 + tried[one.name] / usual)
        for one in acts
    ]
    return world.chance.choices(acts, weights)[0]


def _check(world: World, tally: Tally, step: int, *, everything: bool) -> None:
    if everything:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for one in INVARIANTS:
        if not everything and (one.is_late or not (one.reads & world.written or not one.reads)):
            continue
        for what in one.find(world):
            if (one.sentence, what) in world.reported:
                continue
            world.reported.add((one.sentence, what))
            violation = Violation(one.sentence, what, world.seed, step, tuple(world.last_acts[-12:]))
            tally.violations.append(violation)
    world.written.clear()


def _center_of(row: Model) -> Center | None:
    """The center of a row, by the path that its model declares."""
    found: Any = row
    for name in getattr(row, "center_path", "").split("__") if not isinstance(row, Center) else ():
        found = getattr(found, name, None) if name else None
    return found if isinstance(found, Center) else None


def _covers(membership: Membership, center: Center | None) -> bool:
    match membership.scope:
        case MembershipScope.MINISTRY:
            return True
        case MembershipScope.GOVERNORATE:
            return center is None or center.governorate_id == membership.governorate_id
        case _:
            return center is None or center.pk == membership.center_id


type Find = Callable[[World], Iterable[str]]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
