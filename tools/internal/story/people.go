package story

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var (
	namePattern = regexp.MustCompile(`^([a-z0-9]{1,16}(-[0-9]{1,4})?|[0-9a-f]{32})$`)
	agesPattern = regexp.MustCompile(`^(\d{1,3})-(\d{1,3})$`)
	areaPattern = regexp.MustCompile(`^([A-Z]{2}(-[A-Z0-9]{1,4})?|[0-9]{3,4})$`)
)

func (r *reader) readPeople(v yamlread.Value) {
	for _, entry := range v.Entries("mina: {is: counsellor, line: snakkommobbing}") {
		if !namePattern.MatchString(entry.Key) {
			entry.At.Refuse("%q is not a pseudonym; write a to z and 0 to 9, at most 16, for example mina or desk-2", entry.Key)
		}
		person := r.readPerson(entry)
		if before, twice := r.child(); twice && person.Role == Child {
			entry.At.Refuse("a story has one child, and that is %s; write another story for another child", before.Name)
		}
		r.story.People = append(r.story.People, person)
	}
	if _, ok := r.child(); !ok {
		v.Refuse("there is no child; write one, for example lerke: {is: child, line: snakkommobbing, language: nb, channel: chat}")
	}
}

func (r *reader) readPerson(entry yamlread.Entry) Person {
	k := keysOf(entry.Value, "is: counsellor")
	person := Person{Name: entry.Key, Role: readRole(k.need("is", string(Counsellor)))}
	person.Line = r.line(k.need("line", "snakkommobbing"))
	if person.Role != Child {
		k.only("a "+string(person.Role), "is", "line")
		return person
	}
	k.only("a child", "is", "line", "language", "ages", "channel", "area", "door")
	person.Language, _ = k.need("language", "nb").Language()
	person.Channel = readChannel(k.need("channel", "chat"))
	if value, ok := k.get("ages"); ok {
		person.Ages = readAges(value)
	}
	if value, ok := k.get("area"); ok {
		person.Area = readArea(value)
	}
	if value, ok := k.get("door"); ok {
		person.Door = text(value, "own-page")
	}
	return person
}

func readRole(v yamlread.Value) Role {
	written, ok := v.Text(string(Counsellor))
	if ok && !slices.Contains([]Role{Child, Counsellor, Triage}, Role(written)) {
		v.Refuse("nobody is a %q; write child, counsellor or triage", written)
	}
	return Role(written)
}

func readChannel(v yamlread.Value) handoverv1.Channel {
	written, ok := v.Text("chat")
	number, known := handoverv1.Channel_value["CHANNEL_"+strings.ToUpper(written)]
	if ok && (!known || number == 0 || written != strings.ToLower(written)) {
		v.Refuse("unknown channel %q; write chat, phone, sms or email", written)
	}
	return handoverv1.Channel(number)
}

func readAges(v yamlread.Value) *handoverv1.AgeBand {
	written, ok := v.Text("13-15")
	if !ok {
		return nil
	}
	match := agesPattern.FindStringSubmatch(written)
	if match == nil {
		v.Refuse("ages %q are not two whole years; write the youngest and the oldest, for example 13-15", written)
		return nil
	}
	youngest, _ := strconv.Atoi(match[1])
	oldest, _ := strconv.Atoi(match[2])
	if youngest > oldest {
		v.Refuse("ages %q are reversed; write the youngest first: %d-%d", written, oldest, youngest)
	}
	return &handoverv1.AgeBand{MinYears: int32(youngest), MaxYears: int32(oldest)}
}

func readArea(v yamlread.Value) string {
	written, ok := v.Text("NO-42")
	if ok && !areaPattern.MatchString(written) {
		v.Refuse("%q is not an area; write an ISO 3166-2 code such as NO-42, or a municipality's number in quotes, for example \"4204\"", written)
	}
	return written
}

func (r *reader) child() (Person, bool) {
	return r.find(func(p Person) bool { return p.Role == Child })
}

func (r *reader) find(is func(Person) bool) (Person, bool) {
	i := slices.IndexFunc(r.story.People, is)
	if i < 0 {
		return Person{}, false
	}
	return r.story.People[i], true
}

func (r *reader) person(v yamlread.Value) (Person, bool) {
	name, ok := v.Text("mina")
	if !ok {
		return Person{}, false
	}
	person, known := r.find(func(p Person) bool { return p.Name == name })
	if !known && len(r.story.People) > 0 {
		v.Refuse("unknown person %q; write one of %s", name, strings.Join(r.names(), ", "))
	}
	return person, known
}

// somebodyNamed returns the person, or the zero Person if the name was refused.
func (r *reader) somebodyNamed(v yamlread.Value) Person {
	person, _ := r.person(v)
	return person
}

func (r *reader) names() []string {
	var names []string
	for _, p := range r.story.People {
		names = append(names, p.Name)
	}
	return names
}

// Person is somebody in the story, by name.
func (s *Story) Person(name string) Person {
	r := reader{story: s}
	person, _ := r.find(func(p Person) bool { return p.Name == name })
	return person
}

// Supervises reports whether a person's key is registered as a supervisor's: that of whoever works in
// triage, or decides about a transfer.
func (s *Story) Supervises(who Person) bool {
	return who.Role == Triage || slices.ContainsFunc(s.Steps, func(step Step) bool {
		return step.Does == "decide hop" && step.Who.Name == who.Name
	})
}

// Child is the young person of the story.
func (s *Story) Child() Person {
	r := reader{story: s}
	child, _ := r.child()
	return child
}
