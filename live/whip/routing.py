"""Routes that are served asynchronously."""

import re

# Their views wait for a media server in the event loop and occupy no thread.
waiting_views = re.compile(r"/[a-z]+/live/[0-9a-f-]+/(?:whip|whep|legs)/")
