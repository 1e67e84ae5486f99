"""What the methods of a resource class share."""

from __future__ import annotations

from inspect import signature

from sdk import OMIT, CallOptions, Omit, Resource


class Invoices(Resource):
    def get(self, *, options: CallOptions | None = None) -> None: ...

    def pay(self, *, options: CallOptions | None = None) -> None: ...

    def list(self, *, page: int | Omit = OMIT, options: CallOptions | None = None) -> None: ...

    def first(self, *, number: int = 1) -> int:
        return number

    def only(self, *, number: bool = True) -> bool:
        return number


def test_methods_with_the_same_defaults_share_them():
    assert Invoices.get.__kwdefaults__ is Invoices.pay.__kwdefaults__
    assert Invoices.get.__kwdefaults__ == {"options": None}


def test_methods_with_other_defaults_keep_theirs():
    assert signature(Invoices.list).parameters["page"].default is OMIT
    assert signature(Invoices.first).parameters["number"].default == 1
    assert signature(Invoices.only).parameters["number"].default is True
