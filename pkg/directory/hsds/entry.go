package hsds

import (
	"fmt"
	"strconv"
	"strings"

	times "github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// text is what other people wrote. The encoder's own quotes do not hold everything.
type text string

// MarshalYAML writes the text in quotes.
func (t text) MarshalYAML() ([]byte, error) { return []byte(strconv.Quote(string(t))), nil }

// entry is a line as files of lines write it.
type entry struct {
	ID           string            `yaml:"id"`
	Names        map[string]text   `yaml:"names,omitempty,flow"`
	Operator     text              `yaml:"operator,omitempty"`
	Country      string            `yaml:"country,omitempty"`
	TimeZone     string            `yaml:"time_zone,omitempty"`
	Topics       []string          `yaml:"topics,omitempty,flow"`
	Ages         string            `yaml:"ages,omitempty"`
	Languages    []string          `yaml:"languages,omitempty,flow"`
	Status       string            `yaml:"status,omitempty"`
	Alert        text              `yaml:"alert,omitempty"`
	AssuredDate  string            `yaml:"assured_date,omitempty"`
	ServiceAreas *[]string         `yaml:"service_areas,omitempty,flow"`
	Hours        map[string][]open `yaml:"hours,omitempty"`
	Doors        []door            `yaml:"doors,omitempty"`
	Exceptions   []exception       `yaml:"exceptions,omitempty"`
}

type door struct {
	ID      string   `yaml:"id"`
	Channel string   `yaml:"channel"`
	Number  string   `yaml:"number"`
	Areas   []string `yaml:"areas,omitempty,flow"`
}

// Rule is the recurrence of a schedule or an exception. It is exported for the YAML encoder.
type Rule struct {
	Freq       string   `yaml:"freq,omitempty"`
	Interval   int32    `yaml:"interval,omitempty"`
	Byday      []string `yaml:"byday,omitempty,flow"`
	Bymonthday []int32  `yaml:"bymonthday,omitempty,flow"`
	Byyearday  []int32  `yaml:"byyearday,omitempty,flow"`
	Dtstart    string   `yaml:"dtstart,omitempty"`
	Until      string   `yaml:"until,omitempty"`
	Count      int32    `yaml:"count,omitempty"`
	Wkst       string   `yaml:"wkst,omitempty"`
	ValidFrom  string   `yaml:"valid_from,omitempty"`
	ValidTo    string   `yaml:"valid_to,omitempty"`
}

type open struct {
	Rule     `yaml:",inline"`
	OpensAt  string `yaml:"opens_at"`
	ClosesAt string `yaml:"closes_at"`
	Timezone string `yaml:"timezone,omitempty"`
	Notes    text   `yaml:"notes,omitempty"`
}

type exception struct {
	Dates    []string `yaml:"dates,omitempty,flow"`
	Rule     `yaml:",inline"`
	Hours    []string `yaml:"hours,omitempty,flow"`
	Channels []string `yaml:"channels,omitempty,flow"`
	Reason   string   `yaml:"reason,omitempty"`
	Notes    text     `yaml:"notes,omitempty"`
}

func ruleOf(s *handoverv1.Schedule) Rule {
	rule := Rule{
		Freq: strings.TrimPrefix(s.GetFreq().String(), "FREQUENCY_"), Interval: s.GetInterval(), Byday: s.GetByday(),
		Bymonthday: s.GetBymonthday(), Byyearday: s.GetByyearday(), Dtstart: s.GetDtstart(), Until: s.GetUntil(),
		Count: s.GetCount(), Wkst: s.GetWkst(), ValidFrom: s.GetValidFrom(), ValidTo: s.GetValidTo(),
	}
	if rule.Interval == 1 {
		rule.Interval = 0
	}
	return rule
}

// checked returns the recurrence, or the mistakes in it.
func checked(s *handoverv1.Schedule) (Rule, error) {
	_, mistakes := times.CheckDays(s)
	var texts []string
	for _, mistake := range mistakes {
		texts = append(texts, mistake.Text)
	}
	if len(texts) > 0 {
		return Rule{}, fmt.Errorf("%s", strings.Join(texts, "; "))
	}
	return ruleOf(s), nil
}
