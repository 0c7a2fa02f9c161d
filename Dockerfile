# syntax=docker/dockerfile:1
# One image for every service. To pin it to the byte: --build-arg BASE=python@sha256:…
ARG BASE=python:3.12.11-slim-bookworm

# --- builder: everything that only building needs stays here -----------------------------------------------
FROM ${BASE} AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
RUN python -m venv /opt/alumusic
COPY requirements/app.txt requirements/app.txt
# Every version is in that file. Left to work them out again, pip asks for the newest of what others want with extras,
# finds that it is not pinned, and gives up on the day of its release.
RUN /opt/alumusic/bin/python -m pip install --no-deps --require-hashes -r requirements/app.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/alumusic/bin/python -m pip install --no-deps .
RUN ln -s "$(/opt/alumusic/bin/python -c 'import alumusic, pathlib; print(pathlib.Path(alumusic.__file__).parent / "dashboard")')" /opt/alumusic/dashboard
RUN /opt/alumusic/bin/python -m pip uninstall --yes pip

# --- runtime: an interpreter, the house, and a user who owns nothing but /data ------------------------------
FROM ${BASE} AS runtime
LABEL org.opencontainers.image.title="AluMusic Insights" org.opencontainers.image.licenses="MIT"
RUN python -m pip uninstall --yes pip \
    && groupadd --gid 10001 alumusic \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin alumusic \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=builder /opt/alumusic /opt/alumusic
WORKDIR /app
COPY wsgi.py celery_app.py ./
ENV PATH=/opt/alumusic/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    ALUMUSIC_ENV=production \
    ALUMUSIC_HOST=0.0.0.0 \
    ALUMUSIC_DATA_DIR=/data \
    ALUMUSIC_LOG_FORMAT=json
USER 10001:10001
VOLUME /data
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:5000/saude', timeout=4)"]
CMD ["gunicorn", "wsgi:app", "--bind", "0.0.0.0:5000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "120", "--graceful-timeout", "25", "--worker-tmp-dir", "/tmp"]
