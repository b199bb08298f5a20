#!/usr/bin/env python3
"""Makes assets.cpp, which holds every file below a folder as it is and compressed (src/api/assets.hpp).

usage: cmake/embed_assets.py FOLDER OUTPUT     e.g. cmake/embed_assets.py web/dist build/debug/assets

The assembler takes the bytes in (.incbin), which costs the compiler nothing. assets.cpp names the digest of each file, so
that it changes whenever one of them does. Without FOLDER/index.html it holds nothing.
"""
import gzip
import hashlib
import subprocess
import sys
from pathlib import Path

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".json": "application/json; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
         ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}
HEAD = """// Made by cmake/embed_assets.py.
#include "api/assets.hpp"

"""
TAIL = """
namespace latchkey::api {

std::span<const Asset> embedded_assets() noexcept { return %s; }

}  // namespace latchkey::api
"""


def encodings(file, output, name):
    """The file's three forms; where a compressed one is no smaller, None."""
    plain = file.read_bytes()
    brotli = subprocess.run(["brotli", "--quality=11", "--stdout", str(file)], check=True, capture_output=True).stdout
    forms = {"plain": plain, "brotli": brotli, "gzip": gzip.compress(plain, 9, mtime=0)}
    for form, content in forms.items():
        if form != "plain" and len(content) >= len(plain):
            yield form, None, 0
            continue
        kept = output / f"{name}.{form}"
        kept.write_bytes(content)
        yield form, kept, len(content)


def embed(folder, output):
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix != ".map")
    bytes_, symbols, rows = [], [], []
    for number, file in enumerate(files):
        if file.suffix not in TYPES:
            sys.exit(f"{file}: no content type is known for {file.suffix}: name one in cmake/embed_assets.py")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:32]
        forms = []
        for form, kept, size in encodings(file, output, digest):
            symbol = f"portal_{number}_{form}"
            forms.append(f"std::string_view({symbol}, {size})" if kept else "{}")
            if kept:
                bytes_.append(f'{symbol}: .incbin "{kept}"')
                symbols.append(f"extern const char {symbol}[];")
        rows.append(f'    {{"{file.relative_to(folder).as_posix()}", "{TYPES[file.suffix]}", "W/\\"{digest}\\"", {", ".join(forms)}}},')
    return (HEAD + 'asm(R"(.pushsection .rodata.portal, "a"\n' + "\n".join(bytes_) + '\n.popsection\n)");\n\nextern "C" {\n'
            + "\n".join(symbols) + "\n}\n\nnamespace {\n\nconstexpr latchkey::api::Asset assets[] = {\n" + "\n".join(rows)
            + "\n};\n\n}  // namespace\n" + TAIL % "assets")


def main(folder, output):
    folder, output = Path(folder), Path(output).absolute()
    output.mkdir(parents=True, exist_ok=True)
    (output / "assets.cpp").write_text(embed(folder, output) if (folder / "index.html").is_file() else HEAD + TAIL % "{}")


if __name__ == "__main__":
    main(*sys.argv[1:])
