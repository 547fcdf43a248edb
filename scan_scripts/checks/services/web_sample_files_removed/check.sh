# shellcheck shell=dash
# Manuals, test scripts and default pages that come with web servers are gone.
check_web_sample_files_removed() {
  local samples path
  samples=$(parameter web_sample_files) || return 1
  if [ -z "$(web_products_in_use)" ]; then
    not_applicable "no web server is enabled here"
    return 0
  fi
  for path in $samples; do
    ! has_path "$path" || printf '%s\n' "$path"
  done >"$OUT/samples"
  evidence_lines <"$OUT/samples"
  if [ -s "$OUT/samples" ]; then
    fail "samples that came with the server: $(summary_of_lines <"$OUT/samples")"
  else
    pass "none of the samples that distributions ship is there; the site's own content is for a person to look at"
  fi
}
