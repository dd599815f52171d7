# expect: passed
import numpy as np

# f = 1/r, r = 1 + beta, beta = e^alpha, alpha = -(w0 x0 + w1 x1 + w2)

def product_gradients(x, y, z):
    q = x + y
    dq_dx, dq_dy = 1, 1
    df_dq, df_dz = z, q
    return (df_dq * dq_dx, df_dq * dq_dy, df_dz)

def neuron_gradients(w, x):
    alpha = -(w[0] * x[0] + w[1] * x[1] + w[2])
    beta = np.exp(alpha)
    r = 1 + beta
    df_dr = -1 / r ** 2
    dr_dbeta = 1
    dbeta_dalpha = np.exp(alpha)
    df_dalpha = df_dr * dr_dbeta * dbeta_dalpha
    df_dw = np.array([df_dalpha * -x[0], df_dalpha * -x[1], df_dalpha * -1])
    df_dx = np.array([df_dalpha * -w[0], df_dalpha * -w[1]])
    return df_dw, df_dx

def sig(z):
    return 1 / (1 + np.exp(-z))

def sig_prime(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2

def chain_gradients(x, y, params):
    w1, b1 = params["w1"], params["b1"]
    w2, b2 = params["w2"], params["b2"]
    w3 = params["w3"]
    h1_in = w1 * x + b1
    h1_out = sig(h1_in)
    h2_in = w2 * h1_out + b2
    h2_out = sig(h2_in)
    return {
        "w3": h2_out,
        "b3": 1,
        "w2": w3 * sig_prime(h2_in) * h1_out,
        "b2": w3 * sig_prime(h2_in) * 1,
        "w1": w3 * sig_prime(h2_in) * w2 * sig_prime(h1_in) * x,
        "b1": w3 * sig_prime(h2_in) * w2 * sig_prime(h1_in) * 1,
    }
