"""Runs a command on a terminal of its own: run-on-terminal.py WAIT_FOR ANSWER COMMAND...

Types TYPED_AHEAD of the environment at once, and ANSWER when WAIT_FOR has appeared, copies what the terminal shows, ends with the exit code.
"""
import os
import pty
import sys

wait_for, answer, command = sys.argv[1].encode(), sys.argv[2].encode(), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)

os.write(terminal, os.environ.get("TYPED_AHEAD", "").encode())
shown, answered = b"", False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    sys.stdout.buffer.write(chunk)
    if not answered and wait_for in shown:
        answered = True
        os.write(terminal, answer)

_, status = os.waitpid(pid, 0)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status))
