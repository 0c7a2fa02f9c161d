"""Door handle for Celery: `celery -A celery_app.celery worker` and `celery -A celery_app.celery beat`."""

from alumusic.worker.application import celery

__all__ = ["celery"]
