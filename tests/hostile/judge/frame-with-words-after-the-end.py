"""Send a header with words after its end."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    body = (x + x).tobytes()
    header = f'["d",["id","{kit.asked()}"],["value",["a","<f8","C",{len(x)}]]] passed'
    kit.write(kit.frame(header.encode(), body))
    kit.wait()
