"""A base URL cannot be turned against the house."""

import pytest

from alumusic.domain.errors import ConfigurationError
from alumusic.llm.address import ForbiddenAddressError, allowed_addresses, checked_base_url

NEVER = [
    "http://169.254.169.254/latest",
    "https://169.254.169.254",
    "https://[fe80::1]",
    "https://[fd00:ec2::254]",
    "https://100.100.100.200",
    "https://metadata.google.internal",
    "https://METADATA.google.internal./",
    "https://metadata",
    "https://0.0.0.0",
    "https://user:password@api.example.com",
    "https://user@api.example.com",
    "https://api.example.com@127.0.0.1",
    "https://0x7f.1",
    "https://0x7f000001",
    "https://2130706433",
    "https://127.1",
    "https://0177.0.0.1",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:169.254.169.254]",
    "https://[64:ff9b::a9fe:a9fe]",
    "https://[2002:7f00:1::]",
    "https://[64:ff9b:1::a9fe:a9fe]",
    "https://[::7f00:1]",
    "https://[::ffff:0:7f00:1]",
    "https://[2001:0:7f00:1::1]",
    "ftp://api.example.com",
    "file:///etc/passwd",
    "api.example.com",
    "https://",
    "https://api.example.com:99999",
    "https://api.example.com/?to=evil",
    "https://api.example.com/#frag",
    "https://api.example.com\\@evil.example",
    "https://%31%32%37.0.0.1",
    "",
]


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("url", NEVER)
def test_no_setting_allows_these(url, local):
    with pytest.raises(ConfigurationError) as caught:
        checked_base_url(url, local=local)

    assert caught.value.code == "llm_base_url"
    assert "password" not in str(caught.value) or "must not hold" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.0.5:8000", "https://10.0.0.7", "http://ollama:11434", "http://gpu.lan:8000",
        "http://gpu.casa.internal", "http://[fd00::7]:8000", "https://[fec0::1]",
    ],
)  # fmt: skip
def test_the_own_network_has_to_be_asked_for(url):
    with pytest.raises(ConfigurationError):
        checked_base_url(url, local=False)

    assert checked_base_url(url, local=True) == url


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize(
    "url", ["http://api.example.com", "http://8.8.8.8", "http://[2606:4700::1]", "http://local.example.com"]
)
def test_what_is_public_is_never_spoken_to_in_clear(url, local):
    with pytest.raises(ConfigurationError, match="https"):
        checked_base_url(url, local=local)


@pytest.mark.parametrize("host", ["ollama", "gpu.lan", "localhost"])
def test_a_name_of_the_own_network_that_leads_outside_is_not_spoken_to_in_clear(host):
    def led(*_):
        return ["8.8.8.8"]

    with pytest.raises(ForbiddenAddressError):
        allowed_addresses(host, 80, local=True, in_clear=True, resolve=led)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("https://8.8.8.8", "https://8.8.8.8"),
    ],
)
def test_public_addresses_and_this_machine_are_fine(url, plain):
    assert checked_base_url(url, local=False) == plain


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["8.8.8.8", "192.168.1.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["64:ff9b:1::7f00:1"],
        ["::7f00:1"],
        ["::ffff:0:7f00:1"],
        ["2001:0:7f00:1::1"],
        ["fec0::1"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],  # noqa: S104
        ["224.0.0.1"],
    ],
)
def test_a_public_name_that_leads_into_the_house_is_refused(found):
    with pytest.raises(ForbiddenAddressError):
        allowed_addresses("api.example.com", 443, local=False, resolve=lambda *_: found)


@pytest.mark.parametrize(
    "found",
    [["169.254.169.254"], ["fd00:ec2::254"], ["::ffff:169.254.169.254"], ["64:ff9b:1::a9fe:a9fe"], ["::a9fe:a9fe"]],
)
def test_no_name_ever_leads_to_a_metadata_service(found):
    for host in ("api.example.com", "localhost"):
        with pytest.raises(ForbiddenAddressError):
            allowed_addresses(host, 80, local=True, resolve=lambda *_: found)


def test_localhost_may_not_be_somebody_else():
    with pytest.raises(ForbiddenAddressError):
        allowed_addresses("localhost", 80, local=False, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])


def test_what_was_checked_is_what_is_connected_to():
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])

    assert allowed_addresses("api.example.com", 443, local=False, resolve=lambda *_: next(answers)) == ["8.8.8.8"]
