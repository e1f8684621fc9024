"""The commands of the documents, run by a test.

    page      what stands in a page: blocks, inline code, links, comments (parsed by cmark)
    forms     what a block is by its form and by the comment in front of it: commands, output, a file, text
    match     is that what came out? and if not, what should stand there
    shell     a shell that lives as long as a page, and a terminal for what asks
    story     one page from top to bottom in a copy of the project
    mentions  what is named in passing: targets, variables, options, files, names, links
"""
