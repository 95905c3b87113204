"""Calls addresses that an administrator typed in, without becoming a door into the network behind the server.

Only hosts that are named (the platform's own, or in `LIANSHANG_ROBOT_HOSTS`, there with the port where it is not the
usual one), only https, plain http only to a named loopback. The name is resolved once, every address behind it is
looked at, and that address is called: a name that changes its mind in between changes nothing. No redirect is followed,
no proxy of the environment is used, the answer has a longest time and a largest size.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings

LONGEST = 10.0  # seconds from the call, its name not yet looked up, to the last byte
SILENCE = 5.0  # seconds without a byte
LARGEST = 64 * 1024  # bytes of an answer
PORTS = {"https": 443, "http": 80}
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # addresses of IPv4 in those of IPv6 (RFC 6052)
METADATA = frozenset(
    map(
        ipaddress.ip_address,
        ("100.100.100.200", "168.63.129.16", "192.0.0.192", "169.254.169.254", "fd00:ec2::254"),
    )
)  # where clouds tell machines their secrets

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """The address must not be called. `why` is a Chinese sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unreachable(Exception):
    """No answer, or too slow or too long a one. `why` is Chinese."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def checked(url: str, own_hosts: Collection[str]) -> SplitResult:
    """Return the parts of an address that may be called as far as one can read. Raises `Forbidden`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme)
    except ValueError:
        raise Forbidden("地址的写法不对，请从机器人的设置页完整复制。") from None
    if parts.username or parts.password or parts.fragment or not host:
        raise Forbidden("地址的写法不对，请从机器人的设置页完整复制。")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host)):
        raise Forbidden("地址必须以 https:// 开头。")
    usual = port == PORTS[parts.scheme]
    if (
        not (usual and (host in own_hosts or host in settings.ROBOT_HOSTS))
        and f"{host}:{port}" not in settings.ROBOT_HOSTS
    ):
        raise Forbidden(
            f"不认识 {host if usual else f'{host}:{port}'}。公有平台请选对平台；私有化部署请系统管理员把它写进 LIANSHANG_ROBOT_HOSTS 再试。"
        )
    return parts


def post_json(url: str, body: dict[str, Any], own_hosts: Collection[str]) -> tuple[int, bytes]:
    """Post and return status and bytes of the answer. Raises `Forbidden`, `Unreachable`."""
    parts = checked(url, own_hosts)
    host, until = parts.hostname or "", time.monotonic() + LONGEST
    target = resolved(host, parts.port or PORTS[parts.scheme], own=host in own_hosts)
    with httpx.Client(timeout=SILENCE, follow_redirects=False, trust_env=False) as client:
        request = client.build_request(
            "POST",
            httpx.URL(url).copy_with(host=str(target)),
            json=body,
            headers={"Host": parts.netloc, "Accept-Encoding": "identity", "User-Agent": "lianshang"},
            extensions={"sni_hostname": host},
        )
        alarm = threading.Timer(until - time.monotonic(), client.close)
        alarm.daemon = True
        alarm.start()
        try:
            return _answer(client, request, until)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError) as error:
            raise Unreachable(_why(error)) from error
        finally:
            alarm.cancel()


def resolved(host: str, port: int, *, own: bool) -> Address:
    """Return the address to call. A platform's own name must lead to the internet; a named host may be inside."""
    try:
        found = _looked_up(host, port)
    except (OSError, UnicodeError):
        raise Unreachable("找不到这个域名，请检查服务器的域名解析") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not _allowed(address, own=own, loopback=_loopback(host)):
            raise Forbidden("这个域名指向内部地址，不能调用。")
    return addresses[0]


def _looked_up(host: str, port: int) -> list[Any]:
    """Ask the system in a thread of its own, since it cannot be told to hurry. Raises `OSError`, too late as well."""
    asker = ThreadPoolExecutor(max_workers=1)
    try:
        return asker.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(timeout=SILENCE)
    finally:
        asker.shutdown(wait=False)


def _plain(address: Address) -> Address:
    """Return the address of IPv4 that one of IPv6 stands for, in any of the usual ways."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _allowed(address: Address, *, own: bool, loopback: bool) -> bool:
    plain = _plain(address)
    if plain in METADATA or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    if plain.is_loopback:
        return loopback
    return not plain.is_reserved and (plain.is_global or not own)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _answer(client: httpx.Client, request: httpx.Request, until: float) -> tuple[int, bytes]:
    response = client.send(request, stream=True)
    try:
        kept = bytearray()
        for piece in response.iter_raw():
            kept += piece
            if len(kept) > LARGEST:
                raise Unreachable("对方的回复太长，不像是机器人的接口")
            if time.monotonic() > until:
                raise Unreachable("对方回复太慢")
        return response.status_code, bytes(kept)
    finally:
        response.close()


def _why(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "对方没有在时限内回复"
    if isinstance(error, httpx.ConnectError):
        return "连不上对方，请检查服务器能否访问外网"
    return "连接中断或回复太慢"
