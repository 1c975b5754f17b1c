"""What the backend's functions take and give where their annotations don't say it: read off
Python's text alone, and only where one type is possible."""
