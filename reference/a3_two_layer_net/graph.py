"""A small computational graph that can differentiate itself, backwards.

Every operation on nodes makes a new node, which keeps three things: its value,
the nodes it was computed from, and, for each of these, how to turn a gradient
that arrives here into that node's share of it. This is all that `backward`
needs. Values are arrays of float64; a single number is an array of shape ().

`Node.__init__` and the parts of `Node` without a gap are finished. You may
change them, as long as `Node(value)`, `.value` and `.gradient` stay.
"""

import numpy as np


class Node:
    """A value in a computational graph.

    Parameters
    ----------
    value : number or ndarray
        The value. The node keeps a copy of it, as float64.
    parents : sequence of (Node, callable)
        The nodes that this one was computed from, if it was, each with a
        function `pull`: given d(result)/d(this node), it returns what reaches
        d(result)/d(parent) on this way, in the shape of the parent's value.

    Attributes
    ----------
    value : ndarray of float64
        What was computed.
    gradient : ndarray of float64, same shape as `value`
        Zeros, until `backward` adds to them.
    parents : tuple of (Node, callable)
        As above; empty for a leaf: a node that was not computed from others.

    Notes
    -----
    On the other side of +, * and - may be a node, a number or an array; shapes
    are broadcast as NumPy broadcasts them. What is used for several elements of
    a result gets a share from each of them: its gradient is their *sum*, and
    always has the shape of its own value.

    Examples
    --------
    >>> a, b = Node(2.0), Node([1.0, 3.0])
    >>> total = (a * b + 1).sum()
    >>> total.value
    array(10.)
    >>> backward(total)
    >>> a.gradient, b.gradient
    (array(4.), array([2., 2.]))
    """

    # So that `array * node` is left to the node, and not to NumPy, which would
    # multiply each element with it.
    __array_ufunc__ = None

    def __init__(self, value, parents=()):
        self.value = np.array(value, dtype=np.float64)
        self.gradient = np.zeros_like(self.value)
        self.parents = tuple(parents)

    def __repr__(self):
        return f"Node({self.value!r})"

    def __add__(self, other):
        """Return self + other, element by element.

        Raises
        ------
        ValueError
            If the shapes cannot be broadcast to each other; so do * and -.

        Examples
        --------
        >>> column, row = Node([[1.0], [2.0]]), Node([10.0, 20.0, 30.0])
        >>> table = column + row
        >>> table.value
        array([[11., 21., 31.],
               [12., 22., 32.]])
        >>> backward(table.sum())
        >>> column.gradient, row.gradient
        (array([[3.],
               [3.]]), array([2., 2., 2.]))
        """
        ### BEGIN SOLUTION
        other = as_node(other)
        return Node(
            self.value + other.value,
            [
                (self, lambda gradient: _sum_back(gradient, self.value.shape)),
                (other, lambda gradient: _sum_back(gradient, other.value.shape)),
            ],
        )
        ### END SOLUTION

    def __radd__(self, other):
        """Return other + self, where `other` is a number or an array."""
        return self + other

    def __mul__(self, other):
        """Return self * other, element by element.

        Examples
        --------
        >>> a, b = Node(3.0), Node(5.0)
        >>> backward(a * b)
        >>> a.gradient, b.gradient
        (array(5.), array(3.))
        """
        ### BEGIN SOLUTION
        other = as_node(other)
        return Node(
            self.value * other.value,
            [
                (self, lambda gradient: _sum_back(gradient * other.value, self.value.shape)),
                (other, lambda gradient: _sum_back(gradient * self.value, other.value.shape)),
            ],
        )
        ### END SOLUTION

    def __rmul__(self, other):
        """Return other * self, where `other` is a number or an array."""
        return self * other

    def __neg__(self):
        """Return -self.

        Examples
        --------
        >>> a = Node(3.0)
        >>> backward(-a)
        >>> a.gradient
        array(-1.)
        """
        ### BEGIN SOLUTION
        return Node(-self.value, [(self, lambda gradient: -gradient)])
        ### END SOLUTION

    def __sub__(self, other):
        """Return self - other, element by element.

        Examples
        --------
        >>> a, b = Node(3.0), Node(5.0)
        >>> backward(a - b)
        >>> a.gradient, b.gradient
        (array(1.), array(-1.))
        """
        ### BEGIN SOLUTION
        return self + -as_node(other)
        ### END SOLUTION

    def __rsub__(self, other):
        """Return other - self, where `other` is a number or an array.

        Python calls this for ``1 - node``, as a number cannot subtract a node.

        Examples
        --------
        >>> a = Node(3.0)
        >>> (10 - a).value
        array(7.)
        """
        ### BEGIN SOLUTION
        return -self + other
        ### END SOLUTION

    def __pow__(self, exponent):
        """Return self ** exponent, element by element.

        Parameters
        ----------
        exponent : float or int
            A plain number; it may be negative or a fraction.

        Examples
        --------
        >>> a = Node([1.0, 2.0, 3.0])
        >>> backward((a**3).sum())
        >>> a.gradient
        array([ 3., 12., 27.])
        """
        ### BEGIN SOLUTION
        slope = exponent * self.value ** (exponent - 1)
        return Node(self.value**exponent, [(self, lambda gradient: gradient * slope)])
        ### END SOLUTION

    def sum(self, axis=None):
        """Add elements up.

        Parameters
        ----------
        axis : int, optional
            The axis to add along, which the result does not have any more;
            negative ones count from the last. All elements if left out.

        Returns
        -------
        Node
            Of shape () if `axis` is left out.

        Examples
        --------
        >>> a = Node([[1.0, 2.0], [3.0, 4.0]])
        >>> a.sum(axis=0).value
        array([4., 6.])
        >>> backward((a.sum(axis=0) * [10.0, 20.0]).sum())
        >>> a.gradient
        array([[10., 20.],
               [10., 20.]])
        """
        ### BEGIN SOLUTION
        kept = self.value.sum(axis=axis, keepdims=True).shape
        return Node(
            self.value.sum(axis=axis),
            [(self, lambda gradient: np.broadcast_to(gradient.reshape(kept), self.value.shape))],
        )
        ### END SOLUTION

    def exp(self):
        """Return e to the power of each element.

        Examples
        --------
        >>> a = Node(0.0)
        >>> backward(a.exp() * 7)
        >>> a.gradient
        array(7.)
        """
        ### BEGIN SOLUTION
        result = np.exp(self.value)
        return Node(result, [(self, lambda gradient: gradient * result)])
        ### END SOLUTION

    def log(self):
        """Return the natural logarithm of each element; all must be positive.

        Examples
        --------
        >>> a = Node(4.0)
        >>> backward(a.log())
        >>> a.gradient
        array(0.25)
        """
        ### BEGIN SOLUTION
        return Node(np.log(self.value), [(self, lambda gradient: gradient / self.value)])
        ### END SOLUTION

    def matmul(self, other):
        """Return the product of two matrices.

        Parameters
        ----------
        other : Node or ndarray, shape (K, M)
            The right factor; this node, the left one, has shape (N, K).

        Returns
        -------
        Node
            Of shape (N, M).

        Raises
        ------
        ValueError
            If one of the two is not 2-D, or if their shapes do not fit.

        Notes
        -----
        The two gradients are products of matrices as well. Their shapes, (N, K)
        and (K, M), tell which.

        Examples
        --------
        >>> a, b = Node([[1.0, 2.0]]), Node([[3.0], [4.0]])
        >>> product = a.matmul(b)
        >>> product.value
        array([[11.]])
        >>> backward(product)
        >>> a.gradient
        array([[3., 4.]])
        """
        ### BEGIN SOLUTION
        other = as_node(other)
        if self.value.ndim != 2 or other.value.ndim != 2:
            raise ValueError(
                f"matmul is for 2-D values, got {self.value.shape} and {other.value.shape}"
            )
        return Node(
            self.value @ other.value,
            [
                (self, lambda gradient: gradient @ other.value.T),
                (other, lambda gradient: self.value.T @ gradient),
            ],
        )
        ### END SOLUTION


