"""What stands here for the functions and the objects of a submission in a worker.

Whatever is done to a proxy is done to the object itself, by one request: a call,
reading or setting an attribute, an operator. Comparing, hashing, printing and
testing for truth ask nothing: they are about the proxy.

Trust: a proxy holds a number to send back and a name to show. No special method
is ever looked up in the worker, so nothing here can be made to answer for it.
"""

import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn, Protocol

from grader.crossing import Handle, NotDataError, Proxy
from grader.errors import GraderError, UnusableError
from grader.raised import INTERFERED, MissingAttributeError, StudentError
from grader.sandbox.workers import Worker
from grader.student import Observable, Observed


class Deed(NamedTuple):
    """What is called in the worker, and what a message calls it."""

    title: str
    owner: "str | RemoteObject | None"  # a module or an object; None: one of the operations
    name: str  # of a function, a method or an operation; empty: the owner itself


class Submission(Protocol):
    """Who does deeds in the worker."""

    def do(
        self, deed: Deed, args: Sequence[Any], kwargs: Mapping[str, Any], *, observe: bool = False
    ) -> dict[str, Any]:
        """Return the reply, which has a `value`; raise what the submission raised."""


class _RemoteCallable(Observable):
    """What can be called, and observed being called."""

    __slots__ = ()

    def __deed__(self) -> tuple[Submission, Deed]:
        """Return who calls, and what."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        submission, deed = self.__deed__()
        return submission.do(deed, args, kwargs)["value"]

    def __observe__(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Observed:
        submission, deed = self.__deed__()
        reply = submission.do(deed, args, kwargs, observe=True)
        after = reply.get("arguments")
        if type(after) is not list or len(after) != len(args):
            raise UnusableError(INTERFERED)
        pairs = zip(args, after, strict=True)
        return Observed(
            value=reply["value"],
            arguments=[a if callable(a) or isinstance(a, Proxy) else b for a, b in pairs],
            shares_memory=reply.get("shares_memory") is not False,
        )


class RemoteFunction(_RemoteCallable):
    """A function, or a class, of a module of the submission."""

    __slots__ = ("__name__", "_deed")

    def __init__(self, submission: Submission, module: str, name: str) -> None:
        self.__name__ = name
        self._deed = submission, Deed(name, module, name)

    def __deed__(self) -> tuple[Submission, Deed]:
        return self._deed


@dataclass(frozen=True, slots=True)
class RemoteMethod(_RemoteCallable):
    """A method of an object; it is looked up again when it is called."""

    owner: "RemoteObject"
    method: str

    @property
    def __name__(self) -> str:
        return f"{self.owner.__handle__.type_name}.{self.method}"

    def __deed__(self) -> tuple[Submission, Deed]:
        return self.owner.__submission__, Deed(self.__name__, self.owner, self.method)


def _binary(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return an operator, and the one for the object on the right."""

    def forward(self: "RemoteObject", other: object) -> Any:
        return self.__operate__(f"__{name}__", name, self, other)

    def reflected(self: "RemoteObject", other: object) -> Any:
        return self.__operate__(f"__r{name}__", name, other, self)

    return forward, reflected


class RemoteObject(Proxy):
    """An object of the submission."""

    __slots__ = ("__life__", "__submission__")
    __life__: object
    __submission__: Submission
    __array_ufunc__ = None  # an array on the left lets the object's own operator answer

    def __init__(self, handle: Handle, submission: Submission, life: object) -> None:
        object.__setattr__(self, "__handle__", handle)
        object.__setattr__(self, "__submission__", submission)
        object.__setattr__(self, "__life__", life)

    def __operate__(self, title: str, operation: str, *args: object) -> Any:
        """Do one of the worker's operations."""
        deed = Deed(f"{self.__handle__.type_name}.{title}", None, operation)
        return self.__submission__.do(deed, args, {})["value"]

    def __getattr__(self, name: str) -> Any:
        __tracebackhide__ = True
        _refuse_special(name)
        type_name = self.__handle__.type_name
        deed = Deed(f"{type_name}.{name}", None, "get")
        try:
            reply = self.__submission__.do(deed, (self, name), {})
        except StudentError as error:
            if isinstance(error, AttributeError) and not error.place:
                raise MissingAttributeError(type_name, name) from None
            raise
        return RemoteMethod(self, name) if reply.get("method") is True else reply["value"]

    def __setattr__(self, name: str, value: object) -> None:
        _refuse_special(name)
        self.__operate__(name, "set", self, name, value)

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a test cannot delete {name!r} of an object of the submission")

    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("sub")
    __mul__, __rmul__ = _binary("mul")
    __truediv__, __rtruediv__ = _binary("truediv")
    __pow__, __rpow__ = _binary("pow")
    __matmul__, __rmatmul__ = _binary("matmul")

    def __neg__(self) -> Any:
        return self.__operate__("__neg__", "neg", self)

    def __abs__(self) -> Any:
        return self.__operate__("__abs__", "abs", self)

    def __getitem__(self, key: object) -> Any:
        return self.__operate__("__getitem__", "item", self, key)

    def __len__(self) -> int:
        length = self.__operate__("__len__", "len", self)
        if type(length) is not int or length < 0:
            raise UnusableError(INTERFERED)
        return length

    def __iter__(self) -> Iterator[Any]:
        items = self.__operate__("__iter__", "iter", self)
        if type(items) is not list:
            raise UnusableError(INTERFERED)
        return iter(items)

    def __bool__(self) -> bool:
        return True  # without this, `if net:` would ask for a length

    def __repr__(self) -> str:
        return f"<{self.__handle__.type_name} of the submission>"

    def __array__(self, *_: object, **__: object) -> NoReturn:
        raise TypeError(f"{self!r} is no array")

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise GraderError(f"{self!r} cannot be copied or pickled by a test: it lives in a worker")


class RemoteCallableObject(_RemoteCallable, RemoteObject):
    """An object of the submission that says it can be called: a closure, a layer, a class."""

    __slots__ = ()

    def __deed__(self) -> tuple[Submission, Deed]:
        return self.__submission__, Deed(self.__handle__.type_name, self, "")


class Proxies:
    """The proxies of one submission: the grader's end of its handles."""

    def __init__(self, submission: Submission, worker: Worker) -> None:
        self._submission = submission
        self._worker = worker
        self._known: weakref.WeakValueDictionary[tuple[object, int], RemoteObject] = (
            weakref.WeakValueDictionary()
        )

    def hand_out(self, value: object) -> Handle:
        """Return what to send for a proxy.

        Raises
        ------
        GraderError
            If its object is gone: the number may be another object's by now.
        """
        if not isinstance(value, RemoteObject):
            raise NotDataError(f"a value of type {type(value).__qualname__}")
        if value.__life__ is not self._worker.life:
            raise GraderError(
                f"{value!r} is gone: objects end with the test that made them, and with their"
                " process; make it anew in the test that uses it"
            )
        return Handle(value.__handle__.number)

    def resolve(self, handle: Handle) -> object:
        """Return the proxy for a handle; one number has one proxy."""
        life = self._worker.life
        proxy = self._known.get((life, handle.number))
        if proxy is None:
            kind = RemoteCallableObject if handle.is_callable else RemoteObject
            named = Handle(handle.number, _name_to_show(handle.type_name))
            proxy = kind(named, self._submission, life)
            self._known[life, handle.number] = proxy
        return proxy


def _name_to_show(type_name: str) -> str:
    return type_name if type_name.isidentifier() else "nameless object"


def _refuse_special(name: str) -> None:
    if name.startswith("__"):
        raise AttributeError(f"tests cannot use {name} of an object of the submission")
