"""What a rule is, and what it is given."""

import operator
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from port_lsp.facts.items import Endpoint, Model, Side
from port_lsp.facts.links import Finding, Link, Links, Severity
from port_lsp.facts.source import Record

About = Literal["endpoints", "models"]
ABOUT: tuple[About, ...] = ("endpoints", "models")


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
        several = Counter(endpoint.key for endpoint in self.backend.endpoints)
        places: defaultdict[str, set[object]] = defaultdict(set)
        for endpoint in self.backend.endpoints:
            if several[endpoint.key] > 1:
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

    def part(self, about: About) -> "Context":
        """What a rule about one kind of item looks at: those and their links, nothing else."""
        if about == "models":
            return Context(
                Side(models=self.backend.models),
                Side(models=self.crate.models),
                Links(models=self.links.models),
            )
        crate = Side(endpoints=self.crate.endpoints, unmounted=self.crate.unmounted)
        return Context(
            Side(endpoints=self.backend.endpoints),
            crate,
            Links(endpoints=self.links.endpoints),
            self.prefixes,
        )

    def rests_on_same(self, other: "Context") -> bool:
        """Whether two parts hold the very same items and links."""
        return self.prefixes == other.prefixes and all(
            map(operator.is_, self._held(), other._held())
        )

    def _held(self) -> tuple[object, ...]:
        sides = (self.backend, self.crate)
        items = [items for one in sides for items in (one.endpoints, one.unmounted, one.models)]
        return (*items, self.links.endpoints, self.links.models)


class Rule(Record, frozen=True):
    """A rule: its name, how severe its findings are by default, and what finds them.

    `about` is the kind of items that it is about; it sees no others, so that it needn't be asked
    again after an edit of those.
    `drift` says that a client would notice what it finds, so that its name goes into `Link.drift`.
    `page` is its documentation in Markdown, from which the pages of the manual are made.
    """

    name: str
    severity: Severity
    check: Callable[[Context], Iterable[Finding]]
    page: str
    drift: bool = False
    about: About = "endpoints"


def route(endpoint: Endpoint) -> str:
    """An endpoint in messages."""
    return f"`{endpoint.method} {endpoint.path}`"
