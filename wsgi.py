"""Door handle for WSGI servers: `flask --app wsgi run`, `gunicorn wsgi:app`."""

import sys

from alumusic.api.app import create_app
from alumusic.bootstrap import build_services, settle_memory
from alumusic.domain.errors import ConfigurationError
from alumusic.logs import configure_logs
from alumusic.settings import InvalidSettingsError, load_settings

try:
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    app = create_app(build_services(settings))
    settle_memory()
except (ConfigurationError, InvalidSettingsError) as error:
    sys.exit(f"alumusic: {error}")
