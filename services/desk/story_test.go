package desk_test

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestAWarmHandoverAtTheDesk plays the first scenario in three browsers: a child at SnakkOmMobbing, its
// counsellor, and a counsellor at Alarmtelefonen.
func TestAWarmHandoverAtTheDesk(t *testing.T) {
	world, url := evening(t, "snakkommobbing", "alarmtelefonen")
	aksel := staff(t, "aksel", url["alarmtelefonen"])
	mina := staff(t, "mina", url["snakkommobbing"])
	child := open(t, "child", url["snakkommobbing"]+"/chat")

	child.chooses("Hvor gammel er du?", "13")
	child.shows("start")
	child.clicks("Start chatten")
	child.sees("Du er hos SnakkOmMobbing")
	mina.sees("Barnet er her")
	mina.opensTheConversation()
	mina.sees("har ansvar for barnet")
	mina.clicks("Ta samtalen")
	child.sees("noen derfra er her hos deg nå")
	child.types("Skriv her", "de ler av meg på skolen. og pappa slår")
	child.clicks("Send")
	mina.sees("og pappa slår")
	mina.types("Skriv til barnet", "Takk for at du sier det.")
	mina.clicksIn("Skriv til barnet", "Send")
	child.sees("Takk for at du sier det.")

	mina.chooses("Legg til tema", "Vold og overgrep: F")
	mina.clicks("Legg til")
	mina.sees("Fysisk vold")
	mina.chooses("Risiko", "R1")
	mina.clicksIn("Risiko", "Lagre")
	mina.sees("Plattformen anbefaler en overlevering")
	mina.shows("recommended")
	mina.clicks("Forbered overlevering til Alarmtelefonen for barn og unge")
	mina.types("Bli enige med barnet om én setning", "Pappa slår meg, og jeg er redd for å gå hjem.")
	mina.shows("word")
	mina.clicks("Spør barnet")
	mina.sees("Barnet er spurt")
	child.sees("Vil du snakke med noen fra Alarmtelefonen for barn og unge?")
	child.sees("Pappa slår meg, og jeg er redd for å gå hjem.")
	child.shows("asked")
	child.clicks("Ja, det er greit")

	aksel.sees("SnakkOmMobbing spør om dere kan ta imot")
	aksel.doesNotSee("redd for å gå hjem")
	mina.sees("Vi spør Alarmtelefonen for barn og unge.")
	aksel.shows("offer")
	mina.shows("asking")
	aksel.clicks("Ta imot")
	aksel.sees("Pappa slår meg, og jeg er redd for å gå hjem.")
	aksel.doesNotSee("de ler av meg")
	aksel.sees("SnakkOmMobbing har ansvar for barnet.")
	aksel.shows("accepted")
	mina.clicks("Snakk sammen først")
	mina.types("Skriv til den andre veilederen", "Hun er trygg i kveld.")
	mina.shows("briefing")
	mina.clicksIn("Skriv til den andre veilederen", "Send")
	aksel.sees("Hun er trygg i kveld.")
	aksel.types("Skriv til den andre veilederen", "Takk, vi har hjulpet mange slik.")
	aksel.clicksIn("Skriv til den andre veilederen", "Send")
	mina.sees("Takk, vi har hjulpet mange slik.")

	mina.clicks("Samle alle tre")
	mina.sees("Alle tre er her.")
	mina.types("Skriv til barnet", "Dette er Aksel.")
	mina.clicksIn("Skriv til barnet", "Send")
	child.sees("Dette er Aksel.")
	child.doesNotSee("Hun er trygg i kveld.")
	aksel.sees("Dette er Aksel.")
	aksel.types("Skriv til barnet", "Hei, jeg blir her.")
	aksel.clicksIn("Skriv til barnet", "Send")
	child.sees("Hei, jeg blir her.")
	child.types("Skriv her", "hei aksel")
	child.clicks("Send")
	aksel.sees("hei aksel")
	aksel.shows("bridged")
	child.shows("bridged")
	aksel.clicks("Jeg har den")
	child.sees("Er det greit at SnakkOmMobbing går nå?")
	child.shows("agree")
	child.clicks("Ja, de kan gå")
	mina.sees("Alarmtelefonen for barn og unge har ansvaret nå.")
	aksel.sees("Alarmtelefonen for barn og unge (dere) har ansvar for barnet.")
	mina.shows("leave")
	mina.clicks("Gå")
	mina.sees("Du kan ikke skrive eller lese mer")

	child.types("Skriv her", "er du der ennå")
	child.clicks("Send")
	aksel.sees("er du der ennå")
	mina.doesNotSee("er du der ennå")
	aksel.types("Skriv til barnet", "Ja, jeg er her.")
	aksel.clicksIn("Skriv til barnet", "Send")
	child.sees("Ja, jeg er her.")
	aksel.chooses("Hvordan gikk det?", "barnet fikk")
	aksel.shows("outcome")
	aksel.clicks("Meld tilbake")
	mina.sees("Det gikk slik: barnet fikk støtte")
	recorded(t, world)
}

// recorded looks at what the platform has of it. The world itself checks every invariant when it stops.
func recorded(t *testing.T, w *apitest.World) {
	t.Helper()
	var kinds []string
	wrote := map[string]bool{}
	for _, commit := range w.Replay(&auditv1.ReplayCommitsRequest{}).Appends {
		for _, event := range commit.Commit.Events {
			kinds = append(kinds, apitest.Kind(event))
			if sent := event.GetMessageSent(); sent.GetAudience() == handoverv1.Audience_AUDIENCE_ALL {
				wrote[sent.Line] = true
			}
			if moved := event.GetCustodyTransferred(); moved != nil && (moved.FromEpoch != 1 || moved.ToEpoch != 2) {
				t.Errorf("custody went from epoch %d to %d", moved.FromEpoch, moved.ToEpoch)
			}
		}
	}
	order := []string{
		"ConsentAsked", "ConsentGiven", "OfferSent", "OfferAccepted", "ReceiverJoined", "BriefingStarted", "BridgeOpened", "ReceiverConfirmed",
		"ChildAgreed", "CustodyTransferred", "SenderLeft", "OutcomeReported OUTCOME_SUPPORTED",
	}
	for _, kind := range order {
		at := slices.Index(kinds, kind)
		if at < 0 {
			t.Fatalf("%s was not recorded, or too early; recorded: %q", kind, kinds)
		}
		kinds = kinds[at+1:]
	}
	if len(wrote) != 2 {
		t.Errorf("in the bridge wrote %v", wrote)
	}
}

// staff opens a browser for somebody of a line's staff, signs them in and starts their shift.
func staff(t *testing.T, name, url string) *window {
	t.Helper()
	w := open(t, name, url)
	w.shows("signin")
	w.do("sign in", chromedp.Click("(//button[starts-with(normalize-space(.), 'Logg inn som')])[1]"))
	w.clicks("Start vakten")
	w.sees("På vakt")
	return w
}

// opensTheConversation opens the only conversation of the list.
func (w *window) opensTheConversation() {
	w.t.Helper()
	w.do("open the conversation", chromedp.Click("//nav//a[starts-with(normalize-space(.), 'Samtale ')]"))
}
