# shellcheck shell=dash
# The report: from lines H (host), R (result) and D (duration) to one JSON document or to text.

write_report() { # <json|text>: standard input to standard output
  # The awk program needs a print_text, whoever writes JSON.
  local text='function print_text() { exit 1 }'
  [ "$1" = json ] || text=$(text_writer)
  awk -F'\t' -v format="$1" -v longest=400 -v most=50 -v table="$WORK/table" -v checks="${SCRIPTS:+$SCRIPTS/checks}" \
    -v language="$REPORT_LANGUAGE" -v titles="$WORK/titles" "$TEXT_CLEANER$text$REPORT_WRITER"
}

# An awk program part: clean(text) is valid UTF-8; json(text) is a JSON string of it.
# shellcheck disable=SC2016  # dollars are awk's
TEXT_CLEANER='
    function prepare(i, c) {
      for (i = 1; i < 256; i++) { c = sprintf("%c", i); code[c] = i }
    }
    function sequence_length(text, at, first, want, i, next_code) {
      first = code[substr(text, at, 1)]
      if (first < 128) return 1
      want = first >= 194 && first <= 223 ? 2 : first >= 224 && first <= 239 ? 3 : first >= 240 && first <= 244 ? 4 : 0
      if (!want) return 0
      for (i = 1; i < want; i++) {
        next_code = code[substr(text, at + i, 1)]
        if (next_code < 128 || next_code > 191) return 0
        if (i == 1 && (first == 224 && next_code < 160 || first == 237 && next_code > 159)) return 0
        if (i == 1 && (first == 240 && next_code < 144 || first == 244 && next_code > 143)) return 0
      }
      return want
    }
    function clean(text, at, n, out) {
      if (text !~ /[^ -~]/) return text
      out = ""
      for (at = 1; at <= length(text); at += n > 0 ? n : 1) {
        n = sequence_length(text, at)
        out = out (n > 0 ? substr(text, at, n) : "\357\277\275")
      }
      return out
    }
    function json(text, at, c, out) {
      text = clean(text)
      if (text !~ /["\\\001-\037\177]/) return "\"" text "\""
      out = ""
      for (at = 1; at <= length(text); at++) {
        c = substr(text, at, 1)
        if (c == "\"" || c == "\\") out = out "\\" c
        else if (code[c] < 32 || code[c] == 127) out = out sprintf("\\u%04x", code[c])
        else out = out c
      }
      return "\"" out "\""
    }
    function for_terminal(text) {
      text = clean(text)
      gsub(/[\001-\037\177]/, "?", text)
      gsub(/\302[\200-\237]/, "?", text)
      return text
    }
    function cut(text, whole) {
      whole = length(text)
      if (whole <= longest) return text
      text = substr(text, 1, longest)
      sub(/[\300-\377][\200-\277]*$/, "", text)
      return text " ... (cut, the line has " whole " bytes)"
    }
'

# An awk program part.
# shellcheck disable=SC2016  # dollars are awk's
REPORT_WRITER='
    BEGIN { prepare() }
    function read_result(directory, line, n) {
      reason[results] = ""
      while ((getline line < (directory "/reason")) > 0)
        reason[results] = reason[results] (reason[results] == "" ? "" : " ") line
      reason[results] = cut(reason[results])
      for (n = 0; (getline line < (directory "/evidence")) > 0; n++)
        if (n < most) shown[results, n + 1] = cut(line)
      if (n > most) shown[results, most + 1] = "... and " n - most " more lines that are not shown"
      found[results] = n
      lines[results] = n > most ? most + 1 : n
    }
    function or_null(key) { return host[key] == "" ? "null" : json(host[key]) }
    function print_json(r, l) {
      printf "{\"schema\":1,\"profile\":%s,\"host\":{\"hostname\":%s,\"os_id\":%s,\"os_version\":%s,\"kernel\":%s,", \
        json(host["profile"]), or_null("hostname"), or_null("os_id"), or_null("os_version"), or_null("kernel")
      printf "\"root\":%s,\"live\":%s,\"scanner_uid\":%s},\"started_at\":%s,\"duration_ms\":%d,\"results\":[", \
        json(host["root"]), host["live"], (host["scanner_uid"] ~ /^[0-9]+$/ ? host["scanner_uid"] : "null"), \
        json(host["started_at"]), duration
      for (r = 1; r <= results; r++) {
        printf "%s\n{\"item\":%s,\"check\":%s,\"verdict\":%s,\"reason\":%s,\"evidence\":[", (r > 1 ? "," : ""), \
          json(item[r]), json(check[r]), json(verdict[r]), json(reason[r])
        for (l = 1; l <= lines[r]; l++) printf "%s%s", (l > 1 ? "," : ""), json(shown[r, l])
        printf "],\"duration_ms\":%d}", took[r]
      }
      print "\n]}"
    }
    $1 == "H" { key = $2; sub(/^H\t[^\t]*\t/, ""); host[key] = $0; next }
    $1 == "R" {
      item[++results] = $2; check[results] = $3; verdict[results] = $4; took[results] = $5
      tally[$4]++
      read_result($6)
    }
    $1 == "D" { duration = $2 }
    END { if (format == "json") print_json(); else print_text() }
'
