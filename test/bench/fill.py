"""Many people and posts, written into the SQLite file of a stopped server as copies of what the server itself wrote."""
import sqlite3
import time

DAY_MS = 86_400_000


def clone(db, table, row, changes):
    """Insert copies of a row (a dict) with other values for some columns; changes yields dicts with the same keys."""
    changes = iter(changes)
    first = next(changes, None)
    if first is None:
        return
    columns = list(row)
    index = {c: i for i, c in enumerate(columns)}
    base = [row[c] for c in columns]

    def rows():
        change = first
        while change is not None:
            values = list(base)
            for key, value in change.items():
                values[index[key]] = value
            yield values
            change = next(changes, None)

    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows())


def fill(file, author, reader, post, people, followed, posts):
    """`people` authors like `author`; `reader` follows the first `followed` of them; `posts` posts like `post`, each author in turn.

    The ids are strings as the API gives them.  Posts are spread over the last year, the newest an hour ago.
    """
    db = sqlite3.connect(file, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = OFF")
    one = lambda sql, *args: dict(db.execute(sql, args).fetchone())  # noqa: E731
    person, stat = one("SELECT * FROM account WHERE id = ?", author), one("SELECT * FROM account_stat WHERE account_id = ?", author)
    template = one("SELECT * FROM status WHERE id = ?", post)
    now = int(time.time() * 1000)
    base = one("SELECT max(id) AS n FROM account")["n"] + 1
    ids = [base + i for i in range(people)]
    begin, step = now - 365 * DAY_MS, (365 * DAY_MS - 3_600_000) / max(posts, 1)
    moment = lambda i: int(begin + i * step)  # noqa: E731
    status_id = lambda i: (moment(i) << 16) | (i & 0xFFFF)  # noqa: E731
    last = {ids[i % people]: status_id(i) for i in range(max(0, posts - people), posts)}

    db.execute("BEGIN")
    clone(db, "account", person, ({"id": a, "username": f"copy{a}", "username_fold": f"copy{a}", "uri": f"{person['uri']}-{a}"} for a in ids))
    clone(db, "account_stat", stat, ({"account_id": a, "statuses": posts // people, "last_status_id": last.get(a, 0),
                                      "last_status_ms": last.get(a, 0) >> 16} for a in ids))
    db.executemany("INSERT INTO follow (id, account_id, target_id, uri, created_ms) VALUES (?, ?, ?, ?, ?)",
                   ((base + i, reader, a, f"bench:follow:{a}", now) for i, a in enumerate(ids[:followed])))
    clone(db, "status", template, ({"id": status_id(i), "uri": f"bench:{i}", "account_id": ids[i % people], "created_ms": moment(i),
                                    "conversation_id": status_id(i)} for i in range(posts)))
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("PRAGMA optimize")
    db.close()
