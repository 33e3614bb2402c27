"""Waiting for what the server does by itself."""

# Seconds after which something will not happen any more.  It says nothing about speed: a test that waits goes on at once when it has come,
# and must hold on a machine with a quarter of the speed, under sanitizers and beside other tests.
PATIENCE = 90


def prune(server, **later):
    """Let time pass and the hourly job end."""
    waiting = "SELECT run_at_ms FROM job WHERE kind = 'prune' AND state = 0"
    [(due,)] = server.wait_until(lambda: server.query(waiting))  # the one before may still be running
    server.shift_clock(**later)
    server.wait_until(lambda: server.query("SELECT count(*), min(run_at_ms) FROM job WHERE kind = 'prune'") > [(1, due)]
                      and not server.query("SELECT 1 FROM job WHERE kind = 'prune' AND state = 1"))
