"""Pages of the manual."""

from tests.factories.rows import public

public("manual:page", "all staff read the same pages")
