"""API keys: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from server.store import Store, StoredKey

_FORM = re.compile(r"pq_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; ``text`` can never be read again."""

    text: str
    stored: StoredKey


class KeyRing:
    """The API keys in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, name: str) -> NewKey:
        """Make a key; raises ValueError for a name that is empty or too long."""
        name = name.strip()
        if not name or len(name) > 100:
            raise ValueError(f"the name has {len(name)} characters; wanted are 1 to 100, to tell keys apart.")
        key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        stored = StoredKey(key_id, name, _digest(secret), time.time())
        self._store.add_key(stored)
        return NewKey(f"pq_{key_id}_{secret}", stored)

    def listed(self) -> Sequence[StoredKey]:
        """All keys, revoked ones too, oldest first."""
        return self._store.keys()

    def revoke(self, key_id: str) -> bool:
        """Refuse the key from now on; False where there is no such valid key."""
        return self._store.revoke_key(key_id, time.time())

    def has_valid(self) -> bool:
        """Whether anyone could be let in."""
        return any(key.revoked_at is None for key in self._store.keys())

    def find(self, text: str) -> StoredKey | None:
        """The valid key with this text; takes as long for a wrong secret as for a right one."""
        match = _FORM.fullmatch(text)
        stored = self._store.key(match.group(1)) if match else None
        # The random secret has 256 bits, so one round of a fast digest is as good as many.
        found = _digest(match.group(2)) if match else _digest("")
        wanted = stored.digest if stored is not None else _NO_DIGEST
        if not hmac.compare_digest(found, wanted) or stored is None or stored.revoked_at is not None:
            return None
        return stored


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
