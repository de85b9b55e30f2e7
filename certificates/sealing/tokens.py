"""Keys in a hardware module, through PKCS #11 (OASIS, version 2.40): P-256 and RSA.

A library that was initialized before a fork must be initialized again after it, so sessions belong to a process; a
session that the module dropped is opened once more before an error is raised.
"""

import hashlib
import os
import random
import threading
import time
from functools import cache
from typing import cast

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PinIncorrect, PinLocked, PKCS11Error
from pkcs11.types import SignMixin
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature
from pkcs11.util.rsa import encode_rsa_public_key

from certificates.sealing.errors import TokenUnavailable, UnsuitableKey
from certificates.sealing.files import require_match
from certificates.sealing.signing import Algorithm, PublicKey, algorithm_of

# The library is one for the whole process, and a session must not be used by two threads at once.
_LOCK = threading.RLock()


def _renew_lock() -> None:
    """A child process starts with a free lock."""
    global _LOCK  # noqa: PLW0603 - the parent's may be held by a thread that does not exist here
    _LOCK = threading.RLock()


os.register_at_fork(after_in_child=_renew_lock)

# Together at most 0.8 seconds.
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.025


class Token:
    """One module and one token in it, with the session of this process. Use `token_at`."""

    def __init__(self, module: str, label: str, pin: str) -> None:
        self.module, self.label, self.pin = module, label, pin
        self._session: pkcs11.Session | None = None
        self._pid = 0

    def session(self) -> pkcs11.Session:
        """The open session of this process. Raises TokenUnavailable."""
        if self._session is None or self._pid != os.getpid():
            self._session = self._open()
            self._pid = os.getpid()
        return self._session

    def drop(self) -> None:
        """Drop the session: the next one is opened after the library is initialized again."""
        self._session, self._pid = None, -1

    def _open(self) -> pkcs11.Session:
        """Open the token, with retries: modules fail when many processes open them at once."""
        for attempt in range(_ATTEMPTS):
            try:
                library = pkcs11.lib(self.module)
                if self._pid or attempt:
                    library.reinitialize()
                return library.get_token(token_label=self.label).open(user_pin=self.pin)
            except (PinIncorrect, PinLocked) as error:
                # Each further attempt would count against the PIN.
                raise TokenUnavailable(f"The token {self.label} has another PIN or is locked.") from error
            except (PKCS11Error, RuntimeError) as error:
                reason = str(error) or type(error).__name__
                failure = TokenUnavailable(f"The token {self.label} cannot be opened: {reason}.")
            time.sleep(random.uniform(0, _PAUSE_SECONDS * 2**attempt))  # noqa: S311 - only to part them
        raise failure


@cache
def token_at(module: str, label: str, pin: str) -> Token:
    """The token of that label, one object for all its keys: a token counts logins, not keys."""
    return Token(module, label, pin)


class TokenSigner:
    """A `Signer` whose private key never leaves its token. Raises TokenUnavailable, UnsuitableKey or KeyMismatch."""

    def __init__(
        self,
        token: Token,
        *,
        label: str,
        key_id: str,
        certificate: x509.Certificate | None = None,
        chain: tuple[x509.Certificate, ...] = (),
    ) -> None:
        self._token, self._label = token, label
        self._opened: tuple[pkcs11.Session, SignMixin] | None = None
        self.key_id = key_id
        self.certificate = certificate
        self.chain = chain
        with _LOCK:
            self.public_key: PublicKey = public_key_in(token, label=label)
        self.algorithm = algorithm_of(self.public_key)
        require_match(certificate, self.public_key, key_id)

    def sign(self, data: bytes) -> bytes:
        with _LOCK:
            try:
                return self._sign(data)
            except PKCS11Error:
                self._token.drop()
            try:
                return self._sign(data)
            except PKCS11Error as error:
                self._token.drop()
                raise TokenUnavailable(
                    f"The token could not sign with {self._label}: {error or type(error).__name__}."
                ) from error

    def _sign(self, data: bytes) -> bytes:
        key = self._private_key(self._token.session())
        if self.algorithm is Algorithm.RS256:
            return key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS)
        # Not every module hashes by itself for ECDSA; all of them sign a hash.
        return encode_ecdsa_signature(key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA))

    def _private_key(self, session: pkcs11.Session) -> SignMixin:
        """The handle of our key, which is one of this session only."""
        if self._opened is None or self._opened[0] is not session:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=self._label)
            self._opened = session, cast("SignMixin", key)
        return self._opened[1]


def public_key_in(token: Token, *, label: str) -> PublicKey:
    """The public half of the key `label`. Raises TokenUnavailable or UnsuitableKey."""
    with _LOCK:
        try:
            key = cast(
                "pkcs11.PublicKey",
                token.session().get_key(object_class=ObjectClass.PUBLIC_KEY, label=label),
            )
            kind = key[Attribute.KEY_TYPE]
            if kind == KeyType.EC:
                der = encode_ec_public_key(key)
            elif kind == KeyType.RSA:
                der = encode_rsa_public_key(key)
            else:
                raise UnsuitableKey(f"{label} is neither a P-256 nor an RSA key.")
        except PKCS11Error as error:
            token.drop()
            raise TokenUnavailable(
                f"The token has no readable key {label}: {error or type(error).__name__}."
            ) from error
    public_key = serialization.load_der_public_key(der)
    algorithm_of(public_key)
    return public_key  # type: ignore[return-value]  # algorithm_of refuses every other kind
