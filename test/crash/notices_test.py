#!/usr/bin/python3
"""kill -9 at any moment while tokens are made and their webhook is sent to: each token that was answered is told, in order, and
each kill has doubled one message at most, with the same id: the one that its receiver took just before."""
import collections
import http.server
import json
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import Server, wait_until  # noqa: E402

TOKENS, KILLS = 60, 6


class Draining(unittest.TestCase):
    def receiver(self):
        kept = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                kept.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        self.addCleanup(receiver.server_close)
        self.addCleanup(receiver.shutdown)
        return receiver.server_address[1], kept

    def test_loses_none_and_doubles_one_for_a_kill_at_most(self):
        port, kept = self.receiver()
        server = Server()
        self.addCleanup(lambda: server.__exit__(None, None, None))
        (server.data / "latchkey.toml").write_text('[outgoing]\nallowed_networks = ["127.0.0.0/8"]\nallow_http = true\n')
        server.start()
        cookie = server.sign_in()
        path = f"/{server.organization}/_apis/latchkey/notices"
        answer = server.request("PUT", path + "/webhook", {"format": "json", "url": f"http://127.0.0.1:{port}/"}, cookie=cookie)
        self.assertEqual(answer.status, 200, answer.body)
        names = []
        for _ in range(KILLS):
            until = len(kept) + 3
            for _ in range(TOKENS // KILLS):
                names.append(f"token {len(names)}")
                server.create_token("vso.code", cookie, displayName=names[-1])
            wait_until(lambda until=until: len(kept) >= until, "messages to be sent")
            server.kill()
            server.start()
        wait_until(lambda: server.request("GET", path, cookie=cookie).json["webhook"]["queued"] == 0, "an empty queue")
        arrived = collections.Counter((message["id"], message["token"]) for message in kept)
        self.assertEqual([name for _, name in dict.fromkeys((message["id"], message["token"]) for message in kept)], names)
        self.assertEqual(len(arrived), TOKENS, "the same notice has the same id")
        self.assertLessEqual(max(arrived.values()), 2)
        self.assertLessEqual(sum(arrived.values()) - TOKENS, KILLS)


if __name__ == "__main__":
    unittest.main()
