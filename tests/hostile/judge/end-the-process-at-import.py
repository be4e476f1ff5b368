"""End the whole process with status 0 while the file is imported."""
# must: double crashed, classify crashed, apply crashed, Pile crashed
# says: ended the whole process \(exit status 0\)
# spares: the grades

import os

os._exit(0)
