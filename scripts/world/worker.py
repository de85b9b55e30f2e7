"""One process of `make world`: its database, its stage, its histories."""

import logging
import os
import queue
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from scripts.world import acts, canaries, invariants, rights, stage
from scripts.world.chances import drawn_from
from scripts.world.clock import Clock
from scripts.world.database import of_the_world
from scripts.world.history import Tally, World, live
from scripts.world.registry import ACTS, INVARIANTS

STEPS = int(os.environ.get("STEPS", "150"))
# Importing them declares them.
DECLARED = (acts, canaries, invariants, rights)


def histories(seeds: Any, seconds: float) -> dict[str, Any]:
    logging.disable(logging.WARNING)
    # Erasures of people who do not exist are registered nowhere else.
    settings.ERASURE_REGISTER = Path(tempfile.mkdtemp()) / "erasures.jsonl"
    # Short messages go to the mailbox of the history.
    settings.SMS_GATEWAY_URL = "http://gateway.invalid/"
    tally = Tally()
    clock = Clock()
    with of_the_world(), transaction.atomic():
        clock.reset()
        made = stage.build()
        until = time.time() + seconds
        while time.time() < until:
            try:
                seed = seeds.get_nowait()
            except queue.Empty:
                break
            _one(seed, clock, made, tally)
        transaction.set_rollback(True)
    connection.close()
    return {
        # Not `asdict` of the whole: it makes a counter of pairs of a counter.
        **vars(tally),
        "violations": [asdict(one) for one in tally.violations],
        "names": list(ACTS),
        "events": [one.name for one in ACTS.values() if one.is_event],
        "invariants": len(INVARIANTS),
    }


def _one(seed: int, clock: Clock, made: stage.Made, tally: Tally) -> None:
    clock.reset()
    try:
        with transaction.atomic(), drawn_from(seed):
            world = World(seed, clock, made)
            stage.people_enter(world, made)
            live(world, tally, STEPS)
            tally.with_paper += invariants.reached_a_paper()
            transaction.set_rollback(True)
    finally:
        connection.run_on_commit = []
