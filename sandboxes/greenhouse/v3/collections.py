"""The collections of v3: the fields of their records and the filters of their lists.

Field lists follow the reference pages of https://harvestdocs.greenhouse.io/reference.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandboxes.greenhouse.actions import signed_url, tags_of
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v3.filters import (
    Check,
    Filter,
    Ids,
    boolean,
    candidate_email,
    candidate_tag,
    choice,
    days,
    flag,
    instants,
    text,
)
from sandboxes.store import Row

Visible = Callable[[State, Mapping[str, str]], Check | None]
Computed = Mapping[str, Callable[[State, Row], Any]]

SLOT_STATUSES = (
    *("scheduled", "awaiting_feedback", "complete", "to_be_scheduled", "skipped"),
    *("collect_feedback", "to_be_sent", "sent", "received"),
)


def _everything(_state: State, _query: Mapping[str, str]) -> Check | None:
    return None


@dataclass(frozen=True)
class Collection:
    """One list endpoint. `switches` are parameters that only steer `visible`."""

    name: str
    fields: tuple[str, ...]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    computed: Computed = field(default_factory=dict)
    visible: Visible = _everything
    switches: frozenset[str] = frozenset()

    @property
    def all_filters(self) -> dict[str, Filter]:
        """The filters of every list and those of this one."""
        common: dict[str, Filter] = {
            "ids": Ids("id"),
            "created_at": instants("created_at"),
            "updated_at": instants("updated_at"),
        }
        return common | dict(self.filters)

    def render(self, state: State, row: Row, fields: tuple[str, ...] | None = None) -> Row:
        """The record on the wire."""
        computed = self.computed
        return {
            name: computed[name](state, row) if name in computed else row[name]
            for name in fields or self.fields
        }


def _fields(names: str) -> tuple[str, ...]:
    return ("id", "created_at", "updated_at", *names.split())


def _in_stage(row: Row) -> bool:
    """Prospects and rejected, hired, converted applications are in no stage."""
    return row["status"] == "in_process" and not row["prospect"]


def _stage_id(state: State, row: Row) -> Any:
    """The history row of the current stage: another id than the stage's."""
    if not _in_stage(row):
        return None
    history = state.where("application_stages", "application_id", row["id"])
    return next((stage["id"] for stage in history if stage["current"]), None)


def _job_interview_stage_id(_state: State, row: Row) -> Any:
    return row["job_interview_stage_id"] if _in_stage(row) else None


def _stage_name(state: State, row: Row) -> Any:
    stage = state.get("job_interview_stages", _job_interview_stage_id(state, row))
    return stage and stage["name"]


def _post_content(_state: State, row: Row) -> Any:
    """Internal posts return the internal text in `content`."""
    return row["internal_content"] if row["internal"] else row["content"]


def _posts(_state: State, query: Mapping[str, str]) -> Check:
    """Deleted posts only with `active=false`."""
    wanted = boolean("active", query.get("active", "true"))
    return lambda row: row["active"] is wanted


def _users(_state: State, query: Mapping[str, str]) -> Check | None:
    if boolean("show_service_accounts", query.get("show_service_accounts", "false")):
        return None
    return lambda row: not row["service_account"]


def _reasons(_state: State, query: Mapping[str, str]) -> Check | None:
    if boolean("include_defaults", query.get("include_defaults", "false")):
        return None
    return lambda row: not row["default"]


def _offers(state: State, query: Mapping[str, str]) -> Check | None:
    if not boolean("current_only", query.get("current_only", "false")):
        return None

    def latest(row: Row) -> bool:
        versions = state.where("offers", "application_id", row["application_id"])
        return bool(row["version"] == max(offer["version"] for offer in versions))

    return latest


