package linefile

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stafett/stafett/pkg/directory"
)

func TestExample(t *testing.T) {
	got := map[string]string{}
	for _, line := range Example() {
		got[directory.ID(line)] = fmt.Sprintf("%v %d-%d emergency=%t anonymous=%t example=%t retention=%v channels=%d",
			line.GetTopics(), line.GetAges().GetMinYears(), line.GetAges().GetMaxYears(), line.GetEmergency(),
			line.GetAnonymous(), line.GetExample(), line.GetRetention().AsDuration(), len(line.GetHours()))
	}
	acute := "[V.neglect V.physical V.psychological_emotional V.sexual V.online_csae]"
	want := map[string]string{
		"alarmtelefonen":            acute + " 0-25 emergency=true anonymous=false example=false retention=0s channels=4",
		"snakkompsyken":             "[MH] 9-19 emergency=false anonymous=true example=false retention=0s channels=1",
		"snakkommobbing":            "[V.bullying V.cyberbullying] 9-19 emergency=false anonymous=true example=false retention=72h0m0s channels=1",
		"brus":                      "[FR.x_parent_substance_use] 7-25 emergency=false anonymous=true example=false retention=0s channels=1",
		"cyberhus":                  "[*] 9-23 emergency=false anonymous=true example=true retention=720h0m0s channels=3",
		"barnevernvakten-bergen":    acute + " 0-120 emergency=true anonymous=false example=true retention=0s channels=1",
		"barnevernvakten-trondheim": acute + " 0-120 emergency=true anonymous=false example=true retention=0s channels=1",
		"barnevernvakten-oslo":      acute + " 0-120 emergency=true anonymous=false example=false retention=0s channels=1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExampleIsTheCallersToChange(t *testing.T) {
	Example()[0].Name = "lines/changed"
	if got := directory.ID(Example()[0]); got != "alarmtelefonen" {
		t.Errorf("the first line is %s", got)
	}
}
