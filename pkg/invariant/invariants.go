package invariant

import (
	"slices"

	"github.com/stafett/stafett/pkg/invariant/internal/conversationrules"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/logrules"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
)

// Invariant is a promise of the protocol, or one of the checks that stand beside its promises.
type Invariant struct {
	// Name is what violations carry, such as I1.
	Name string
	// Holds is the promise, in a sentence.
	Holds string
	// Excused says what does not break it although it looks as if it did. Empty: nothing does.
	Excused string
	// Elsewhere says where it is checked if a recorded history cannot show it.
	Elsewhere string

	log          []logRule
	conversation []conversationRule
}

// logRule starts a rule on the commits of a whole log.
type logRule func(rule.Base) rule.Reader

// conversationRule starts a rule on the events of one conversation.
type conversationRule func(rule.Base, *facts.Facts) rule.Walker

// Invariants lists all invariants, those of the protocol first. docs/invariants.md shows them.
func Invariants() []Invariant { return slices.Clone(invariants) }

var invariants = []Invariant{
	{
		Name:         "I1",
		Holds:        "From open to close exactly one line has custody at every instant; epochs have no gap.",
		conversation: []conversationRule{conversationrules.NewCustody},
	}, {
		Name: "I2",
		Holds: "Custody moves only after, in this order and for this handover: consent or override; an accepted offer by that line; " +
			"a bridge in which both counsellors and the child were present, or a recorded exception; the receiver's confirmation; " +
			"the child's agreement, or the sender's statement why it was not asked.",
		Excused: "An override by two persons stands for consent. A bridge opens without the child if it is away and the risk is R4 or consent was " +
			"overridden, and without the sender if nobody of it has been there for 30 s. In the overlap custody goes back to the sender if nobody " +
			"of the receiver has been there for 30 s, or the child asked. On SMS and e-mail, to have written is to be present.",
		conversation: []conversationRule{conversationrules.NewTransfer},
	}, {
		Name: "I3",
		Holds: "The sender's last participant cannot leave while the sender has custody and the child is present; " +
			"a crash is not leaving, it alerts the line again.",
		Excused: "On SMS and e-mail nobody is expected to be there. An alert may take 10 s, and longer if the platform was down (`Unhurried`).",
		conversation: []conversationRule{
			conversationrules.NewLeaving, conversationrules.NewAlerts,
		},
	}, {
		Name:         "I4",
		Holds:        "One accept wins, whatever the race; every other open offer is withdrawn.",
		conversation: []conversationRule{conversationrules.NewAcceptance},
	}, {
		Name: "I5",
		Holds: "Every offer ends exactly once. Every unfinished state has a next actor and an absolute deadline, and deadlines survive any restart: " +
			"overdue ones fire once.",
		Excused: "An event that waits for nobody needs no deadline. The time of a pause, and of what did not wait for the child, may have " +
			"passed when it is recorded. A line that closed before its turn is withdrawn without having been asked.",
		conversation: []conversationRule{conversationrules.NewDeadlines, conversationrules.NewEndings},
	}, {
		Name: "I6",
		Holds: "No sealed byte is readable by the receiver before it accepted or outside the scope; a line that declined never learns more than " +
			"the open header.",
		Excused:      "An override states its own scopes.",
		conversation: []conversationRule{conversationrules.NewPacket},
	}, {
		Name:    "I7",
		Holds:   "The platform stores ciphertext only, and can derive no content key. The log holds codes, ids and hashes.",
		Excused: "What lines publish of themselves, in their own subjects: facts and rotas.",
		log:     []logRule{logrules.NewContent},
	}, {
		Name: "I8",
		Holds: "The same request id gives the same answer and no second event; the same id with another body is an error. Redelivery and " +
			"reordering never change the result.",
		log: []logRule{logrules.NewIdentity},
	}, {
		Name: "I9",
		Holds: "The history is tamper-evident: any changed, dropped or inserted event is found, and erasing content does not break " +
			"the proof.",
		Excused: "The chain is not checked over commits of which neither bytes nor hash are known; the report says how many.",
		log:     []logRule{logrules.NewChain},
	}, {
		Name:         "I10",
		Holds:        "Duty records are per line, untouched by a handover. \"The other line reported it\" is never a reason to skip.",
		conversation: []conversationRule{conversationrules.NewDuty},
	}, {
		Name:  "I11",
		Holds: "Hop limit kept; a line that declined, handed the child back, or accepted and did not come is not asked again.",
		Excused: "A supervisor approved that handover, or the risk rose after the answer. The line that was promised for later may be asked again when that " +
			"handover is taken up, and one that the sender names. A line whose offer was withdrawn, or that did not answer, has not declined. At R4 an emergency line is asked " +
			"without the supervisor, who was told, and again a minute after it was asked last.",
		conversation: []conversationRule{conversationrules.NewHops},
	}, {
		Name: "I12",
		Holds: "Replaying all events rebuilds the same state, byte for byte. Decisions are read from events with the inputs and rule " +
			"version they were made on, never recomputed.",
		Elsewhere: "the simulator compares every replica with the log; recorded histories in `pkg/handover/testdata/history`",
	}, {
		Name:  "I13",
		Holds: "Refusing, withdrawing and leaving are always possible: a refused handover comes back and nothing else of it happens.",
		Excused: "Open offers may end, and messages on their way may still name it. After an override or once custody has moved, a no is only " +
			"recorded. An emergency service can be called all the same. The return may take 10 s, and longer if the platform was down (`Unhurried`).",
		conversation: []conversationRule{conversationrules.NewRefusal},
	}, {
		Name: "I14",
		Holds: "A line that is closed, or whose hours are unknown, is not offered anything (fail closed), nor is a suspended one. If it can no " +
			"longer take the child while it is asked, its offer is withdrawn within 2 s.",
		Excused:      "Who has accepted may finish. Lines whose own events are not in the history; longer if the platform was down (`Unhurried`).",
		conversation: []conversationRule{conversationrules.NewHours},
		log:          []logRule{logrules.NewWithdrawals},
	}, {
		Name: "I15",
		Holds: "A line that loses contact with the platform keeps what it had: custody stays where it last was, and its counsellors can go " +
			"on talking.",
		Elsewhere: "no event ends custody because of silence (I1); the talk itself is in the line's own system",
	}, {
		Name: "I16",
		Holds: "No child waits, sits alone, stands at a closed door or disappears at R3 or R4 without somebody being told in time; an adult who " +
			"alone is with the child is not sent out.",
		Excused: "Until somebody is told it may take 10 s, and longer if the platform was down (`Unhurried`). A sender's line that decides to " +
			"stay may take the child back. At a closed door the duty contact is told once, until it is to open, unless the child is in danger. Alerts to the line about a child who waits for a counsellor, or is left by one, are checked with I3.",
		conversation: []conversationRule{conversationrules.NewCompany, conversationrules.NewAlone, conversationrules.NewDisappearance, conversationrules.NewDoor},
	}, {
		Name: "I17",
		Holds: "Help can be called in every state in which a child and an adult are together; it takes nobody out, is reviewed in time, and " +
			"ends only with confirmed contact or by two persons.",
		Excused:      "In earlier histories a handover became the emergency; ORDER reads those.",
		conversation: []conversationRule{conversationrules.NewHelp},
	}, {
		Name:  "I18",
		Holds: "Times in a subject never go back; every deadline that passed has its event within 5 s, or within 5 s of the restart.",
		Excused: "A deadline that waits for the child counts no time while the child is away. It may take longer if the platform was down " +
			"(`Unhurried`). Alerts about a child without a counsellor are checked with I3 and I16.",
		log:          []logRule{logrules.NewTimes},
		conversation: []conversationRule{conversationrules.NewPunctual},
	}, {
		Name: "I19",
		Holds: "Whatever needs two persons has two valid signatures, by two keys with the right roles that their line had registered: an override, a " +
			"third transfer, ending an emergency, and at R3 or R4 closing, deferring and signposting. Nobody closes because the child left while it is there.",
		Excused: "Conversations that were opened before there were staff keys. Registration and revocation, where the lines' own events are " +
			"not in the history.",
		log:          []logRule{logrules.NewStaffKeys},
		conversation: []conversationRule{conversationrules.NewTwoPersons},
	}, {
		Name: "I20",
		Holds: "What the receiver opens is what the child agreed to, byte for byte, or what an override named. An override is for an " +
			"assessed risk of R3 or R4, and never wider than INTRO, CODES and ONE_LINE.",
		Excused:      "A yes of earlier histories names no parts and covers what was sealed by then; an override of earlier histories names no risk.",
		conversation: []conversationRule{conversationrules.NewAgreement},
	}, {
		Name:         "TICKET",
		Holds:        "The child's leg moves only with a ticket that was used once, at its line, before it expired and while its custody lasted.",
		conversation: []conversationRule{conversationrules.NewTickets},
	}, {
		Name: "CONSULTATION",
		Holds: "A line is asked for advice by the line with custody, one at a time and while nothing is handed over. Only it takes the question, answers or " +
			"declines; the question ends once, in 10 minutes at most; custody does not move meanwhile, and no area is told. A handover that follows " +
			"asks that line alone, after its answer.",
		Excused:      "What is late if the platform was down (`Unhurried`).",
		conversation: []conversationRule{conversationrules.NewConsultation},
	}, {
		Name:         "DESCRIPTION",
		Holds:        "Lines are ranked for what the conversation is described by at that time: as it was opened, or corrected since.",
		conversation: []conversationRule{conversationrules.NewDescription},
	}, {
		Name: "ORDER",
		Holds: "Handovers come one after the other, each step has the one before, and a handover that has ended does not go on. A " +
			"conversation is not closed while one is under way, nor before a time that the child was promised.",
		Excused:      "Messages and supervisors' notices that name no handover.",
		conversation: []conversationRule{conversationrules.NewOrder, conversationrules.NewOnce},
	}, {
		Name: "VOICE",
		Holds: "Each event is caused by whoever may cause it: the line whose step it is, the line that speaks for the child, or the platform " +
			"by itself. No stranger causes any. It names the right persons, and passes on no words and no outcome that it must not.",
		Excused:      "What follows from a party's command, such as the next offer, is caused by that party.",
		conversation: []conversationRule{conversationrules.NewSpeech, conversationrules.NewPersons},
	}, {
		Name:  "OWN",
		Holds: "Each event belongs to the service that committed it, and to the aggregate in whose subject it lies.",
		log:   []logRule{logrules.NewOwnership},
	}, {
		Name: "SEAT",
		Holds: "In chat and on the phone no line is asked without a seat reserved for that offer, of those that its desks reported free; " +
			"none that is closed at short notice. A child at R4 takes over the seat of an offer of lower risk that no person has accepted: that offer " +
			"is withdrawn first, once in a handover, which gets its time back and the line's next seat.",
		Excused:      "An emergency line whose seats are unknown, or for a child at R4, and any line that the sender names at R4. Lines whose own events are not in the history.",
		log:          []logRule{logrules.NewSeats},
		conversation: []conversationRule{conversationrules.NewPreempted},
	},
}
