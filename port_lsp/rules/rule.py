"""What a rule is, and what it is given."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from port_lsp.facts.items import Endpoint, Model, Side
from port_lsp.facts.links import Finding, Link, Links, Severity
from port_lsp.facts.source import Record


@dataclass(frozen=True)
class Context:
    """What the rules look at: both sides, their links, the configured exchange of prefixes."""

    backend: Side
    crate: Side
    links: Links
    prefixes: tuple[tuple[str, str], ...] = ()

    @cached_property
    def backend_endpoints(self) -> Mapping[str, Endpoint]:
        """The backend's endpoints by id."""
        return {endpoint.id: endpoint for endpoint in self.backend.endpoints}

    @cached_property
    def crate_endpoints(self) -> Mapping[str, Endpoint]:
        """The crate's endpoints by id, those that nothing mounts too."""
        loose = (one.endpoint for one in self.crate.unmounted)
        return {endpoint.id: endpoint for endpoint in (*self.crate.endpoints, *loose)}

    @cached_property
    def backend_models(self) -> Mapping[str, Model]:
        """The backend's models by item key."""
        return {model.key: model for model in self.backend.models}

    @cached_property
    def aliased(self) -> frozenset[str]:
        """Keys of the backend's handlers that several decorators register."""
        places: defaultdict[str, set[object]] = defaultdict(set)
        for endpoint in self.backend.endpoints:
            places[endpoint.key].add(endpoint.registered)
        return frozenset(key for key, seen in places.items() if len(seen) > 1)

    @cached_property
    def linked(self) -> tuple[tuple[Link, Endpoint, Endpoint], ...]:
        """The links of endpoints that both sides have, and their ends; without ignored ones."""
        ours, theirs = self.backend_endpoints, self.crate_endpoints
        return tuple(
            [
                (link, ours[link.backend], theirs[link.crate])
                for link in self.links.endpoints
                if link.backend is not None
                if link.crate is not None and link.presence != "ignored"
            ]
        )

    def drifted(self, rule: str) -> Iterator[tuple[Link, Endpoint, Endpoint]]:
        """The links of endpoints that linking says have drifted by the rule."""
        return (found for found in self.linked if rule in found[0].drift)


class Rule(Record, frozen=True):
    """A rule: its name, how severe its findings are by default, and what finds them.

    `drift` says that a client would notice what it finds, so that its name goes into `Link.drift`.
    `page` is its documentation in Markdown, from which the pages of the manual are made.
    """

    name: str
    severity: Severity
    check: Callable[[Context], Iterable[Finding]]
    page: str
    drift: bool = False


def route(endpoint: Endpoint) -> str:
    """An endpoint in messages."""
    return f"`{endpoint.method} {endpoint.path}`"
