"""Receipts: separate proof that each request was accepted."""

from django.db import models

from inquiries.models.ledger_chain import keyed_hash


class Receipt(models.Model):
    """Proof that a request was accepted. It is separate, so a request cannot vanish unnoticed.

    The database refuses to change or delete a receipt.
    """

    inquiry_id = models.UUIDField(unique=True)
    reference = models.CharField(max_length=14)
    at = models.DateTimeField()
    mac = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"receipt of {self.reference}"

    def expected_mac(self, key: bytes) -> str:
        return keyed_hash(key, ["receipt", self.inquiry_id, self.reference, self.at])
