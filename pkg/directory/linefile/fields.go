package linefile

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	wantNames = "{nb: Navn, en: Name}"
	// maxAge is the proto's limit and so means everybody.
	maxAge = 120
	// maxRetention keeps durations well inside time.Duration.
	maxRetention = 100 * 365 * 24 * time.Hour
	// maxSeats is more than any line has.
	maxSeats = 10000
)

var (
	agesPattern = regexp.MustCompile(`^(\d{1,3})-(\d{1,3})$`)
	daysPattern = regexp.MustCompile(`^(\d{1,5})d$`)
)

func readCountry(value yamlread.Value) string {
	text, ok := value.Text(`"NO"`)
	if !ok {
		return ""
	}
	region, err := language.ParseRegion(text)
	if err != nil || !region.IsCountry() || region.String() != text {
		value.Refuse("%q is not a country; write two capital letters of ISO 3166-1, for example DK", text)
	}
	return text
}

func readZone(value yamlread.Value) string {
	text, ok := value.Text("Europe/Oslo")
	if ok && schedule.Zone(text) == nil {
		value.Refuse("time zone %q is not known; write an IANA name, for example Europe/Oslo", text)
	}
	return text
}

func readAges(value yamlread.Value) *handoverv1.AgeBand {
	text, ok := value.Text("9-19")
	if !ok {
		return nil
	}
	match := agesPattern.FindStringSubmatch(text)
	if match == nil {
		value.Refuse("ages %q are not two whole years; write the youngest and the oldest, for example 9-19", text)
		return nil
	}
	youngest, _ := strconv.Atoi(match[1])
	oldest, _ := strconv.Atoi(match[2])
	if youngest > oldest {
		value.Refuse("ages %q are reversed; write the youngest first: %d-%d", text, oldest, youngest)
	}
	if oldest == 0 || oldest > maxAge || youngest > maxAge {
		value.Refuse("ages %q have no upper limit; write an oldest age from 1 to %d", text, maxAge)
	}
	return &handoverv1.AgeBand{MinYears: int32(youngest), MaxYears: int32(oldest)}
}

func readRetention(value yamlread.Value) *durationpb.Duration {
	text, ok := value.Text("72h")
	if !ok {
		return nil
	}
	kept, err := duration(text)
	if err != nil || kept < 0 || kept > maxRetention {
		value.Refuse("retention %q is not a time that text can be kept; write hours or days of at most 100 years, for example 72h or 30d", text)
	}
	return durationpb.New(kept)
}

func duration(text string) (time.Duration, error) {
	if match := daysPattern.FindStringSubmatch(text); match != nil {
		days, err := strconv.Atoi(match[1])
		return time.Duration(days) * 24 * time.Hour, err
	}
	return time.ParseDuration(strings.TrimSpace(text))
}

// readStatus reads the HSDS spelling: temporarily closed, with a space.
func readStatus(value yamlread.Value) handoverv1.LineStatus {
	text, ok := value.Text("active")
	number := handoverv1.LineStatus_value["LINE_STATUS_"+toCode(text)]
	if ok && (number == 0 || strings.ToLower(text) != text) {
		value.Refuse("%q is not a status; write active, inactive, defunct or temporarily closed", text)
	}
	return handoverv1.LineStatus(number)
}

func readCapacity(value yamlread.Value) []*handoverv1.Capacity {
	var all []*handoverv1.Capacity
	for _, entry := range value.Entries("{chat: 4}") {
		seats := entry.Value.Int(4)
		if seats < 0 || seats > maxSeats {
			entry.Value.Refuse("capacity %d is out of range; write how many conversations there can be at once, 0 to %d", seats, maxSeats)
		}
		all = append(all, &handoverv1.Capacity{Channel: readChannel(entry.At, entry.Key), Seats: seats})
	}
	return all
}

// readRisk reads the highest risk that a line takes.
func readRisk(value yamlread.Value) handoverv1.RiskLevel {
	text, ok := value.Text("R3")
	if !ok {
		return handoverv1.RiskLevel_RISK_LEVEL_UNSPECIFIED
	}
	risk := handoverv1.RiskLevel(handoverv1.RiskLevel_value["RISK_LEVEL_"+text])
	if risk < handoverv1.RiskLevel_RISK_LEVEL_R0 || risk > handoverv1.RiskLevel_RISK_LEVEL_R4 {
		value.Refuse("%q is not a maximum risk; write R0 to R4, or leave max_risk out", text)
	}
	return risk
}
