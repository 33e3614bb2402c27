#!/usr/bin/env python3
"""Write a C file that puts files into the binary with .incbin, and a function that lists them (text/embed.h).

    embed.py --function text_embed_share --header text/embed.h --out X.c --dep X.d [--file NAME=PATH]... [ROOT]...

Everything under each ROOT is taken by its path below it, but hidden files, README and *.po.  --file adds one file by another name.
"""
import argparse
import hashlib
import pathlib

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".map": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
}


def collect(roots, extra):
    files, watched = {}, set()
    for root in map(pathlib.Path, roots):
        watched.add(root)
        for path in root.rglob("*"):
            name = path.relative_to(root)
            if any(part.startswith(".") for part in name.parts) or path.suffix == ".po" or path.name == "README":
                continue
            if path.is_dir():
                watched.add(path)
            else:
                files[name.as_posix()] = path
    for pair in extra:
        name, path = pair.split("=", 1)
        files[name] = pathlib.Path(path)
    return sorted(files.items(), key=lambda item: item[0].encode()), watched


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    parser = argparse.ArgumentParser()
    for name in ("--function", "--header", "--out", "--dep"):
        parser.add_argument(name, required=True)
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("roots", nargs="*")
    args = parser.parse_args()
    files, watched = collect(args.roots, args.file)
    out = ["/* Made by tools/embed.py. */", f'#include "{args.header}"', ""]
    rows = []
    for i, (name, path) in enumerate(files):
        data = path.read_bytes()
        symbol = f"{args.function}_{i}"
        lines = ['.pushsection .rodata, "a", %progbits', ".balign 16", f".global {symbol}", f".hidden {symbol}",
                 f"{symbol}:", f".incbin {quoted(path.resolve())}", ".byte 0", ".popsection"]
        out.append("__asm__(" + "\n        ".join(quoted(line)[:-1] + '\\n"' for line in lines) + ");")
        out.append(f"extern const char {symbol}[];")
        kind = TYPES.get(path.suffix, "application/octet-stream")
        etag = '"' + hashlib.sha256(data).hexdigest()[:20] + '"'
        rows.append(f"    {{ {{ {quoted(name)}, {len(name.encode())} }}, {{ {symbol}, {len(data)} }}, "
                    f"{{ {quoted(kind)}, {len(kind)} }}, {{ {quoted(etag)}, {len(etag)} }} }},")
    out += ["", f"static const struct embed_file files[{max(len(rows), 1)}] = {{"] + rows + ["};", "",
            "struct embed_files", f"{args.function}(void)", "{",
            f"    return (struct embed_files){{ files, {len(rows)} }};", "}", ""]
    pathlib.Path(args.out).write_text("\n".join(out))
    inputs = [str(path.resolve()) for path in [p for _, p in files] + sorted(watched)]
    pathlib.Path(args.dep).write_text(args.out + ": " + " ".join(p.replace(" ", "\\ ") for p in inputs) + "\n")


if __name__ == "__main__":
    main()
