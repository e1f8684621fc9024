"""All commands of docs/mutants.md, which take long."""

import unittest

import docs_case


class Page(docs_case.Case):
    def test_all_commands(self):
        self.assertIn("docs/mutants.md", docs_case.pages())
        self.plays("docs/mutants.md")


if __name__ == "__main__":
    unittest.main()
