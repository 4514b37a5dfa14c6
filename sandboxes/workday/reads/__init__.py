"""The operations that read."""

from sandboxes.workday.listing import Listing
from sandboxes.workday.reads.attachments import ATTACHMENTS
from sandboxes.workday.reads.candidates import CANDIDATES
from sandboxes.workday.reads.company import LOCATIONS, ORGANIZATIONS, WORKERS
from sandboxes.workday.reads.interviews import FEEDBACKS, INTERVIEWS
from sandboxes.workday.reads.requisitions import POSTINGS, REQUISITIONS

LISTINGS: dict[str, Listing] = {
    "Get_Candidates": CANDIDATES,
    "Get_Job_Requisitions": REQUISITIONS,
    "Get_Job_Postings": POSTINGS,
    "Get_Interviews": INTERVIEWS,
    "Get_Interview_Feedbacks": FEEDBACKS,
    "Get_Candidate_Attachments": ATTACHMENTS,
    "Get_Organizations": ORGANIZATIONS,
    "Get_Workers": WORKERS,
    "Get_Locations": LOCATIONS,
}
