# shellcheck shell=dash
# The report for a person: what it is about, the totals, then findings first, with evidence and remedy.

text_writer() { # an awk program part: print_text() of what report_writer has read
  cat <<'AWK'
    function read_titles(line, field) {
      while ((getline line < table) > 0) {
        split(line, field, "\t")
        if (field[1] == "check") { area[field[2]] = field[3]; title[field[2]] = field[8] }
        if (field[1] == "edition") edition = field[2]
        if (field[1] == "title") profile_title = field[2]
      }
    }
    function remedy_of(name, line, found, text) { # from check.json beside the scanner; a bundle carries none
      if (checks == "" || !(name in area)) return ""
      while ((getline line < (checks "/" area[name] "/" name "/check.json")) > 0) {
        if (line ~ /"remediation"/) found = 1
        if (!found || line !~ /"en": "/) continue
        text = line
        sub(/^.*"en": "/, "", text); sub(/",?[ \t]*$/, "", text); gsub(/\\"/, "\"", text); gsub(/\\\\/, "\\", text)
        break
      }
      return text
    }
    function print_wrapped(first, indent, text, n, word, i, line) {
      n = split(text, word, " ")
      line = first
      for (i = 1; i <= n; i++) {
        if (length(line) + length(word[i]) >= 100 && line != first) { print line; line = indent word[i] }
        else line = line (line == first || line == indent ? "" : " ") word[i]
      }
      print line
    }
    function print_finding(r, l, remedy) {
      print_wrapped(sprintf("%-6s ", item[r]), "       ", title[check[r]] " [" check[r] "]")
      print_wrapped("       ", "       ", for_terminal(reason[r]))
      for (l = 1; l <= lines[r] && l <= 12; l++) print "         | " for_terminal(shown[r, l])
      if (lines[r] > 12) print "         | ... and " lines[r] - 12 " more lines, which --format json has"
      remedy = verdict[r] == "fail" ? remedy_of(check[r]) : ""
      if (remedy != "") print_wrapped("       Remedy: ", "       ", remedy)
      print ""
    }
    function print_group(wanted, heading, r) {
      if (!tally[wanted]) return
      print heading " (" tally[wanted] ")\n"
      for (r = 1; r <= results; r++) {
        if (verdict[r] != wanted) continue
        if (wanted == "pass" || wanted == "not_applicable")
          print_wrapped(sprintf("%-6s ", item[r]), "       ", check[r] ": " for_terminal(reason[r]))
        else print_finding(r)
      }
      if (wanted == "pass" || wanted == "not_applicable") print ""
    }
    function print_text() {
      read_titles()
      print_wrapped("", "", profile_title " (profile " for_terminal(host["profile"]) ")")
      print "Items are numbered as in " edition
      print_wrapped("", "", for_terminal(sprintf("%s (%s %s), root %s, %s", host["hostname"], host["os_id"], \
        host["os_version"], host["root"], host["started_at"])))
      printf "%d pass, %d fail, %d manual, %d not_applicable, %d error, in %.2f s\n\n", tally["pass"], tally["fail"], \
        tally["manual"], tally["not_applicable"], tally["error"], duration / 1000
      print_group("fail", "FAIL")
      print_group("error", "ERROR: could not be found out, and counts as not good")
      print_group("manual", "MANUAL: a person decides")
      print_group("pass", "PASS")
      print_group("not_applicable", "NOT APPLICABLE")
    }
AWK
}
