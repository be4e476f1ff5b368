"""Signal the parent with the calls that few think of."""
# must: double failed
# says: loot: \[\]
# spares: the processes, the grades

import os

import kit


def double(x):
    parent, hit = os.getppid(), []
    calls = {
        "tkill": (kit.on(200, 130), parent, 15),
        "tgkill": (kit.on(234, 131), parent, parent, 15),
        "rt_sigqueueinfo": (kit.on(129, 138), parent, 15, bytes(128)),
        "rt_tgsigqueueinfo": (kit.on(297, 240), parent, parent, 15, bytes(128)),
        "pidfd_open": (434, parent, 0),
        "pidfd_send_signal": (424, 0, 15, 0, 0),
    }
    for name, words in calls.items():
        try:
            kit.call(*words)
        except OSError as error:
            if error.errno == 1:
                continue
        hit.append(name)
    kit.show(hit)
