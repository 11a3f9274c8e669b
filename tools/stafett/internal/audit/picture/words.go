package picture

import (
	"fmt"
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

type Language string

// Languages lists the languages of labels in pictures.
var Languages = []Language{"nb", "da", "en"}

// ParseLanguage accepts one of Languages.
func ParseLanguage(text string) (Language, error) {
	if !slices.Contains(Languages, Language(text)) {
		return "", fmt.Errorf("%q: use nb, da or en", text)
	}
	return Language(text), nil
}

// word is a label in every language.
type word [3]string

func (l Language) of(w word) string { return w[slices.Index(Languages, l)] }

var (
	wordTitle    = word{"Samtalen %s", "Samtalen %s", "Conversation %s"}
	wordEvening  = word{"Samtaler fra %s til %s", "Samtaler fra %s til %s", "Conversations from %s to %s"}
	wordChild    = word{"barnet", "barnet", "the child"}
	wordEpoch    = word{"ansvar, epoke %d", "ansvar, epoke %d", "custody, epoch %d"}
	wordBridge   = word{"broen", "broen", "the bridge"}
	wordScale    = word{"Tiden er ikke i målestokk: lange pauser er kortet ned, de over 5 min er merket //.", "Tiden er ikke i målestok: lange pauser er kortet ned, dem over 5 min er mærket //.", "Time is not to scale: long waits are shortened, those over 5 min are marked //."}
	wordLegend   = word{"Bånd: linjen har ansvaret. Strek: noen er til stede. Ramme: linjen er spurt.", "Bånd: linjen har ansvaret. Streg: nogen er til stede. Ramme: linjen er spurgt.", "Band: the line has custody. Bar: somebody is there. Frame: the line is asked."}
	wordSigns    = word{"Svar: hake ja, kryss nei, klokke ikke svart, sikksakk ikke nådd, strek ikke lenger spurt.", "Svar: hak ja, kryds nej, ur ikke svaret, zigzag ikke nået, streg ikke længere spurgt.", "Answers: tick yes, cross no, clock no answer, zigzag not reached, dash no longer asked."}
	wordWithout  = word{"linjen går videre uten barnets ja: %s", "linjen går videre uden barnets ja: %s", "the line goes on without the child's yes: %s"}
	wordOpened   = word{"samtalen åpnes hos %s", "samtalen åbnes hos %s", "conversation opens at %s"}
	wordClosed   = word{"samtalen avsluttes", "samtalen afsluttes", "conversation closes"}
	wordCustody  = word{"ansvaret går til %s, epoke %d", "ansvaret går til %s, epoke %d", "custody moves to %s, epoch %d"}
	wordOpen     = word{"åpne samtaler", "åbne samtaler", "open conversations"}
	wordMost     = word{"høyst %d", "højst %d", "at most %d"}
	wordMoves    = word{"Trekant: ansvaret kom hit fra en annen linje.", "Trekant: ansvaret kom hertil fra en anden linje.", "Triangle: custody came here from another line."}
	wordHandover = word{"overføring %d", "overdragelse %d", "handover %d"}
)

// handoverWords describe a handover's entry into a state. Acceptance is shown by its
// offer, and the transfer by custody.
var handoverWords = map[handoverv1.HandoverState]word{
	handoverv1.HandoverState_HANDOVER_STATE_PROPOSED:         {"foreslås", "foreslås", "proposed"},
	handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED:    {"barnet spørres", "barnet spørges", "child is asked"},
	handoverv1.HandoverState_HANDOVER_STATE_ROUTING:          {"barnet sier ja", "barnet siger ja", "child agrees"},
	handoverv1.HandoverState_HANDOVER_STATE_OFFERED:          {"linjer spørres", "linjer spørges", "lines are asked"},
	handoverv1.HandoverState_HANDOVER_STATE_BRIEFING:         {"de to rådgiverne snakker sammen", "de to rådgivere taler sammen", "the two counsellors talk"},
	handoverv1.HandoverState_HANDOVER_STATE_BRIDGED:          {"broen åpnes", "broen åbnes", "bridge opens"},
	handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING:       {"mottakeren sier «jeg har det»", "modtageren siger »jeg har det«", "receiver says \"I have it\""},
	handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME: {"avsenderen går, sist", "afsenderen går, sidst", "sender leaves, last"},
	handoverv1.HandoverState_HANDOVER_STATE_CLOSED:           {"utfallet er meldt", "udfaldet er meldt", "outcome reported"},
	handoverv1.HandoverState_HANDOVER_STATE_RETURNED:         {"kom tilbake til avsenderen", "kom tilbage til afsenderen", "came back to the sender"},
	handoverv1.HandoverState_HANDOVER_STATE_CANCELLED:        {"avlyst", "aflyst", "called off"},
	handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED: {"avlysningen er bekreftet", "aflysningen er bekræftet", "calling off confirmed"},
	handoverv1.HandoverState_HANDOVER_STATE_ABANDONED:        {"barnet ble borte", "barnet blev væk", "child did not come back"},
	handoverv1.HandoverState_HANDOVER_STATE_DEFERRED:         {"utsatt til senere", "udsat til senere", "put off until later"},
	handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED:       {"barnet går selv videre", "barnet går selv videre", "child goes by itself"},
	handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY:        {"nødhjelp tilkalt", "nødhjælp tilkaldt", "emergency service called"},
}

// offerWords describe how an offer ended.
var offerWords = map[handoverv1.OfferState]word{
	handoverv1.OfferState_OFFER_STATE_ACCEPTED:    {"%s sier ja", "%s siger ja", "%s accepts"},
	handoverv1.OfferState_OFFER_STATE_DECLINED:    {"%s sier nei", "%s siger nej", "%s declines"},
	handoverv1.OfferState_OFFER_STATE_TIMED_OUT:   {"%s svarer ikke", "%s svarer ikke", "%s does not answer"},
	handoverv1.OfferState_OFFER_STATE_UNREACHABLE: {"%s kan ikke nås", "%s kan ikke nås", "%s cannot be reached"},
	handoverv1.OfferState_OFFER_STATE_WITHDRAWN:   {"%s spørres ikke lenger", "%s spørges ikke længere", "%s is no longer asked"},
}
