"""The matrix of providers for people: `terminal`, `page` of the documentation, `detail` of one provider.

`app.matrix` derives it from the declarations.
"""
