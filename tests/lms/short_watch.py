"""``python -m tests.lms.short_watch``: `lms.watch` with the shorter times of the environment."""

import sys

from lms.watch import main
from tests.live.shortening import shorten

if __name__ == "__main__":
    shorten()
    sys.exit(main())
