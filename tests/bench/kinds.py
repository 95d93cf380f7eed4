"""What `make bench` requests: each kind of response, how often per turn, and what to send."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.client import Answer, Client, filled_in, hidden_fields
from tests.bench.process import ASK, typed

Ask = Callable[[], Answer]
BARE = "bare"
#: Each of these is requested in one turn only, by whichever process comes first.
_COLD = 100
JUDGED = Path(__file__).parent.parent / "articles/search/verdict.txt"


@dataclass
class Known:
    """Where the servers are, what there is to visit, and how far each kind has come."""

    ports: dict[str, int]
    visits: dict[str, Any]
    asked_cold: int = 1
    sent: int = 0
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str = "reader", server: str = "portal") -> Client:
        """Return the same connection for the same visitor; staff are signed in."""
        key = f"{server} {name}"
        if key not in self.clients:
            cookies = dict(self.visits.get(name) or {}) if name in {"coordinator", "editor"} else {}
            self.clients[key] = Client(self.ports[server], cookies)
        return self.clients[key]


@dataclass(frozen=True)
class Kind:
    name: str
    #: Everything that does not belong to the cost; returns the requests of one turn.
    prepare: Callable[[Known], list[Ask]]
    status: int = 200
    server: str = "portal"
    #: Whether its requests differ, so that the median of one says more than their mean.
    is_varied: bool = False


def _again(address: Callable[[Known], str], times: int, who: str = "reader") -> Callable[..., Any]:
    def prepare(known: Known) -> list[Ask]:
        client, place = known.client(who), address(known)
        client.get(place)
        return [lambda: client.get(place)] * times

    return prepare


def _made(known: Known) -> list[Ask]:
    """Request articles that nobody has read since the last change, so Django renders them."""
    return [partial(known.client().get, place) for place in _next_articles(known)]


def _cold(known: Known) -> list[Ask]:
    """Request articles that other processes have rendered and this one has not."""
    places = _next_articles(known)
    for place in places:
        known.client().get(place)
    return [partial(known.client(server="second").get, place) for place in places]


def _next_articles(known: Known) -> list[str]:
    first = known.asked_cold
    known.asked_cold += _COLD
    places: list[str] = known.visits["articles"][first : first + _COLD]
    return places


def _not_modified(known: Known) -> list[Ask]:
    client, place = known.client(), known.visits["article"]
    etag = client.get(place).headers["ETag"]
    return [lambda: client.get(place, **{"If-None-Match": etag})] * 1000


def _store(known: Known) -> list[Ask]:
    asks: list[Ask] = []
    for _ in range(40):
        known.sent += 1
        sender = Client(known.ports["portal"])
        form = hidden_fields(sender.get(ASK).body_text)
        words = {**form, **typed(known.sent)}
        asks.append(partial(sender.post, ASK, words))
    return asks


def _insert(known: Known) -> list[Ask]:
    asks: list[Ask] = []
    for _ in range(40):
        sender = Client(known.ports["bare"])
        words = {**hidden_fields(sender.get("/insert/").body_text), "message": "Words."}
        asks.append(partial(sender.post, "/insert/", words))
    return asks


def _save(known: Known) -> list[Ask]:
    """Each save builds on the one before, which has increased the version by one."""
    editor, place = known.client("editor"), known.visits["draft"]
    form = filled_in(editor.get(place).body_text)
    words, version = str(form["body"]), int(str(form["version"]))
    words = words.rpartition(" Turn ")[0] or words
    known.sent += 1
    forms = [
        {**form, "body": f"{words} Turn {known.sent}, {each}.", "version": str(version + each)}
        for each in range(10)
    ]
    return [partial(editor.post, place, typed) for typed in forms]


def _from_bare(address: str, server: str, times: int) -> Callable[[Known], list[Ask]]:
    def prepare(known: Known) -> list[Ask]:
        client = known.client(server=server)
        client.get(address)
        return [lambda: client.get(address)] * times

    return prepare


def _searches(known: Known) -> list[Ask]:
    """Search for what patients type: the judged set, all of it in each turn."""
    lines = JUDGED.read_text(encoding="utf-8").splitlines()
    queries = [line.split("|")[2].strip() for line in lines if line and line[0] != "#"]
    client = known.client()
    return [partial(client.get, f"/search/?{urlencode({'q': query})}") for query in queries]


KINDS = [
    Kind("raw WSGI", _from_bare("/", "raw", 1000), server="raw"),
    Kind(BARE, _from_bare("/", "bare", 1000), server="bare"),
    Kind("bare insert", _insert, status=302, server="bare"),
    Kind("article hot", _again(lambda known: known.visits["article"], 1000)),
    Kind("article cold", _cold, server="second"),
    Kind("article made", _made),
    Kind("article 304", _not_modified, status=304),
    Kind("article es", _again(lambda known: f"/es{known.visits['article']}", 1000)),
    Kind("home", _again(lambda known: "/", 1000)),
    Kind("category", _again(lambda known: known.visits["category"], 1000)),
    Kind("feed", _again(lambda known: "/feed/", 1000)),
    Kind("search", _searches, is_varied=True),
    # Every article holds these.
    Kind("search common", _again(lambda known: "/search/?q=medicine", 40)),
    Kind("ask", _again(lambda known: ASK, 300)),
    Kind("store", _store, status=302),
    Kind("queue", _again(lambda known: "/admin/inquiries/inquiry/", 20, "coordinator")),
    Kind("request", _again(lambda known: known.visits["request"], 20, "coordinator")),
    Kind("preview", _again(lambda known: f"{known.visits['draft'][:-7]}preview/", 20, "editor")),
    Kind("save", _save, status=302),
]
