"""Where a reader goes after login: somewhere on our own pages, whatever the address said."""

from __future__ import annotations

from urllib.parse import unquote_plus, urlencode, urlsplit

from warehouse.identity.mask import mask_text

HOME, LOGIN = "/", "/logga-in"
_LONGEST = 2000


def local_path(wanted: str | None) -> str:
    """The path when it is one of ours and names nobody, since it is kept while the login lasts; else the first page.

    Browsers read `//host` and `/\\host` as another host's address, and drop control characters before they look.
    """
    if not wanted or len(wanted) > _LONGEST or not wanted.startswith("/") or wanted.startswith("//"):
        return HOME
    if "\\" in wanted or any(sign <= " " or "\x7f" <= sign <= "\x9f" for sign in wanted):
        return HOME
    if any(mask_text(text) != text for text in (wanted, unquote_plus(wanted))):
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    if parts.scheme or parts.netloc or parts.path.startswith((LOGIN, "/logga-ut", "/utloggad", "/_", "/api/")):
        return HOME
    return wanted


def login_address(path: str) -> str:
    """The address of the login that leads back to a path."""
    return f"{LOGIN}?{urlencode({'till': path})}"
