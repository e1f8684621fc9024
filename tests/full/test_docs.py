"""All commands of the documents, the long ones included."""

import unittest

import docs_case


class Pages(docs_case.Case):
    def test_all_commands(self):
        todo = [page for page in docs_case.pages() if page not in docs_case.APART]
        self.assertTrue(todo)
        for page in todo:
            self.plays(page)


if __name__ == "__main__":
    unittest.main()
