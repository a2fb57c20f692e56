# Turns single bytes into others through a mapping of its own: each line of stdin is an offset. Answers with the time just before the store, in
# nanoseconds of the system's monotonic clock, which is Node's as well.
import mmap
import sys
import time

with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 0) as mapping:
    for line in sys.stdin:
        offset = int(line)
        at_ns = time.monotonic_ns()
        mapping[offset] ^= 255
        print(at_ns, flush=True)
