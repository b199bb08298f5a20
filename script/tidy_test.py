#!/usr/bin/env python3
"""Each rule of script/tidy, seen to hold and seen to be broken."""
import importlib.machinery
import importlib.util
import unittest
from pathlib import Path

loader = importlib.machinery.SourceFileLoader("tidy", str(Path(__file__).parent / "tidy"))
spec = importlib.util.spec_from_loader("tidy", loader)
tidy = importlib.util.module_from_spec(spec)
loader.exec_module(tidy)

CMAKE = "latchkey_room(base DEPS Boost::json)\nlatchkey_room(token DEPS base)\nlatchkey_room(api DEPS token)\n"
SPDX = "// What it promises.\n// SPDX-License-Identifier: Apache-2.0\n"


class Rooms(unittest.TestCase):
    def setUp(self):
        self.allowed, self.breaches = tidy.allowed_rooms(CMAKE)

    def test_a_room_may_use_its_dependencies_and_theirs(self):
        self.assertEqual(self.breaches, [])
        self.assertEqual(list(tidy.check_includes("src/api/x.cpp", '#include "base/ids.hpp"\n', self.allowed)), [])

    def test_an_include_that_points_up_is_found(self):
        found = list(tidy.check_includes("src/base/x.cpp", '#include "token/text.hpp"\n', self.allowed))
        self.assertEqual(found, ["src/base/x.cpp: includes token/text.hpp: base/ may not use token/"])

    def test_a_room_that_depends_on_one_above_is_found(self):
        _, found = tidy.allowed_rooms("latchkey_room(base DEPS token)\nlatchkey_room(token DEPS base)\n")
        self.assertEqual(len(found), 1)

    def test_a_third_party_header_outside_its_room_is_found(self):
        self.assertEqual(list(tidy.check_includes("src/base/x.cpp", "#include <spdlog/spdlog.h>\n", self.allowed)), [])
        self.assertEqual(len(list(tidy.check_includes("src/api/x.cpp", "#include <boost/asio/post.hpp>\n", self.allowed))), 1)
        self.assertEqual(len(list(tidy.check_includes("src/api/x.cpp", "#include <sqlite3.h>\n", self.allowed))), 1)

    def test_a_cycle_is_found_once(self):
        self.assertEqual(list(tidy.check_cycles({"a": {"b"}, "b": {"c"}, "c": set()})), [])
        self.assertEqual(len(list(tidy.check_cycles({"a": {"b"}, "b": {"a"}}))), 1)


class Text(unittest.TestCase):
    def test_a_proper_file_passes(self):
        self.assertEqual(list(tidy.check_text("src/base/x.hpp", SPDX + "#pragma once\n")), [])

    def test_a_file_that_is_too_long_is_found(self):
        self.assertEqual(list(tidy.check_text("src/base/x.cpp", SPDX + "\n" * 498)), [])
        self.assertEqual(len(list(tidy.check_text("src/base/x.cpp", SPDX + "\n" * 499))), 1)

    def test_a_file_without_licence_or_contract_is_found(self):
        self.assertEqual(len(list(tidy.check_text("src/base/x.hpp", "#pragma once\n"))), 2)

    def test_each_banned_text_is_found(self):
        for text in ("std::chrono::system_clock::now()", "clock_gettime(CLOCK_REALTIME, &t)", "std::regex r;",
                     "thread.detach();", "sleep_for(1s)", "std::mt19937 g;", '"select * from t"', "// TODO later"):
            self.assertEqual(len(list(tidy.check_text("src/api/x.cpp", SPDX + text))), 1, text)

    def test_a_test_may_repeat_its_run_from_a_seed(self):
        self.assertEqual(list(tidy.check_text("src/api/x_test.cpp", SPDX + "std::mt19937 g;")), [])

    def test_the_clock_itself_may_ask_the_system(self):
        self.assertEqual(list(tidy.check_text("src/base/time.cpp", SPDX + "system_clock::now()")), [])


class Sizes(unittest.TestCase):
    def test_a_function_that_is_too_long_is_found(self):
        self.assertEqual(list(tidy.check_functions(["src/a.cpp 1 60 f", "src/a.cpp 1  g"])), [])
        self.assertEqual(len(list(tidy.check_functions(["src/a.cpp 1 61 f"]))), 1)
        self.assertEqual(list(tidy.check_functions(["src/a_test.cpp 1 61 f"])), [])


class Documents(unittest.TestCase):
    def test_a_path_that_is_not_there_is_found(self):
        exists = {"src/base"}.__contains__
        self.assertEqual(list(tidy.check_paths("README.md", "see `src/base` and `latchkey serve`", exists)), [])
        self.assertEqual(len(list(tidy.check_paths("README.md", "see `docs/gone.md`", exists))), 1)


class Golden(unittest.TestCase):
    def test_a_check_that_went_off_or_came_on_unseen_is_found(self):
        self.assertEqual(list(tidy.check_golden({"a"}, {"a"})), [])
        self.assertEqual(len(list(tidy.check_golden({"a"}, {"a", "b"}))), 1)
        self.assertEqual(len(list(tidy.check_golden({"a", "c"}, {"a"}))), 1)


if __name__ == "__main__":
    unittest.main()
