#!/usr/bin/env python3
"""Write the table of HTML's named character references, sorted by name, as C.

The names come with Python (html.entities, from the WHATWG list).  Usage: entities.py OUTPUT
"""
import html.entities
import sys


def c_bytes(text):
    # One escape for each byte, the literal split so that no escape runs on into the next character.
    return "".join(f"\\{byte:03o}" for byte in text.encode())


def main(path):
    names = sorted({name.rstrip(";") for name in html.entities.html5})
    with open(path, "w", encoding="ascii") as out:
        out.write("/* Made by tools/entities.py. */\n")
        for name in names:
            text = html.entities.html5.get(name + ";") or html.entities.html5[name]
            legacy = "true" if name in html.entities.html5 else "false"
            out.write(f'{{ "{name}", "{c_bytes(text)}", {legacy} }},\n')


if __name__ == "__main__":
    main(sys.argv[1])
