"""Runs the operations that arrive as JSON on real mmaps and answers with what each gave, in the words of parity.test.ts."""
import errno
import hashlib
import json
import mmap
import os
import sys

from differences import Refused, answer_instead

ACCESS = {"default": mmap.ACCESS_DEFAULT, "read": mmap.ACCESS_READ, "write": mmap.ACCESS_WRITE, "copy": mmap.ACCESS_COPY}
WHENCE = {"start": 0, "current": 1, "end": 2}
METHODS = {"readByte": "read_byte", "readLine": "readline", "writeByte": "write_byte", "advise": "madvise"}
# What a ValueError says when our answer is ERR_ARGUMENT: a value that is wrong wherever the map ends.
ARGUMENT_WORDS = ("step", "range(0, 256)", "unknown seek type", "both access and flags", "invalid access parameter")


def code(error):
    words = str(error)
    if isinstance(error, Refused):
        return words
    if isinstance(error, OSError):
        return "ERR_OS " + errno.errorcode[error.errno]
    if isinstance(error, BufferError):
        return "ERR_EXPORTED"
    if isinstance(error, (IndexError, OverflowError)):
        return "ERR_RANGE"
    if "closed" in words:
        return "ERR_CLOSED"
    if "readonly" in words:
        return "ERR_READ_ONLY"
    if isinstance(error, TypeError) or any(word in words for word in ARGUMENT_WORDS):
        return "ERR_ARGUMENT"
    return "ERR_RANGE"


def decoded(argument):
    return bytes.fromhex(argument["hex"]) if isinstance(argument, dict) else argument


def encoded(value):
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def read_file(path, offset, length):
    with open(path, "rb") as file:
        file.seek(offset)
        digest = hashlib.sha1(file.read(length)).hexdigest()
        return [os.fstat(file.fileno()).st_size, digest]


def apply(m, task, operation, arguments):
    if operation == "file":
        return read_file(task["path"], *arguments)
    if operation == "at":
        return m[arguments[0]]
    if operation == "set":
        m[arguments[0]] = arguments[1]
        return None
    if operation == "slice":
        return m[slice(*(arguments + [None] * (3 - len(arguments))))]
    if operation == "setSlice":
        m[slice(*arguments[:3])] = arguments[3]
        return None
    if operation == "length":
        return len(m)
    if operation == "iterate":
        return [byte[0] for byte in m]
    if operation == "seek" and len(arguments) > 1 and isinstance(arguments[1], str):
        arguments = [arguments[0], WHENCE.get(arguments[1], arguments[1])]
    instead = answer_instead(m, task, operation, arguments)
    return instead if instead is not NotImplemented else getattr(m, METHODS.get(operation, operation))(*arguments)


def state(m):
    return None if m.closed else [len(m), m.tell()]


def answer(m, task, operation, arguments):
    try:
        result = {"value": encoded(apply(m, task, operation, [decoded(argument) for argument in arguments]))}
    except Exception as error:
        result = {"code": code(error)}
    return {**result, "state": state(m)}


def opened(task):
    """A descriptor of what the task names, opened without waiting for a pipe's other end; or of nothing, or of memory."""
    if task["path"] is None:
        return task.get("fd", -1)
    return os.open(task["path"], getattr(os, task.get("mode", "O_RDWR")) | os.O_NONBLOCK)


def options(task):
    chosen = {"offset": task["offset"]}
    if task["access"] is not None:
        chosen["access"] = ACCESS.get(task["access"], 9)
    for name in ("flags", "prot"):
        if task.get(name) is not None:
            chosen[name] = task[name]
    return chosen


def run(task):
    fd = opened(task)
    try:
        m = mmap.mmap(fd, task["length"], **options(task))
    except Exception as error:
        return [{"code": code(error)}]
    finally:
        if fd >= 0 and task["path"] is not None:
            os.close(fd)
    answers = [answer(m, task, operation, arguments) for operation, *arguments in task["operations"]]
    return [{"value": len(m) if not m.closed else None}, *answers]


json.dump([run(task) for task in json.load(sys.stdin)], sys.stdout)
