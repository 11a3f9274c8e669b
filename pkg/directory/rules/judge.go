package rules

// Failed has one bit per rule, at the number of its Verdict.
type Failed uint32

// Held has one bit per preference, by its position in the file.
type Held uint32

// Outcome holds the rules that a line fails and the preferences that it meets.
type Outcome struct {
	Failed Failed
	Held   Held
}

// part is a subset of the expressions, and the variables that occur in it.
type part struct {
	uses        Input
	rules       []rule
	preferences []preference
	places      []int // of the preferences in the file
}

// seatVariables differ for nearly every line.
var seatVariables = every(SeatsKnown, Free, FreeTenths, Queue)

func (r *Rules) divide() {
	of := func(e expression) *part {
		to := &r.static
		if e.uses&seatVariables != 0 {
			to = &r.live
		}
		to.uses |= e.uses
		return to
	}
	for _, rule := range r.rules {
		to := of(rule.expression)
		to.rules = append(to.rules, rule)
	}
	for i, preference := range r.preferences {
		to := of(preference.expression)
		to.preferences, to.places = append(to.preferences, preference), append(to.places, i)
	}
}

func (p *part) judge(in *activation) (out Outcome) {
	for _, rule := range p.rules {
		if !rule.holds(in) {
			out.Failed |= 1 << rule.verdict
		}
	}
	for i, preference := range p.preferences {
		if preference.holds(in) {
			out.Held |= 1 << p.places[i]
		}
	}
	return out
}

// Judge applies rules to one input after another and caches the outcomes. It is not safe for
// concurrent use.
type Judge struct {
	rules        *Rules
	static, live memo
	asked        activation
}

// idleJudges is how many judges are kept for the next decisions, with their caches.
const idleJudges = 4

// Judge returns a judge, possibly with outcomes cached by earlier decisions. The caller
// returns it with [Judge.Done].
func (r *Rules) Judge() *Judge {
	select {
	case judge := <-r.judges:
		return judge
	default:
		return &Judge{rules: r, static: newMemo(leastSlots), live: newMemo(leastSlots)}
	}
}

// Done returns the judge for reuse. The caller must not use it afterwards.
func (j *Judge) Done() {
	select {
	case j.rules.judges <- j:
	default:
	}
}

// Of returns the outcome for an input.
func (j *Judge) Of(in Input) Outcome {
	static, live := j.part(&j.rules.static, &j.static, in), j.part(&j.rules.live, &j.live, in)
	return Outcome{static.Failed | live.Failed, static.Held | live.Held}
}

func (j *Judge) part(p *part, remembered *memo, in Input) Outcome {
	in &= p.uses
	s := remembered.find(in)
	if s.known {
		return s.out
	}
	j.asked.input = in
	out := p.judge(&j.asked)
	remembered.put(slot{in, out, true})
	return out
}
