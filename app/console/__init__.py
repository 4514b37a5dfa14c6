"""The operator console at `/console`: pages for whoever runs the service, behind a sign-in.

`operators` and `sessions` say who may come in, `visits` lets nobody else pass, `entrance` is the door.
`accounts`, `issues`, `webhooks` and `jobs` look things up; `rooms` shows them and `deeds` changes them.
"""
