package rules

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Variable is something that rules may ask of a line and a child.
type Variable uint8

// The variables. Those that are not said to be numbers hold or do not.
const (
	ForTopic       Variable = iota // The line is for a topic of the child, or for everything.
	Specialist                     // It names the topic, or its group.
	Acute                          // This is about violence, abuse or neglect that cannot wait.
	Emergency                      // It is an emergency line.
	AgeKnown                       // The child's age is known.
	ChildMinAge                    // The youngest that the child may be, a number.
	ChildMaxAge                    // The oldest that it may be, a number.
	MinAge                         // The youngest that the line is for, a number.
	MaxAge                         // The oldest that it is for, a number.
	LanguageKnown                  // The child's language is known.
	Speaks                         // The line has the child's language.
	FirstLanguage                  // And it is its first.
	InArea                         // The line is for where the child lives, or one of both is unknown.
	HasDoor                        // A door of the line on the child's channel leads there from where it lives.
	ForPlace                       // And it is for just that place.
	AnswersChannel                 // The line has hours on the child's channel.
	Seated                         // The channel is chat or phone: somebody needs a seat.
	Received                       // The line receives from the sender in this way, or nobody sends.
	Risk                           // The risk, a number: 0 to 4, and -1 where nobody has assessed it.
	MaxRisk                        // The highest that the line takes, a number.
	SeatsKnown                     // It is known how many seats are free on the channel.
	Free                           // How many are and not set aside, a number: 0 to 15, which is 15 and more.
	FreeTenths                     // How many tenths of its seats those are, a number: 0 to 10, and -1 where that is unknown.
	Queue                          // How many children wait, a number: 0 to 30, which is 30 and more, and -1 where that is unknown.
)

// variables are how each is called and packed. All of them fit into 64 bits.
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

// variable is a number of some bits from least on, or of none: then it holds or does not.
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

// Input is what the variables are for one line and one child. Two inputs of which each
// has what the other has not are put together with |.
type Input uint64

// Number is an input in which a number is set. What is beyond the ends counts as they do.
func Number(which Variable, number int32) Input {
	v := &variables[which]
	return Input(min(max(number, v.least)-v.least, int32(v.mask()))) << v.shift
}

// every has all bits of some variables.
func every(some ...Variable) (all Input) {
	for _, which := range some {
		v := &variables[which]
		all |= v.mask() << v.shift
	}
	return all
}

// Flag is an input in which something holds or does not.
func Flag(which Variable, holds bool) Input {
	if holds {
		return 1 << variables[which].shift
	}
	return 0
}

// value is what CEL sees.
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