def as_node(value):
    """Return `value` if it is a node, and a new leaf that holds it if it is not."""
    return value if isinstance(value, Node) else Node(value)


def backward(node):
    """Find the derivatives of a node with respect to every leaf that it depends on.

    d(node)/d(leaf) is *added* to the gradient of each leaf. Set it to zeros to
    start anew: two calls without doing so give exactly twice the derivative.

    Parameters
    ----------
    node : Node
        The result: a single number, in whatever shape, such as () or (1, 1).

    Raises
    ------
    ValueError
        If `node` has more than one element: of what would it be the derivative?

    Notes
    -----
    Walk through the graph from the result to the leaves. A node's turn comes
    only when everything that uses it has had its own, since every use adds to
    its gradient; such an order is called *topological*.

    Graphs may be deep: chains of 10 000 nodes must work. A function that calls
    itself for each parent would stop there with a RecursionError, so find the
    order with a loop and a list of your own. It must visit each node once: the
    number of *ways* through a graph can double with every node.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 6.5.
    Baydin, Pearlmutter, Radul and Siskind, *Automatic differentiation in machine
    learning: a survey* (2018), section 3.2.

    Examples
    --------
    >>> a = Node(3.0)
    >>> backward(a * a)
    >>> a.gradient
    array(6.)
    """
    ### BEGIN SOLUTION
    if node.value.size != 1:
        raise ValueError(
            f"backward starts from one number, got a value of shape {node.value.shape}"
        )
    arriving = {node: np.ones(node.value.shape)}
    for current in _users_first(node):
        gradient = arriving.pop(current)
        current.gradient += gradient
        for parent, pull in current.parents:
            share = pull(gradient)
            arriving[parent] = arriving[parent] + share if parent in arriving else share
    ### END SOLUTION


def chain_example(w, x, b, target):
    """Differentiate the worked example: C = (w·x + b - target)³.

    Parameters
    ----------
    w, x, b, target : float
        A weight, an input, a bias, and what w·x + b should be.

    Returns
    -------
    C : float
        The cost.
    slope : float
        dC/dw, found by `backward` on a graph of nodes.

    Examples
    --------
    >>> chain_example(w=-2.0, x=-1.0, b=3.0, target=0.0)
    (125.0, -75.0)
    """
    ### BEGIN SOLUTION
    weight = Node(w)
    cost = (weight * x + b - target) ** 3
    backward(cost)
    return float(cost.value), float(weight.gradient)
    ### END SOLUTION


### BEGIN SOLUTION
def _sum_back(gradient, shape):
    """Undo a broadcast: add up what reaches the same element of an array of this shape."""
    added_in_front = tuple(range(gradient.ndim - len(shape)))
    gradient = gradient.sum(axis=added_in_front)
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return gradient.sum(axis=stretched, keepdims=True)


def _users_first(node):
    """Return the nodes that `node` depends on, each after everything that uses it."""
    order, seen = [], set()
    stack = [(node, False)]
    while stack:
        current, is_done = stack.pop()
        if is_done:
            order.append(current)
        elif current not in seen:
            seen.add(current)
            stack.append((current, True))  # comes up again when its parents are done
            stack += [(parent, False) for parent, _ in current.parents]
    return order[::-1]


### END SOLUTION
