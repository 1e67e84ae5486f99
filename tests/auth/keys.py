"""Keys for tests, made once per process."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

PKCS1 = PrivateFormat.TraditionalOpenSSL
PKCS8 = PrivateFormat.PKCS8


@cache
def rsa_key(bits=2048):
    return rsa.generate_private_key(65537, bits)


def text(key, form=PKCS1, encryption=None):
    """Return a private key as PEM text."""
    encryption = BestAvailableEncryption(encryption) if encryption else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, encryption).decode()


@cache
def pem():
    """Return an App's key as GitHub's files hold it."""
    return text(rsa_key())


@cache
def public_pem():
    return (
        rsa_key()
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
