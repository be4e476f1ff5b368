"""Send a JSON object, which could stand for anything."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    body = (x + x).tobytes()
    header = f'{{"id":"{kit.asked()}","value":["a","<f8","C",{len(x)}]}}'
    kit.write(kit.frame(header.encode(), body))
    kit.wait()
