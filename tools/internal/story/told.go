package story

import (
	"cmp"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/fields"
)

// shiftsOf names the unit or the dates that a change of a rota is about.
func shiftsOf(change *handoverv1.RotaChange) string {
	switch {
	case change.GetSwap() != nil:
		return change.GetSwap().FirstDate + " and " + change.GetSwap().SecondDate
	case change.GetCover() != nil:
		return change.GetCover().Date + " to " + change.GetCover().Unit
	}
	return cmp.Or(change.GetSick().GetUnit(), change.GetWell().GetUnit())
}

// codesIn lists the codes in a request, in their short forms.
func codesIn(request proto.Message) (codes []string) {
	m := request.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		field := m.Descriptor().Fields().Get(i)
		if field.Enum() == nil || !m.Has(field) {
			continue
		}
		if !field.IsList() {
			codes = append(codes, fields.Code(field.Enum(), m.Get(field).Enum()))
			continue
		}
		for j := range m.Get(field).List().Len() {
			codes = append(codes, fields.Code(field.Enum(), m.Get(field).List().Get(j).Enum()))
		}
	}
	return codes
}

func lineIDs(names []string) []string {
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = handover.LineID(name)
	}
	return ids
}

func prefixed(before string, words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = before + word
	}
	return all
}

func prefixedList(before string, words []string) string {
	if len(words) == 0 {
		return ""
	}
	return before + strings.Join(words, ", ")
}
