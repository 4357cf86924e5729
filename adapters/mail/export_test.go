package mail

// MeetingOf has the tests read which meeting a Message-ID names.
func MeetingOf(id string) string { return meetingOf(id) }
