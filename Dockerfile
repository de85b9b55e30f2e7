# One image for every process of the scaled mode. BASE: any Debian with Python >= 3.12 and its venv module.
ARG BASE=python:3.13-slim-trixie

# The same setup as a checkout, with only what a running site needs.
FROM ${BASE} AS build
WORKDIR /srv/mihna
COPY requirements/ requirements/
COPY package.json package-lock.json .npmrc ./
COPY scripts/ scripts/
RUN python3 scripts/bootstrap.py --production
COPY lms/ lms/
RUN python3 scripts/bootstrap.py --production

FROM ${BASE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ffmpeg bubblewrap \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/mihna --create-home mihna \
    && install -d -o mihna -g mihna /var/log/mihna \
    && install -d -o mihna -g mihna -m 700 /var/lib/mihna-keys \
    && install -o mihna -g mihna -m 644 /dev/null /var/log/mihna/delivery.log
WORKDIR /srv/mihna
COPY --from=build /srv/mihna/.venv .venv
COPY . .
COPY --from=build /srv/mihna/lms lms
ENV PATH=/srv/mihna/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/mihna
USER mihna
# Keys are not a volume of the image: only services that sign mount them.
VOLUME /var/lib/mihna /var/log/mihna
EXPOSE 8000
CMD ["gunicorn", "lms.wsgi", "--bind", "0.0.0.0:8000"]
