"""Scan this process's memory for what the zygote may have left there."""
# must: double failed
# says: loot: \[\]
# spares: the memory of the grader, the environment, the reference

import ctypes
import mmap

import kit

PAGE = mmap.PAGESIZE


def resident(address):
    try:
        kit.call(kit.on(27, 232), address, PAGE, bytes(1))
    except OSError:
        return False
    return True


def double(x):
    word, found = b"canary" + b"-", []
    begin = (id(word) // PAGE - 1000) * PAGE
    for address in range(begin, begin + 1500 * PAGE, PAGE):
        if resident(address):
            page = ctypes.string_at(address, PAGE)
            at = page.find(word)
            if at >= 0 and page[at + 7 : at + 31].isalnum():
                found.append(page[at : at + 31].decode())
    kit.show(found)
