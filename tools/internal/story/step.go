package story

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const stepExample = "{who: mina, does: join}"

// readStep reads a step and adds it to the story even if it has mistakes, so that the
// steps after it are read in the intended context.
func (r *reader) readStep(v yamlread.Value) {
	k := keysOf(v, stepExample)
	step := Step{Number: len(r.story.Steps) + 1, Place: v.Place()}
	step.At = r.when(k)
	does := k.need("does", "join")
	written := text(does, "join")
	step.Does = Verb(written)
	if verb, known := verbs[step.Does]; known {
		r.readDoing(&step, verb, does, k)
	} else if written != "" {
		does.Refuse("unknown verb %q; write one of %s", written, joined(Verbs(), ", "))
	}
	step.Refused = readRefused(k)
	step.Name = r.readName(k)
	r.story.Steps = append(r.story.Steps, step)
}

// readDoing reads the keys of a verb.
func (r *reader) readDoing(step *Step, verb verb, does yamlread.Value, k keys) {
	if verb.sends != nil {
		step.Request = proto.Clone(verb.sends)
	}
	known := []string{"does", "at", "after"}
	if len(verb.by) > 0 {
		known = append([]string{"who"}, known...)
		r.readWho(step, verb, k)
	}
	if step.Does.Sent() {
		known = append(known, "name", "refused")
	}
	for _, key := range verb.keys {
		known = append(known, key.name)
		if value, there := k.get(key.name); there {
			key.read(r, step, value)
		} else if !key.optional {
			k.need(key.name, key.example)
		}
	}
	k.only(string(step.Does), known...)
	r.checkOrder(step, does, k)
}

func (r *reader) readWho(step *Step, verb verb, k keys) {
	who := k.need("who", r.somebody(verb.by))
	person, ok := r.person(who)
	if ok && !slices.Contains(verb.by, person.Role) {
		who.Refuse("%s is a %s, who cannot %s; write a %s, for example %s",
			person.Name, person.Role, step.Does, joined(verb.by, " or "), r.somebody(verb.by))
	}
	step.Who = person
}

// somebody returns the name of a person with one of the roles, for use in an example.
func (r *reader) somebody(roles []Role) string {
	person, ok := r.find(func(p Person) bool { return slices.Contains(roles, p.Role) })
	if !ok {
		return "mina"
	}
	return person.Name
}

func readRefused(k keys) string {
	value, ok := k.get("refused")
	if !ok {
		return ""
	}
	return Code(code[handoverv1.RefusalReason](value))
}

// readName reads the name by which other steps refer to this one.
func (r *reader) readName(k keys) string {
	value, ok := k.get("name")
	if !ok {
		return ""
	}
	name := text(value, "accept")
	if before, twice := r.named[name]; twice {
		value.Refuse("the step at %s is called %q already; give one of them another name", before.Place(), name)
	}
	r.named[name] = value
	return name
}

// readAgain finds the step that a repetition repeats.
func readAgain(r *reader, step *Step, v yamlread.Value) {
	name := text(v, "accept")
	i := slices.IndexFunc(r.story.Steps, func(s Step) bool { return s.Name == name && name != "" })
	switch {
	case name == "":
	case i < 0:
		v.Refuse("no step above is called %q; write name: %s in the step to repeat", name, name)
	case r.story.Steps[i].Does == Repeat:
		v.Refuse("step %q is a repetition itself; name the step that it repeats", name)
	default:
		step.Again, step.Who = r.story.Steps[i].Number, r.story.Steps[i].Who
	}
}

func joined[S ~string](words []S, between string) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = string(word)
	}
	return strings.Join(all, between)
}
