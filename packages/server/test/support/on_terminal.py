"""Runs a command with its standard error on a terminal, and does something as soon as its progress line is there.

on_terminal.py cut PATH BYTES COMMAND… cuts a file; on_terminal.py interrupt COMMAND… sends SIGINT. Prints what came of it as JSON.
"""
import json
import os
import pty
import signal
import subprocess
import sys
import threading

action, *rest = sys.argv[1:]
if action == 'cut':
    path, byte_length, *command = rest
else:
    command = rest

terminal, end = pty.openpty()
child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=end)
os.close(end)
output = []
reader = threading.Thread(target=lambda: output.append(child.stdout.read()))
reader.start()

errors = b''
is_done = False
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:  # the other end is closed
        break
    if not part:
        break
    errors += part
    if b'%' in errors and not is_done:
        is_done = True
        if action == 'cut':
            os.truncate(path, int(byte_length))
        else:
            child.send_signal(signal.SIGINT)
status = child.wait()
reader.join()
print(json.dumps({'status': status, 'isDone': is_done, 'output': output[0].decode(), 'errors': errors.decode()}))
