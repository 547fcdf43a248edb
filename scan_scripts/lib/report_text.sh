# shellcheck shell=dash
# The report for a person: what it is about, the totals, then findings first, with evidence and remedy.

title_reader() { # an awk program part: read_titles() of the profile's table and of the Korean titles
  cat <<'AWK'
    function read_titles(line, field, korean) {
      korean = language == "ko"
      while ((getline line < table) > 0) {
        split(line, field, "\t")
        if (field[1] == "check") { area[field[2]] = field[3]; title[field[2]] = field[8] }
        if (field[1] == "edition") edition = field[2]
        if (field[1] == "title") profile_title = field[korean ? 3 : 2]
      }
      while (korean && (getline line < titles) > 0) { split(line, field, "\t"); title[field[1]] = field[2] }
    }
AWK
}

text_writer() { # an awk program part: print_text() of what report_writer has read
  report_words
  title_reader
  cat <<'AWK'
    function remedy_of(name, line, found, text, key) { # from check.json beside the scanner; a bundle carries none
      if (checks == "" || !(name in area)) return ""
      key = "\"" language "\": \""
      while ((getline line < (checks "/" area[name] "/" name "/check.json")) > 0) {
        if (line ~ /"remediation"/) found = 1
        if (!found || !index(line, key)) continue
        text = substr(line, index(line, key) + length(key))
        sub(/",?[ \t]*$/, "", text); gsub(/\\"/, "\"", text); gsub(/\\\\/, "\\", text)
        break
      }
      return text
    }
    function print_wrapped(first, indent, text, n, part, i, line) {
      n = split(text, part, " ")
      line = first
      for (i = 1; i <= n; i++) {
        if (width(line) + width(part[i]) >= 100 && line != first) { print line; line = indent part[i] }
        else line = line (line == first || line == indent ? "" : " ") part[i]
      }
      print line
    }
    function print_evidence(text, first) { # as it is where it fits, else parted at blanks
      first = margin "  | "
      if (width(first text) <= 100) print first text
      else print_wrapped(first, first "  ", text)
    }
    function print_finding(r, l, remedy) {
      print_wrapped(sprintf("%-6s ", item[r]) word["title"], margin, title[check[r]] " [" check[r] "]")
      print_wrapped("       " word["reason"], margin, for_terminal(reason[r]))
      for (l = 1; l <= lines[r] && l <= 12; l++) print_evidence(for_terminal(shown[r, l]))
      if (found[r] > 12) printf margin "  | " word["more"] "\n", found[r] - 12, most
      remedy = verdict[r] == "fail" ? remedy_of(check[r]) : ""
      if (remedy != "") print_wrapped("       " word["remedy"], margin, remedy)
      print ""
    }
    function print_briefly(r) { # nothing is to be done about it
      if (language != "ko") {
        print_wrapped(sprintf("%-6s ", item[r]), "       ", check[r] ": " for_terminal(reason[r]))
        return
      }
      print_wrapped(sprintf("%-6s ", item[r]), "       ", title[check[r]] " [" check[r] "]")
      print_wrapped("       ", "       ", for_terminal(reason[r]))
    }
    function print_group(wanted, brief, r) {
      if (!tally[wanted]) return
      printf word[wanted], tally[wanted]
      for (r = 1; r <= results; r++) {
        if (verdict[r] != wanted) continue
        if (brief) print_briefly(r)
        else print_finding(r)
      }
      if (brief) print ""
    }
    function host_name(name, release) { # with its distribution, where a root tells of either
      name = host["hostname"] == "" ? word["unnamed"] : host["hostname"]
      release = host["os_id"] (host["os_version"] == "" ? "" : " " host["os_version"])
      return name (release == "" ? "" : " (" release ")")
    }
    function print_text() {
      set_words(language)
      read_titles()
      print_wrapped("", "", profile_title)
      print sprintf(word["edition"], for_terminal(host["profile"]), edition)
      print_wrapped("", "", for_terminal(sprintf(word["host"], host_name(), host["root"], host["started_at"])))
      printf word["totals"], tally["pass"], tally["fail"], tally["manual"], tally["not_applicable"], tally["error"], \
        duration / 1000
      print_group("fail")
      print_group("error")
      print_group("manual")
      print_group("pass", "briefly")
      print_group("not_applicable", "briefly")
    }
AWK
}
