"""How large a long proof is: at full size, or a twentieth of it, as the CI runs it."""

import os

SHORT = os.environ.get("PROOF_SIZE", "full") == "short"


def size(full: int) -> int:
    return full // 20 if SHORT else full
