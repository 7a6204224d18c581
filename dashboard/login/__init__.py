"""Login: OpenID Connect for an installation, a switch between roles for the demo; cookies and the guard against
forged requests for both."""
