"""Sentences that people judged: which may mean danger, by kind, and which do not."""

from pathlib import Path

_HERE = Path(__file__).parent
_NO_DANGER = {"hard", "ordinary", "pairs", "beside"}


def lines(name: str) -> list[str]:
    text = (_HERE / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def of_danger() -> dict[str, list[str]]:
    """Sentences that may mean danger, by kind."""
    kinds = (path.stem for path in sorted(_HERE.glob("*.txt")))
    return {kind: lines(kind) for kind in kinds if kind not in _NO_DANGER}


def pairs() -> list[tuple[str, str]]:
    """Pairs of which the first sentence may mean danger and its twin does not."""
    return [
        (danger, twin) for danger, _, twin in (line.partition(" | ") for line in lines("pairs"))
    ]
