"""A Redis for one test: a socket in a folder of its own, nothing on disk."""
import pathlib
import shutil
import subprocess
import tempfile


class Redis:
    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="dassie-redis-"))  # a short path: it is the name of a socket
        self.socket = self.root / "socket"
        self.bus = f"unix:{self.socket}"
        self.process = None
        self.start()

    def start(self):
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", ""], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, cwd=self.root)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.kill()
        shutil.rmtree(self.root, ignore_errors=True)
