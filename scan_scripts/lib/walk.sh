# shellcheck shell=dash
# One walk over the local file systems for all checks that need it. Each row of $WORK/walk is
# "<type> <octal mode> <uid> <gid> <path>"; a newline in a name is stored as the byte 001, so no
# name can pretend to be another row. find itself leaves out what no check can ask for, so that time
# follows the number of inodes and little else; keep_rows decides.

walk_if_needed() { # walks when a selected check needs it; sets WALK_FAULT, '' when the rows are complete
  local status seconds
  WALK_FAULT=''
  if [ "$SCANNER_UID" != 0 ] || [ "$ANY_NEEDS_WALK" = false ]; then
    return 0
  fi
  seconds=$WALK_SECONDS
  run_guarded file_system_walk "$seconds" __walk "$WORK" "$ROOT"
  status=$?
  if [ "$status" -eq 124 ]; then
    WALK_FAULT="the file-system walk was stopped at its time limit of $seconds s"
  elif [ "$status" -ne 0 ]; then
    # shellcheck disable=SC2034  # the runner reads it
    WALK_FAULT="the file-system walk failed: $(tail -n 1 "$WORK/file_system_walk.stderr")"
  fi
}

walk_body() { # <work directory> <root>: what the guarded process does
  local place status
  WORK=$1 ROOT=$2
  cd "$WORK" || exit 1
  local_mount_points >"$WORK/mounts" || exit 1
  set --
  while IFS= read -r place; do
    set -- "$@" "$place"
  done <"$WORK/mounts"
  if ! find_rows "$@" | keep_rows >"$WORK/walk"; then
    echo 'its rows could not be kept' >&2
    exit 1
  fi
  read -r status <"$WORK/find.status" || exit 1
  case $status in
    0) ;;
    1) report_find_faults || exit 1 ;;
    *)
      echo "find ended with status $status" >&2
      exit 1
      ;;
  esac
  exit 0
}

find_rows() { # <directory>...: what containers store is theirs, and is left out
  local root
  # In a pattern, signs of the root's own path stand for themselves.
  root=$(printf '%s\n' "$ROOT" | sed 's/[][*?\\]/\\&/g')
  # shellcheck disable=SC2046  # words of find's own language
  find "$@" -xdev -type d \( -path "$root/var/lib/docker" -o -path "$root/var/lib/containerd" \
    -o -path "$root/var/lib/containers" -o -path "$root/var/lib/kubelet/pods" \) -prune \
    -o \( ! -type l -perm -0002 -o -perm /6000 -o -name '.*' -o -type f -path "$root/dev/*" \
    -o $(not_known_id -uid /etc/passwd) -o $(not_known_id -gid /etc/group) \) \
    -printf '%y %m %U %G %p\0' 2>"$WORK/find.stderr"
  printf '%s\n' "$?" >"$WORK/find.status"
}

not_known_id() { # <-uid|-gid> <path>: words for find: none of the first 100 ids there, which is enough for nearly every file
  # 0 stands apart: of a chain of -o, find goes through every link before it tries the first.
  account_lines "$2" | awk -F: -v test="$1" '
    $3 == 0 { root = 1 }
    $3 ~ /^[1-9][0-9]*$/ && !($3 in seen) && n < 100 {
      seen[$3] = 1
      words = words (n++ ? " -o " : "") test " " $3
    }
    END { print (root ? "! " test " 0 " : "") (n ? "! ( " words " )" : "-true") }'
}

