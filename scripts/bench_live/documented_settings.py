"""What Channels' tutorial asks to be set."""

import os

SECRET_KEY = "of the bench"  # noqa: S105 - signs nothing
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [os.environ["BENCH_REDIS"]]},
    }
}
SOCKET_SERVER = "uvicorn"
