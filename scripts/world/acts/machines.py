"""Time, messages and periodic work: late, twice, out of order, lost."""

import datetime as dt

from lms.celery import app
from scripts.world.history import World
from scripts.world.mailbox import LEFT_OUT, run
from scripts.world.registry import NotNow, act

# Reads and writes files of the site, or waits for other machines.
APART = (
    "clear",
    "purge",
    "delivery_log",
    "search",
    "archive",
    "seal",
    "export",
    "analy",
    "figures",
    "health",
)


@act(weight=1.2, is_event=True)
def let_time_pass(world: World) -> None:
    """Minutes mostly; now and then days, over midnights and ends of months."""
    hours = world.chance.choice((0.1, 0.5, 1, 3, 12, 24, 72))
    world.clock.move(dt.timedelta(hours=hours))


@act(weight=2.5, is_event=True)
def deliver_a_message(world: World) -> None:
    if world.mailbox.deliver() is None:
        raise NotNow


@act(weight=1.2, is_event=True)
def do_periodic_work(world: World) -> None:
    rows = [entry for _name, entry in sorted(app.conf.beat_schedule.items())]
    names = [entry["task"] for entry in rows if not entry["task"].startswith(LEFT_OUT)]
    name = world.pick([one for one in names if not any(part in one for part in APART)])
    run(name, [])
