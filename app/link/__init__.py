"""The link flow: a link token, the hosted page, and the public token at its end."""
