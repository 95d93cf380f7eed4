"""The diagram of the life of a request, for the docs."""

from inquiries.states import NEXT, State


def diagram() -> str:
    """Return the table NEXT as a Mermaid diagram, for docs/states.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.NEW}", f"    [*] --> {State.QUARANTINED}"]
    for state, steps in NEXT.items():
        to: dict[State, list[str]] = {}
        for step, led_to in steps.items():
            to.setdefault(led_to, []).append(step.label.lower())
        lines += [f"    {state} --> {led_to}: {', '.join(taken)}" for led_to, taken in to.items()]
    return "\n".join([*lines, f"    {State.ERASED} --> [*]"])
