"""Settings of the bucket. Without `MEDIA_BUCKET` renditions stay on the disk."""

from environs import Env

env = Env()

# Renditions of published versions go to this S3-compatible bucket; without it they stay on the disk.
MEDIA_BUCKET = env.str("MEDIA_BUCKET", default="")
# Where browsers and workers reach it, with its scheme: https://s3.eu-south-1.amazonaws.com
MEDIA_BUCKET_ENDPOINT = env.str("MEDIA_BUCKET_ENDPOINT", default="").rstrip("/")
MEDIA_BUCKET_REGION = env.str("MEDIA_BUCKET_REGION", default="us-east-1")
MEDIA_BUCKET_KEY = env.str("MEDIA_BUCKET_KEY", default="")
MEDIA_BUCKET_SECRET = env.str("MEDIA_BUCKET_SECRET", default="")
if MEDIA_BUCKET:
    FILM_STORAGE = {
        "BACKEND": "media_pipeline.bucket.store.BucketStore",
        "OPTIONS": {
            "bucket_name": MEDIA_BUCKET,
            "endpoint_url": MEDIA_BUCKET_ENDPOINT,
            "region_name": MEDIA_BUCKET_REGION,
            "access_key": MEDIA_BUCKET_KEY,
            "secret_key": MEDIA_BUCKET_SECRET,
        },
    }
    # Players fetch renditions from the bucket; our addresses redirect there.
    FILM_ORIGINS = [MEDIA_BUCKET_ENDPOINT]
