"""All commands of docs/coverage.md, which take long."""

import unittest

import docs_case


class Page(docs_case.Case):
    def test_all_commands(self):
        self.assertIn("docs/coverage.md", docs_case.pages())
        self.plays("docs/coverage.md")


if __name__ == "__main__":
    unittest.main()