keep_rows() { # standard input: rows ended by NUL
  local passwd group
  passwd=$(in_root /etc/passwd)
  group=$(in_root /etc/group)
  [ -f "$passwd" ] && [ -r "$passwd" ] && [ -f "$group" ] && [ -r "$group" ] || return 1
  tr '\n\000' '\001\n' | awk -v root="$ROOT" -v passwd="$passwd" -v group="$group" '
    BEGIN {
      while ((getline line < passwd) > 0) { split(line, field, ":"); uids[field[3]] = 1 }
      while ((getline line < group) > 0) { split(line, field, ":"); gids[field[3]] = 1 }
    }
    {
      type = $1
      mode = $2
      others = substr(mode, length(mode)) + 0
      special = length(mode) > 3 ? substr(mode, length(mode) - 3, 1) + 0 : 0
      writable = others % 4 >= 2 && (type == "f" || type == "d" && special % 2 == 0)
      privileged = type == "f" && special >= 2
      path = $0
      sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
      path = substr(path, length(root) + 1)
      stray = type == "f" && index(path, "/dev/") == 1
      name = path
      sub(/^.*\//, "", name)
      hidden = substr(name, 1, 1) == "." && (is_hidden_place(path) || is_odd_name(name))
      if (writable || privileged || stray || hidden || !($3 in uids) || !($4 in gids))
        print type, mode, $3, $4, path
    }
    '"$HIDDEN_PLACES"
}

# An awk program part: where a hidden name is worth a look, and names made to be overlooked.
# shellcheck disable=SC2016  # dollars are awk's
HIDDEN_PLACES='
    function is_hidden_place(path) {
      return path ~ /^\/(tmp|var\/tmp|dev|etc|bin|sbin|usr\/bin|usr\/sbin|usr\/local\/bin|usr\/local\/sbin)\//
    }
    function is_odd_name(name) {
      return name ~ /^\.\.\.+$/ || name ~ /^\.+[ \001-\037]/ || name ~ /^\..*[ \001-\037]$/
    }
'

report_find_faults() { # succeeds when find missed only what vanished meanwhile or another file system
  awk -v mounts=/proc/self/mountinfo '
    BEGIN { while ((getline line < mounts) > 0) { split(line, field, " "); mounted[field[5]] = 1 } }
    /No such file or directory/ { next }
    /Permission denied/ {
      name = $0
      sub(/^find: /, "", name); sub(/: Permission denied$/, "", name)
      gsub(/^[\047"]|[\047"]$/, "", name)
      if (name in mounted) next
    }
    { faults++; last = $0 }
    END { if (faults || !NR) { print faults + 0 " path(s) could not be read, the last: " last; exit 1 } }
  ' "$WORK/find.stderr" >&2
}

local_mount_points() { # one directory a line: where the walk starts
  if [ -n "$ROOT" ]; then
    printf '%s\n' "$ROOT"
    return 0
  fi
  awk '
    function decode(text) {
      gsub(/\\040/, " ", text); gsub(/\\011/, "\t", text); gsub(/\\134/, "\\", text)
      return text
    }
    {
      for (dash = 7; $dash != "-"; dash++) ;
      type = $(dash + 1)
      point = decode($5)
      kind[point] = type; device[point] = $3; part[point] = $4
    }
    END {
      local_types = " ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs bcachefs vfat exfat tmpfs devtmpfs ramfs "
      for (point in kind) {
        if (point == "/") continue
        if (index(local_types, " " kind[point] " ") == 0) continue
        if (point ~ /^\/(proc|sys|run\/user|run\/credentials|snap|var\/lib\/(docker|containerd|containers|kubelet))(\/|$)/) continue
        if (point ~ /\\012/) { print "a mount point has a newline in its name" > "/dev/stderr"; failed = 1; exit 1 }
        hidden = 0
        for (other in kind)
          if (other != point && device[other] == device[point] && within(part[point], part[other]) && \
              (part[other] != part[point] || other < point)) hidden = 1
        if (!hidden) print point
      }
      if (!failed) print "/"
    }
    function within(inner, outer) {
      return inner == outer || outer == "/" || index(inner, outer "/") == 1
    }' /proc/self/mountinfo
}

walk_rows() { # the kept rows; a check that reads them says needs_walk in its check.json
  cat "$WORK/walk"
}

readable_path() { # standard input: rows or paths, with newlines in names shown as "?"
  tr '\001' '?'
}
