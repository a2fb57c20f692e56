#!/usr/bin/env python3
"""Prints a range of a file, then every change of it, across lost connections: follow.py LINK PATH START END

One line of JSON for each thing that happens: {"bytes": …}, {"changed": …}, {"patch": …}, {"back": …}."""

import json
import sys
import time

from mapscope_client import Client, ProblemError


def say(**what):
    print(json.dumps(what), flush=True)


class Follower:
    def __init__(self, link, path, start, end):
        self.link, self.path, self.start, self.end = link, path, start, end
        self.document_id, self.revision = None, None

    def run(self):
        while True:
            try:
                self.follow_once()
            except ConnectionError as error:
                say(lost=str(error))
                time.sleep(0.2)

    def follow_once(self):
        client = Client(self.link, self.on_changed, lambda offset, data: say(patch=offset, hex=data.hex()))
        try:
            self.attach(client)
            client.watch(self.document_id, self.start, self.end)
            say(bytes=client.read(self.document_id, self.start, self.end).hex())
            client.follow()
        finally:
            client.close()

    def attach(self, client):
        if self.document_id is not None:
            try:
                opened = client.open(self.document_id, self.revision)
                say(back=opened.get("missed", "everything may differ"))
                self.revision = opened["document"]["revision"]
                return
            except ProblemError as error:
                if error.code != "ERR_NOT_FOUND":
                    raise
        self.document_id = client.open_path(self.path)["id"]
        self.revision = client.open(self.document_id)["document"]["revision"]

    def on_changed(self, message):
        self.revision = message["document"]["revision"]
        say(changed=message.get("watched", message["ranges"]), revision=self.revision, cause=message["cause"])


if __name__ == "__main__":
    link, path, start, end = sys.argv[1:]
    Follower(link, path, int(start), int(end)).run()
