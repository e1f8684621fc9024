"""The report behind scripts/report.py: one HTML file of what the results on disk say, Python's standard library only.

collect   the results as they lie in out/           gates    what sign-off says of them
markup    elements, tables, states                  charts   bars, trends and columns as inline SVG
page      the whole: head, way through, sections    style.css, filter.js   go into the file as they are
ran, failures, coverage, plan, mutation, speed      a module a section

A section is a function of the results that returns an element; what is missing it says, with the command that makes it.
"""
