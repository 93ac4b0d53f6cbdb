"""Addresses that alerts may be sent to: no way into the network that diembao itself stands in.

A host's name is resolved once, its addresses are checked, and the connection goes to the address
that was checked, so that a name which resolves differently a moment later leads nowhere else.
`settings.private_networks` opens private addresses. Proxies of the environment are not used: they
would resolve the name anew. Connections are not kept: two names may share an address, and each
must show its own certificate.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING

import httpx

from diembao.errors import BadInputError, DeliverError

if TYPE_CHECKING:
    from diembao.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddressError(DeliverError):
    """The name leads to private addresses only."""


class CheckedTransport(httpx.AsyncHTTPTransport):
    """Connects to addresses that were checked."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(limits=httpx.Limits(max_keepalive_connections=0), trust_env=False)
        self._private = settings.private_networks

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to its host's checked address, under its own name."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = await _resolve(host, port, self._private)
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=address)
        return await super().handle_async_request(request)


def open_client(settings: Settings) -> httpx.AsyncClient:
    """A client that reaches checked addresses only and follows no redirect."""
    return httpx.AsyncClient(
        transport=CheckedTransport(settings),
        timeout=settings.delivery_timeout,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": settings.user_agent},
    )


async def check(url: str, settings: Settings) -> None:
    """Refuse an address that no alert could be sent to. Raises BadInputError with one sentence."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise BadInputError(_malformed(url)) from error
    is_port = parsed.port is None or 0 < parsed.port < 65536
    if parsed.scheme not in {"http", "https"} or not parsed.host or not is_port:
        raise BadInputError(_malformed(url))
    if parsed.userinfo:
        raise BadInputError(
            "Địa chỉ webhook không được chứa tên và mật khẩu; hãy bỏ phần trước dấu @."
        )
    try:
        await _resolve(parsed.host, parsed.port or 443, settings.private_networks)
    except ForbiddenAddressError as error:
        raise BadInputError(
            f"Địa chỉ {parsed.host} thuộc mạng nội bộ; người quản trị phải bật "
            "DIEMBAO_PRIVATE_NETWORKS thì mới gửi tới đó được."
        ) from error
    except httpx.ConnectError as error:
        raise BadInputError(
            f"Không tìm thấy máy chủ {parsed.host}; hãy kiểm tra lại địa chỉ webhook."
        ) from error


def is_public(address: Address) -> bool:
    """Whether it stands in the open Internet, also when wrapped in an IPv6 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


async def _resolve(host: str, port: int, private: bool) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"không tìm thấy máy chủ {host}") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if private or is_public(ipaddress.ip_address(address.partition("%")[0])):
            return address
    raise ForbiddenAddressError(f"{host} thuộc mạng nội bộ ({', '.join(sorted(set(addresses)))})")


def _malformed(url: str) -> str:
    return (
        f"“{url}” không phải địa chỉ webhook; hãy nhập địa chỉ bắt đầu bằng https:// hoặc http://."
    )
