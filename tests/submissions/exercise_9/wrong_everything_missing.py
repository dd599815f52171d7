# expect: outcome.missing
# score: 0
import numpy as np
