"""How the server is started: in the demo, in the tests, and in docs/operations/going-live.md."""

#: Requests that a process works on at once: as many as the default number of its database
#: connections. The others wait for their turn.
MOST_AT_WORK = 8
#: Headers may take ten seconds; bodies have a limit of their own (`portal.http.bodies`).
GRANIAN_WORDS = (
    *("--interface", "rsgi", "--no-ws", "--http1-header-read-timeout", "10000"),
    "--respawn-failed-workers",
)
