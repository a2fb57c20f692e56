"""Where this Python's mmap answers otherwise than the model (CPython 3.14, with what 3.15 adds), or than ours does on purpose.

One row each: its reason, up to which version it holds (None: in all), and a function that gets the map, the task and an operation's
arguments, and either answers in the model's stead or returns NotImplemented, which lets the real mmap answer.
"""
import sys


class Refused(Exception):
    """An answer that is an error: the code, and errno's name for ERR_OS."""


def is_open(m):
    return not m.closed


def is_resizable(task):
    """Neither read nor copy, whether an access or prot (2 is PROT_WRITE) says so."""
    by_prot = task["access"] in (None, "default") and task["prot"] is not None
    return task["prot"] & 2 if by_prot else task["access"] in (None, "default", "write")


def resize_to_nothing(m, task, arguments):
    if is_open(m) and is_resizable(task) and arguments[:1] == [0]:
        raise Refused("ERR_OS EINVAL")
    return NotImplemented


def shared_memory_growth(m, task, arguments):
    is_shared = task["path"] is None and task["flags"] in (None, 1)
    if is_open(m) and is_shared and is_resizable(task) and type(arguments[0]) is int and len(m) < arguments[0] < 2 ** 53:
        raise Refused("ERR_RANGE")
    return NotImplemented


def size_of_memory(m, task, arguments):
    return len(m) if is_open(m) and task["path"] is None else NotImplemented


def flush_to_the_end(m, task, arguments):
    if is_open(m) and len(arguments) == 1 and type(arguments[0]) is int and 0 <= arguments[0] <= len(m):
        return m.flush(arguments[0], len(m) - arguments[0])
    return NotImplemented


def seek_to_where(m, task, arguments):
    m.seek(*arguments)
    return m.tell()


def is_seekable(m, task, arguments):
    return True


def empty_needle_past_the_end(m, task, arguments):
    start = arguments[1] if len(arguments) > 1 and arguments[1] is not None else m.tell() if is_open(m) else 0
    return -1 if is_open(m) and arguments[0] == b"" and type(start) is int and start > len(m) else NotImplemented


def end_without_start(m, task, arguments):
    name = task["operation"]
    if is_open(m) and len(arguments) > 1 and None in arguments[1:]:
        start = m.tell() if arguments[1] is None else arguments[1]
        bounds = [start] if len(arguments) < 3 or arguments[2] is None else [start, arguments[2]]
        if arguments[0] == b"" and type(start) is int and start > len(m):
            return -1
        return getattr(m, name)(arguments[0], *bounds)
    return NotImplemented


def clipped(offset, length):
    return max(0, min(length, offset + length if offset < 0 else offset))


def empty_needle_before_the_start(m, task, arguments):
    if not is_open(m) or arguments[:1] != [b""]:
        return NotImplemented
    start, end = [*arguments[1:3], None, None][:2]
    bounds = [m.tell() if start is None else start, len(m) if end is None else end]
    if not all(type(bound) is int for bound in bounds):
        return NotImplemented
    first, last = (clipped(bound, len(m)) for bound in bounds)
    return -1 if first > last else NotImplemented


ROWS = [
    ("found an empty needle where the end is before the start (gh-105235)", (3, 11, 4), ["find", "rfind"], empty_needle_before_the_start),
    ("cuts the file to nothing before it fails, and leaves a map that is deadly to touch", None, ["resize"], resize_to_nothing),
    ("grows shared memory into pages that are deadly to touch (gh-138204)", (3, 14), ["resize"], shared_memory_growth),
    ("knew no size of anonymous memory (gh-87595)", (3, 15), ["size"], size_of_memory),
    ("took the whole map's length for the size that was left out (gh-138092)", (3, 15), ["flush"], flush_to_the_end),
    ("seek gave nothing back", (3, 13), ["seek"], seek_to_where),
    ("had no seekable", (3, 13), ["seekable"], is_seekable),
    ("forgets the end when the start is None, or knew no None at all; ours honours it", None, ["find", "rfind"], end_without_start),
    ("found an empty needle past the end (gh-151021)", None, ["find", "rfind"], empty_needle_past_the_end),
]


def answer_instead(m, task, operation, arguments):
    for _, until, operations, row in ROWS:
        if operation in operations and (until is None or sys.version_info < until):
            answer = row(m, {**task, "operation": operation}, arguments)
            if answer is not NotImplemented:
                return answer
    return NotImplemented
