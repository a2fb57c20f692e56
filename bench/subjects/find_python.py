import json
import mmap
import sys
import time

path, text = sys.argv[1:]
started = time.perf_counter()
with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapping:
    offset = mapping.find(text.encode())
    seconds = time.perf_counter() - started
print(json.dumps({"offset": offset, "seconds": seconds}))
