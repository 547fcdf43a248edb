# shellcheck shell=dash
# Packages ship such files (FIPS checksums, build identifiers).
typical_accounts
empty_file /usr/lib64/.libcrypto.so.3.hmac
directory /usr/lib/.build-id
