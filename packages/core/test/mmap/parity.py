"""Runs the operations that arrive as JSON on a real mmap and answers with what each gave, in the words of parity.test.ts."""
import json
import mmap
import sys

ACCESS = {"default": mmap.ACCESS_DEFAULT, "read": mmap.ACCESS_READ, "write": mmap.ACCESS_WRITE, "copy": mmap.ACCESS_COPY}


def category(error, operation):
    words = str(error)
    if isinstance(error, IndexError) or isinstance(error, OverflowError):
        return "ERR_RANGE"
    if isinstance(error, OSError):
        return "ERR_OS"
    if "closed" in words:
        return "ERR_CLOSED"
    if "readonly" in words:
        return "ERR_READ_ONLY"
    if isinstance(error, TypeError) or "step" in words or "range(0, 256)" in words:
        return "ERR_ARGUMENT"
    return "ERR_RANGE"


def apply(m, operation, arguments):
    if operation == "at":
        return m[arguments[0]]
    if operation == "set":
        m[arguments[0]] = arguments[1]
        return None
    if operation == "slice":
        return list(m[slice(*(arguments + [None] * (3 - len(arguments))))])
    if operation in ("find", "rfind"):
        return getattr(m, operation)(bytes(arguments[0]), *arguments[1:])
    if operation == "length":
        return len(m)
    if operation == "iterate":
        return [byte[0] for byte in m]
    result = getattr(m, operation)(*arguments)
    return result if operation == "size" else None


def answer(m, operation, arguments):
    try:
        return {"value": apply(m, operation, arguments)}
    except Exception as error:
        return {"code": category(error, operation)}


task = json.load(sys.stdin)
with open(task["path"], "r+b") as file:
    mapped = mmap.mmap(file.fileno(), task["length"], access=ACCESS[task["access"]], offset=task["offset"])
json.dump([answer(mapped, operation, arguments) for operation, *arguments in task["operations"]], sys.stdout)
