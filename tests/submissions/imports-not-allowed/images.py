import matplotlib.pyplot as plt  # I looked at my images while I worked
import numpy as np


def to_float(image):
    return image / 255


def to_uint8(image):
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


if __name__ == "__main__":
    plt.imshow(to_float(np.arange(256, dtype=np.uint8).reshape(16, 16)))
    plt.show()
