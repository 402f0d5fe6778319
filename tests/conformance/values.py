"""Values that rows of arguments share."""

import numpy as np

f = np.float64
v3 = np.array([1.0, -2.0, 3.0])
v4 = np.array([4.0, -1.0, 3.0, 8.0])
empty = np.zeros(0)
m23 = np.array([[1.0, 2.0, 3.0], [4.0, -5.0, 6.0]])
