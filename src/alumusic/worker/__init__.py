"""The doors through which work is done: a thread of this process, or Celery."""
