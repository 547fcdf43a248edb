# shellcheck shell=dash
# The words of the report for a person, in English and in Korean; reasons and evidence are English in both.

take_language_of_caller() { # from the locale the caller had: ko, when a terminal of that locale shows UTF-8; else en
  # shellcheck disable=SC2034  # who parses the arguments reads it
  case $CALLER_LOCALE in
    *.[eE][uU][cC]* | *.[cC][pP]949*) REPORT_LANGUAGE=en ;;
    ko | ko[_.@]*) REPORT_LANGUAGE=ko ;;
    *) REPORT_LANGUAGE=en ;;
  esac
}

report_words() { # an awk program part: set_words(language) fills word; width(text) is in columns of a terminal
  cat <<'AWK'
    function set_words(language) { if (language == "ko") set_korean(); else set_english() }
    function set_english() {
      word["edition"] = "Profile %s, items numbered as in %s"
      word["host"] = "%s, root %s, %s"
      word["unnamed"] = "a host without a name"
      word["totals"] = "%d pass, %d fail, %d manual, %d not_applicable, %d error, in %.2f s\n\n"
      word["fail"] = "FAIL (%d)\n\n"
      word["error"] = "ERROR: could not be found out, and counts as not good (%d)\n\n"
      word["manual"] = "MANUAL: a person decides (%d)\n\n"
      word["pass"] = "PASS (%d)\n\n"
      word["not_applicable"] = "NOT APPLICABLE (%d)\n\n"
      word["remedy"] = "Remedy: "
      word["more"] = "... and %d more lines (--format json shows up to %d in all)"
      margin = "       "
    }
    function set_korean() {
      word["edition"] = "프로파일: %s, 항목 번호 기준: %s"
      word["host"] = "점검 대상: %s, 루트 경로 %s, 점검 시각 %s"
      word["unnamed"] = "호스트 이름 없음"
      word["totals"] = "점검 결과: 양호 %d, 취약 %d, 수동 점검 %d, 해당 없음 %d, 오류 %d (소요 시간 %.2f초)\n\n"
      word["fail"] = "취약(fail) %d건\n\n"
      word["error"] = "오류(error) %d건 - 판정하지 못한 항목이므로 양호로 볼 수 없음\n\n"
      word["manual"] = "수동 점검(manual) %d건 - 담당자 확인 필요\n\n"
      word["pass"] = "양호(pass) %d건\n\n"
      word["not_applicable"] = "해당 없음(not_applicable) %d건\n\n"
      word["title"] = "기준: "
      word["reason"] = "현황: "
      word["remedy"] = "조치: "
      word["more"] = "... 이하 %d줄 생략(--format json은 최대 %d줄까지 표시)"
      margin = "             "
    }
    function width(text, wide) { # of UTF-8: one column a character, two from U+3000 on, where Hangul is
      gsub(/[\200-\277]/, "", text)
      wide = gsub(/[\343-\377]/, "&", text)
      return length(text) + wide
    }
AWK
}
