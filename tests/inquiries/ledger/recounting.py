"""The commands that verify and anchor the ledger."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def recount() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("verify_ledger", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def recount_with_faults() -> tuple[str, str, str, int]:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_ledger", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue(), str(refused.value), refused.value.returncode


def drop() -> str:
    out = StringIO()
    call_command("anchor_ledger", stdout=out)
    return out.getvalue()
