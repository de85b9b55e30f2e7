"""Which addresses are no ordinary pages."""

import re

# Their views wait for a media server, in the event loop, so that they keep no thread.
waiting_views = re.compile(r"/[a-z]+/live/[0-9a-f-]+/(?:whip|whep|legs)/")
