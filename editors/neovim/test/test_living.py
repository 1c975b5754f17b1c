"""A server that dies, one that isn't there, folders that are no port, and the check of health."""

import sys
from pathlib import Path
from typing import Any

import pytest

# A server that answers nothing but the beginning and the end.
OTHER = """\
import json, sys

def message():
    length = 0
    while line := sys.stdin.buffer.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return json.loads(sys.stdin.buffer.read(length))

while (given := message())["method"] != "exit":
    if "id" in given:
        result = {"capabilities": CAPABILITIES} if given["method"] == "initialize" else None
        body = json.dumps({"jsonrpc": "2.0", "id": given["id"], "result": result}).encode()
        sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
        sys.stdout.buffer.flush()
"""


def test_started_again_after_it_was_killed(run: Any) -> None:
    found = run("""
    start()
    open('backend/notes_app/routers/notes.py')
    local client = vim.lsp.get_clients({ name = 'port_lsp' })[1]
    local process = vim.fn.systemlist({ 'pgrep', '-P', tostring(vim.fn.getpid()), '-f', 'serve' })
    assert(#process == 1, vim.inspect(process))
    vim.uv.kill(tonumber(process[1]), 'sigkill')
    await('end', function()
      return vim.lsp.get_client_by_id(client.id) == nil
    end)
    await('other server', function()
      local now = vim.lsp.get_clients({ name = 'port_lsp', bufnr = 0 })[1]
      return now and now.id ~= client.id and require('port_lsp').statusline() ~= 'port …'
    end)
    local shown = await('squiggles', function()
      return #squiggles() > 0 and squiggles()
    end)
    return { squiggles = shown, said = said }
    """)
    assert found["squiggles"][0] == [37, "unported-endpoint", "search_notes"]
    assert "port-lsp: the server ended and is started again" in found["said"]


def test_not_started_for_ever(run: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nread -r line\nexit 3\n")
    broken.chmod(0o755)
    found = run(f"""
    start({{ cmd = {{ '{broken}' }} }})
    vim.cmd.edit('backend/notes_app/routers/notes.py')
    await('surrender', function()
      return vim.list_contains(said, 'port-lsp: the server keeps ending; '
        .. 'see :checkhealth port_lsp')
    end)
    return said
    """)
    assert found.count("port-lsp: the server ended and is started again") == 3


def test_a_missing_server_is_said_once(run: Any) -> None:
    found = run("""
    start({ cmd = { 'no-such-port-lsp', 'serve' } })
    vim.cmd.edit('backend/notes_app/routers/notes.py')
    vim.cmd.edit('crate/src/main.rs')
    vim.cmd('PortStatus')
    vim.cmd('silent checkhealth port_lsp')
    return { said = said, health = table.concat(lines(), '\\n') }
    """)
    assert found["said"] == [
        "port-lsp: no-such-port-lsp is not installed, or not on the PATH (:help port-lsp-install)",
        "port-lsp: no server runs: open a Python or Rust file of the port (:checkhealth port_lsp)",
    ]
    assert "no-such-port-lsp is not installed" in found["health"]


@pytest.mark.parametrize(
    ("capabilities", "told"),
    [
        (
            {},
            "the server is too old: the server speaks version none of the protocol, this client 1 "
            "(update port-lsp: `pip install --upgrade port-lsp`)",
        ),
        (
            {"experimental": {"portLsp": {"version": 2}}},
            "the plugin is too old: the server speaks version 2 of the protocol, this client 1 "
            "(update the plugin)",
        ),
    ],
)
def test_another_version(run: Any, tmp_path: Path, capabilities: object, told: str) -> None:
    other = tmp_path / "other.py"
    other.write_text(OTHER.replace("CAPABILITIES", repr(capabilities)))
    found = run(f"""
    start({{ cmd = {{ '{sys.executable}', '{other}' }} }})
    vim.cmd.edit('backend/notes_app/routers/notes.py')
    await('what is wrong', function()
      return #said > 0
    end)
    return said
    """)
    assert found == [f"port-lsp: {told}"]


def test_not_where_there_is_no_port(run: Any, example: Path) -> None:
    (example / "port-lsp.toml").unlink()
    (example / "crate/Cargo.toml").unlink()
    found = run("""
    start()
    vim.cmd.edit('backend/notes_app/routers/notes.py')
    vim.wait(300)
    local without = #vim.lsp.get_clients()
    vim.fn.writefile({ '[package]', 'name = "later"', 'version = "0.1.0"' }, 'crate/Cargo.toml')
    open('backend/notes_app/routers/users.py')
    return { without, #vim.lsp.get_clients(), vim.lsp.get_clients()[1].config.root_dir, said }
    """)
    assert found == [0, 1, str(example), []]


def test_health(run: Any, example: Path) -> None:
    found = run("""
    start()
    open('backend/notes_app/routers/notes.py')
    vim.cmd('silent checkhealth port_lsp')
    return table.concat(lines(), '\\n')
    """)
    assert "port-lsp: port-lsp 0." in found
    assert f"serves {example}: 1 buffers" in found
    assert "ERROR" not in found
