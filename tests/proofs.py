"""The size of a long proof: full size, or a twentieth of it, as in CI."""

import os

SHORT = os.environ.get("PROOF_SIZE", "full") == "short"


def size(full: int) -> int:
    return full // 20 if SHORT else full
