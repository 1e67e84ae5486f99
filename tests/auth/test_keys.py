"""The private key of an App: accepted forms, and errors for all others."""

import base64
import re
import subprocess
import sys
import textwrap

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sdk.auth.keys import PrivateKey, Unusable, read_private_key
from tests.auth.keys import PKCS1, PKCS8, pem, public_pem, rsa_key, text


def one_line(value):
    return value.strip().replace("\n", "\\n")


def der(form):
    return rsa_key().private_bytes(Encoding.DER, form, NoEncryption())


FORMS = {
    "PKCS#1": pem,
    "PKCS#8": lambda: text(rsa_key(), PKCS8),
    "bytes": lambda: pem().encode(),
    "with a byte order mark": lambda: b"\xef\xbb\xbf" + pem().encode(),
    "Windows line ends": lambda: pem().replace("\n", "\r\n"),
    "one line": lambda: one_line(pem()),
    "one line, Windows": lambda: pem().strip().replace("\n", "\\r\\n"),
    "one line in quotes": lambda: f'"{one_line(pem())}"',
    "spaces for line breaks": lambda: pem().replace("\n", " "),
    "indented": lambda: textwrap.indent(pem(), "    "),
    "base64": lambda: base64.b64encode(pem().encode()).decode(),
    "base64 in lines": lambda: base64.encodebytes(pem().encode()).decode(),
    "base64 of PKCS#8": lambda: base64.b64encode(text(rsa_key(), PKCS8).encode()).decode(),
    "base64 of DER": lambda: base64.b64encode(der(PKCS1)).decode(),
    "DER": lambda: der(PKCS8),
    "after its public key": lambda: public_pem() + pem(),
}


@pytest.mark.parametrize("form", FORMS)
async def test_a_key_is_read_in_the_forms_that_people_have(form):
    key = read_private_key(FORMS[form]())
    assert isinstance(key, PrivateKey), key
    rsa_key().public_key().verify(await key.sign(b"data"), b"data", PKCS1v15(), SHA256())


async def test_a_key_is_read_from_a_file(tmp_path):
    file = tmp_path / "app.pem"
    file.write_text(pem())
    key = read_private_key(file)
    assert isinstance(key, PrivateKey)


def test_the_fingerprint_is_what_github_s_page_shows(tmp_path):
    file = tmp_path / "app.pem"
    file.write_text(pem())
    # The command of GitHub's documentation.
    public = subprocess.run(
        ["openssl", "rsa", "-in", str(file), "-pubout", "-outform", "DER"],  # noqa: S607
        capture_output=True,
        check=True,
    ).stdout
    digest = subprocess.run(
        ["openssl", "sha256", "-binary"],  # noqa: S607
        input=public,
        capture_output=True,
        check=True,
    ).stdout
    key = read_private_key(file)
    assert key.fingerprint == f"SHA256:{base64.b64encode(digest).decode()}"
    assert repr(key) == f"PrivateKey({key.fingerprint})"


def openssh():
    return text(rsa_key(), PrivateFormat.OpenSSH)


def damaged():
    """Return a well-formed key whose numbers are inconsistent."""
    content = bytearray(der(PKCS1))
    # With only one of the two changed, OpenSSL still signs correctly.
    content[400] ^= 1
    content[600] ^= 1
    body = base64.b64encode(bytes(content)).decode()
    return f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"


WRONG = {
    "": (lambda: "", "is empty"),
    "blank": (lambda: " \n ", "is empty"),
    "the first line only": (lambda: pem().splitlines()[0], r"END line is missing.* one line with"),
    "half of it": (lambda: pem()[:500], "END line is missing"),
    "a public key": (public_pem, "is the public key; the App needs the private one"),
    "a public SSH key": (lambda: "ssh-rsa AAAAB3Nza user@host", "is the public key"),
    "an OpenSSH key": (openssh, "is an OpenSSH key.*ssh-keygen -p -m PEM"),
    "an encrypted PKCS#8": (
        lambda: text(rsa_key(), PKCS8, b"secret"),
        "encrypted with a passphrase; decrypt it first",
    ),
    "an encrypted PKCS#1": (lambda: text(rsa_key(), PKCS1, b"secret"), "encrypted with a passph"),
    "an EC key": (lambda: text(ec.generate_private_key(ec.SECP256R1())), "EC key.*use RSA"),
    "an EC key in PKCS#8": (
        lambda: text(ec.generate_private_key(ec.SECP256R1()), PKCS8),
        "use RSA",
    ),
    "a DSA key": (lambda: text(dsa.generate_private_key(2048)), "DSA key.*use RSA"),
    "an Ed25519 key": (lambda: text(ed25519.Ed25519PrivateKey.generate(), PKCS8), "use RSA"),
    "a short key": (lambda: text(rsa_key(1024)), "has 1024 bits; RS256 needs 2048"),
    "a path": (lambda: "/etc/keys/app.pem", r"path of a file, as a str\. Pass Path\(\.\.\.\)"),
    "a relative path": (lambda: "app.pem", r"Pass Path\(\.\.\.\)"),
    "a Windows path": (lambda: r"C:\keys\app.key", r"Pass Path\(\.\.\.\)"),
    "a path in bytes": (lambda: b"./app.pem", r"Pass Path\(\.\.\.\)"),
    "a client secret": (lambda: "5f2a" * 10, "not a private key in PEM form"),
    "not base64": (lambda: pem().replace("\n", "\n*", 3), "is damaged"),
    "not a key": (
        lambda: "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----",
        "is damaged",
    ),
    "numbers that do not fit": (damaged, "is damaged"),
    "a certificate": (
        lambda: "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----",
        "is a certificate",
    ),
    "binary": (lambda: b"\xff\xfe\x00", "not a private key in PEM form"),
    "endless": (lambda: "A" * 100_000, "too long to be a private key"),
    "None": (lambda: None, "must be text, bytes, a Path, or an async function.*not NoneType"),
    "a number": (lambda: 7, "not int"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_unusable_key_is_described_with_the_fix_and_never_shown(name):
    source, said = WRONG[name]
    value = source()
    found = read_private_key(value)
    assert isinstance(found, Unusable)
    assert re.search(said, found.reason), found.reason
    if isinstance(value, (str, bytes)) and len(value) > 8:
        shown = value if isinstance(value, str) else repr(value)
        assert shown not in found.reason
        assert pem()[40:80] not in found.reason


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    missing = read_private_key(tmp_path / "missing.pem")
    assert "missing.pem" in missing.reason
    assert "No such file" in missing.reason
    assert "Is a directory" in read_private_key(tmp_path).reason
    (tmp_path / "public.pem").write_text(public_pem())
    assert "public.pem': It is the public key" in read_private_key(tmp_path / "public.pem").reason


def test_without_cryptography_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    assert "install github-sdk[app]" in read_private_key(pem()).reason
