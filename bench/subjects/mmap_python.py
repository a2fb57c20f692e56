"""CPython's mmap, the model: each operation as its users write it."""
import mmap
import re

from measure import empty_loop, measure, read_positions, sampled, slice_loop

PIECE = 1024 * 1024


def opened(path, access=mmap.ACCESS_READ):
    with open(path, "r+b" if access == mmap.ACCESS_WRITE else "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=access)


def at(parameters):
    mapping = opened(parameters["file"])
    positions = read_positions(parameters)

    def run():
        total = 0
        for position in positions:
            total += mapping[position]
        return total
    return run, empty_loop(positions)


def slice_(parameters):
    mapping = opened(parameters["file"])
    positions = read_positions(parameters)
    length = parameters["length"]
    last = length - 1

    def run():
        total = 0
        for position in positions:
            piece = mapping[position:position + length]
            total += piece[0] + piece[last]
        return total
    return run, slice_loop(positions, length)


def read_into(parameters):
    view = memoryview(opened(parameters["file"]))
    positions = read_positions(parameters)
    length = parameters["length"]
    last = length - 1
    target = bytearray(length)

    def run():
        total = 0
        for position in positions:
            target[:] = view[position:position + length]
            total += target[0] + target[last]
        return total
    return run, slice_loop(positions, length)


def open_close(parameters):
    path, count = parameters["file"], parameters["count"]

    def run():
        total = 0
        for n in range(count):
            mapping = opened(path)
            total += mapping[n]
            mapping.close()
        return total
    return run, None


def write(parameters):
    mapping = opened(parameters["file"], mmap.ACCESS_WRITE)
    count = parameters["count"]
    source = bytearray(b"\xa5" * parameters["length"])

    def run():
        mapping.seek(0)
        for n in range(count):
            source[0] = n & 0xFF
            mapping.write(source)
        return count
    return run, None


def flush(parameters):
    mapping = opened(parameters["file"], mmap.ACCESS_WRITE)
    count = parameters["count"]

    def run():
        for n in range(count):
            mapping[n * 4096] = n & 0xFF
            mapping.flush(n * 4096, 4096)
        return count
    return run, None


def copy_out(parameters):
    mapping = opened(parameters["file"])
    view = memoryview(mapping)
    target = memoryview(bytearray(PIECE))

    def run():
        total = 0
        for start in range(0, len(mapping), PIECE):
            target[:] = view[start:start + PIECE]
            total += sampled(target)
        return total
    return run, None


def find(parameters):
    mapping = opened(parameters["file"])
    needle = parameters["needle"].encode("latin1")
    return lambda: mapping.find(needle, 0), None


def lines(parameters):
    mapping = opened(parameters["file"])

    def run():
        count = length = 0
        mapping.seek(0)
        while line := mapping.readline():
            count += 1
            length += len(line)
        return f"{count} lines, {length} bytes"
    return run, None


def search(parameters):
    mapping = opened(parameters["file"])
    pattern = parameters["pattern"].encode("latin1")

    def run():
        found = re.search(pattern, mapping)
        return found.start() if found else -1
    return run, None


measure({
    "at": at,
    "slice": slice_,
    "readInto": read_into,
    "openClose": open_close,
    "write": write,
    "flush": flush,
    "copyOut": copy_out,
    "find": find,
    "lines": lines,
    "search": search,
    "scan": copy_out,
})
