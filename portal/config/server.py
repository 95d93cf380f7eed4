"""How the server is started: in the demo, in the tests, and as docs/operations.md says."""

#: Requests that a process works on at the same time: as many as it may have connections to the
#: database by default. The others wait for their turn.
MOST_AT_WORK = 8
#: Headers may take ten seconds; bodies have a time of their own (`portal.http.bodies`).
GRANIAN_WORDS = (
    *("--interface", "rsgi", "--no-ws", "--http1-header-read-timeout", "10000"),
    "--respawn-failed-workers",
)
