"""The front door: what every AWS request passes before the embedded AWS sees it.

The embedded AWS believes anybody. The front door does not: it verifies signatures, session tokens, expiry and POST
policies as AWS does, judges the calls of roles by their own policies, counts calls, and tells the embedded AWS which
account is calling. Requests come from functions, the command line and the hosts; they go to moto's own application.
"""
