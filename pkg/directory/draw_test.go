package directory

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// drawLines draws the example lines with some of their facts replaced.
func drawLines(t *rapid.T) []*handoverv1.Line {
	var lines []*handoverv1.Line
	for _, example := range linefile.Example() {
		line := proto.CloneOf(example)
		line.Status = handoverv1.LineStatus(rapid.SampledFrom([]int32{0, 1, 1, 1, 1, 2, 3, 4}).Draw(t, "status"))
		line.ServiceAreas = rapid.SampledFrom([][]string{nil, {"NO"}, {"DK"}, {"NO-03"}, {"0301", "5001"}, {"5001"}}).Draw(t, "areas")
		line.MaxRisk = handoverv1.RiskLevel(rapid.SampledFrom([]int32{0, 0, 2, 4, 5, 6}).Draw(t, "max risk"))
		line.ReceivesFrom = nil
		if rapid.IntRange(0, 2).Draw(t, "receives") == 0 {
			line.ReceivesFrom = []*handoverv1.Reception{{
				Line: rapid.SampledFrom([]string{"brus", "snakkompsyken"}).Draw(t, "from"),
				Way:  handoverv1.ReceptionWay(rapid.Int32Range(1, 2).Draw(t, "way")),
			}}
		}
		lines = append(lines, line)
	}
	return lines
}

// drawLives draws live state for lines around an instant.
func drawLives(t *rapid.T, all *Directory, at time.Time) *Directory {
	for _, line := range all.Lines() {
		all = all.With(ID(line), line, drawLive(t, at))
	}
	return all
}

func drawLive(t *rapid.T, at time.Time) Live {
	around := func(what string) time.Time {
		return at.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, what)) * time.Hour)
	}
	live := Live{FactsPosition: rapid.Uint64().Draw(t, "position")}
	if rapid.IntRange(0, 4).Draw(t, "reported") > 0 {
		live.SeatsUntil, live.Seats = around("stale").Add(time.Minute), map[handoverv1.Channel]Seats{chat: drawSeats(t), phone: drawSeats(t)}
	}
	if rapid.IntRange(0, 4).Draw(t, "closes") == 0 {
		live.Closures = []*handoverv1.Closure{{
			Channels:  rapid.SampledFrom([][]handoverv1.Channel{nil, {chat}, {phone, sms}}).Draw(t, "channels"),
			StartTime: timestamppb.New(around("from")), EndTime: timestamppb.New(around("until")),
		}}
	}
	if rapid.IntRange(0, 4).Draw(t, "rota") == 0 {
		live.Staffing = shift{"unit", around("staffed from"), around("staffed until")}
	}
	return live
}

func drawSeats(t *rapid.T) Seats {
	return Seats{
		Free: rapid.Int32Range(0, 20).Draw(t, "free"), Leased: rapid.SampledFrom([]int32{0, 0, 1, 3, 20}).Draw(t, "leased"),
		Queue: rapid.SampledFrom([]int32{0, 1, 100}).Draw(t, "queue"),
	}
}

func drawNeed(t *rapid.T) Need {
	ids := []string{"alarmtelefonen", "snakkompsyken", "snakkommobbing", "brus", "cyberhus"}
	age := rapid.SampledFrom([]int32{6, 7, 9, 14, 19, 20, 25, 26}).Draw(t, "age")
	need := Need{
		Header:   header(rapid.SampledFrom([]string{"", "nn", "da"}).Draw(t, "language"), age),
		Topics:   rapid.SliceOfN(rapid.SampledFrom([]string{"V.physical", "V.bullying", "MH.mood", "FR.x_parent_substance_use"}), 1, 2).Draw(t, "topics"),
		FromLine: rapid.SampledFrom([]string{"", "snakkompsyken", "brus", "cyberhus"}).Draw(t, "sender"),
		Asked:    map[string]bool{rapid.SampledFrom(ids).Draw(t, "asked"): rapid.Bool().Draw(t, "was asked")},
	}
	need.Header.Risk = handoverv1.RiskLevel(rapid.Int32Range(0, 6).Draw(t, "risk"))
	need.Header.AgeBand.MaxYears += rapid.Int32Range(0, 1).Draw(t, "older")
	need.Header.Area = rapid.SampledFrom([]string{"", "0301", "DK"}).Draw(t, "area")
	need.Header.Channel = rapid.SampledFrom([]handoverv1.Channel{chat, chat, phone, sms}).Draw(t, "channel")
	if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
		need.Named = rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, 3, rapid.ID).Draw(t, "names")
	}
	return need
}

// drawEvening draws a time at which some lines are open, near the edges of their hours.
func drawEvening(t *rapid.T) time.Time {
	day := time.Date(2026, 3, 23, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "day"))
	return day.Add(time.Duration(rapid.IntRange(13*60, 22*60).Draw(t, "minute")) * time.Minute)
}
