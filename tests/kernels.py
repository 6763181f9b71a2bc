"""Kernels that start at once: forks of one process that has imported torch.

Grading starts a kernel for every notebook, and nearly all of its time goes
into importing torch again. `python kernels.py serve` imports it once and forks;
`python kernels.py kernel` is what a kernelspec starts: it asks for a fork,
passes signals on to it, and ends when it does.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def forked_kernels(folder: Path) -> Iterator[dict[str, str]]:
    """The variables under which the kernel python3 is such a fork."""
    path = str(folder / "kernels.sock")
    argv = [sys.executable, "-S", __file__, "kernel", path, "-f", "{connection_file}"]
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    named = {"argv": argv, "display_name": "Python 3", "language": "python"}
    spec.write_text(json.dumps(named), "utf8")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()  # who asks while torch is still being imported waits for it
        server = subprocess.Popen(
            [sys.executable, __file__, "serve", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield {"JUPYTER_PATH": str(folder)}
        finally:
            server.kill()
            server.wait()


def serve(descriptor: str) -> None:
    import ipykernel.kernelapp
    import torch

    torch.testing.assert_close(0, 0)  # the first call imports half a second more
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    listening = socket.socket(fileno=int(descriptor))
    while True:
        asking, _ = listening.accept()
        wanted = json.loads(asking.makefile().readline())
        if os.fork() == 0:
            listening.close()
            break
        asking.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["environ"])
    os.environ.pop("JPY_PARENT_PID", None)  # not its parent: it would end at once
    asking.sendall(f"{os.getpid()}\n".encode())

    def end_with_the_one_who_asked():
        asking.recv(1)
        os._exit(1)

    threading.Thread(target=end_with_the_one_who_asked, daemon=True).start()
    sys.argv = ["kernel"]
    ipykernel.kernelapp.launch_new_instance(argv=wanted["arguments"])
    os._exit(0)


def kernel(path: str, *arguments: str) -> None:
    asking = socket.socket(socket.AF_UNIX)
    asking.connect(path)
    wanted = {
        "arguments": arguments,
        "cwd": os.getcwd(),
        "environ": dict(os.environ),
    }
    asking.sendall((json.dumps(wanted) + "\n").encode())
    fork = int(asking.makefile().readline())
    for number in signal.SIGINT, signal.SIGTERM:
        signal.signal(number, lambda number, frame: os.kill(fork, number))
    asking.recv(1)  # nothing comes but the end


if __name__ == "__main__":
    {"serve": serve, "kernel": kernel}[sys.argv[1]](*sys.argv[2:])
