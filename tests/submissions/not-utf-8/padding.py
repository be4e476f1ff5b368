# Rahmen für Bilder: oben, unten, links, rechts ✓
import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2 or pad_height < 0 or pad_width < 0:
        raise ValueError("kein graues Bild, oder ein negativer Rahmen")
    if mode not in ("zero", "reflect"):
        raise ValueError(f"mode {mode}?")
    höhe, breite = image.shape
    rahmen = np.zeros((höhe + 2 * pad_height, breite + 2 * pad_width), image.dtype)
    rahmen[pad_height:pad_height + höhe, pad_width:pad_width + breite] = image
    if mode == "reflect":
        if pad_height >= höhe or pad_width >= breite:
            raise ValueError("zu weit")
        for i in range(pad_height):
            rahmen[i] = rahmen[2 * pad_height - i]
            rahmen[-1 - i] = rahmen[-1 - 2 * pad_height + i]
        for j in range(pad_width):
            rahmen[:, j] = rahmen[:, 2 * pad_width - j]
            rahmen[:, -1 - j] = rahmen[:, -1 - 2 * pad_width + j]
    return rahmen
