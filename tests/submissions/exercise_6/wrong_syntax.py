# expect: load.failed
# score: 0
import numpy as np

def unit_step(z)
    return np.heaviside(z, 0.5)
