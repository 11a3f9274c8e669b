package childtext

// Key names one thing that a child can be told. Its value is stable: it may be stored
// and sent.
type Key string

// Whenever there is nothing to tell about a handover: before and after one, and while one is only a
// draft. They say who is responsible, who is here, and what happens next.
const (
	// Arrived is for a child whom nobody has met yet.
	Arrived Key = "arrived"
	// With is for a child whose line's counsellor is here.
	With Key = "with_counsellor"
	// AtDoor is for a child at a closed door who can go to a line that is open; AtDoorAlone is for one who cannot.
	AtDoor      Key = "door_closed"
	AtDoorAlone Key = "door_closed_alone"
	// AnswersLater is for a child on a slow channel, where nobody is expected to be connected.
	AnswersLater Key = "answers_later"
)

// The path to a completed handover, in the order of the protocol's states.
const (
	ConsentAsked    Key = "consent_asked"
	ConsentReminder Key = "consent_reminder"
	Routing         Key = "routing"
	// Offered is repeated every 45 s and names no line, because the line that is asked
	// may decline.
	Offered  Key = "offered"
	Accepted Key = "accepted"
	// Briefing is repeated every 45 s.
	Briefing   Key = "briefing"
	Bridged    Key = "bridged"
	Confirming Key = "confirming"
	// DoorReminder, DoorAsking, DoorComing and DoorBridged are for a child at a closed door whom another line is asked to
	// take, until it has it.
	DoorReminder Key = "door_reminder"
	DoorAsking   Key = "door_asking"
	DoorComing   Key = "door_coming"
	DoorBridged  Key = "door_bridged"
	// DoorStillAsking is repeated every 45 s.
	DoorStillAsking Key = "door_still_asking"
	// BridgedAlone and ConfirmingAlone are for a child who is with the receiver while nobody of
	// the sender is there.
	BridgedAlone    Key = "bridged_sender_lost"
	ConfirmingAlone Key = "confirming_sender_lost"
	// StayAsked is for a child who asked to stay with the sender, until that is decided.
	StayAsked Key = "stay_asked"
	// Reversed is for a child whose custody went back to the sender.
	Reversed    Key = "reversed"
	Transferred Key = "transferred"
)

// Other ends, in all of which the sender still has the child. A child who was told
// nothing about the handover is told nothing about its end either.
const (
	// ReturnedRefused is for a child who said no, ReturnedWithdrawn for one who first
	// said yes.
	ReturnedRefused   Key = "returned_refused"
	ReturnedWithdrawn Key = "returned_withdrawn"
	// ReturnedUnanswered is for a child who was asked and did not answer.
	ReturnedUnanswered Key = "returned_unanswered"
	// ReturnedNoLine is for every reason why no line accepted in time.
	ReturnedNoLine Key = "returned_no_line"
	// ReturnedDropped is for a receiver that accepted but did not join or stay.
	ReturnedDropped Key = "returned_dropped"
	Cancelled       Key = "cancelled"
	// Paused and Abandoned are told once, when the child comes back: to a handover that
	// continues, or to one that has ended. Nothing is told while the child is away.
	Paused     Key = "paused"
	Abandoned  Key = "abandoned"
	Deferred   Key = "deferred"
	Signposted Key = "signposted"
)

// Danger.
const (
	Emergency Key = "emergency"
	// Overridden applies both to a child who said no and to one who did not answer.
	// Leave out the receiver until a line has accepted, because another line may come
	// instead.
	Overridden Key = "overridden"
)

// The child's own connection, and the sender's.
const (
	LegPending    Key = "leg_pending"
	LegUnanswered Key = "leg_unanswered"
	LegMoved      Key = "leg_moved"
	// Waiting is for a child whose line was alerted because no counsellor has come yet.
	Waiting Key = "waiting"
	// Unattended is for when the line with custody has lost its connection.
	Unattended Key = "unattended"
)

// Keys returns all keys, in the order of the protocol. The
// caller may modify the slice.
func Keys() []Key {
	var keys []Key
	for _, rule := range rules {
		keys = append(keys, rule.key)
	}
	return keys
}
