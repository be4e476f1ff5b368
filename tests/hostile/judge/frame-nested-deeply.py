"""Send lists inside lists, deeper than allowed."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    deep = '["l",' * 40 + "1" + "]" * 40
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=deep)
