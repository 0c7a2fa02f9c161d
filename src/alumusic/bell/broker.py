"""What everybody who speaks to the broker must agree on: one queue, JSON only, and no waiting without an end."""

from typing import Any, Final
from urllib.parse import urlsplit

from alumusic.domain.errors import ConfigurationError

QUEUE: Final = "alumusic"

_REDIS: Final = frozenset({"redis", "rediss"})
_RABBITMQ: Final = frozenset({"amqp", "amqps", "pyamqp"})

# Seconds. A broker that is frozen accepts connections and says nothing: every wait must have an end.
_ANSWER: Final = 5
_HEARTBEAT: Final = 10


def broker_settings(url: str) -> dict[str, Any]:
    """Celery's settings for the broker at `url`, the same for who rings and who hears.

    Raises:
        ConfigurationError: no broker that we know to survive what brokers go through.
    """
    scheme = urlsplit(url).scheme
    if scheme not in _REDIS | _RABBITMQ:
        raise ConfigurationError(
            "celery_broker_url", "CELERY_BROKER_URL must begin with redis://, rediss://, amqp:// or amqps://"
        )
    common = {
        "broker_url": url,
        "broker_connection_timeout": _ANSWER,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_default_queue": QUEUE,
        "task_serializer": "json",
        # Anything else that a stranger puts into the queue is refused unread.
        "accept_content": ["json"],
        "task_ignore_result": True,
        "result_backend": None,
        "task_send_sent_event": False,
    }
    return common | (_redis_settings() if scheme in _REDIS else _rabbitmq_settings())


def _redis_settings() -> dict[str, Any]:
    return {
        "broker_transport_options": {
            "socket_timeout": _ANSWER,
            "socket_connect_timeout": _ANSWER,
            "socket_keepalive": True,
            "health_check_interval": _HEARTBEAT,
        }
    }


def _rabbitmq_settings() -> dict[str, Any]:
    return {
        # A quorum queue is on disk before it is confirmed, and outlives a node that is killed.
        "task_default_queue_type": "quorum",
        "broker_heartbeat": _HEARTBEAT,
        "broker_transport_options": {"read_timeout": _ANSWER, "write_timeout": _ANSWER},
    }
