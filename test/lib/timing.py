"""Waiting for what the server does by itself."""


def prune(server, **later):
    """Let time pass and the hourly job end."""
    [(due,)] = server.query("SELECT run_at_ms FROM job WHERE kind = 'prune' AND state = 0")
    server.shift_clock(**later)
    server.wait_until(lambda: server.query("SELECT count(*), min(run_at_ms) FROM job WHERE kind = 'prune'") > [(1, due)]
                      and not server.query("SELECT 1 FROM job WHERE kind = 'prune' AND state = 1"))
