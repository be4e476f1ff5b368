"""Look into the test's function: its closure, its globals, its code."""
# must: apply failed
# says: loot: \[\]
# spares: the hidden tests

import kit


def apply(function, x):
    inner = getattr(function, "func", function)
    found = [name for name in ("__closure__", "__defaults__") if getattr(function, name, None)]
    found += [name for name in getattr(inner, "__globals__", {}) if name in ("HIDDEN", "IN_MEMORY")]
    kit.show(found)
