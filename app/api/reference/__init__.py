"""The API's specification (OpenAPI): made from the routes and from the declarations of the common models.

A route says about itself what only it knows, in the framework's terms: `response_model=` for a plain body,
`responses=` with the words of `answers.py` for common records and errors, `openapi_extra=` with the words
of `parameters.py` for what it reads from the query by itself. What follows from the kind of a route
(authentication and its errors, idempotency) `document.py` adds.
"""
