# shellcheck shell=dash
# Web servers: Apache's and nginx's configuration with all it includes.

web_products_in_use() {
  products_in_use apache nginx
}

apache_directives() { # "<sections> <directive in lower case> <value> <file>", tabs between
  local path
  for path in /etc/httpd/conf/httpd.conf /etc/apache2/apache2.conf; do
    has_file "$path" || continue
    # Relative includes start at ServerRoot, which both families set to this directory.
    case $path in
      /etc/httpd/*) section_directives "$path" /etc/httpd ;;
      *) section_directives "$path" /etc/apache2 ;;
    esac
    return 0
  done
}

apache_value() { # <directive>: standard input: apache_directives; the last value outside of sections, or in any, without quotes
  awk -F'\t' -v directive="$1" '$2 == directive { value = $3 } END { gsub(/"/, "", value); print value }'
}

apache_places_with() { # <option in lower case> [<why it is on by default>]: standard input: apache_directives; "<place> (Options ... in <file>)" where it is in force
  awk -F'\t' -v option="$1" -v default_reason="${2-}" "$APACHE_OPTIONS"'
    {
      context = match($1, / > virtualhost [^>]*/) ? substr($1, RSTART, RLENGTH) : ""
      directory = match($1, / > directory [^>]*/) ? plain(substr($1, RSTART + 13, RLENGTH - 13)) : ""
      in_url = $1 ~ / > (location|files|locationmatch|filesmatch|if|elseif|else|proxy) /
      loose = in_url || $1 ~ / > directorymatch / || directory ~ /[*?~[]/
    }
    $2 == "options" {
      # "The FollowSymLinks and SymLinksIfOwnerMatch Options work only in <Directory> sections or .htaccess
      # files" (https://httpd.apache.org/docs/2.4/mod/core.html#options).
      if (in_url && option ~ /symlinks/) next
      words[++n] = " " tolower($3) " "
      told[n] = "Options " $3 " in " $4
      where[n] = context
      # Where such a section applies is not known from the files: what it switches on is taken as on.
      if (loose) { if (after(n, 0)) print "a part of the site (" told[n] ")"; where[n] = "nowhere"; next }
      path[n] = directory
      if (directory != "") place(context, directory, 0)
    }
    $2 == "documentroot" { place(context, plain(tolower($3)), 1) }
    $2 == "alias" { target = tolower($3); sub(/^("[^"]*"|[^ \t]+)[ \t]+/, "", target); place(context, plain(target), 1) }
    END {
      # Where no file names a root, the one that was compiled in is served: no section but that of / is known to hold it.
      if (!roots) place("", "its default document root", 1)
      for (p = 1; p <= places; p++) if (is_served(p)) judge(p)
    }'
}

# An awk program part: sections of outer directories first, what has + or - adds to them, all else replaces them.
# shellcheck disable=SC2016  # dollars are awk's
APACHE_OPTIONS='
    function plain(text) { gsub(/"/, "", text); sub(/[ \t]+$/, "", text); sub(/\/+$/, "", text); return text == "" ? "/" : text }
    function place(context_, path_, root_) {
      if ((context_, path_) in known) { if (root_) { root[known[context_, path_]] = 1; roots++ }; return }
      known[context_, path_] = ++places
      place_context[places] = context_; place_path[places] = path_; root[places] = root_; roots += root_
    }
    function holds(outer, inner) { return outer == inner || outer == "/" || outer == "" || index(inner, outer "/") == 1 }
    function after(i, on, text) { # whether the option is on after line i, when it was on or off before
      text = words[i]
      if (text !~ / [-+]/) return text ~ (" (" option "|all) ")
      if (text ~ (" [+](" option "|all) ")) on = 1
      if (text ~ (" -(" option "|all) ")) on = 0
      return on
    }
    function is_served(p, q) { # a section that only encloses what is served is judged there
      if (root[p]) return 1
      for (q = 1; q <= places; q++)
        if (q != p && root[q] && place_path[q] != place_path[p] && holds(place_path[p], place_path[q])) return 0
      return 1
    }
    function judge(p, length_, i, was, on, why) {
      why = default_reason
      on = why != ""
      for (length_ = 0; length_ <= length(place_path[p]); length_++)
        for (i = 1; i <= n; i++) {
          if (length(path[i]) != length_ || where[i] != "" && where[i] != place_context[p] || !holds(path[i], place_path[p])) continue
          was = on
          on = after(i, on)
          if (on && (!was || after(i, 0))) why = told[i]
        }
      if (on) print place_path[p] " (" why ")"
    }
'

nginx_directives() { # "<blocks> <directive> <value> <file>", tabs between
  local path=${1:-/etc/nginx/nginx.conf} depth=${2:-0} line blocks directive value
  if [ "$depth" -gt 8 ] || ! has_file "$path"; then
    return 0
  fi
  file_text "$path" | bind_words | awk -v blocks="${3-}" -v path="$path" '
    $0 == ";" { if (text != "") tell(); next }
    $0 == "{" { blocks = blocks " > " text; text = ""; next }
    $0 == "}" { sub(/ > [^>]*$/, "", blocks); text = ""; next }
    { gsub(/[\t>]/, " "); text = text (text == "" ? "" : " ") $0 }
    function tell(directive) {
      directive = text; sub(/ .*$/, "", directive)
      sub(/^[^ ]+ ?/, "", text)
      print blocks "\t" directive "\t" text "\t" path
      text = ""
    }' | while IFS= read -r line; do
    blocks=${line%%	*}
    value=${line#*	}
    directive=${value%%	*}
    value=${value#*	}
    value=${value%	*}
    if [ "$directive" != include ]; then
      printf '%s\n' "$line"
      continue
    fi
    case $value in
      /*) ;;
      *) value=/etc/nginx/$value ;;
    esac
    matching_paths "${value%/*}" "${value##*/}" | while IFS= read -r path; do
      nginx_directives "$path" "$((depth + 1))" "$blocks"
    done
  done
}

judge_web() { # <function>: as judge_servers, each product's directives read once into $OUT/directives
  WEB_JUDGE=$1
  judge_servers web web_product
}

web_product() { # <product>
  case $1 in
    apache) apache_directives >"$OUT/directives" ;;
    nginx) nginx_directives >"$OUT/directives" ;;
  esac
  if [ -s "$OUT/directives" ]; then
    "$WEB_JUDGE" "$1"
  else
    printf 'manual the configuration of %s was not found where it is read by default\n' "$1"
  fi
}
