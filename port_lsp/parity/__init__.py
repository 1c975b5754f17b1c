"""The same requests to the backend and to its port, both running, and what their answers differ in
(the migration guide's compatibility tests).
"""
