"""The common model: what every applicant tracking system's records become."""
