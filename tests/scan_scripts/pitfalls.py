"""Known ways in which scripts for the KISA guide go wrong, and what shows that this scanner does not."""

from __future__ import annotations

PITFALLS: dict[str, tuple[str, ...]] = {
    # Safety.
    "the_check_mends_what_it_finds": ("test_promises.py::test_a_scan_changes_nothing",),
    "files_are_left_where_the_caller_stands": (
        "test_promises.py::test_the_private_directory_is_private",
        "test_promises.py::test_live_it_writes_nothing_elsewhere_and_asks_nobody",
    ),
    "an_answer_is_awaited_from_the_keyboard": ("test_pitfalls.py::test_nobody_is_asked_on_the_keyboard",),
    "secrets_are_printed": ("test_pitfalls.py::test_no_secret_of_the_host_is_printed",),
    "a_timeout_waits_for_a_person": ("test_frame.py::test_a_hanging_check_is_stopped",),
    # Parsing.
    "comments_count": (
        "accounts_locked_after_failures/commented_module.fail",
        "su_limited_to_a_group/commented_line.fail",
        "password_complexity_enforced/commented_values.fail",
        "telnet_disabled/inetd_entry_commented.pass",
    ),
    "a_trailing_comment_hides_the_line": (
        "root_ssh_login_denied/trailing_comment.pass",
        "password_length_enforced/commented_value.pass",
    ),
    "there_is_a_line_so_its_value_is_good": (
        "password_complexity_enforced/minlen_is_read_as_a_value.fail",
        "accounts_locked_after_failures/fifty_is_not_five.fail",
    ),
    "only_the_remedy_of_the_guide_passes": (
        "password_complexity_enforced/stricter_than_asked.pass",
        "password_complexity_enforced/pwquality_conf.pass",
        "accounts_locked_after_failures/value_in_faillock_conf.pass",
    ),
    "an_unset_value_falls_through_to_good": (
        "session_timeout_set/nowhere_set.fail",
        "password_maximum_age_limited/no_maximum_in_shadow.fail",
        "snmp_access_limited/no_source.fail",
    ),
    "a_count_is_no_number": ("test_scenarios.py::test_gives_the_verdict_that_the_scenario_is_named_for",),
    "one_failing_command_ends_the_run": ("test_frame.py::test_a_broken_check_is_an_error",),
    "names_that_contain_the_name": (
        "ftp_account_without_login_shell/sftpuser_is_another_account.not_applicable",
        "administrator_group_minimal/wheelchair_is_not_wheel.pass",
        "unneeded_accounts_removed/name_that_only_contains_one.pass",
        "root_ftp_login_denied/name_that_begins_with_root.fail",
    ),
    # sshd.
    "sshd_drop_ins_are_not_read": (
        "root_ssh_login_denied/drop_in_before_the_file.fail",
        "root_ssh_login_denied/directory_of_the_include_is_a_pattern.fail",
        "test_sshd_agrees.py::test_reading_the_files_says_what_sshd_says",
    ),
    "sshd_last_value_is_taken": ("root_ssh_login_denied/first_value_wins_although_last_is_no.fail",),
    "sshd_match_blocks_are_ignored_or_global": (
        "root_ssh_login_denied/indented_line_in_match_is_not_global.manual",
        "root_ssh_login_denied/match_block_lets_root_in.fail",
        "root_ssh_login_denied/match_block_for_another_user.pass",
        "test_sshd_agrees.py::test_live_sshd_is_asked_and_believed",
    ),
    "sshd_unset_is_judged_by_taste": (
        "root_ssh_login_denied/unset.manual",
        "root_ssh_login_denied/key_only.manual",
        "test_pitfalls.py::test_root_with_a_key_is_judged_as_the_profile_says",
    ),
    "sshd_is_asked_for_by_one_unit_name": (
        "root_ssh_login_denied/server_without_configuration.manual",
        "root_ssh_login_denied/no_server.not_applicable",
    ),
    # Permissions.
    "modes_are_compared_as_numbers": (
        "shadow_file_protected/smaller_number_with_other_bits.fail",
        "hosts_file_protected/smaller_number_with_other_bits.fail",
        "ftpusers_files_protected/smaller_number_with_other_bits.fail",
        "log_files_protected/smaller_number_with_other_bits.fail",
    ),
    "only_the_exact_mode_passes": (
        "shadow_file_protected/no_bits_at_all.pass",
        "hosts_file_protected/stricter_mode.pass",
    ),
    "digits_of_the_mode_are_missed": (
        "passwd_file_protected/set_group_id_bit.fail",
        "hosts_file_protected/set_user_id_bit.fail",
        "sudoers_protected/no_bits_at_all.pass",
    ),
    "the_mode_of_a_link_is_read": (
        "passwd_file_protected/link_is_followed.pass",
        "startup_files_protected/mode_of_the_link_is_no_fault.pass",
    ),
    "access_control_lists_are_not_seen": ("test_pitfalls.py::test_access_control_lists_are_evidence",),
    "limits_of_another_edition": (
        "test_pitfalls.py::test_each_edition_has_its_own_limits",
        "syslog_configuration_protected/wider_mode.fail",
    ),
    "umask_is_compared_as_a_number": ("default_umask_restricts_write/larger_number_is_not_stricter.fail",),
    # PAM and accounts.
    "only_the_old_tally_module_counts": (
        "accounts_locked_after_failures/old_tally2.pass",
        "accounts_locked_after_failures/value_in_faillock_conf.pass",
    ),
    "a_setting_without_its_module": (
        "accounts_locked_after_failures/conf_without_the_module.fail",
        "accounts_locked_after_failures/built_in_value.pass",
        "password_complexity_enforced/values_without_the_module.fail",
    ),
    "only_system_auth_is_read": ("accounts_locked_after_failures/only_system_auth.fail",),
    "login_defs_is_taken_for_existing_accounts": (
        "password_maximum_age_limited/login_defs_does_not_reach_existing_accounts.fail",
        "password_minimum_age_set/login_defs_does_not_reach_existing_accounts.fail",
        "password_length_enforced/pass_min_len_is_not_read.fail",
    ),
    "accounts_with_a_key_only": (
        "password_maximum_age_limited/locked_accounts_are_no_failures.pass",
        "password_maximum_age_limited/new_accounts_without_limit.fail",
        "password_complexity_enforced/key_only_accounts.manual",
    ),
    "one_shadowed_account_is_enough": (
        "passwords_shadowed/one_account_with_x_is_not_enough.fail",
        "passwords_shadowed/no_shadow_file.fail",
    ),
    "few_administrators_are_good_administrators": (
        "administrator_group_minimal/member_of_wheel.manual",
        "administrator_group_minimal/group_zero_of_another_name.manual",
    ),
    "yescrypt_is_not_known": ("password_hashes_strong/yescrypt.pass",),
    "the_scanner_judges_its_own_path": (
        "root_path_without_current_directory/dot_in_front.fail",
        "root_path_without_current_directory/sudo_secure_path.fail",
    ),
    "the_first_tmout_decides": (
        "session_timeout_set/zero_is_no_timeout.fail",
        "session_timeout_set/not_exported.fail",
        "session_timeout_set/overridden_later.fail",
    ),
    "homes_are_below_home_only": (
        "home_directories_owned/home_outside_of_home.fail",
        "home_directories_owned/root_home_counts.fail",
        "environment_files_protected/home_elsewhere.fail",
    ),
    # File systems.
    "the_walk_enters_other_file_systems": (
        "test_pitfalls.py::test_the_walk_starts_at_each_local_file_system",
        "no_world_writable_files/container_storage_is_left_out.pass",
    ),
    "the_walk_misses_mounted_directories": ("test_pitfalls.py::test_the_walk_starts_at_each_local_file_system",),
    "only_some_directories_are_searched": (
        "every_file_has_owner/unknown_owner.fail",
        "setuid_files_reviewed/unpackaged.fail",
    ),
    "exactly_777": (
        "no_world_writable_files/not_exactly_777.fail",
        "no_world_writable_files/links_are_not_files.pass",
    ),
    "groups_without_a_name_are_missed": ("every_file_has_owner/unknown_group.fail",),
    "every_setuid_or_hidden_file_is_bad": (
        "setuid_files_reviewed/accepted_only.pass",
        "setuid_files_reviewed/packaged_but_not_on_the_list.manual",
        "hidden_files_reviewed/homes_and_known_names.pass",
    ),
    "evidence_is_cut_in_silence": (
        "test_frame.py::test_long_evidence_is_cut_and_says_so",
        "test_promises.py::test_an_incomplete_walk_is_an_error",
    ),
    "blanks_and_newlines_in_names": (
        "no_world_writable_files/names_with_newlines_and_blanks.fail",
        "dev_holds_no_regular_files/name_with_spaces.fail",
        "test_promises.py::test_a_name_with_newlines_is_one_name",
    ),
    "shared_memory_is_a_device_file": ("dev_holds_no_regular_files/shared_memory.pass",),
    # Services.
    "installed_or_not_is_asked_in_one_way": (
        "telnet_disabled/enabled_socket.fail",
        "tftp_and_talk_disabled/enabled_socket.fail",
        "rpc_services_disabled/rpcbind_for_nobody.fail",
        "telnet_disabled/sysv_start_link.fail",
    ),
    "the_super_server_or_the_client_is_the_service": (
        "telnet_disabled/xinetd_entry_disabled.pass",
        "telnet_disabled/xinetd_itself_off.pass",
        "telnet_disabled/client_only.pass",
    ),
    "parts_of_unit_names_are_searched": (
        "automount_disabled/unit_of_systemd.pass",
        "nfs_server_disabled/client_only.pass",
        "rpc_services_disabled/client_target_is_no_server.pass",
    ),
    "no_configuration_is_a_finding": (
        "web_request_size_limited/no_server.not_applicable",
        "mail_relay_limited/no_server.not_applicable",
        "snmp_access_limited/agent_off.not_applicable",
    ),
    "snmp_com2sec_is_not_known": (
        "snmp_version_3_only/com2sec_of_the_red_hat_family.fail",
        "snmp_community_strings_complex/com2sec_public.fail",
    ),
    "dns_views_and_includes_are_missed": (
        "dns_zone_transfer_limited/view.fail",
        "dns_zone_transfer_limited/zone_in_an_included_file.fail",
    ),
    "versions_are_compared_with_the_newest_release": (
        "mail_server_patched/postfix_of_debian.manual",
        "dns_server_patched/bind_of_debian.manual",
    ),
    "any_firewall_rule_is_a_firewall": (
        "connections_limited_by_host/rules_of_docker_only.manual",
        "connections_limited_by_host/wrappers_that_nobody_asks.manual",
        "connections_limited_by_host/nftables_without_a_policy.manual",
    ),
    "security_groups_are_forgotten": ("connections_limited_by_host/nothing.manual",),
    # Patches and logs.
    "no_updates_from_a_locked_repository": ("security_patches_applied/amazon_linux_is_locked_to_a_release.manual",),
    "package_lists_are_fetched": ("test_promises.py::test_live_it_writes_nothing_elsewhere_and_asks_nobody",),
    "old_logs_prove_that_nobody_reads": ("logs_reviewed_regularly/old_log_files.manual",),
    "a_host_without_rsyslog_has_no_logs": (
        "system_logging_configured/journal_on_disk_only.manual",
        "syslog_configuration_protected/absent.not_applicable",
    ),
    # Reporting.
    "item_numbers_without_their_edition": (
        "test_bundle.py::test_every_check_refers_to_the_item_that_asks_for_it",
        "test_command_line.py::test_text_is_for_people",
    ),
    "importance_of_another_edition": ("test_pitfalls.py::test_importance_is_that_of_the_edition",),
    "good_and_bad_are_all_there_is": (
        "test_frame.py::test_a_broken_check_is_an_error",
        "test_scenarios.py::test_has_scenarios_for_both_sides",
    ),
    "texts_are_swapped_or_under_another_number": (
        "test_bundle.py::test_every_item_of_an_edition_is_there",
        "test_bundle.py::test_every_check_refers_to_the_item_that_asks_for_it",
    ),
    "the_language_of_the_caller_changes_the_answer": (
        "test_pitfalls.py::test_the_language_of_the_caller_changes_nothing",
        "login_banner_set/korean_text.pass",
    ),
    "not_root_and_still_good": (
        "test_promises.py::test_without_root_nothing_passes_that_needs_root",
        "test_hostile_files.py::test_what_an_ordinary_user_cannot_read_never_passes",
    ),
    "quotes_break_the_json": (
        "test_frame.py::test_any_byte_may_stand_in_evidence",
        "test_hostile_files.py::test_odd_names_stay_names",
    ),
}
"""Each pitfall by name, with the scenarios (check/scenario) and tests (file::test) that would fail for it."""
