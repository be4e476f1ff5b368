"""Try every other call that an honest program never makes."""
# must: double failed
# says: loot: \[\]
# spares: the disk, the processes, the network, the grades

import kit

CALLS = {
    "listen": (50, 201), "bind": (49, 200), "accept": (43, 202), "setsockopt": (54, 208),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186),
    "mq_open": (240, 180), "inotify_init1": (294, 26), "fanotify_init": (300, 262),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "timer_create": (222, 107),
    "timerfd_create": (283, 85), "signalfd4": (289, 74), "splice": (275, 76), "tee": (276, 77),
    "vmsplice": (278, 75), "copy_file_range": (326, 285), "sendfile": (40, 71),
    "name_to_handle_at": (303, 264), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "ioprio_set": (251, 30), "mlockall": (151, 230),
    "mlock": (149, 228), "move_pages": (279, 239), "migrate_pages": (256, 238),
    "process_madvise": (440, 440), "kcmp": (312, 272), "syslog": (103, 116), "acct": (163, 89),
    "swapon": (167, 224), "reboot": (169, 142), "sethostname": (170, 161),
    "setdomainname": (171, 162), "quotactl": (179, 60), "clock_settime": (227, 112),
    "clock_adjtime": (305, 266), "adjtimex": (159, 171), "settimeofday": (164, 170),
    "setuid": (105, 146), "setgid": (106, 144), "setgroups": (116, 159), "setfsuid": (122, 151),
    "setns": (-1, -1), "personality": (135, 92), "vhangup": (153, 58), "sync": (162, 81),
    "fallocate": (285, 47), "mknodat": (259, 33), "fchmodat2": (452, 452), "setxattr": (188, 5),
    "seccomp": (317, 277), "landlock_create_ruleset": (444, 444), "quotactl_fd": (443, 443),
    "pidfd_open": (434, 434), "close_range": (436, 436), "rseq": (-1, -1), "futex_waitv": (449, 449),
    "cachestat": (451, 451), "map_shadow_stack": (453, 453), "statmount": (457, 457),
    "listmount": (458, 458), "lsm_get_self_attr": (459, 459), "mseal": (462, 462),
}  # fmt: skip


def double(x):
    passed = []
    for name, numbers in CALLS.items():
        if kit.on(*numbers) < 0:
            continue
        try:
            kit.call(kit.on(*numbers), -1, 0, 0, 0, 0, 0)
        except PermissionError:
            continue
        except OSError as error:
            passed.append(f"{name} {error.strerror}")
        else:
            passed.append(name)
    kit.show(passed)
