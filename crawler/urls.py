"""Addresses in one form, so that one article is one address.

`canonical` lowers scheme and host, sorts the query, and drops the fragment, default ports, tracking
parameters and session identifiers. `desktop` turns mobile and AMP forms of a newspaper's address into
its desktop form, on the newspaper's own domain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

if TYPE_CHECKING:
    from collections.abc import Collection

_TRACKING = re.compile(
    r"^(utm_\w+|itm_\w+|vn_(source|medium|campaign|term|thumb|zone)|fbclid|gclid|gbraid|wbraid|msclkid|"
    r"igshid|zarsrc|zalo\w*|mc_[ce]id|_ga|_gl|yclid|ref_src|gidzl|s_cid|cmpid|"
    r"phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|sid)$",
    re.I,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.I)
_AMP_PATH = re.compile(r"(?<=.)/amp/?$|^/amp(?=/)|\.amp(?=$|\.html?$)", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str, base: str = "") -> str | None:
    """The address in its one form, absolute against `base`; None if it is no http(s) address."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    host = parts.hostname.lower().rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    query = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(pair[0])
    ]
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    return str(safe_url_string(urlunsplit((scheme, host, path, urlencode(sorted(query)), ""))))


def host_of(url: str) -> str:
    """Host with port, in lower case, without `www.`."""
    return urlsplit(url).netloc.lower().rpartition("@")[2].removeprefix("www.")


def desktop(url: str, hosts: Collection[str]) -> str:
    """The desktop form of a canonical address, if it belongs to one of the newspaper's hosts."""
    parts = urlsplit(url)
    host = parts.netloc
    bare = re.sub(r"^(m|mobile|amp|wap)\.", "", host.removeprefix("www."))
    if bare not in hosts:
        return url
    path = _AMP_PATH.sub("", parts.path) or "/"
    query = urlencode(
        [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "amp"]
    )
    if bare == host.removeprefix("www."):
        bare = host
    return urlunsplit((parts.scheme, bare, path, query, ""))
