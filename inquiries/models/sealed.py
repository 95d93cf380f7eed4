"""The field that is stored sealed in the database."""

from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from inquiries import encryption

if TYPE_CHECKING:
    from inquiries.models.encryption_keys import DataKey


class Sealing(Protocol):
    """What a model with sealed fields has."""

    @property
    def data_key(self) -> "DataKey": ...
    @property
    def seal_context(self) -> str:
        """What the sealed text belongs to: the request, and which part of it."""


class Sealed(bytes):
    """A value as stored in the database, not yet decrypted."""


class _OpensWhenRead(DeferredAttribute):
    field: "SealedField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            opened = self.field.unseal(value, instance)
            self.field.remember(instance, opened, value)
            instance.__dict__[self.field.attname] = value = opened
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Text, sealed under its request's data key when saved and decrypted when first read.

    Queries cannot search or set it; searchable values are in IndexEntry. An empty text is stored
    empty, so that constraints can check for it.
    """

    descriptor_class = _OpensWhenRead

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | str:
        return Sealed(value) if value else ""

    def pre_save(self, model_instance: Any, add: bool) -> bytes:  # noqa: FBT001 - Django's
        return self.as_stored(model_instance)

    def as_stored(self, instance: Any) -> bytes:
        """Return what the database holds once this is saved.

        The result is stable: a text is sealed again only if it or its place changed, so reading a
        row does not change the keyed hash of that row.
        """
        value = instance.__dict__[self.attname]
        if isinstance(value, Sealed) or not value:
            return bytes(value or b"")
        if not isinstance(value, str):
            raise TypeError(f"{self.name} is neither text nor sealed.")
        context = self.context(instance)
        known = instance.__dict__.get(self._memory)
        if known and known[:2] == (value, context):
            return bytes(known[2])
        sealed = encryption.seal(value, key=instance.data_key.secret, context=context)
        self.remember(instance, value, sealed)
        return sealed

    def remember(self, instance: Any, opened: str, sealed: bytes) -> None:
        instance.__dict__[self._memory] = (opened, self.context(instance), bytes(sealed))

    @property
    def _memory(self) -> str:
        return f"_{self.attname}_as_stored"

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str) and value:
            raise TypeError(f"{self.name} is sealed: it is neither searched nor set by a query.")
        return super().get_prep_value(value or b"")

    def unseal(self, value: Sealed, instance: Sealing) -> str:
        """Decrypt. Raise SealBroken, or KeyRefused if FIELD_KEYS cannot open the request's key."""
        context = self.context(instance)
        try:
            key = instance.data_key.secret
        except ObjectDoesNotExist as error:
            raise encryption.SealBroken(f"{context}: its key is gone.") from error
        return encryption.unseal(value, key=key, context=context)

    def context(self, instance: Sealing) -> str:
        return self.context_of(instance.seal_context)

    def context_of(self, seal_context: str) -> str:
        return f"{self.model._meta.label_lower}.{self.name}:{seal_context}"
