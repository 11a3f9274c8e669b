package childtext

import (
	"strings"
	"testing"
)

func TestMissingNamesBecomeNeutral(t *testing.T) {
	for _, test := range []struct {
		key   Key
		lang  string
		names Names
		want  string
	}{
		{LegMoved, "nb", Names{}, "Nå er det en annen hjelpetjeneste du snakker med her."},
		{LegMoved, "da", Names{Receiver: " \n"}, "Nu er det en anden rådgivning, du taler med her."},
		{LegMoved, "en", Names{Receiver: "{receiver}"}, "You are now talking with another helpline here."},
		{LegMoved, "en", Names{Receiver: " Cyberhus "}, "You are now talking with Cyberhus here."},
		{LegMoved, "en", Names{Sender: "Cyberhus"}, "You are now talking with another helpline here."},
		{ReturnedRefused, "da", Names{}, "Det er helt i orden at sige nej. Din rådgivning bliver hos dig, og I taler videre sammen."},
		{ReturnedRefused, "nb", Names{Sender: "iVold"}, "Det er helt greit å si nei. iVold blir hos deg, og dere snakker videre sammen."},
		{Deferred, "nb", Names{}, "Du kan snakke med en annen hjelpetjeneste på det tidspunktet du valgte. Fram til da er det hjelpetjenesten din som er her for deg."},
		{Signposted, "en", Names{}, "You can contact another helpline yourself. Your code is the one you get from us, and it only works for a while. You can come back to your helpline if you want."},
	} {
		if text, _ := Default().Say(test.key, test.lang, test.names, 0); text != test.want {
			t.Errorf("%s in %s of %+v =\n%s\nwant\n%s", test.key, test.lang, test.names, text, test.want)
		}
	}
}

func FuzzSay(f *testing.F) {
	f.Add("nb-NO", "{sender}", "}", "{", "{{time}}", 2)
	f.Fuzz(func(t *testing.T, tag, receiver, sender, time, code string, repetition int) {
		names := Names{Receiver: receiver, Sender: sender, Time: time, Code: code}
		for _, rule := range rules {
			text, _ := Default().Say(rule.key, tag, names, repetition)
			if strings.ContainsAny(text, "{}") || text == "" {
				t.Errorf("%s: %q", rule.key, text)
			}
		}
	})
}
