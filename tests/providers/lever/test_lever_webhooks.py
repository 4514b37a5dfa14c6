"""The signature is in the body and covers a token and a time; what a delivery tells is not trusted."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from providers.kit import Refetch
from providers.lever.webhooks import WEBHOOKS, delivery_id, parse, verify

KEY = "81358960e95ed76bf1def200692c2f956818caf168682e26"


def delivery(**changes: Any) -> bytes:
    token, at = "be58f711", 1431454330072
    signature = hmac.new(KEY.encode(), f"{token}{at}".encode(), hashlib.sha256).hexdigest()
    return json.dumps({"token": token, "triggeredAt": at, "signature": signature, **changes}).encode()


def test_the_token_and_the_time_are_signed() -> None:
    assert verify({}, delivery(), KEY)
    assert not verify({}, delivery(token="other"), KEY)
    assert not verify({}, delivery(triggeredAt=1431454330073), KEY)
    assert not verify({}, delivery(), "another key")


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"no json", b"[]", b"null", b"{}", b"\xff"),
        *(delivery(signature=None), delivery(signature=5), delivery(token=None), delivery(token="")),
        *(delivery(token="\ud800"), delivery(signature="\ud800")),
    ],
)
def test_what_is_not_signed_is_refused(raw: bytes) -> None:
    assert not verify({}, raw, KEY)


def test_an_empty_key_verifies_nothing() -> None:
    signature = hmac.new(b"", b"be58f7111431454330072", hashlib.sha256).hexdigest()
    assert not verify({}, delivery(signature=signature), "")


def test_the_token_tells_repetitions_and_is_signed() -> None:
    assert WEBHOOKS.signs_id
    assert delivery_id({}, delivery(data={"opportunityId": "1"})) == "be58f711"
    assert delivery_id({}, delivery(data={"opportunityId": "2"})) == "be58f711"
    assert delivery_id({}, b"no json") is None


@pytest.mark.parametrize(
    "event", ["candidateDeleted", "interviewDeleted", "contactUpdated", "candidateHired"]
)
def test_nothing_is_taken_out_on_its_word_alone(event: str) -> None:
    """Whoever has seen one delivery could put other data beside its signature."""
    data = {"opportunityId": "o", "interviewId": "i", "contactId": "c"}
    told = parse({"event": event, "data": data})
    assert told
    assert all(isinstance(change, Refetch) for change in told)


def test_a_contact_is_read_again_by_all_its_opportunities() -> None:
    told = parse({"event": "contactUpdated", "data": {"contactId": "c"}})
    assert told == [Refetch("opportunities", "c", on="contact")]


@pytest.mark.parametrize("body", [None, [], {}, {"event": "candidateHired", "data": []}, {"data": {}}])
def test_odd_deliveries_tell_nothing(body: object) -> None:
    assert parse(body) == []
