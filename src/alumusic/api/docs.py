"""Describes the API: the OpenAPI document, and a page to read it and try it out, all served from here."""

from functools import cache
from importlib import resources
from typing import Final

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from alumusic.api.guard import PUBLIC, allows
from alumusic.api.openapi import openapi_document

blueprint: Final = Blueprint("docs", __name__)

PAGE_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Swagger UI styles its elements one by one and draws its icons from data: that much is let through, and no script."""

_FILES: Final = {
    "swagger-ui.css": ("swagger-ui/swagger-ui.css", "text/css; charset=utf-8"),
    "swagger-ui-bundle.js": ("swagger-ui/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    "favicon-32x32.png": ("swagger-ui/favicon-32x32.png", "image/png"),
    "start.js": ("start.js", "text/javascript; charset=utf-8"),
}


@cache
def _content(name: str) -> bytes:
    return resources.files("alumusic.api").joinpath("static", name).read_bytes()


@blueprint.get("/openapi.json")
@allows(PUBLIC)
def get_openapi() -> ResponseReturnValue:
    """Give the OpenAPI document."""
    return current_app.json.response(openapi_document(current_app))


@blueprint.get("/docs")
@allows(PUBLIC)
def get_docs() -> ResponseReturnValue:
    """Give the page that shows the document."""
    headers = {"Content-Security-Policy": PAGE_POLICY}
    return Response(_content("page.html"), headers=headers, content_type="text/html; charset=utf-8")


@blueprint.get("/docs/<name>")
@allows(PUBLIC)
def get_docs_file(name: str) -> ResponseReturnValue:
    """Give one of the files of that page; there are no others."""
    if name not in _FILES:
        raise NotFound
    path, content_type = _FILES[name]
    return Response(_content(path), headers={"Cache-Control": "public, max-age=86400"}, content_type=content_type)
