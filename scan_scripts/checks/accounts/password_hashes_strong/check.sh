# shellcheck shell=dash
# Passwords are kept as SHA-2 or yescrypt hashes. Only the kind of a hash goes into the report.
check_password_hashes_strong() {
  local kinds weak unusual method
  require_file /etc/shadow || return 0
  kinds=$(shadow_records | awk -F: '
    $2 == "" || $2 ~ /^[!*]/ { next }
    $2 ~ /^\$(5|6|y|gy)\$/ { print "strong\t" $1; next }
    $2 ~ /^\$(2[abxy]?|7)\$/ { print "unusual\t" $1 ": bcrypt or scrypt"; next }
    { print "weak\t" $1 ": " ($2 ~ /^\$(1|md5)/ ? "MD5" : "DES or unknown") }')
  weak=$(printf '%s\n' "$kinds" | awk -F'\t' '$1 == "weak" { print $2 }')
  unusual=$(printf '%s\n' "$kinds" | awk -F'\t' '$1 == "unusual" { print $2 }')
  method=$(hash_methods)
  printf '%s\n' "$weak" "$unusual" "$method" | awk '$0 != ""' | evidence_lines
  if [ -n "$weak" ]; then
    fail "weak password hash: $(printf '%s\n' "$weak" | summary_of_lines)"
  elif [ -z "$method" ]; then
    fail "neither PAM nor /etc/login.defs names a hash method for new passwords"
  else
    judge_hash_methods "$method" "$unusual"
  fi
}

hash_methods() { # "<where>: <method>" for new passwords, from PAM and from login.defs
  local service
  if service=$(pam_password_service); then
    pam_stack "$service" password | awk -F'\t' '
      $2 == "pam_unix.so" {
        n = split($4, word, " ")
        for (i = 1; i <= n; i++)
          if (word[i] ~ /^(md5|bigcrypt|sha256|sha512|blowfish|gost_yescrypt|yescrypt)$/) print $3 ": " word[i]
      }' | tail -n 1
  fi
  login_definition ENCRYPT_METHOD '' | awk '$0 != "" { print "/etc/login.defs: " tolower($0) }'
}

judge_hash_methods() { # <methods> <accounts with unusual hashes>
  local weak odd
  weak=$(printf '%s\n' "$1" | awk '$NF !~ /^(sha256|sha512|yescrypt|gost_yescrypt|bcrypt|blowfish)$/')
  odd=$(printf '%s\n' "$1" | awk '$NF ~ /^(bcrypt|blowfish)$/')
  if [ -n "$weak" ]; then
    fail "weak hash method for new passwords: $(printf '%s\n' "$weak" | summary_of_lines)"
  elif [ -n "$2$odd" ]; then
    manual "strong, but not SHA-2: $(printf '%s\n' "$2" "$odd" | awk '$0 != ""' | summary_of_lines)"
  else
    pass "stored and new passwords use SHA-2 or yescrypt"
  fi
}
