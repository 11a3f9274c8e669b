package rules

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var versionPattern = regexp.MustCompile(`^[a-z][a-z0-9./-]{0,31}$`)

// Parse reads rules in the format of the package comment. It is all or nothing: the error
// joins one [yamlread.Error] per mistake, each with its line and column in the named file.
func Parse(name string, text []byte) (*Rules, error) {
	rules, err := read(name, text)
	if err == nil && !bytes.Equal(text, builtIn) {
		rules.version = fmt.Sprintf("%s+%s+%.6x", Default().Version(), rules.version, sha256.Sum256(text))
	}
	return rules, err
}

func read(name string, text []byte) (*Rules, error) {
	rules := &Rules{judges: make(chan *Judge, idleJudges)}
	err := yamlread.Read(name, text, func(root yamlread.Value) {
		fields := root.Fields("version", "rules", "preferences")
		rules.version = readVersion(fields.Need("version", "my-town/1"))
		rules.rules = readRules(fields.Need("rules", "{TOPIC: for_topic, ...}"))
		rules.preferences = readPreferences(fields.Need("preferences", wantPreferences))
	})
	if err != nil {
		return nil, err
	}
	rules.scores = rules.allScores()
	rules.divide()
	return rules, nil
}

func readVersion(value yamlread.Value) string {
	text, ok := value.Text("my-town/1")
	if ok && !versionPattern.MatchString(text) {
		value.Refuse("%q is not a version; write a to z, 0 to 9, ., - and /, at most 32 and a letter first, for example my-town/1", text)
	}
	return text
}

// verdicts are the rules that a file defines, in numerical order. The protocol demands the
// others.
var verdicts = []handoverv1.Verdict{
	handoverv1.Verdict_VERDICT_TOPIC, handoverv1.Verdict_VERDICT_AGE, handoverv1.Verdict_VERDICT_LANGUAGE, handoverv1.Verdict_VERDICT_CHANNEL,
	handoverv1.Verdict_VERDICT_AREA, handoverv1.Verdict_VERDICT_DIRECTION, handoverv1.Verdict_VERDICT_CAPACITY, handoverv1.Verdict_VERDICT_RISK,
}

func short(verdict handoverv1.Verdict) string {
	return strings.TrimPrefix(verdict.String(), "VERDICT_")
}

func readRules(value yamlread.Value) []rule {
	var known []string
	for _, verdict := range verdicts {
		known = append(known, short(verdict))
	}
	fields := value.Fields(known...)
	var all []rule
	for _, verdict := range verdicts {
		at := fields.Need(short(verdict), "for_topic")
		read := rule{verdict, readExpression(at, short(verdict))}
		if verdict == handoverv1.Verdict_VERDICT_CAPACITY && read.uses&^seating != 0 {
			at.Refuse("CAPACITY is asked again when a line's turn comes, without the child; write it with seats_known, free, free_tenths, queue, seated, emergency, risk and max_risk alone")
		}
		all = append(all, read)
	}
	return all
}

// seating marks what is still known when a ranked line's turn comes.
var seating = seatVariables | every(Seated, Emergency, Risk, MaxRisk)
