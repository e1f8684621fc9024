"""What stands in a page, as cmark sees it."""

import subprocess
import xml.etree.ElementTree

from regress.files import Refused

XML = "{http://commonmark.org/xml/1.0}"


class Block:
    """A block of code: `line` is the number of its first line of content, `comments` what stands right in front of it."""

    def __init__(self, line, text, info, comments):
        self.line, self.info, self.comments = line, info, comments
        self.lines = text.split("\n")[:-1]


class Page:
    """`items` are Blocks, and Comments that belong to no block, in their order; all else is (line, text)."""

    def __init__(self, path):
        self.path = path
        self.items, self.codes, self.links, self.headings, self.html = [], [], [], [], []
        self._pending = []
        self._visit(tree(path), 0)
        self._flush()

    def _flush(self):
        self.items += self._pending
        self._pending = []

    def _visit(self, node, line):
        line = int(node.get("sourcepos", f"{line}:").split(":")[0])
        kind = node.tag.removeprefix(XML)
        if kind == "html_block" and is_comment(node.text):
            self._pending.append(Comment(line, node.text.strip()[4:-3].strip()))
            return
        if kind == "code_block":
            with open(self.path, encoding="utf-8") as file:
                fenced = file.read().split("\n")[line - 1].lstrip(" >-*0123456789.").startswith(("```", "~~~"))
            self.items.append(Block(line + fenced, node.text or "", node.get("info", ""), self._pending))
            self._pending = []
            return
        if kind not in ("document", "list"):
            self._flush()
        if kind in ("html_block", "html_inline"):
            self.html.append((line, node.text.strip()))
        elif kind == "code":
            self.codes.append((line, node.text))
        elif kind in ("link", "image"):
            self.links.append((line, node.get("destination")))
        elif kind == "heading":
            self.headings.append("".join(part.text or " " for part in node.iter() if part is not node and not len(part)))
        for child in node:
            self._visit(child, line)


class Comment:
    """What an HTML comment says, without its brackets."""

    def __init__(self, line, text):
        self.line, self.text = line, text


def is_comment(text):
    return text.strip().startswith("<!--") and text.strip().endswith("-->")


def tree(path):
    try:
        done = subprocess.run(["cmark", "-t", "xml", "--sourcepos", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
    except FileNotFoundError:
        raise Refused("cmark is missing: scripts/bootstrap.sh installs it") from None
    if done.returncode:
        raise Refused(f"cannot read {path}: {done.stderr.decode().strip()}")
    return xml.etree.ElementTree.fromstring(done.stdout)
