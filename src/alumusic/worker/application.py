"""The application that Celery's programs are given: `celery -A alumusic.worker.application`."""

import sys

from alumusic.domain.errors import ConfigurationError
from alumusic.settings import InvalidSettingsError, load_settings
from alumusic.worker.celery_app import build_celery

try:
    celery = build_celery(load_settings())
except (ConfigurationError, InvalidSettingsError) as error:
    # Celery hides what an application that cannot be imported says.
    sys.exit(f"alumusic: {error}")
