package childtext

import "slices"

// rule says what the file must contain for a key.
type rule struct {
	key   Key
	shape shape
	// needs lists blanks that every text must contain, because without them it would
	// not say what it is there to say. may lists optional blanks.
	needs, may []blank
}

type shape int

const (
	// once requires one text in each language.
	once shape = iota
	// again requires at least two texts in each language, because a child who reads the
	// same words every 45 s reads a machine.
	again
)

var rules = []rule{
	{key: Arrived, needs: []blank{sender}},
	{key: With, needs: []blank{sender}},
	{key: AtDoor, needs: []blank{sender, receiver, opening}},
	{key: AtDoorAlone, needs: []blank{sender, opening}},
	{key: AnswersLater, needs: []blank{sender}},
	{key: ConsentAsked, needs: []blank{receiver, crossing}, may: []blank{sender}},
	{key: ConsentReminder, may: []blank{receiver, sender}},
	{key: Routing, may: []blank{sender}},
	{key: Offered, shape: again, may: []blank{sender}},
	{key: Accepted, needs: []blank{receiver}, may: []blank{sender}},
	{key: Briefing, shape: again, may: []blank{receiver, sender}},
	{key: Bridged, needs: []blank{sender, receiver}},
	{key: Confirming, needs: []blank{sender}, may: []blank{receiver}},
	{key: DoorReminder, may: []blank{receiver, sender}},
	{key: DoorAsking, may: []blank{sender}},
	{key: DoorStillAsking, shape: again, may: []blank{sender}},
	{key: DoorComing, needs: []blank{receiver}},
	{key: DoorBridged, needs: []blank{receiver}},
	{key: BridgedAlone, needs: []blank{sender, receiver}},
	{key: ConfirmingAlone, needs: []blank{receiver}, may: []blank{sender}},
	{key: StayAsked, needs: []blank{sender}, may: []blank{receiver}},
	{key: Reversed, needs: []blank{sender}, may: []blank{receiver}},
	{key: Transferred, needs: []blank{receiver}, may: []blank{sender}},

	{key: ReturnedRefused, needs: []blank{sender}},
	{key: ReturnedWithdrawn, needs: []blank{sender}},
	{key: ReturnedUnanswered, needs: []blank{sender}},
	{key: ReturnedNoLine, needs: []blank{sender}},
	{key: ReturnedDropped, needs: []blank{sender}, may: []blank{receiver}},
	{key: Cancelled, needs: []blank{sender}},
	{key: Paused, may: []blank{sender}},
	{key: Abandoned, needs: []blank{sender}},
	{key: Deferred, needs: []blank{receiver, instant, sender}},
	{key: Signposted, needs: []blank{receiver, code, sender}},

	{key: Emergency, needs: []blank{sender}},
	{key: Overridden, needs: []blank{receiver}, may: []blank{sender}},

	{key: LegPending, may: []blank{receiver, sender}},
	{key: LegUnanswered, may: []blank{receiver, sender}},
	{key: LegMoved, needs: []blank{receiver}},
	{key: Waiting, needs: []blank{sender}},
	{key: Unattended, needs: []blank{sender}},
}

func (r rule) allowed() []blank { return slices.Concat(r.needs, r.may) }
