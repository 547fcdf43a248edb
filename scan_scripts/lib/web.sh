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
