"""The slower suites: they download what they measure on, and compile."""
