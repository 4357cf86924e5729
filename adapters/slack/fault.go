package slack

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"usher/bot"
)

// What Slack answers when a target cannot be written to, when the app itself may not, and when a message is not as
// Slack wants it: none of it gets better by trying again (docs.slack.dev/reference/methods/chat.postMessage).
var (
	targetFaults = []string{
		"channel_not_found", "is_archived", "not_in_channel", "user_not_found", "user_not_visible", "user_disabled", "users_not_found",
		"cannot_dm_bot", "cannot_reply_to_message", "restricted_action", "restricted_action_non_threadable_channel",
		"restricted_action_read_only_channel", "restricted_action_thread_locked", "restricted_action_thread_only_channel",
		"messages_tab_disabled", "as_user_not_supported", "no_permission", "access_denied", "method_not_supported_for_channel_type",
		"slack_connect_canvas_sharing_blocked", "slack_connect_blocked_file_type", "channel_type_not_supported", "team_not_found",
	}
	tokenFaults = []string{
		"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive", "missing_scope", "not_allowed_token_type",
		"ekm_access_denied", "enterprise_is_restricted", "org_login_required", "team_access_not_granted", "accesslimited", "no_active_install",
	}
	shapeFaults = []string{
		"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "invalid_arguments", "invalid_metadata_format",
		"invalid_metadata_schema", "metadata_too_large", "metadata_must_be_sent_from_app", "too_many_attachments", "invalid_post_type",
	}
	goneFaults = []string{"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "is_inactive"}
)

// said says whether the error is one of Slack's words.
func said(err error, words []string) bool {
	var answer slack.SlackErrorResponse
	return errors.As(err, &answer) && slices.Contains(words, answer.Err)
}

// failure makes of a failed call what the job is to do: wait as long as Slack says, stop for good with an alarm, or try
// again with growing pauses. Target is "" for calls that are about nobody.
func (a *App) failure(target string, err error) error {
	var limited *slack.RateLimitedError
	switch {
	case errors.As(err, &limited):
		return &bot.RetryError{After: limited.RetryAfter, Err: err}
	case said(err, tokenFaults):
		a.state.alarms.raise(a.log(), wholeApp, reason(err), a.now())
		return &bot.RetryError{Never: true, Err: fmt.Errorf("%w: %w", errStopped, err)}
	case said(err, targetFaults):
		if target != "" {
			a.state.alarms.raise(a.log(), target, reason(err), a.now())
		}
		return &bot.RetryError{Never: true, Err: fmt.Errorf("%w: %w", errStopped, err)}
	case said(err, shapeFaults), said(err, goneFaults):
		return &bot.RetryError{Never: true, Err: err}
	}
	return err
}

// errStopped says that nothing is sent to a target until somebody has mended it.
var errStopped = errors.New("the target cannot be written to")

// reason is Slack's own word for what is wrong.
func reason(err error) string {
	var answer slack.SlackErrorResponse
	if errors.As(err, &answer) {
		if answer.Needed != "" {
			return answer.Err + ": " + answer.Needed
		}
		return answer.Err
	}
	return err.Error()
}
