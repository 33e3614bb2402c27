#!/usr/bin/python3
"""A mail server that keeps everything: for tests.  Prints its port, then writes each mail to DIR/NNNN.json.

usage: smtp_sink.py DIR [--auth USER:PASSWORD] [--tls CERT.pem KEY.pem] [--refuse ADDRESS] [--busy ADDRESS]

A file holds {"from", "to": [...], "data", "tls": bool, "user"}; it appears whole.  --refuse answers 550, --busy 451 to that
recipient.  --tls offers STARTTLS.  As a module: `with Sink(directory) as sink: sink.port, sink.mails()`.
"""
import argparse
import asyncio
import base64
import json
import os
import pathlib
import ssl
import subprocess
import sys


class Session:
    def __init__(self, options, reader, writer):
        self.o, self.reader, self.writer = options, reader, writer
        self.tls, self.user = False, None
        self.sender, self.recipients = None, []

    async def say(self, text):
        self.writer.write((text + "\r\n").encode())
        await self.writer.drain()

    async def line(self):
        line = await self.reader.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("line without CRLF")
        return line[:-2].decode("utf-8", "surrogateescape")

    async def ehlo(self, _):
        offers = ["sink", "8BITMIME", "SIZE 10000000"]
        if self.o.tls and not self.tls:
            offers.append("STARTTLS")
        if self.o.auth:
            offers.append("AUTH PLAIN")
        for i, offer in enumerate(offers):
            await self.say(("250 " if i == len(offers) - 1 else "250-") + offer)

    async def starttls(self, _):
        await self.say("220 go")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.o.tls)
        loop = asyncio.get_running_loop()
        protocol = self.writer.transport.get_protocol()
        transport = await loop.start_tls(self.writer.transport, protocol, context, server_side=True)
        self.reader._transport = transport  # StreamWriter.start_tls is Python 3.11's; this works before it too
        self.writer = asyncio.StreamWriter(transport, protocol, self.reader, loop)
        self.tls = True

    async def auth(self, rest):
        words = rest.split()
        if len(words) == 1:
            await self.say("334 ")
            words.append(await self.line())
        _, user, password = base64.b64decode(words[1]).decode().split("\0")
        if f"{user}:{password}" != self.o.auth:
            return await self.say("535 no")
        self.user = user
        return await self.say("235 welcome")

    async def mail(self, rest):
        if self.o.auth and not self.user:
            return await self.say("530 log in first")
        self.sender, self.recipients = rest[rest.index("<") + 1:rest.index(">")], []
        return await self.say("250 ok")

    async def rcpt(self, rest):
        address = rest[rest.index("<") + 1:rest.index(">")]
        if address == self.o.refuse:
            return await self.say("550 5.1.1 nobody here")
        if address == self.o.busy:
            return await self.say("451 4.3.0 later")
        self.recipients.append(address)
        return await self.say("250 ok")

    async def data(self, _):
        if not self.recipients:
            return await self.say("503 for whom")
        await self.say("354 go")
        lines = []
        while (line := await self.line()) != ".":
            lines.append(line[1:] if line.startswith(".") else line)
        keep(self.o.directory, {"from": self.sender, "to": self.recipients, "data": "\r\n".join(lines) + "\r\n",
                                "tls": self.tls, "user": self.user})
        return await self.say("250 kept")

    async def run(self):
        await self.say("220 sink ESMTP")
        while True:
            verb, _, rest = (await self.line()).partition(" ")
            step = {"EHLO": self.ehlo, "HELO": self.ehlo, "STARTTLS": self.starttls, "AUTH": self.auth,
                    "MAIL": self.mail, "RCPT": self.rcpt, "DATA": self.data}.get(verb.upper())
            if verb.upper() == "QUIT":
                return await self.say("221 bye")
            if step:
                await step(rest)
            else:
                await self.say("250 ok" if verb.upper() in ("RSET", "NOOP") else "502 what")


def keep(directory, mail):
    number = len(list(directory.glob("*.json"))) + 1
    part = directory / f"{number:04}.part"
    part.write_text(json.dumps(mail))
    part.rename(directory / f"{number:04}.json")


async def serve(options):
    async def one(reader, writer):
        try:
            await Session(options, reader, writer).run()
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # The one who started us holds our standard input: when it goes, we go.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


class Sink:
    """The sink as a child process."""

    def __init__(self, directory, *options):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.child = subprocess.Popen([sys.executable, __file__, str(self.directory), *options],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.child.stdout.readline())

    def mails(self):
        return [json.loads(p.read_text()) for p in sorted(self.directory.glob("*.json"))]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--auth")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--refuse")
    parser.add_argument("--busy")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
