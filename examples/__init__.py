"""Example programs, each started by one command."""
