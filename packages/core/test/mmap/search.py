# Reads searches as JSON, and answers each with what re finds in an mmap of the file: the spans of all groups, or null.
import json
import mmap
import re
import sys

request = json.load(sys.stdin)
with open(request["path"], "rb") as file:
    mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
answers = []
for search in request["searches"]:
    pattern = re.compile(search["pattern"].encode("latin-1"), re.DOTALL if search["isDotAll"] else 0)
    match = pattern.search(mapping, search["start"], search["end"])
    answers.append(match and [match.span(group) for group in range(pattern.groups + 1)])
json.dump(answers, sys.stdout)
