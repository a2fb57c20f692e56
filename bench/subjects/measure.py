"""What lib/measure.mjs is for JavaScript: the same passes, the same line of JSON."""
import array
import json
import sys
import time


def measure(operations):
    name, path, text = sys.argv[1:]
    parameters = {"passes": 4, **json.loads(text), "file": path}
    run, loop = operations[name](parameters)
    first, answer = _once(run)
    others = []
    for _ in range(1, parameters["passes"]):
        seconds, again = _once(run)
        if again != answer:
            raise RuntimeError(f"a pass answered {again}, the first one {answer}")
        others.append(seconds)
    loops = [_once(loop)[0] for _ in others] if loop else []
    print(json.dumps({
        "firstSeconds": first,
        "seconds": min(others) if others else first,
        "loopSeconds": min(loops) if loops else 0,
        "answer": answer,
    }))


def _once(work):
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def read_positions(parameters):
    positions = array.array("I")
    with open(parameters["positions"], "rb") as file:
        positions.frombytes(file.read(4 * parameters["count"]))
    return positions.tolist()


def empty_loop(positions):
    def loop():
        total = 0
        for position in positions:
            total += position
        return total
    return loop


def slice_loop(positions, length):
    """What looking at a slice costs, which is not the mapping's doing."""
    piece = bytes(length)
    last = length - 1

    def loop():
        total = 0
        for position in positions:
            total += position + piece[0] + piece[last]
        return total
    return loop


def sampled(piece):
    return len(piece) + piece[-1] + sum(piece[::65537])
