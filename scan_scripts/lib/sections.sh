# shellcheck shell=dash
# Configuration files of Apache's kind, which ProFTPD uses too: directives in <Sections>, Include followed.
# Conditional sections (<IfModule>) are taken as if their condition held.

section_directives() { # <path> <base of relative includes> [<depth> <sections>]: "<sections> <directive in lower case> <value> <file>", tabs between
  local path=$1 base=$2 depth=${3:-0} line sections directive value
  [ "$depth" -le 8 ] || return 1
  # Sections are parted by " > ", which no section's own text can hold.
  effective_lines "$path" | awk -v sections="${4-}" -v path="$path" '
    /\\$/ { joined = joined substr($0, 1, length($0) - 1) " "; next }
    { $0 = joined $0; joined = "" }
    /^<\// { sub(/ > [^>]*$/, "", sections); next }
    /^</ { text = tolower($0); gsub(/[<>]/, "", text); sections = sections " > " text; next }
    { directive = $1; sub(/^[^ \t]+[ \t]*/, ""); print sections "\t" tolower(directive) "\t" $0 "\t" path }' |
    while IFS= read -r line; do
      sections=${line%%	*}
      value=${line#*	}
      directive=${value%%	*}
      value=${value#*	}
      value=${value%	*}
      case $directive in
        include | includeoptional) included_directives "$value" "$base" "$((depth + 1))" "$sections" ;;
        *) printf '%s\n' "$line" ;;
      esac
    done
}

included_directives() { # <pattern> <base> <depth> <sections>
  local pattern path
  pattern=$(printf '%s\n' "$1" | tr -d '"')
  case $pattern in
    /*) ;;
    *) pattern=$2/$pattern ;;
  esac
  if has_directory "$pattern"; then
    pattern="$pattern/*"
  fi
  matching_paths "${pattern%/*}" "${pattern##*/}" | while IFS= read -r path; do
    ! has_file "$path" || section_directives "$path" "$2" "$3" "$4"
  done
}
