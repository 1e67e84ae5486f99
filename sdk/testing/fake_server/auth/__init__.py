"""Credentials at the fake server: GitHub Apps, their tokens, OAuth and the device flow.

github_auth      the facade of all of them
apps             the registered apps and where they are installed
app_jwt          checks an app's JWT, generates its key
tokens           the tokens that were issued
callers          who sent a request, and whether they may
app_endpoints    the operations of GitHub Apps
user_tokens      issues and refreshes the tokens of users
oauth            the web flow and the token endpoint
device_flow      the device flow
sign_in_pages    the HTML pages of both
token_endpoints  checking, resetting and ending users' tokens
deliveries       webhook deliveries
"""

from .apps import AppSeed, InstallationSeed, RegisteredApp
from .github_auth import GitHubAuth

__all__ = ["AppSeed", "GitHubAuth", "InstallationSeed", "RegisteredApp"]
