"""What a write says it has made, where the answer names more."""

import httpx
import pytest
from workday_soap import CREDENTIALS, connect, fixture

from providers.kit import Unavailable, Write, Written
from providers.workday import api


def applied(job: str) -> Written:
    case = fixture("writes", "application-create")
    said = "\n".join(case["exchange"][0]["answer"]["xml"])
    action = api.API.action("Application", "create")
    assert action
    return action.run(
        Write(
            client=connect(lambda _: httpx.Response(200, text=said)),
            as_user=None,
            remote_id=None,
            fields={"candidate": "C1", "job": job},
            params={},
            credentials=CREDENTIALS,
            stored=lambda _resource, _key: None,
            find=lambda _resource, _on, _value: [],
        )
    )


def test_of_a_candidates_applications_it_is_the_one_for_the_job() -> None:
    assert applied("JOB").remote_id == "A-new"


def test_an_answer_without_it_leaves_the_outcome_unknown() -> None:
    with pytest.raises(Unavailable) as failure:
        applied("NONE-OF-THEM")
    assert failure.value.outcome_unknown
