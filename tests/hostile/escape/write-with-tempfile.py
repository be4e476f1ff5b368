"""Write a file wherever tempfile finds room."""
# must: double failed
# says: No usable temporary directory|PermissionError
# spares: the disk

import tempfile

import kit


def double(x):
    kit.show(tempfile.NamedTemporaryFile(prefix=kit.MARK, delete=False).name)
