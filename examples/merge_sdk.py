"""The same with Merge's own SDK (`pip install MergePythonClient`), unchanged but for its base URL.

Start `make demo`, then in another terminal:

    ATS_API_KEY=omn_key_... ATS_ACCOUNT_TOKEN=omn_acct_... .venv/bin/python examples/merge_sdk.py
"""

import os

from merge.client import Merge


def main() -> None:
    """List the interviews, all pages."""
    client = Merge(
        base_url=os.environ.get("ATS_URL", "http://127.0.0.1:8000") + "/api",
        api_key=os.environ["ATS_API_KEY"],
        account_token=os.environ["ATS_ACCOUNT_TOKEN"],
    )
    cursor = None
    while True:
        page = client.ats.interviews.list(expand="application", page_size=10, cursor=cursor)
        for interview in page.results or []:
            print(interview.start_at, interview.status, interview.id, sep="\t")
        cursor = page.next
        if cursor is None:
            return


if __name__ == "__main__":
    main()
