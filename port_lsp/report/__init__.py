"""Text, Markdown, HTML, JSON and SARIF."""
