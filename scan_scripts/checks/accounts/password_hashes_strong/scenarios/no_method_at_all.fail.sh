# shellcheck shell=dash
# Nothing says how to store new passwords.
typical_accounts
give_alice_a_password
