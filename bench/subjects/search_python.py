"""CPython's own ways over its mmap: `re` and `find` for counting, hashlib for hashing."""
import hashlib
import mmap
import re

from measure import measure


def opened(path):
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def count(parameters):
    mapping = opened(parameters["file"])
    pattern = re.compile(parameters["regexp"].encode("latin-1"), re.DOTALL)

    def run():
        return sum(1 for _ in pattern.finditer(mapping))
    return run, None


def find(parameters):
    mapping = opened(parameters["file"])
    needle = bytes.fromhex(parameters["needle"])

    def run():
        found = 0
        at = mapping.find(needle, 0)
        while at >= 0:
            found += 1
            at = mapping.find(needle, at + len(needle))
        return found
    return run, None


def hash_(parameters):
    mapping = opened(parameters["file"])

    def run():
        return hashlib.new(parameters["algorithm"], mapping).hexdigest()
    return run, None


measure({"count": count, "findAll": find, "hash": hash_})
