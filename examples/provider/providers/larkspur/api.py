"""What Larkspur's API is made of."""

from providers.kit import Api, Client, Join, Limit, ListResource, Mapping
from providers.kit.capabilities import filled_fields
from providers.larkspur import lists, mappings, writes
from providers.larkspur.errors import classify
from providers.larkspur.webhooks import WEBHOOKS

NAME = "Larkspur"


def _listed(name: str) -> ListResource:
    """Larkspur's lists are all alike."""
    return ListResource(
        name=name,
        path=f"/{name}",
        read=lists.reader(name, f"/{name}"),
        incremental=True,
        removes=(name,),
        fetch=lists.one(name, f"/{name}") if name == "interviews" else None,
    )


RESOURCES = tuple(map(_listed, ("users", "jobs", "candidates", "applications", "interviews")))

PANEL = Join("users", "id", lambda row: [member["user_id"] for member in row.get("panel") or ()])

MAPPINGS = (
    Mapping("RemoteUser", "users", mappings.user),
    Mapping("Job", "jobs", mappings.job),
    Mapping("JobInterviewStage", "jobs", mappings.stages, many=True),
    Mapping("Candidate", "candidates", mappings.candidate),
    Mapping("Application", "applications", mappings.application),
    Mapping(
        "ScheduledInterview", "interviews", mappings.interview, joins=(PANEL,), derived=("status", "end_at")
    ),
)


def check(client: Client) -> None:
    """Every key may list users."""
    client.get("/users", {"limit": 1})


API = Api(
    name=NAME,
    base_url="https://api.larkspur.example/v1",
    hosts=("api.larkspur.example",),
    classify=classify,
    resources=RESOURCES,
    mappings=MAPPINGS,
    check=check,
    limits=(Limit(name="key", requests=60, seconds=60),),
    actions=writes.ACTIONS,
    webhooks=WEBHOOKS,
    fields=filled_fields(__file__, NAME),
)
