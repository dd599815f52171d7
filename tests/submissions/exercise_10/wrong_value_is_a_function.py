# expect: outcome.raised
# a Value is a pair of numbers

def Value(data):
    return [data, 0.0]
