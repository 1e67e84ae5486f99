"""The media type in which a body is sent."""

from __future__ import annotations

from collections.abc import Mapping

from sdk.codegen.answers import is_json
from sdk.codegen.document import Media, Schema

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def as_sent(media: str | None) -> str | None:
    """Return the media type that a call sends, None for JSON; ``content_type`` replaces ours."""
    if media is None or is_plain_json(media):
        return None
    return media if "*" not in media else "application/octet-stream"


def is_plain_json(media: str) -> bool:
    """Return whether a body is sent as ``application/json``."""
    return media.partition(";")[0].strip() in {JSON, "*/*", "application/*", "text/json"}


def is_file(media: str, schema: Schema) -> bool:
    """Return whether a body is a file, and no form that holds one."""
    return schema.get("format") == "binary" and "form" not in media


def preferred(body: Mapping[str, Media]) -> str | None:
    """Return the media type of a body to send: JSON, then multipart, then a form, then any."""
    if not body:
        return None
    plain = {media: media.partition(";")[0].strip() for media in body}

    def order(media: str) -> tuple[int, str]:
        if plain[media] == JSON:
            return 0, media
        if is_json(media):
            # The fields of a merge patch are arguments; a JSON patch is a list of changes.
            return (1 if plain[media] != JSON_PATCH else 2), media
        if plain[media] == MULTIPART:
            return 3, media
        return (4, media) if plain[media] == FORM else (5, media)

    return min(body, key=order)
