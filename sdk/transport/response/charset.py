"""The charset of a response's body."""

from __future__ import annotations

import codecs

from sdk.transport.headers import Headers

# The charsets of the web (https://encoding.spec.whatwg.org), by Python's names. Other codecs of
# Python are not charsets, and some take quadratic time (punycode) or run escapes (unicode_escape).
_CHARSETS = frozenset(
    {
        "ascii", "big5", "big5hkscs", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255",
        "cp1256", "cp1257", "cp1258", "cp866", "cp874", "cp932", "cp949", "euc_jp", "euc_kr",
        "gb18030", "gb2312", "gbk", "iso2022_jp", "koi8-r", "koi8-u", "mac-cyrillic", "mac-roman",
        "shift_jis", "tis-620", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-8", "utf-8-sig",
        *(f"iso8859-{part}" for part in (*range(1, 12), *range(13, 17))),
    }
)  # fmt: skip


def codec_of(headers: Headers) -> str:
    """Return the codec of the charset that a body declares; UTF-8 if that is missing or unknown."""
    _, _, parameters = headers.get("content-type", "").lower().partition("charset=")
    charset = parameters.partition(";")[0].strip().strip("\"'")
    if charset in ("", "utf-8"):
        return "utf-8"
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if name in _CHARSETS else "utf-8"


def in_utf8(headers: Headers, body: bytes) -> bytes:
    """Return a body in UTF-8, the charset of JSON, if it declares another charset and has it."""
    codec = codec_of(headers)
    if codec in _UTF_8:
        return body
    if not codec.startswith(_WIDE):
        # Some servers declare a charset that their JSON does not have.
        try:
            body.decode()
        except UnicodeDecodeError:
            pass
        else:
            return body
    return body.decode(codec, "replace").encode()


_UTF_8 = ("utf-8", "utf-8-sig", "ascii")
# Their ASCII characters are valid UTF-8, with zeros between them.
_WIDE = ("utf-16", "utf-32")
