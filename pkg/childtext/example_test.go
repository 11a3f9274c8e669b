package childtext_test

import (
	"fmt"

	"github.com/stafett/stafett/pkg/childtext"
)

func ExampleTexts_Say() {
	names := childtext.Names{Receiver: "Alarmtelefonen"}
	for repetition, key := range []childtext.Key{childtext.Offered, childtext.Offered, childtext.Accepted} {
		text, lang := childtext.Default().Say(key, "nn-NO", names, repetition)
		fmt.Println(lang, text)
	}
	// Output:
	// nb Jeg har spurt om noen kan bli med oss. Det kan ta litt tid. Jeg er her hos deg.
	// nb Vi venter fortsatt på svar. Jeg er her, og du kan gjerne snakke med meg imens.
	// nb Noen fra Alarmtelefonen er på vei inn hit. Jeg er fortsatt her hos deg.
}
