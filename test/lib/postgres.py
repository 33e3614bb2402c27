"""A PostgreSQL cluster for one test run: its own folder, a socket and no port, gone afterwards."""
import itertools
import os
import pathlib
import pwd
import subprocess
import tempfile
import time

from timing import PATIENCE


def binaries():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: ./dev deps")
    return found[-1].parent


def query(url, sql):
    """Rows of a database; numbers as int, everything else as text."""
    out = subprocess.run([binaries() / "psql", "-X", "-At", "-F", "\t", "-c", sql, url], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                         cwd="/", check=True).stdout
    return [tuple(int(v) if v.lstrip("-").isdigit() else v for v in line.split("\t")) for line in out.splitlines()]


class Postgres:
    def __init__(self, durable=False):
        """durable: sync to disk as a real cluster does, for measurements."""
        self.bin = binaries()
        # A short path: a socket's name has 107 bytes at most.
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="dassie-pg-"))
        self.data = self.root / "data"
        self.numbers = itertools.count(1)
        # The server refuses to run as root; Debian's package made a user for it.
        self.run_as = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.root, user.pw_uid, user.pw_gid)
            self.run_as = ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        os.chmod(self.root, 0o755)
        self._run("initdb", "-D", self.data, "-U", "dassie", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        with open(self.root / "log", "wb") as log:
            self.process = subprocess.Popen(
                [*self.run_as, self.bin / "postgres", "-D", self.data, "-k", self.root, "-c", "listen_addresses=", "-c", f"fsync={'on' if durable else 'off'}",
                 "-c", f"full_page_writes={'on' if durable else 'off'}", "-c", "max_connections=300", "-c", "unix_socket_permissions=0777"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")
        self._run("pg_isready", "-h", self.root, "-U", "dassie", "-t", "30", "-q", patience=PATIENCE)

    def _run(self, program, *args, patience=0):
        end = time.monotonic() + patience
        while True:
            p = subprocess.run([*self.run_as, self.bin / program, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/")
            if p.returncode == 0:
                return p.stdout
            if time.monotonic() >= end or self.process.poll() is not None:
                break
            try:
                self.process.wait(0.05)  # nothing tells when it is ready
            except subprocess.TimeoutExpired:
                pass
        raise RuntimeError(f"{program}: {p.stdout}{p.stderr}\n" + ((self.root / "log").read_text() if patience else ""))

    def database(self):
        """A new empty database; its URL."""
        name = f"test{next(self.numbers)}"
        self._run("createdb", "-h", self.root, "-U", "dassie", "-T", "template0", name)
        return f"postgresql://dassie@/{name}?host={self.root}"

    def stop(self):
        self.process.send_signal(2)  # SIGINT: cut the connections, then end
        self.process.wait(PATIENCE)
        # A hundred databases have as many thousand files: nobody waits until they are gone.
        subprocess.Popen(["rm", "-rf", self.root], stdin=subprocess.DEVNULL, start_new_session=True)
