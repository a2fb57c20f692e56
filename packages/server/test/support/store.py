# Stores through a mapping of its own, without a flush: each line of stdin is an offset and hexadecimal bytes. Answers each with "done".
import mmap
import sys

with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 0) as mapping:
    for line in sys.stdin:
        offset, text = line.split()
        data = bytes.fromhex(text)
        mapping[int(offset) : int(offset) + len(data)] = data
        print("done", flush=True)
