"""Free text about a child, encrypted at rest: a key a pupil, wrapped by a key file kept outside the database.

Erasing a pupil's key erases the pupil's texts everywhere, also from backups of the database, and leaves the chain of
events whole, since events hash the encrypted form. A lost key file makes texts unreadable and nothing else.
"""

import hashlib
import hmac
import os
from collections.abc import Collection
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.pupil import TextKey

MARK = "sealed:"
ERASED = "(erased)"
"""What people are shown in place of an erased text."""


class TextUnreadable(Exception):
    """A text cannot be decrypted: the key file is lost or another's, or the pupil's key was erased."""


class TextErased(TextUnreadable):
    """The pupil's record was erased, as the law asks: nobody reads its texts any more, and none can be added."""


def is_sealed(value: object) -> bool:
    """Whether a stored value is a sealed text, or holds one."""
    if isinstance(value, str):
        return value.startswith(MARK)
    if isinstance(value, dict):
        return any(map(is_sealed, value.values()))
    return isinstance(value, list) and any(map(is_sealed, value))


class KeyFile:
    """The key that wraps every pupil's key. Kept apart from the database and from its backups."""

    def __init__(self, key: bytes | None, where: str) -> None:
        """Use the 32 url-safe base64 bytes `key`; None stands for a lost key. `where` is named in errors."""
        self._key = key
        self._fernet = Fernet(key) if key else None
        self.where = where

    @classmethod
    def make(cls, path: Path) -> "KeyFile":
        """Make a new key file, readable by its owner alone. Raises FileExistsError rather than overwrite one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        key = Fernet.generate_key()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(key + b"\n")
        return cls(key, str(path))

    @classmethod
    def open(cls, path: Path) -> "KeyFile":
        """Open a key file. A missing or damaged one is not an error yet: everything but texts stays readable."""
        try:
            return cls(path.read_bytes().strip(), str(path))
        except (FileNotFoundError, ValueError):
            return cls(None, str(path))

    @classmethod
    def throwaway(cls) -> "KeyFile":
        """A key that is forgotten with the process, for replays and tests."""
        return cls(Fernet.generate_key(), "memory")

    def derived(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose (signed links, form tokens). Raises TextUnreadable where the key is lost."""
        self.fernet()
        assert self._key is not None
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).digest()

    def wrap(self, secret: str) -> str:
        """Encrypt a secret that belongs to no pupil."""
        return self.fernet().encrypt(secret.encode()).decode()

    def unwrap(self, wrapped: str) -> str:
        """What `wrap` was given; raises TextUnreadable."""
        try:
            return self.fernet().decrypt(wrapped.encode()).decode()
        except InvalidToken:
            raise TextUnreadable(f"the key file {self.where} is not the one this was wrapped with") from None

    @property
    def lost(self) -> bool:
        """Whether there is no usable key."""
        return self._fernet is None

    def fernet(self) -> Fernet:
        """The cipher; raises TextUnreadable where the key is lost."""
        if self._fernet is None:
            raise TextUnreadable(
                f"the key file {self.where} is missing or damaged: texts cannot be read or written; everything else "
                "still works. Put the key file back from its own backup."
            )
        return self._fernet


class Texts:
    """Seals and opens texts of one school within one session."""

    def __init__(self, session: Session, key_file: KeyFile, school_id: int) -> None:
        """Keys are made on first use and kept wrapped in `text_key`."""
        self._session, self._key_file, self._school_id = session, key_file, school_id
        self._ciphers: dict[int | None, Fernet] = {}
        self._read: dict[int | None, str | None] = {}

    def read_keys(self, pupil_ids: Collection[int]) -> None:
        """Read the wrapped keys of these pupils in one query, where texts of many are to be opened."""
        self._read_keys(TextKey.pupil_id.in_(pupil_ids))

    def seal(self, text: str | None, pupil_id: int | None) -> str | None:
        """Encrypt `text` with the pupil's key (the school's where no pupil is meant). None and "" give None."""
        if not text:
            return None
        return MARK + self._cipher(pupil_id, may_make=True).encrypt(text.encode()).decode()

    def open(self, sealed: str | None, pupil_id: int | None) -> str | None:
        """Decrypt what `seal` gave; raises TextUnreadable where the key is lost, another's, or erased."""
        if sealed is None or not sealed.startswith(MARK):
            return sealed
        try:
            return self._cipher(pupil_id, may_make=False).decrypt(sealed.removeprefix(MARK).encode()).decode()
        except InvalidToken:
            raise TextUnreadable(f"the text does not belong to the key file {self._key_file.where}") from None

    def shown(self, sealed: str | None, pupil_id: int | None) -> str | None:
        """As `open`, for what people look at: an erased text says that it was erased. Raises TextUnreadable."""
        try:
            return self.open(sealed, pupil_id)
        except TextErased:
            return ERASED

    def check(self, pupil_id: int | None) -> None:
        """Raise TextUnreadable unless this owner's key can be unwrapped."""
        self._cipher(pupil_id, may_make=False)

    def _cipher(self, pupil_id: int | None, *, may_make: bool) -> Fernet:
        if pupil_id not in self._ciphers:
            self._ciphers[pupil_id] = Fernet(self._key(pupil_id, may_make))
        return self._ciphers[pupil_id]

    def _key(self, pupil_id: int | None, may_make: bool) -> bytes:
        outer = self._key_file.fernet()
        if pupil_id not in self._read:
            self._read_keys(TextKey.pupil_id.is_(None) if pupil_id is None else TextKey.pupil_id == pupil_id)
        if pupil_id not in self._read and may_make:
            key = Fernet.generate_key()
            self._session.add(TextKey(school_id=self._school_id, pupil_id=pupil_id, wrapped=outer.encrypt(key).decode()))
            self._session.flush()
            return key
        wrapped = self._read.get(pupil_id)
        if wrapped is None:
            raise TextErased("the record was erased: its texts cannot be read, nor any be added")
        try:
            return outer.decrypt(wrapped.encode())
        except InvalidToken:
            raise TextUnreadable(f"the key file {self._key_file.where} is not the one this database was written with") from None

    def _read_keys(self, of: ColumnElement[bool]) -> None:
        wanted = select(TextKey.pupil_id, TextKey.wrapped).where(TextKey.school_id == self._school_id, of)
        self._read.update(self._session.execute(wanted).tuples().all())
