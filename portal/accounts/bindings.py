"""Which accounts the portal itself bound to a person known to the identity provider."""

from allauth.socialaccount.models import SocialAccount

from inquiries.keyring import Purpose, purpose_key
from inquiries.models.ledger_chain import keyed_hash
from portal.accounts import audit
from portal.models import ProviderBinding


def prove(account: SocialAccount) -> None:
    ProviderBinding.objects.get_or_create(proof=_proof(account), user_id=account.user_id)
    audit.record_account_change(account.user, by=None, change="bound")


def is_proven(account: SocialAccount) -> bool:
    return ProviderBinding.objects.filter(proof=_proof(account), user_id=account.user_id).exists()


def _proof(account: SocialAccount) -> str:
    said = ["binding", account.provider, account.uid, str(account.user_id)]
    return keyed_hash(purpose_key(Purpose.CHAIN), said)
