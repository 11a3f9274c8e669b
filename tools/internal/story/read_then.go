package story

import (
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func (r *reader) readThen(v yamlread.Value) Then {
	k := keysOf(v, "custody: [snakkommobbing]")
	k.only("then", "custody", "handovers", "offers", "wrote_in_bridge", "in_order", "never", "duty", "recommended", "within")
	var then Then
	for name, read := range map[string]func(yamlread.Value){
		"custody": func(v yamlread.Value) { then.Custody = Custody{v.Place(), r.lineList(v)} },
		"handovers": func(v yamlread.Value) {
			then.Handovers = Handovers{v.Place(), each(v, "[{state: CLOSED}]", r.readHandover)}
		},
		"offers": func(v yamlread.Value) {
			then.Offers = Offers{v.Place(), each(v, "[{line: alarmtelefonen, state: ACCEPTED}]", r.readOffer)}
		},
		"wrote_in_bridge": func(v yamlread.Value) { then.Wrote = Wrote{v.Place(), each(v, "[mina]", r.somebodyNamed)} },
		"in_order":        func(v yamlread.Value) { then.InOrder = readPatterns(v) },
		"never":           func(v yamlread.Value) { then.Never = readPatterns(v) },
		"duty":            func(v yamlread.Value) { then.Duty = r.readDuty(v) },
		"recommended":     func(v yamlread.Value) { then.Recommended = r.readRecommended(v) },
		"within": func(v yamlread.Value) {
			then.Within = each(v, "[{from: OfferSent, to: OfferAccepted, time: 12s}]", readLimit)
		},
	} {
		if value, ok := k.get(name); ok {
			read(value)
		}
	}
	return then
}

func (r *reader) readHandover(v yamlread.Value) Handover {
	k := keysOf(v, "state: CLOSED")
	k.only("a handover", "state", "to", "outcome", "returned", "cancelled", "attested", "abandoned_in", "barred")
	h := Handover{Place: v.Place(), State: code[handoverv1.HandoverState](k.need("state", "CLOSED"))}
	if value, ok := k.get("to"); ok {
		h.To = r.line(value)
	}
	optional(k, "outcome", &h.Outcome)
	optional(k, "returned", &h.Return)
	optional(k, "cancelled", &h.Cancel)
	optional(k, "attested", &h.Attest)
	optional(k, "abandoned_in", &h.Stage)
	if value, ok := k.get("barred"); ok {
		h.Barred = r.readBarred(value)
	}
	return h
}

func (r *reader) readBarred(v yamlread.Value) []Barred {
	var all []Barred
	for _, entry := range v.Entries("brus: [CLOSED]") {
		r.knownLine(entry.At, entry.Key)
		all = append(all, Barred{entry.Key, codes[handoverv1.Verdict](entry.Value)})
	}
	return all
}

func optional[E enum](k keys, name string, into *E) {
	if value, ok := k.get(name); ok {
		*into = code[E](value)
	}
}

func (r *reader) readOffer(v yamlread.Value) Offer {
	k := keysOf(v, "line: alarmtelefonen")
	k.only("an offer", "line", "state", "code")
	offer := Offer{Place: v.Place(), Line: r.line(k.need("line", "alarmtelefonen"))}
	offer.State = code[handoverv1.OfferState](k.need("state", "ACCEPTED"))
	optional(k, "code", &offer.Code)
	return offer
}

func (r *reader) readDuty(v yamlread.Value) []Duty {
	var duties []Duty
	for _, entry := range v.Entries("snakkommobbing: NOT_IDENTIFIABLE") {
		r.knownLine(entry.At, entry.Key)
		duties = append(duties, Duty{entry.At.Place(), entry.Key, code[handoverv1.DutyDecision](entry.Value)})
	}
	return duties
}

func (r *reader) readRecommended(v yamlread.Value) Recommended {
	k := keysOf(v, "line: alarmtelefonen")
	k.only("a recommendation", "line", "reason", "topics", "because")
	found := Recommended{Place: v.Place(), Line: r.line(k.need("line", "alarmtelefonen"))}
	found.Reason = code[handoverv1.RecommendReason](k.need("reason", "TOPIC_NOT_OURS"))
	if value, ok := k.get("topics"); ok {
		found.Topics = readTopics(value)
	}
	if value, ok := k.get("because"); ok {
		found.Because = codes[handoverv1.Preference](value)
	}
	return found
}

func readLimit(v yamlread.Value) Limit {
	k := keysOf(v, "from: OfferSent")
	k.only("a time limit", "from", "to", "time")
	return Limit{
		Place: v.Place(), From: readPattern(k.need("from", "OfferSent")), To: readPattern(k.need("to", "OfferAccepted")),
		Time: readDuration(k.need("time", "12s")),
	}
}
