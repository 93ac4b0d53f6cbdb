"""Where alerts may go: the open Internet, and private addresses only where the administrator says so."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING, Any

import pytest

from diembao.errors import BadInputError
from diembao.settings import Settings
from search_api.alerts import reach

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def closed(tmp_path: Path) -> Settings:
    """Settings as they are by default."""
    return Settings(home=tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_these_addresses_are_private(address: str) -> None:
    assert not reach.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_these_addresses_are_public(address: str) -> None:
    assert reach.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/", "http://localhost/", "http://[::1]/", "https://2130706433/",
        "http://0x7f.1/", "http://[::ffff:10.0.0.1]/",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_with_one_sentence(url: str, closed: Settings) -> None:
    with pytest.raises(BadInputError, match="mạng nội bộ"):
        asyncio.run(reach.check(url, closed))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "không phải địa chỉ webhook"),
        ("ftp://8.8.8.8/", "không phải địa chỉ webhook"),
        ("//8.8.8.8/", "không phải địa chỉ webhook"),
        ("http://", "không phải địa chỉ webhook"),
        ("http://8.8.8.8:99999/", "không phải địa chỉ webhook"),
        ("https://ai:do@8.8.8.8/", "tên và mật khẩu"),
        ("https://khong-co.invalid/", "Không tìm thấy máy chủ"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(url: str, reason: str, closed: Settings) -> None:
    with pytest.raises(BadInputError, match=reason):
        asyncio.run(reach.check(url, closed))


def test_a_name_that_turns_private_later_is_not_connected_to(
    receiver: Any, closed: Settings
) -> None:
    async def post() -> None:
        async with reach.open_client(closed) as client:
            await client.post(receiver.url)

    with pytest.raises(reach.ForbiddenAddressError):
        asyncio.run(post())
    assert receiver.requests == []


def test_the_host_is_named_although_its_address_is_connected_to(
    receiver: Any, settings: Settings
) -> None:
    url = receiver.url.replace("127.0.0.1", "localhost")

    async def post() -> int:
        async with reach.open_client(settings) as client:
            return (await client.post(url)).status_code

    assert asyncio.run(post()) == 204
    assert receiver.requests[0].headers["host"].startswith("localhost:")