_COLLECTIONS = (
    Collection(
        "candidates",
        _fields(
            "first_name last_name preferred_name company title last_activity_at private can_email "
            "time_zone tags linked_user_ids phone_numbers email_addresses addresses website_addresses "
            "social_media_addresses custom_fields"
        ),
        {
            "email": candidate_email,
            "tag": candidate_tag,
            "private": flag("private"),
            "last_activity_at": instants("last_activity_at"),
        },
        {"tags": lambda state, row: tags_of(state, row["id"])},
    ),
    Collection(
        "applications",
        _fields(
            "candidate_id job_id job_post_id recruiter_id coordinator_id referrer_id rejection_reason_id "
            "source_id stage_id job_interview_stage_id stage_name status needs_decision prospect "
            "prospective_job_ids rejected_at last_activity_at location_address agency_note_id answers "
            "custom_fields"
        ),
        {
            "candidate_ids": Ids("candidate_id"),
            "job_ids": Ids("job_id"),
            "status": choice("status", "rejected", "hired", "converted", active="in_process"),
            "prospect": flag("prospect"),
            "last_activity_at": instants("last_activity_at"),
        },
        {
            "stage_id": _stage_id,
            "job_interview_stage_id": _job_interview_stage_id,
            "stage_name": _stage_name,
        },
    ),
    Collection(
        "application_stages",
        _fields("application_id job_id job_interview_stage_id stage_name current entered_at exited_at"),
        {
            "application_ids": Ids("application_id"),
            "job_interview_stage_ids": Ids("job_interview_stage_id"),
            "current": flag("current"),
        },
    ),
    Collection(
        "jobs",
        _fields(
            "name requisition_id notes confidential status opened_at closed_at is_template copied_from_id "
            "department_id office_ids custom_fields"
        ),
        {
            "status": choice("status", "open", "closed", "draft"),
            "department_ids": Ids("department_id"),
            "confidential": flag("confidential"),
            "requisition_id": text("requisition_id"),
            "opened_at": instants("opened_at"),
            "closed_at": instants("closed_at"),
        },
    ),
    Collection(
        "job_owners",
        _fields("job_id user_id type responsible"),
        {
            "job_ids": Ids("job_id"),
            "user_ids": Ids("user_id"),
            "type": choice("type", "recruiter", "coordinator", "sourcer"),
        },
    ),
    Collection(
        "job_hiring_managers",
        _fields("job_id user_id"),
        {"job_ids": Ids("job_id"), "user_ids": Ids("user_id")},
    ),
    Collection(
        "job_posts",
        _fields(
            "job_id job_board_id title internal active live featured first_published_at content language "
            "public_url questions"
        ),
        {"job_ids": Ids("job_id"), "live": flag("live"), "internal": flag("internal")},
        {"content": _post_content},
        _posts,
        frozenset({"active"}),
    ),
    Collection(
        "job_interview_stages",
        _fields("job_id sort_order name active"),
        {"job_ids": Ids("job_id"), "active": flag("active")},
    ),
    Collection(
        "job_interviews",
        _fields(
            "job_id job_interview_stage_id sort_order scheduling_type duration name active "
            "require_scorecard instructions summary"
        ),
        {
            "job_ids": Ids("job_id"),
            "job_interview_stage_ids": Ids("job_interview_stage_id"),
            "active": flag("active"),
        },
    ),
    Collection(
        "interviews",
        _fields(
            "job_id application_id job_interview_id starts_at ends_at all_day_start_on all_day_end_on "
            "location status organizer_id scheduled_at availability_received_at external_event_id "
            "video_conferencing_url"
        ),
        {
            "starts_at": instants("starts_at"),
            "ends_at": instants("ends_at"),
            "all_day_start_on": days("all_day_start_on"),
            "all_day_end_on": days("all_day_end_on"),
            "status": choice("status", *SLOT_STATUSES),
            "external_event_id": text("external_event_id"),
            "application_ids": Ids("application_id"),
            "job_ids": Ids("job_id"),
            "organizer_ids": Ids("organizer_id"),
            "job_interview_ids": Ids("job_interview_id"),
        },
    ),
    Collection(
        "interviewers",
        _fields("interview_id user_id scorecard_id email response_status"),
        {
            "interview_ids": Ids("interview_id"),
            "user_ids": Ids("user_id"),
            "scorecard_ids": Ids("scorecard_id"),
        },
    ),
    Collection(
        "scorecards",
        _fields(
            "application_id interview_kit_id interviewer_id submitter_id candidate_rating status "
            "interviewed_at submitted_at notes"
        ),
        {
            "application_ids": Ids("application_id"),
            "interviewer_ids": Ids("interviewer_id"),
            "status": choice("status", "draft", "complete"),
            "submitted_at": instants("submitted_at"),
        },
    ),
    Collection(
        "offers",
        _fields(
            "version application_id job_id candidate_id opening_id status starts_on sent_on resolved_at "
            "custom_fields"
        ),
        {
            "application_ids": Ids("application_id"),
            "candidate_ids": Ids("candidate_id"),
            "job_ids": Ids("job_id"),
            "status": choice("status", "Created", "Accepted", "Rejected", "Deprecated"),
            "resolved_at": instants("resolved_at"),
            "sent_on": days("sent_on"),
            "starts_on": days("starts_on"),
        },
        visible=_offers,
        switches=frozenset({"current_only"}),
    ),
    Collection(
        "users",
        _fields(
            "first_name last_name name primary_email emails job_title deactivated site_admin employee_id "
            "agency_id linked_candidate_ids office_ids department_ids interviewer_tags custom_fields"
        ),
        {
            "primary_email": text("primary_email"),
            "employee_id": text("employee_id"),
            "deactivated": flag("deactivated"),
            "site_admin": flag("site_admin"),
        },
        {"name": lambda _state, row: f"{row['first_name']} {row['last_name']}"},
        _users,
        frozenset({"show_service_accounts"}),
    ),
    Collection("user_job_permissions", _fields("user_id job_id user_role_id"), {"user_ids": Ids("user_id")}),
    Collection("departments", _fields("name parent_id external_id")),
    Collection("offices", _fields("name location primary_contact_user_id parent_id external_id")),
    Collection("candidate_tags", _fields("name"), {"name": text("name")}),
    Collection(
        "applied_candidate_tags",
        _fields("candidate_id candidate_tag_id"),
        {"candidate_ids": Ids("candidate_id"), "candidate_tag_ids": Ids("candidate_tag_id")},
    ),
    Collection(
        "rejection_reasons",
        _fields("name type"),
        visible=_reasons,
        switches=frozenset({"include_defaults"}),
    ),
    Collection(
        "rejection_details",
        _fields("application_id rejection_reason_id custom_fields"),
        {"application_ids": Ids("application_id")},
    ),
    Collection("sources", _fields("name type")),
    Collection("referrers", _fields("name user_id"), {"user_ids": Ids("user_id")}),
    Collection("openings", _fields("job_id opening_id status opened_at closed_at application_id")),
    Collection(
        "notes",
        _fields(
            "candidate_id application_id body subject type user_id email_from email_to email_cc visibility"
        ),
        {
            "candidate_ids": Ids("candidate_id"),
            "application_ids": Ids("application_id"),
            "user_ids": Ids("user_id"),
            "type": text("type"),
        },
    ),
    Collection(
        "attachments",
        _fields("application_id candidate_id type filename url"),
        {
            "candidate_ids": Ids("candidate_id"),
            "application_ids": Ids("application_id"),
            "type": text("type"),
        },
        {"url": signed_url},
    ),
    Collection(
        "eeoc",
        _fields("application_id candidate_id race gender veteran_status disability_status submitted_at"),
        {
            "application_ids": Ids("application_id"),
            "candidate_ids": Ids("candidate_id"),
            "submitted_at": instants("submitted_at"),
        },
    ),
)
COLLECTIONS = {collection.name: collection for collection in _COLLECTIONS}
