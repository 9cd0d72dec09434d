"""Runs Synapse for as long as whoever started it is alive.

Standard input is a pipe whose other end the parent holds and never writes to. It closes when the parent ends,
in whatever way, and so no Synapse outlives its test run.
"""

import gc
import os
import threading


def end_with_parent() -> None:
    # Not sys.stdin.read(): Python aborts when it shuts down while a thread is inside that.
    os.read(0, 1)
    os._exit(1)


threading.Thread(target=end_with_parent, daemon=True).start()

# Imported late: importing takes most of the start-up, and the parent may end meanwhile. Nothing that it creates
# is garbage, and not looking for any saves a fifth of the time.
gc.disable()
from synapse.app.homeserver import main  # noqa: E402

gc.enable()
main()
