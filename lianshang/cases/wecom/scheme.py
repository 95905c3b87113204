"""The envelope of 企业微信: SHA-1 over four sorted parts, AES-256-CBC, a length in network order, the receiver at the end.

plain = 16 random bytes + length (4 bytes, big-endian) + message + receive id, padded to blocks of 32 (PKCS #7)
key   = Base64 of EncodingAESKey and "=";  initial vector = the key's first 16 bytes
sign  = SHA-1 of token, timestamp, nonce and the encrypted text, sorted and joined
"""

import base64
import binascii
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK, KEY, RANDOM, LENGTH = 32, 32, 16, 4
KEY_CHARACTERS = 43


class Unreadable(Exception):
    """Not an envelope that was made with our key for us. Says no more, so that nobody learns what was wrong."""


def key_of(encoding_aes_key: str) -> bytes:
    """Return the 32 bytes behind the 43 characters. Raises `Unreadable`."""
    try:
        key = base64.b64decode(f"{encoding_aes_key}=", validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable from None
    if len(encoding_aes_key) != KEY_CHARACTERS or len(key) != KEY:
        raise Unreadable
    return key


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    joined = "".join(sorted((token, timestamp, nonce, encrypted)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()  # the scheme's own choice


def is_signed(given: str, token: str, timestamp: str, nonce: str, encrypted: str) -> bool:
    return hmac.compare_digest(given.encode(), signature(token, timestamp, nonce, encrypted).encode())


def decrypt(encrypted: str, key: bytes, receive_id: str) -> bytes:
    """Return the message inside. Raises `Unreadable` for whatever was not made for this receiver with this key."""
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        opener = Cipher(algorithms.AES(key), modes.CBC(key[:RANDOM])).decryptor()
        plain = _unpadded(opener.update(sealed) + opener.finalize())
        (length,) = struct.unpack(">I", plain[RANDOM : RANDOM + LENGTH])
    except (binascii.Error, ValueError, struct.error):
        raise Unreadable from None
    end = RANDOM + LENGTH + length
    if end > len(plain) or not hmac.compare_digest(plain[end:], receive_id.encode()):
        raise Unreadable
    return plain[RANDOM + LENGTH : end]


def encrypt(message: bytes, key: bytes, receive_id: str, random: bytes) -> str:
    """Return the Base64 of the message, sealed for the receiver. `random`: 16 bytes that nobody can foresee."""
    plain = random + struct.pack(">I", len(message)) + message + receive_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:RANDOM])).encryptor()
    return base64.b64encode(sealer.update(plain + bytes([pad]) * pad) + sealer.finalize()).decode()


def _unpadded(plain: bytes) -> bytes:
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise Unreadable
    return plain[:-pad]
