"""Seals what earlier versions stored in clear, and gives it index, chain and receipt."""

import json
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from inquiries import encryption, keyring
from inquiries.models import Inquiry
from inquiries.models.chain import keyed_hash
from inquiries.models.sealed import Sealed
from inquiries.search import lookup

WORDS = ("full_name", "patient_name", "phone", "phone_e164", "email", "message")


def seal_all(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    old = apps.get_model("inquiries", "Inquiry").objects
    if not old.exists():
        return
    keyring.make_missing_keys()
    chain_key = keyring.purpose_key(keyring.Purpose.CHAIN)
    for inquiry in old.order_by("pk").iterator(chunk_size=200):
        seal_one(apps, inquiry, chain_key)


def seal_one(apps: StateApps, inquiry: Any, chain_key: bytes) -> None:
    secret = encryption.new_key()
    apps.get_model("inquiries", "DataKey").objects.create(
        inquiry=inquiry,
        wrapped=encryption.wrap(secret, context=f"inquiries.datakey:{inquiry.pk}"),
        wrapped_by=encryption.newest_key_id(),
    )

    def seal(text: str, field: str, owner: object) -> bytes:
        context = f"inquiries.{field}:{owner}"
        return Sealed(encryption.seal(text, key=secret, context=context)) if text else b""

    says = {name: getattr(inquiry, f"clear_{name}") for name in WORDS}
    for name, text in says.items():
        setattr(inquiry, name, seal(text, f"inquiry.{name}", inquiry.pk))
    sendings = [Inquiry(**says)]
    head = ""
    for number, event in enumerate(inquiry.events.order_by("version", "pk"), start=1):
        event.number = number
        event.mac = head = keyed_hash(
            chain_key,
            [
                *(head, "event", inquiry.pk, number, event.version),
                *(event.kind, event.at, event.by_id, event.detail),
            ],
        )
        event.save()
        owner = f"{inquiry.pk}/{number}"
        for note in apps.get_model("inquiries", "Note").objects.filter(event=event):
            note.text = seal(note.clear_text, "note.text", owner)
            note.save()
        for addition in apps.get_model("inquiries", "Addition").objects.filter(event=event):
            written = json.dumps(addition.clear_content, sort_keys=True)
            addition.written = seal(written, "addition.written", owner)
            addition.save()
            sendings.append(Inquiry(**{name: addition.clear_content[name] for name in WORDS}))
        inquiry.chain_length = number
    inquiry.chain_head = head
    inquiry.save()
    digests = {digest for sending in sendings for digest in lookup.index_digests(sending)}
    entries = apps.get_model("inquiries", "IndexEntry")
    entries.objects.bulk_create(entries(inquiry=inquiry, digest=digest) for digest in digests)
    apps.get_model("inquiries", "Receipt").objects.create(
        inquiry_id=inquiry.pk,
        reference=inquiry.reference,
        at=inquiry.received_at,
        mac=keyed_hash(chain_key, ["receipt", inquiry.pk, inquiry.reference, inquiry.received_at]),
    )


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0003_sealed_fields")]

    operations = [migrations.RunPython(seal_all, elidable=True)]
