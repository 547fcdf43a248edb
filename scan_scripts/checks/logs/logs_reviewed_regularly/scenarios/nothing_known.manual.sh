# shellcheck shell=dash
# No sign of a review, and no proof that there is none.
typical_accounts
