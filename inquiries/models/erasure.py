"""What an erased request looks like to the database: nothing that it said is left."""

from django.db.models import Q

ERASED_FIELDS_EMPTY = (
    Q(key_digest__isnull=True, content_digest="")
    & Q(article__isnull=True, revision__isnull=True, duplicate_of__isnull=True)
    & Q(undelivered_at__isnull=True)
    & Q(relation="", authority="", full_name=b"", patient_name=b"", message=b"")
    & Q(contact_method="", phone=b"", phone_e164=b"", email=b"")
    & Q(email_checked=False, page_code=b"")
    & Q(shared_phone=False, shared_email=False, never_contact=b"", voicemail="")
    & Q(best_time="", time_zone="", language="")
    & Q(interpreter=False, interpreter_language=b"")
)
