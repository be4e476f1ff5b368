"""Make a system call through the gate of 32-bit programs, where the numbers mean other calls."""
# must: double crashed
# says: SIGSYS|SIGSEGV
# spares: the processes

import ctypes
import mmap
import os

import kit


def double(x):
    if os.uname().machine != "x86_64":
        os.kill(os.getpid(), 31)  # there is no such gate elsewhere
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\xb8\x02\0\0\0\xcd\x80\xc3")  # mov eax, 2 (fork); int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == 0:
        os._exit(0)
    kit.show("a child was born")
