"""A browser without a screen: one connection that is kept, cookies, forms read from pages."""

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|idempotency_key|challenge|version)" value="([^"]*)"')
IDLE = 8  # seconds after which a browser would not trust a connection any more
PASSING = ("messages",)  # a browser that is sent on shows these and drops them


@dataclass
class Answer:
    status: int
    text: str
    location: str


@dataclass
class Visitor:
    """`session` is the cookie of a member of staff; `address` is what the proxy in front says of where we come from."""

    port: int
    session: str = ""
    address: str = "10.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection, self.used = HTTPConnection("127.0.0.1", self.port, timeout=60), time.monotonic()
        if self.session:
            self.cookies["sessionid"] = self.session

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, path: str, body: bytes, kind: str) -> Answer:
        """Send what is no plain form, such as one with a file."""
        return self._ask("POST", path, body, {"Content-Type": kind})

    def form(self, path: str) -> dict[str, str]:
        """Return the hidden fields of the page's form; of several forms, the last one's."""
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"the form was answered {answer.status}")
        return dict(HIDDEN.findall(answer.text))

    def close(self) -> None:
        self.connection.close()

    def _ask(
        self, method: str, path: str, body: str | bytes | None = None, more: dict[str, str] | None = None
    ) -> Answer:
        headers = {"X-Forwarded-For": self.address, **(more or {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self.used > IDLE:
            self.connection.close()  # the next request opens it again
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        self.used = time.monotonic()
        for line in response.msg.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            if name not in PASSING:
                self.cookies[name] = value
        return Answer(response.status, text, response.headers.get("Location") or "")
