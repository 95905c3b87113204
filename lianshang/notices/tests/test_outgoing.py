"""Addresses typed in by an administrator lead to the platforms and nowhere else."""

import socket
from threading import Event

import pytest

from lianshang.notices import outgoing
from lianshang.notices.outgoing import Forbidden, Unreachable

OWN = {"oapi.dingtalk.com"}


@pytest.mark.parametrize(
    "url",
    [
        "http://oapi.dingtalk.com/robot/send?access_token=1",
        "https://oapi.dingtalk.com.evil.example/robot/send",
        "https://oapi.dingtalk.com@evil.example/robot/send",
        "https://user:pass@oapi.dingtalk.com/robot/send",
        "https://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:8000/",
        "https://[::1]/",
        "https://oapi.dingtalk.com:99999/",
        "file:///etc/passwd",
        "gopher://oapi.dingtalk.com/",
        "//oapi.dingtalk.com/",
        "oapi.dingtalk.com",
        "",
        "https://",
    ],
)
def test_address_of_nobody_known_is_refused(url):
    with pytest.raises(Forbidden):
        outgoing.checked(url, OWN)


def test_hosts_of_a_private_deployment_are_named_by_the_operator(settings):
    settings.ROBOT_HOSTS = ["im.park.example", "im.park.example:8443", "127.0.0.1:9000"]

    hosts = [
        outgoing.checked(url, OWN).hostname
        for url in (
            "https://im.park.example/robot/send?access_token=1", "https://im.park.example:8443/x", "http://127.0.0.1:9000/x",
        )
    ]  # fmt: skip

    assert hosts == ["im.park.example", "im.park.example", "127.0.0.1"]
    with pytest.raises(Forbidden, match="https"):
        outgoing.checked("http://im.park.example/robot/send", OWN)


@pytest.mark.parametrize(
    "url", ["https://im.park.example:6379/x", "https://oapi.dingtalk.com:8443/robot/send", "http://127.0.0.1:22/x"]
)
def test_other_ports_of_a_named_host_are_not_called(settings, url):
    settings.ROBOT_HOSTS = ["im.park.example", "127.0.0.1"]

    with pytest.raises(Forbidden, match="LIANSHANG_ROBOT_HOSTS"):
        outgoing.checked(url, OWN)


def leads_to(monkeypatch, *addresses):
    """Names are looked up outside the park: here they lead where the test says."""
    found = [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "169.254.169.254", "fe80::1", "0.0.0.0", "::", "100.100.100.200", "fd00:ec2::254",  # noqa: S104
     "::ffff:169.254.169.254", "::ffff:127.0.0.1", "224.0.0.1", "ff02::1", "192.0.0.192", "240.0.0.1",
     "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"],
)  # fmt: skip
@pytest.mark.parametrize("own", [True, False])
def test_name_that_leads_inside_is_refused(monkeypatch, address, own):
    leads_to(monkeypatch, "203.119.214.1", address)

    with pytest.raises(Forbidden):
        outgoing.resolved("oapi.dingtalk.com", 443, own=own)


def test_private_network_is_for_named_hosts_alone(monkeypatch):
    leads_to(monkeypatch, "10.20.0.8")

    assert str(outgoing.resolved("im.park.example", 443, own=False)) == "10.20.0.8"
    with pytest.raises(Forbidden):
        outgoing.resolved("oapi.dingtalk.com", 443, own=True)


def test_private_network_behind_a_translated_address_is_private(monkeypatch):
    leads_to(monkeypatch, "64:ff9b::a14:8")

    with pytest.raises(Forbidden):
        outgoing.resolved("oapi.dingtalk.com", 443, own=True)


def test_name_that_is_looked_up_too_slowly_is_unreachable(monkeypatch):
    given_up = Event()
    monkeypatch.setattr(outgoing, "SILENCE", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: given_up.wait(60))

    with pytest.raises(Unreachable, match="域名"):
        outgoing.resolved("oapi.dingtalk.com", 443, own=True)
    given_up.set()


def test_unknown_name_is_unreachable(monkeypatch):
    def nowhere(*args, **kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)

    with pytest.raises(Unreachable, match="域名"):
        outgoing.resolved("oapi.dingtalk.com", 443, own=True)
