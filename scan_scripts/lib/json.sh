# shellcheck shell=dash
# JSON without any tool but awk. compile_profile is used from the tree only; a bundle carries its result.

json_reader() { # an awk program part: read_json(name) fills value[name path] from the file's text
  cat <<'AWK'
    function next_token(token) {
      sub(/^[ \t\r\n]+/, "", text)
      if (text == "") { print "scan.sh: malformed JSON: " name > "/dev/stderr"; failed = 1; exit 1 }
      if (!match(text, /^"([^"\\]|\\.)*"/) && !match(text, /^[-+.0-9A-Za-z]+/)) RLENGTH = 1
      token = substr(text, 1, RLENGTH)
      text = substr(text, RLENGTH + 1)
      return token
    }
    function plain(token) {
      if (substr(token, 1, 1) != "\"") return token
      token = substr(token, 2, length(token) - 2)
      gsub(/\\"/, "\"", token); gsub(/\\\//, "/", token); gsub(/\\[ntrbf]/, " ", token); gsub(/\\\\/, "\\", token)
      return token
    }
    function parse(path, token, key, index_) {
      token = next_token()
      if (token == "{") {
        while ((key = next_token()) != "}") {
          if (key == ",") continue
          next_token()
          names[path] = names[path] " " plain(key)
          parse(path "/" plain(key))
        }
      } else if (token == "[") {
        for (index_ = 0; ; ) {
          sub(/^[ \t\r\n]+/, "", text)
          if (text ~ /^[],]/) { if (next_token() == "]") break; continue }
          parse(path "/" index_++)
        }
        size[path] = index_
      } else value[path] = plain(token)
    }
AWK
}

compile_profile() { # <profile.json> <check.json>...: the table the scanner works from (see profile_compiler)
  awk "$(json_reader)$(profile_compiler)" "$@"
}

profile_compiler() { # an awk program part: lines edition, title, limit, item, check and parameter, fields parted by tabs
  cat <<'AWK'
    function finish_file() {
      if (name == "") return
      if (name == ARGV[1]) read_profile()
      else {
        parse("check")
        id = value["check/id"]
        parts = split(name, part, "/")
        area[id] = part[parts - 2]
        facts[id] = value["check/severity"] "\t" value["check/needs_root"] "\t" value["check/needs_live"] \
          "\t" value["check/needs_walk"] "\t" value["check/title/en"]
        count[id] = split(names["check/parameters"], list, " ")
        for (p = 1; p <= count[id]; p++) {
          parameter[id, p] = list[p]
          fallback[id, p] = value["check/parameters/" list[p] "/default"]
        }
        names["check/parameters"] = ""
      }
      text = ""
    }
    # level[0] is the profile itself, level[1] what it extends, and so on.
    function read_profile(directory, line) {
      directory = ARGV[1]
      sub(/[^\/]*$/, "", directory)
      level[0] = "profile"
      parse(level[0])
      for (levels = 0; (level[levels] "/extends") in value && levels < 8; parse(level[++levels])) {
        name = directory value[level[levels] "/extends"] ".json"
        text = ""
        while ((getline line < name) > 0) text = text line "\n"
        level[levels + 1] = "base" levels + 1
      }
      name = ARGV[1]
    }
    function setting(key, fallback_, l) { # the value of the first level that has one
      for (l = 0; l <= levels; l++) if ((level[l] "/" key) in value) return value[level[l] "/" key]
      return fallback_
    }
    function list_items(l, i, code) { # a level's item takes the place of the same item below it
      for (l = levels; l >= 0; l--) {
        for (i = 0; i < size[level[l] "/items"]; i++) {
          code = value[level[l] "/items/" i "/item"]
          if (!(code in place)) place[code] = ++items
          entry[place[code]] = level[l] "/items/" i
        }
      }
    }
    function print_check(id, p) {
      if (!(id in facts)) { print "scan.sh: no such check: " id > "/dev/stderr"; failed = 1; exit 1 }
      printf "check\t%s\t%s\t%s\n", id, area[id], facts[id]
      for (p = 1; p <= count[id]; p++) {
        printf "parameter\t%s\t%s\t%s\n", id, parameter[id, p], setting("parameters/" parameter[id, p], fallback[id, p])
      }
    }
    FNR == 1 { finish_file(); name = FILENAME }
    { text = text $0 "\n" }
    END {
      if (failed) exit 1
      finish_file()
      printf "edition\t%s\ntitle\t%s\t%s\n", setting("edition"), setting("title/en"), setting("title/ko")
      limits = split(names[level[levels] "/limits"], list, " ")
      for (l = 1; l <= limits; l++) printf "limit\t%s\t%s\n", list[l], setting("limits/" list[l], "")
      list_items()
      for (i = 1; i <= items; i++) {
        item = entry[i]
        for (c = 0; c < size[item "/checks"]; c++) {
          id = value[item "/checks/" c]
          printf "item\t%s\t%s\t%s\n", value[item "/item"], value[item "/importance"], id
          print_check(id)
        }
      }
      if (failed) exit 1
    }
AWK
}

title_compiler() { # an awk program part: from each check.json "<check> <title in Korean>", a tab between
  cat <<'AWK'
    function finish_file() {
      if (text != "") { parse("check"); print value["check/id"] "\t" value["check/title/ko"] }
      text = ""
    }
    FNR == 1 { finish_file(); name = FILENAME }
    { text = text $0 "\n" }
    END { if (failed) exit 1; finish_file() }
AWK
}
