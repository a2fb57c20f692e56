"""Reads a member of a ZIP archive by HTTP ranges: zip_over_http.py URL MEMBER writes it to standard output."""

import io
import sys
import urllib.request
import zipfile


class RangeFile(io.RawIOBase):
    def __init__(self, url):
        self.url = url
        self.place = 0
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD")) as answer:
            self.length = int(answer.headers["Content-Length"])
            self.etag = answer.headers["ETag"]

    def seekable(self):
        return True

    def readable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        self.place = offset + (0, self.place, self.length)[whence]
        return self.place

    def tell(self):
        return self.place

    def readinto(self, target):
        end = min(self.place + len(target), self.length)
        if end <= self.place:
            return 0
        headers = {"Range": f"bytes={self.place}-{end - 1}", "If-Match": self.etag}
        with urllib.request.urlopen(urllib.request.Request(self.url, headers=headers)) as answer:
            assert answer.status == 206, answer.status
            data = answer.read()
        target[: len(data)] = data
        self.place += len(data)
        return len(data)


with zipfile.ZipFile(io.BufferedReader(RangeFile(sys.argv[1]))) as archive:
    sys.stdout.buffer.write(archive.read(sys.argv[2]))
