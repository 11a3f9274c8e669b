package rules

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Variable is a fact about a line or a child that rules can use.
type Variable uint8

// The variables are boolean unless described as a number.
const (
	ForTopic       Variable = iota // The line covers a topic of the child, or every topic.
	Specialist                     // The line names the topic or its group.
	Acute                          // The need is violence, abuse or neglect that cannot wait.
	Emergency                      // The line is an emergency line.
	AgeKnown                       // The child's age is known.
	ChildMinAge                    // The youngest that the child can be, a number.
	ChildMaxAge                    // The oldest that the child can be, a number.
	MinAge                         // The youngest that the line takes, a number.
	MaxAge                         // The oldest that the line takes, a number.
	LanguageKnown                  // The child's language is known.
	Speaks                         // The line speaks the child's language.
	FirstLanguage                  // The child's language is the line's first.
	InArea                         // The line serves the child's area, or either area is unknown.
	HasDoor                        // The line has a door on the child's channel for the child's area.
	ForPlace                       // That door is for this area in particular.
	AnswersChannel                 // The line has hours on the child's channel.
	Seated                         // The channel is chat or phone, so somebody needs a seat.
	Received                       // The line receives from the sender in this way; also set without a sender.
	Risk                           // The risk, a number: 0 to 4, or -1 if unassessed.
	MaxRisk                        // The highest risk that the line takes, a number.
	SeatsKnown                     // The number of free seats on the channel is known.
	Free                           // Free seats that are not reserved, a number: 0 to 15, where 15 means 15 or more.
	FreeTenths                     // Those as tenths of the line's seats, a number: 0 to 10, or -1 if unknown.
	Queue                          // Waiting children, a number: 0 to 30, where 30 means 30 or more, or -1 if unknown.
)

// variables gives each variable its name and packing. All of them fit into 64 bits.
var variables = laidOut([]variable{
	ForTopic:       {name: "for_topic"},
	Specialist:     {name: "specialist"},
	Acute:          {name: "acute"},
	Emergency:      {name: "emergency"},
	AgeKnown:       {name: "age_known"},
	ChildMinAge:    {name: "child_min_age", bits: 7},
	ChildMaxAge:    {name: "child_max_age", bits: 7},
	MinAge:         {name: "min_age", bits: 7},
	MaxAge:         {name: "max_age", bits: 7},
	LanguageKnown:  {name: "language_known"},
	Speaks:         {name: "speaks"},
	FirstLanguage:  {name: "first_language"},
	InArea:         {name: "in_area"},
	HasDoor:        {name: "has_door"},
	ForPlace:       {name: "for_place"},
	AnswersChannel: {name: "answers_channel"},
	Seated:         {name: "seated"},
	Received:       {name: "received"},
	Risk:           {name: "risk", bits: 3, least: -1},
	MaxRisk:        {name: "max_risk", bits: 3},
	SeatsKnown:     {name: "seats_known"},
	Free:           {name: "free", bits: 4},
	FreeTenths:     {name: "free_tenths", bits: 4, least: -1},
	Queue:          {name: "queue", bits: 5, least: -1},
})

// variable is a number of some bits, counted from least, or a boolean if bits is 0.
type variable struct {
	name  string
	bits  uint
	least int32
	shift uint
}

func laidOut(all []variable) []variable {
	shift := uint(0)
	for i := range all {
		all[i].shift = shift
		shift += max(1, all[i].bits)
	}
	if shift > 64 {
		panic("rules: the variables do not fit into an input")
	}
	return all
}

var named = func() map[string]Variable {
	names := map[string]Variable{}
	for i := range variables {
		names[variables[i].name] = Variable(i)
	}
	return names
}()

func (v *variable) mask() Input { return Input(1)<<max(1, v.bits) - 1 }

func (v *variable) kind() *cel.Type {
	if v.bits == 0 {
		return cel.BoolType
	}
	return cel.IntType
}

// Input holds the variables for one line and one child. Inputs that set different variables
// are combined with |.
type Input uint64

// Number returns an input with one number set, limited to the variable's range.
func Number(which Variable, number int32) Input {
	v := &variables[which]
	return Input(min(max(number, v.least)-v.least, int32(v.mask()))) << v.shift
}

// every returns all bits of some variables.
func every(some ...Variable) (all Input) {
	for _, which := range some {
		v := &variables[which]
		all |= v.mask() << v.shift
	}
	return all
}

// Flag returns an input with one boolean set.
func Flag(which Variable, holds bool) Input {
	if holds {
		return 1 << variables[which].shift
	}
	return 0
}

// value returns the variable as CEL sees it.
func (in Input) value(v *variable) ref.Val {
	packed := in >> v.shift & v.mask()
	if v.bits == 0 {
		return types.Bool(packed == 1)
	}
	return types.Int(int32(packed) + v.least)
}

func names() string {
	var all []string
	for i := range variables {
		all = append(all, variables[i].name)
	}
	return strings.Join(all, ", ")
}
