"""Exceptions of Python's standard library that no translated call raises: they come of gaps alone,
and are known by their names, as those of other libraries are.

Python 3.11's docs of each module. Not all of its classes are here: what some are is another name
of one of Python's own (`ALIASES`), and others are what translated calls raise by another name, as
`binascii.Error`, which is the ValueError of base64.
"""

from __future__ import annotations

ALIASES = {
    "asyncio.TimeoutError": "builtins.TimeoutError",  # since 3.11
    "concurrent.futures.TimeoutError": "builtins.TimeoutError",  # since 3.11
    "socket.timeout": "builtins.TimeoutError",  # since 3.10
    "socket.error": "builtins.OSError",
    "select.error": "builtins.OSError",
    "ssl.CertificateError": "ssl.SSLCertVerificationError",
    "zipfile.BadZipfile": "zipfile.BadZipFile",
    "zipfile.error": "zipfile.BadZipFile",
}
"""Other names of classes."""
_BELOW = {
    "subprocess.SubprocessError": "CalledProcessError TimeoutExpired",
    "subprocess.CalledProcessError": "",
    "subprocess.TimeoutExpired": "",
    "zipfile.BadZipFile": "",
    "zipfile.LargeZipFile": "",
    "ssl.SSLError": (
        "SSLCertVerificationError SSLEOFError SSLSyscallError SSLWantReadError SSLWantWriteError"
        " SSLZeroReturnError"
    ),
    "ssl.SSLCertVerificationError": "",
    "urllib.error.URLError": "HTTPError ContentTooShortError",
    "urllib.error.HTTPError": "",
    "urllib.error.ContentTooShortError": "",
    "socket.gaierror": "",
    "socket.herror": "",
    "smtplib.SMTPException": (
        "SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPHeloError SMTPNotSupportedError"
        " SMTPRecipientsRefused SMTPResponseException SMTPSenderRefused SMTPServerDisconnected"
    ),
    "smtplib.SMTPAuthenticationError": "",
    "smtplib.SMTPConnectError": "",
    "smtplib.SMTPRecipientsRefused": "",
    "smtplib.SMTPServerDisconnected": "",
    "csv.Error": "",
    "struct.error": "",
    "queue.Empty": "",
    "queue.Full": "",
    "pickle.PickleError": "PicklingError UnpicklingError",
    "pickle.PicklingError": "",
    "pickle.UnpicklingError": "",
}


def standard(name: str) -> tuple[str, ...]:
    """A class of the standard library, and those below it, by the names that errors have; none for
    another."""
    below = _BELOW.get(name)
    return () if below is None else (name.rpartition(".")[2], *below.split())
