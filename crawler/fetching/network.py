"""Which addresses may be asked at all: never a private network unless the settings open it."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from crawler.fetching.faults import PageError


def check(url: str, private_networks: bool) -> None:
    """Raise PageError for an address that is not http(s), does not resolve, or lies in a private network."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PageError("chỉ nhận địa chỉ http hoặc https (only http and https addresses)", url)
    if private_networks:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise PageError("không tìm thấy máy chủ (host not found)", url) from error
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise PageError("địa chỉ trong mạng nội bộ (address in a private network)", url)
