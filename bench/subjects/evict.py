"""Puts a file out of the page cache, and says how many of its pages are still there: a sample is cold only when that is next to none."""
import ctypes
import json
import mmap
import os
import sys


def resident_pages(path):
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapping:
        # A private writable map, so that ctypes may ask for its address; nothing is stored to it.
        buffer = (ctypes.c_char * len(mapping)).from_buffer(mapping)
        pages = (len(mapping) + mmap.PAGESIZE - 1) // mmap.PAGESIZE
        present = (ctypes.c_ubyte * pages)()
        failed = ctypes.CDLL(None, use_errno=True).mincore(
            ctypes.c_void_p(ctypes.addressof(buffer)), ctypes.c_size_t(len(mapping)), present)
        del buffer
        if failed:
            raise OSError(ctypes.get_errno(), "mincore failed")
        return sum(page & 1 for page in present), pages


file_path = sys.argv[1]
descriptor = os.open(file_path, os.O_RDONLY)
os.fsync(descriptor)
os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
os.close(descriptor)
resident, total = resident_pages(file_path)
print(json.dumps({"resident": resident, "pages": total}))
