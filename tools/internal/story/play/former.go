package play

// former has, for each reason that was split off from another, the other one. A story written
// before names that, and stays true.
var former = map[string]string{
	"CUSTODY_NOT_YOURS":          "CONVERSATION_NOT_YOURS",
	"LEG_NOT_YOURS":              "CONVERSATION_NOT_YOURS",
	"NOT_THE_SENDER":             "CONVERSATION_NOT_YOURS",
	"NOT_THE_RECEIVER":           "CONVERSATION_NOT_YOURS",
	"HANDOVER_NOT_YOURS":         "CONVERSATION_NOT_YOURS",
	"PARTICIPANT_NOT_COUNSELLOR": "PARTICIPANT_ABSENT",
	"PSEUDONYM_TAKEN":            "PARTICIPANT_PRESENT",
	"RECEIVER_JOINED":            "PARTICIPANT_PRESENT",
	"LEG_PENDING":                "TICKET_INVALID",
	"CHILD_REQUIRED":             "FIELD_INVALID",
	"NOT_SIGNPOSTED":             "FIELD_INVALID",
	"HANDOVER_STATE":             "FIELD_INVALID",
	"REQUEST_ID_REUSED":          "FIELD_INVALID",
	"ALREADY_AGREED":             "FIELD_INVALID",
	"TOO_MANY_CLOSURES":          "FIELD_INVALID",
	"LINE_CHANGED":               "CONTENDED",
}
