import uuid

from hypothesis import given
from hypothesis import strategies as st

from app.common.ids import is_uuid, record_id


@given(st.uuids(), st.sampled_from(["Candidate", "ScheduledInterview"]), st.text(max_size=40))
def test_ids_are_uuid5_of_account_model_and_vendor_id(account: uuid.UUID, model: str, remote_id: str) -> None:
    remote_id = remote_id.encode("utf-8", "ignore").decode()
    assert record_id(str(account), model, remote_id) == str(uuid.uuid5(account, f"{model}:{remote_id}"))


def test_is_uuid() -> None:
    text = str(uuid.uuid4())
    assert is_uuid(text)
    assert is_uuid(text.upper())
    for wrong in (
        "",
        "x",
        text[:-1],
        text.replace("-", ""),
        "{" + text + "}",
        text + "\0",
        "urn:uuid:" + text,
    ):
        assert not is_uuid(wrong)
