def sort(node, done=None):
    """Operands first, the node itself last."""
    done = {} if done is None else done      # a dict keeps its order
    for x, _ in node.parents:
        if x not in done:
            sort(x, done)
    done[node] = True
    return list(done)
