"""How links are said to people."""

from port_lsp.facts.items import Guard
from port_lsp.facts.links import Link


def state(link: Link) -> str:
    """Presence and drift in a few words."""
    if link.presence == "unported":
        return "not ported"
    if link.presence == "ignored":
        return f"won't be ported: {link.reason}" if link.reason else "won't be ported"
    if link.presence == "stub":
        drift = f", drifted: {', '.join(link.drift)}" if link.drift else ""
        return f"stub{drift}"
    if link.presence == "rust-only":
        return "only in the crate"
    return f"drifted: {', '.join(link.drift)}" if link.drift else "ported"


def guard(found: Guard) -> str:
    """Who may call an endpoint."""
    name = f" {found.name}" if found.name else ""
    because = f" ({' → '.join(found.evidence)})" if found.evidence else ""
    return f"{found.level}{name}{because}"
