package invariant

// checkIdentity checks I8 as far as a history shows it: the same request id makes
// no second append in a conversation, no two appends share an id, and a subject's
// appends are numbered from 1 without a gap, so that none was lost or doubled.
func checkIdentity(f *finder, history []Recorded) {
	type request struct{ subject, id string }
	ids := map[string]uint64{}
	requests := map[request]uint64{}
	numbers := map[string]uint32{}
	for _, r := range history {
		f.applies()
		a := r.Append
		checkID(f, r, ids)
		if first, ok := requests[request{a.GetSubject(), string(a.GetRequestId())}]; ok && len(a.GetRequestId()) > 0 {
			f.violated(r, "the request id was carried out before, at position %d", first)
		}
		requests[request{a.GetSubject(), string(a.GetRequestId())}] = r.Position
		if want := numbers[a.GetSubject()] + 1; a.GetNumber() != want {
			f.violated(r, "append %d of its subject comes where %d is due", a.GetNumber(), want)
		}
		numbers[a.GetSubject()] = a.GetNumber()
	}
}

// checkID looks at the append's own id, which is unique over the whole history.
func checkID(f *finder, r Recorded, ids map[string]uint64) {
	id := r.Append.GetId()
	if first, ok := ids[id]; ok {
		f.violated(r, "the append's id is already that of position %d", first)
	}
	if id == "" {
		f.violated(r, "the append has no id")
	}
	ids[id] = r.Position
}
